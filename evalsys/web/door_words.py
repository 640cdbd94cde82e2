"""What a door's page says, in the page's language; its script gets it as a JSON block."""

from flask_babel import gettext as _


def door_words() -> dict[str, str]:
    """Return every word that changes on the page; `{name}` is filled in by its script."""
    return {
        "ready": _("请扫席位卡"),
        "ready_detail": _("用扫码枪对准卡上的二维码，或打开摄像头。"),
        "welcome": _("请入场"),
        "again": _("此卡已签到"),
        "again_detail": _("{time} 在“{door}”签过。请把持卡人带到会务台核对身份。"),
        "old": _("旧卡，已作废"),
        "old_detail": _("该席已换发新卡。请持新卡入场，或到会务台核对。"),
        "forged": _("不是本场的席位卡"),
        "forged_detail": _("签名不符：可能是别的场次、复印有误或伪造。请到会务台。"),
        "unknown": _("读不出席位卡"),
        "unknown_detail": _("请重扫；仍不行请到会务台。"),
        "online": _("已联网，全部已上报"),
        "waiting": _("{n} 条待上报，联网后自动上报"),
        "offline": _("离线：照常签到，{n} 条待上报"),
        "signed_out": _("登录已过期：照常签到，请登录后上报 {n} 条"),
        "no_list": _("还没有下载席位表，请先联网打开本页。"),
        "no_storage": _("浏览器不能保存记录，请换一个浏览器。"),
        "came": _("已签到 {came} / {seats}"),
        "odd": _("{n} 张卡被重复使用或已作废"),
        "this_door": _("本机"),
        "no_camera": _("摄像头打不开，请用扫码枪。"),
        "kept_offline": _("本页已存入本机，断网后仍可打开"),
        "not_kept_offline": _("本页没有存入本机：断网后请不要刷新"),
    }
