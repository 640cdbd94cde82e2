"""The words of the ceremony on live screens: dice, clerks, witnesses, the beacon."""

from flask_babel import gettext as _


def ceremony_words() -> dict[str, str]:
    """Return every word of the ceremony; `{name}` stands for a value filled in by the page."""
    return {**_dice(), **_signing(), **_beacon(), **_devices(), **_stage()}


def _dice() -> dict[str, str]:
    return {
        "act_cups": _("掷骰：摇好骰盅"),
        "act_type": _("两位记录员录入"),
        "act_read_back": _("宣读骰点"),
        "act_sign": _("等待见证人签名"),
        "act_bind": _("绑定信标轮次"),
        "act_wait": _("等待信标"),
        "act_draw": _("抽取号码"),
        "do_call_cups": _("同时揭盅 · 24 颗"),
        "do_call_cups_slot": _("第 {j} 个号码 · 同时揭盅"),
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
        "enrolled_of": _("签名见证人已登记 {n} / {all} 名"),
        "note_enrol": _("请见证人扫“仪式人员”页的二维码；清单公布后不能再登记。"),
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
        "shortened_beacon": _("骰子到信标 {delay} 秒、绑定提前 {margin} 秒"),
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


def _stage() -> dict[str, str]:
    return {
        "stage_cups": _("主骰：四名掷骰人，{n} 颗十面骰"),
        "stage_cups_slot": _("第 {j} 个号码：四名掷骰人，{n} 颗十面骰"),
        "cup_rolls": _("{n} 颗：第 {from}–{to} 位"),
        "stage_with_beacon": _("骰子之后，再等信标 {chain} 的一轮，谁也无法预知"),
        "stage_without_beacon": _("本场只用骰子，不用信标：较弱的形式，清单已写明"),
        "stage_serving": _("记录员 {clerks} / 2 · 签名见证人 {witnesses} 名"),
        "stage_lifted": _("骰盅已揭开"),
        "stage_type": _("两位记录员各自录入，互不可见"),
        "stage_read_back": _("宣读骰点"),
        "stage_read_back_says": _("请主持人逐组宣读，全场与台上骰子核对"),
        "stage_sign_dice": _("见证人核对骰点并签名"),
        "stage_sign_bind": _("见证人的设备为绑定签名"),
        "stage_bind": _("骰点已由见证人签名"),
        "stage_bind_says": _("将绑定信标 {chain} 第 {round} 轮，由骰子的时刻决定"),
        "stage_round_in": _("{s} 秒"),
        "stage_round_due": _("正在取得"),
        "stage_wait": _("这一轮产生之前，谁也不知道结果"),
        "stage_draw": _("即将抽出第 {j} 个号码"),
        "chain_qr": _("实录末行散列的二维码"),
        "chain_head": _("实录第 {line} 行 · 请拍下"),
        "signed_short": _("签名 {n} / {all}"),
        "sealed_by": _("信标 {chain} 第 {round} 轮"),
        "households_bound": _("联系户次序：{chain} 第 {round} 轮"),
        "households_arrived": _("联系户次序的信标"),
    }


def device_words() -> dict[str, str]:
    """Return every word of the pages of clerks, witnesses and rollers."""
    return {**_clerk(), **_witness(), **_against(), **_lines(), **_rollers(), **_link()}


def _clerk() -> dict[str, str]:
    return {
        "clerk_wait": _("等待揭盅"),
        "clerk_wait_detail": _("主持人宣布同时揭盅后，在这里录入。"),
        "clerk_lift": _("即将揭盅"),
        "clerk_type": _("请录入 {n} 位数字"),
        "clerk_type_detail": _("从 D1 到 D4，照骰子从左到右。"),
        "clerk_typed": _("已录入"),
        "clerk_typed_detail": _("请等另一位记录员。"),
        "clerk_agreed": _("两人一致，正在宣读"),
        "clerk_agreed_detail": _("请听主持人逐组宣读，与台上骰子核对。"),
        "ask_master": _("主骰：{n} 位数字"),
        "ask_slot": _("第 {j} 个号码：{n} 位数字"),
        "lift_in": _("{s} 秒后同时揭盅"),
        "lifted": _("骰盅已揭开"),
        "again_mismatch": _("两位记录员录入的数字不一致，请两人对照骰子重录。"),
        "again_read_back": _("宣读时发现有误，请两人对照骰子重录。"),
    }


def _witness() -> dict[str, str]:
    return {
        "not_yet": _("等待登记"),
        "not_yet_detail": _("名册冻结后，这台设备自动登记钥匙。"),
        "enrolled": _("已登记"),
        "enrolled_detail": _("钥匙将写入抽签清单，请等仪式开始。"),
        "too_late": _("没有登记"),
        "too_late_detail": _("清单已经公布，不能再登记；请参加下一场。"),
        "watching": _("正在见证"),
        "watching_detail": _("有骰点或轮次要签名时，这里会提示。"),
        "compare": _("请核对骰子"),
        "compare_master": _("主骰，实录记为："),
        "compare_slot": _("第 {j} 个号码的骰子，实录记为："),
        "compare_detail": _("与台上骰子逐位比较，一致才签名。"),
        "signed": _("已签第 {line} 行"),
        "signed_dice": _("您已确认骰点与台上一致。"),
        "signed_bind": _("本机确认这一轮还没有产生。"),
        "wont_sign": _("本机不签第 {line} 行"),
        "over": _("本场大会已结束"),
        "over_detail": _("感谢您的见证。"),
        "alarm": _("警报：本机停止签名"),
        "alarm_chain": _("实录与本机先前看到的接不上，有人改写或剪去了记录。请出声制止。"),
        "alarm_line": _("实录中有一行不合格式。请出声制止并告知审计人员。"),
        "alarm_manifest": _("清单与实录公布的校验值不符。请出声制止并告知审计人员。"),
        "alarm_key": _("清单中登记的不是本机的钥匙。请出声制止并告知审计人员。"),
    }


def _against() -> dict[str, str]:
    return {
        "against_clock_apart": _("这一行的时间与本机时钟相差超过 30 秒，或很晚才收到。"),
        "against_no_beacon": _("清单没有约定随机信标，却有人绑定轮次。"),
        "against_other_chain": _("轮次的时刻不是清单约定的信标链的。"),
        "against_round_exists": _("按本机时钟，这一轮已经产生：绑定无效。"),
        "against_bound_late": _("绑定太晚，离这一轮产生不到约定的秒数。"),
        "against_other_round": _("主骰绑定的不是骰子时刻所决定的那一轮。"),
    }


def _lines() -> dict[str, str]:
    return {
        "line_manifest": _("公布抽签清单"),
        "line_open": _("仪式开始（彩排：{rehearsal}）"),
        "line_dice_master": _("主骰 {digits}"),
        "line_dice_slot": _("第 {j} 个号码的骰点 {digits}"),
        "line_bind_master": _("为主骰绑定 {chain} 第 {round} 轮"),
        "line_bind_slot": _("为第 {j} 个号码绑定 {chain} 第 {round} 轮"),
        "line_bind_hh": _("为联系户次序绑定 {chain} 第 {round} 轮"),
        "line_beacon_master": _("主骰的第 {round} 轮揭晓"),
        "line_beacon_slot": _("第 {j} 个号码的第 {round} 轮揭晓"),
        "line_beacon_hh": _("联系户次序的第 {round} 轮揭晓"),
        "line_slot": _("第 {j} 个号码抽中 {cadre}"),
        "line_hh_order": _("公布 {cadre} 的联系户次序"),
        "line_hh_open": _("启封 {cadre} 的第 {k} 户"),
        "line_call": _("拨打 {cadre} 的第 {k} 户"),
        "line_score": _("{cadre} 的第 {k} 户已打分"),
        "line_hh_final": _("{cadre} 的第 {k} 户结束"),
        "line_named": _("{by} 点名 {cadre}"),
        "line_abort": _("公开中止"),
        "line_close": _("收场"),
        "line_sigs": _("{n} 个签名"),
        "yes": _("是"),
        "no": _("否"),
    }


def _rollers() -> dict[str, str]:
    return {
        "cue_rest": _("请稍候"),
        "cue_shake": _("摇好骰盅，扣在台上"),
        "cue_ready": _("手放盅上，准备"),
        "cue_lifted": _("揭！手离开骰子"),
        "cup_rolls": _("{n} 颗：第 {from}–{to} 位"),
    }


def _link() -> dict[str, str]:
    return {
        "link_alive": _("已连接"),
        "link_slow": _("正在连接…"),
        "link_dead": _("连接中断"),
        "unreachable": _("服务器暂时没有回应，正在重试。"),
    }
