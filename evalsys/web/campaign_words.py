"""The words of campaigns for people, in their language."""

from flask_babel import gettext as _

from evalsys.domain.campaign.plan import Kind, State
from evalsys.domain.campaign.policy import Contact, Stop
from evalsys.domain.interview import Choice, Ending, Topic
from evalsys.domain.live.words import Reply
from evalsys.domain.response_rates import Group
from evalsys.domain.scoring import Band


def campaign_words() -> dict[str, str]:
    """Return the words of a campaign's page: `kind_…`, `state_…`, `case_…`, `stop_…` and so on."""
    return {
        **{f"kind_{kind}": word for kind, word in _kinds().items()},
        **{f"state_{state}": word for state, word in _states().items()},
        **{f"stop_{stop}": word for stop, word in _stops().items()},
        **{f"contact_{contact}": word for contact, word in _contacts().items()},
        **{f"group_{group}": word for group, word in _groups().items()},
        **{f"topic_{topic}": word for topic, word in _topics().items()},
        **{f"band_{band}": word for band, word in _bands().items()},
        **{f"reply_{reply}": word for reply, word in _replies().items()},
        **{f"ending_{ending}": word for ending, word in _endings().items()},
        "case_waiting": _("等待拨打"),
        "case_calling": _("正在通话"),
        "case_person": _("待人工回访"),
        "case_closed": _("已结束"),
    }


def _replies() -> dict[Reply | Choice, str]:
    """Name what a key of the script means."""
    return {
        Reply.YES: _("是"),
        Reply.NO: _("否"),
        Reply.UNSURE: _("说不清"),
        Choice.KEEP: _("保留"),
        Choice.ANEW: _("重说"),
        Choice.DROP: _("不留"),
    }


def _endings() -> dict[Ending, str]:
    return {
        Ending.THANKS: _("说完致谢"),
        Ending.REFUSED: _("谢绝"),
        Ending.NOT_LINKED: _("接听的是别家"),
        Ending.SILENT: _("一直没有按键"),
        Ending.NOT_FREE: _("不便说话"),
        Ending.NEVER: _("要求不再拨打"),
        Ending.PIN_FAILED: _("密码三次不对"),
        Ending.CLOSED: _("这一轮已经收线"),
        Ending.FAULT: _("我方故障"),
    }


def _kinds() -> dict[Kind, str]:
    return {
        Kind.ANNUAL: _("年度群众评议"),
        Kind.APPOINTMENT: _("任前群众评议"),
        Kind.PLEDGE: _("承诺回访"),
        Kind.DEPARTMENT: _("部门抽查"),
        Kind.CALLBACK: _("办结回访"),
        Kind.POLL: _("群众点菜"),
    }


def _states() -> dict[State, str]:
    return {
        State.PLANNED: _("已计划"),
        State.RUNNING: _("进行中"),
        State.PAUSED: _("已暂停"),
        State.STOPPED: _("已停止"),
        State.DONE: _("已完成"),
    }


def _stops() -> dict[Stop, str]:
    return {
        Stop.ANSWERED: _("已作答"),
        Stop.REFUSED: _("两次谢绝"),
        Stop.DO_NOT_CALL: _("不再拨打"),
        Stop.NOT_LINKED: _("接听的是别家"),
        Stop.PIN_FAILED: _("密码三次不对"),
        Stop.NEEDS_NEW_NUMBER: _("需要新号码"),
        Stop.ATTEMPTS_USED: _("多次未接通"),
        Stop.QUOTA_FILLED: _("配额已满"),
        Stop.PROTECTED: _("受保护，不打电话"),
        Stop.SPOKEN: _("已另行答复"),
    }


def _contacts() -> dict[Contact, str]:
    return {
        Contact.COMPLETE: _("完成访谈"),
        Contact.PARTIAL: _("部分完成"),
        Contact.BROKEN_OFF: _("中途挂断"),
        Contact.HUNG_UP: _("接起即挂"),
        Contact.SILENT: _("接起无应答"),
        Contact.REFUSED: _("谢绝"),
        Contact.REFUSED_FOR_GOOD: _("要求不再拨打"),
        Contact.NOT_FREE: _("不便说话"),
        Contact.NOT_LINKED: _("接听的是别家"),
        Contact.PIN_FAILED: _("密码三次不对"),
        Contact.BUSY: _("占线"),
        Contact.NO_ANSWER: _("无人接听"),
        Contact.MACHINE: _("答录机"),
        Contact.DEAD_NUMBER: _("号码不可用"),
        Contact.CARRIER_FAILED: _("线路故障，未响铃"),
        Contact.AGREED: _("人工回访后同意"),
        Contact.NEW_NUMBER: _("名册有了新号码"),
    }


def _groups() -> dict[Group, str]:
    return {
        Group.INTERVIEW: _("完成"),
        Group.PARTIAL: _("部分完成"),
        Group.REFUSAL: _("拒访和中断"),
        Group.NON_CONTACT: _("未接触到"),
        Group.OTHER: _("其他"),
        Group.UNKNOWN_HOUSEHOLD: _("未拨打或线路故障"),
        Group.UNKNOWN_OTHER: _("身份未核对"),
        Group.NOT_ELIGIBLE: _("不需要"),
    }


def _bands() -> dict[Band, str]:
    return {
        Band.TOO_FEW: _("答复不足，不公布"),
        Band.UNANIMOUS_HIGH: _("全部评为 4 分以上"),
        Band.UNANIMOUS_LOW: _("全部评为 3 分以下"),
    }


def _topics() -> dict[Topic, str]:
    return {
        Topic.CONSENT: _("告知与同意"),
        Topic.IDENTITY: _("核对家庭"),
        Topic.PIN: _("核对密码"),
        Topic.PLEDGE: _("承诺是否兑现"),
        Topic.VISITED: _("是否走访"),
        Topic.SOLVED: _("诉求是否解决"),
        Topic.CHOOSE: _("群众点菜"),
        Topic.SUPERVISE: _("群众监督"),
        Topic.APPRAISE: _("群众评议"),
        Topic.MAINTAIN: _("群众管护"),
        Topic.SCORE: _("打分"),
        Topic.SATISFIED: _("是否满意"),
        Topic.COMMENT: _("评语"),
        Topic.REVIEW: _("听一遍评语"),
    }
