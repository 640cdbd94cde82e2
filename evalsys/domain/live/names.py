"""Chinese names of phases and events, for refusals and for the console's list of steps."""

from collections.abc import Mapping

from evalsys.domain.live import events as e
from evalsys.domain.live.words import Phase

PHASE_NAMES: Mapping[Phase, str] = {
    Phase.PLANNED: "已计划",
    Phase.FROZEN: "名册已冻结",
    Phase.CEREMONY: "抽签仪式",
    Phase.SEEDED: "种子已定",
    Phase.DRAWN: "已抽中",
    Phase.NAMED: "已点名",
    Phase.ANSWERING: "干部作答",
    Phase.CALLING: "连线求证",
    Phase.VOTING: "评议团投票",
    Phase.TALLIED: "已计票",
    Phase.JUDGED: "已认定",
    Phase.CLOSED: "已闭会",
    Phase.SEALED: "已封存",
}

EVENT_NAMES: Mapping[type[e.Event], str] = {
    e.SessionPlanned: "建立会议",
    e.RosterFrozen: "冻结名册",
    e.ObjectionRaised: "提出名册异议",
    e.ObjectionDecided: "处理名册异议",
    e.ExclusionEntered: "登记排除",
    e.ExclusionWithdrawn: "撤销排除",
    e.ManifestPublished: "公布抽签清单",
    e.CeremonyOpened: "开始抽签仪式",
    e.MasterDiceRolled: "录入主骰",
    e.SlotDiceRolled: "录入本轮骰",
    e.CadreDrawn: "抽中干部",
    e.CadreNamed: "点名",
    e.PresenceRecorded: "记录到场情况",
    e.HouseholdOrderSet: "开始连线求证",
    e.PositionOpened: "启封联系户",
    e.CallPlaced: "拨打",
    e.CallVoided: "未接通线路",
    e.CallProgressed: "通话进展",
    e.HouseholdReplied: "联系户作答",
    e.HouseholdNotLinked: "非本户接听",
    e.ScoreCommitted: "联系户打分",
    e.CommentLeft: "联系户留言",
    e.CallEnded: "通话结束",
    e.PositionFinished: "联系户完成",
    e.DiallingStopped: "收线",
    e.CallsClosed: "连线结束",
    e.ScoresReleased: "公布联系户评分",
    e.VoteOpened: "开放投票",
    e.VoteTallied: "计票",
    e.VerdictGiven: "作出认定",
    e.PledgeMade: "记录承诺",
    e.InvestigationOpened: "派出调查组",
    e.StepTakenBack: "撤回上一步",
    e.SessionAborted: "中止会议",
    e.SessionClosed: "闭会",
    e.SessionSealed: "封存",
}
