"""The words of the ceremony on live screens: dice, clerks, witnesses, the beacon."""

from flask_babel import gettext as _


def ceremony_words() -> dict[str, str]:
    """Return every word of the ceremony; `{name}` stands for a value filled in by the page."""
    return {**_dice(), **_signing(), **_beacon(), **_devices()}


def _dice() -> dict[str, str]:
    return {
        "do_call_cups": _("同时揭盅（主骰 24 颗）"),
        "do_call_cups_slot": _("同时揭盅（第 {j} 个号码，12 颗）"),
        "note_cups": _("四名掷骰人先摇好骰盅；按下后倒数 5 秒，四人同时揭开，两位记录员开始录入。"),
        "do_rehearse": _("改用系统数字"),
        "lift_in": _("{s} 秒后同时揭盅"),
        "lifted": _("骰盅已揭开"),
        "clerk": _("记录员 {clerk}"),
        "clerk_typed": _("已录入"),
        "clerk_waits": _("等待录入"),
        "note_type": _("两位记录员各在自己的设备上录入，互不可见；不一致则两人重录，不重掷。"),
        "again_mismatch": _("两位记录员录入的数字不一致，请两人对照骰子重录。"),
        "again_read_back": _("宣读时发现有误，请两人对照骰子重录。"),
        "read_back": _("请主持人逐组宣读，与台上骰子核对。"),
        "do_confirm_dice": _("宣读无误，记入实录"),
        "do_read_again": _("宣读有误，两人重录"),
    }


def _signing() -> dict[str, str]:
    return {
        "sign_dice": _("骰点已记入实录，还差 {n} 名见证人核对骰子并签名。"),
        "sign_bind": _("轮次已绑定，还差 {n} 名见证人的设备自动签名。"),
        "note_sign": _("过半数签名后才能继续；失联的设备不影响其余见证人。"),
        "signed_of": _("见证人签名 {n} / {all}（须 {need} 名）"),
        "signed_yes": _("已签名"),
        "signed_no": _("未签名"),
    }


def _beacon() -> dict[str, str]:
    return {
        "do_bind": _("绑定信标 {chain} 第 {round} 轮"),
        "do_bind_slot": _("为第 {j} 个号码绑定信标轮次（{chain}）"),
        "note_bind": _("轮次由系统算出，谁也不能挑选；绑定后不能改绑，也不能改用骰子。"),
        "bind_within": _("须在 {s} 秒内绑定"),
        "bind_over": _("绑定时间已过，只能公开中止"),
        "bound_round": _("已绑定信标 {chain} 第 {round} 轮"),
        "round_in": _("{s} 秒后产生"),
        "round_due": _("该轮应已产生，正在取得…"),
        "relays_silent": _("各中继都没有给出这一轮"),
        "do_type_signature": _("手工录入签名"),
        "signature_of": _("第 {round} 轮的签名（十六进制）"),
        "note_signature": _("从任何来源抄来都可以：系统用固定的公钥核对，错一个字符就不接受。"),
        "check_and_save": _("核对并记入"),
        "beacon_arrived": _("信标已揭晓"),
    }


def _devices() -> dict[str, str]:
    return {
        "device_heard": _("在线"),
        "device_lost": _("失联"),
        "lost_goes_on": _("{lost} 失联；其余 {left} 名见证人过半数（须 {need} 名），可以继续。"),
        "lost_stops": _("{lost} 失联；其余 {left} 名不足须有的 {need} 名，请找回设备。"),
    }
