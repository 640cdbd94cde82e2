"""The words for the days before the ceremony: windows, objections, exclusions."""

from flask_babel import gettext as _

from evalsys.web.grid_words import second_level


def before_words() -> dict[str, str]:
    """Return the words that live screens say before the ceremony."""
    return {
        "next_published": _("准备抽签仪式"),
        "do_publish": _("公布抽签清单"),
        "do_refreeze": _("重新冻结名册"),
        "do_exclude": _("登记排除"),
        "withdraw": _("撤销"),
        "exclusions": _("排除名单（{n} 人）"),
        "exclusion_reason": _("理由"),
        "exclusion_numbers": _("干部编号，每行一个"),
        "note_publish": _("公布后名册、名额、排除名单都不能再改；清单的校验值当众宣读。"),
        "note_refreeze": _("改正名册后再次冻结：位置和盐值重新产生，异议期重新开始。"),
        "roster_hash": _("名册校验值（SHA-256）"),
        "objections_in": _("名册异议期："),
        "objections_over": _("名册异议期已结束。"),
        "objections_open": _("{n} 件异议待处理"),
        "must_refreeze": _("有异议成立，名册将重新冻结。"),
        "scan_roster": _("扫码查看名册人数，人人可提异议"),
        "opens_in": _("清单公示中，离可以抽签："),
        "opens_now": _("清单已公示，可以开始抽签。"),
        "shortened": _("彩排缩短了规定时间："),
        "shortened_window": _("名册异议期 {n} 小时（正式会议不少于 24 小时）"),
        "shortened_publication": _("清单不须公布满 24 小时"),
        "and": _("；"),
        **{f"exclusion_{reason}": words for reason, words in exclusion_reasons().items()},
    }


def exclusion_reasons() -> dict[str, str]:
    """Name the closed list of reasons for leaving a cadre out of the pot."""
    return {
        "on_leave": _("请假"),
        "drawn_within_180d": _("180 天内抽中过"),
        "left_post": _("已离岗"),
        "court_order": _("司法要求"),
    }


def objection_kinds() -> dict[str, str]:
    """Name the closed list of what may be wrong with a roster."""
    return {
        "missing": _("应在名册而不在"),
        "not_serving": _("已不在岗却在名册"),
        "wrong_stratum": _("分层有误"),
        "wrong_households": _("联系户数有误"),
        "wrong_weight": _("权重有误"),
    }


def strata_names() -> dict[str, str]:
    """Name every way in which a pot is divided, that of programmes too."""
    return {**strata_kinds(), "programme": _("按项目")}


def strata_kinds() -> dict[str, str]:
    """Name the ways of dividing the pot of cadres."""
    return {
        "township": _("按%(level)s", level=second_level()),
        "uniform": _("全县一池"),
        "unit": _("按单位"),
        "grid_class": _("按网格类别（A、B、C）"),
        "rank": _("按职级"),
    }


def recall_outcomes() -> dict[str, str]:
    """Name the closed list of what the auditor may hear at a re-call."""
    return {
        "agrees": _("与记录一致"),
        "differs": _("与记录不一致"),
        "not_this_household": _("不是这一户"),
        "refused": _("不愿回答"),
        "no_answer": _("无人接听"),
    }
