"""What the watch page says of each step that viewers are told."""

from flask_babel import gettext as _


def watch_words() -> dict[str, str]:
    """Return the words for the kinds of events in `events.json`."""
    return {
        "event_RosterFrozen": _("冻结名册"),
        "event_ManifestPublished": _("公布抽签清单"),
        "event_CeremonyOpened": _("开始抽签仪式"),
        "event_MasterDiceRolled": _("录入主骰"),
        "event_CadreDrawn": _("抽中干部"),
        "event_CadreDrawn_programme": _("项目登台"),
        "event_HouseholdOrderSet_programme": _("抽出受访户，开始连线"),
        "event_ScoresReleased_programme": _("公布服务对象评分"),
        "event_CadreNamed": _("点名（不是抽取）"),
        "event_PresenceRecorded": _("干部到场情况已记录"),
        "event_HouseholdOrderSet": _("开始连线求证"),
        "event_CallsClosed": _("连线结束"),
        "event_ScoresReleased": _("公布联系户评分"),
        "event_VoteOpened": _("开放投票"),
        "event_VoteTallied": _("投票结束，已计票"),
        "event_VerdictGiven": _("作出认定"),
        "event_PledgeMade": _("作出限时承诺"),
        "event_InvestigationOpened": _("派出调查组"),
        "event_AgendaPublished": _("公布议程"),
        "event_CeremonyOpened_assembly": _("开会"),
        "event_MasterDiceRolled_assembly": _("录入骰点"),
        "event_AgendaOrdered": _("排定议题次序"),
        "event_IssueCalled": _("请上议题"),
        "event_IssueLeft": _("当场未作承诺"),
        "event_PledgeMade_assembly": _("当众承诺"),
        "event_StepTakenBack": _("更正上一步"),
        "event_SessionAborted": _("中止会议"),
        "event_SessionClosed": _("闭会"),
        "event_SessionSealed": _("封存"),
    }
