"""What the pad says, in the page's language; its script gets it as a JSON block."""

from flask_babel import gettext as _

from evalsys.domain.panel import SeatCategory
from evalsys.web.desk_words import curtain_words


def pad_words() -> dict[str, str]:
    """Return every word that changes on the pad; `{name}` is filled in by the page."""
    return {**_states(), **_details(), **_chair(), **_naming(), **_link(), **curtain_words()}


def _states() -> dict[str, str]:
    return {
        "wait": _("等待开始"),
        "vote": _("请投票"),
        "sending": _("正在提交：{choice}"),
        "unsaved": _("还没有存上：{choice}"),
        "voted": _("已投：{choice}，可更改"),
        "ended": _("投票已结束"),
        "over": _("本场大会已结束"),
    }


def _details() -> dict[str, str]:
    return {
        "wait_detail": _("请等主持人宣布开始。"),
        "vote_detail": _("请按下面的一个按钮。"),
        "sending_detail": _("请稍候。"),
        "unsaved_detail": _("网络不通，正在自动重试。"),
        "voted_detail": _("改主意就按别的按钮。"),
        "ended_voted_detail": _("您的一票已经计入。"),
        "ended_detail": _("您没有投票，按弃权计。"),
        "over_detail": _("感谢您的参与。"),
        "satisfied": _("满意"),
        "basically_satisfied": _("基本满意"),
        "not_satisfied": _("不满意"),
        "number": _("编号 {cadre}"),
        "slot": _("第 {j} 位"),
        "slot_issue": _("议题 {j}"),
        "no_name": _("（姓名待查）"),
        "not_counted": _("刚才的选择没有计入。"),
    }


def _chair() -> dict[str, str]:
    return {
        "chair_wait": _("主要负责人：末位表态"),
        "chair_wait_detail": _("评议团计票公布之后，请您最后表态。"),
        "chair_say": _("请您表态"),
        "chair_say_detail": _("您的表态将在大屏公布，不计入评议团票数。"),
        "chair_said": _("已表态：{choice}"),
        "chair_said_detail": _("已在大屏公布。"),
    }


def _naming() -> dict[str, str]:
    return {
        "media": _("媒体席：只提议，不投票"),
        "media_detail": _("要提议点名，请在下面填写。"),
        "naming": _("点名，不是抽取"),
        "naming_by": _("由 {who} 点名：{reason}"),
        "proposal_waiting": _("等待处理"),
        "proposal_taken": _("已采纳"),
        "proposal_dismissed": _("未采纳：{why}"),
        "proposed": _("已提交，等待操作员处理。"),
        "not_proposed": _("没有送达，请再按一次。"),
    }


def _link() -> dict[str, str]:
    return {
        "link_alive": _("已连接"),
        "link_slow": _("连接较慢，仍可投票"),
        "link_dead": _("连接中断，正在重连"),
    }


def category_name(category: SeatCategory) -> str:
    """Return what the hall calls a category of seats."""
    return {
        SeatCategory.PARTY_DELEGATE: _("党代表"),
        SeatCategory.PEOPLES_DEPUTY: _("人大代表"),
        SeatCategory.CPPCC_MEMBER: _("政协委员"),
        SeatCategory.MASS_REPRESENTATIVE: _("群众代表"),
        SeatCategory.RETIRED_CADRE: _("老干部"),
        SeatCategory.UNIT_REPRESENTATIVE: _("驻沂水单位代表"),
        SeatCategory.MEDIA: _("媒体"),
        SeatCategory.CHAIR: _("主要负责人"),
    }[category]
