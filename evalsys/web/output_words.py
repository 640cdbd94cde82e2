"""The words of the outputs: names of screens, the wall of them, the host's prompter."""

from flask_babel import gettext as _

from evalsys.domain.live.screen_kinds import ScreenKind
from evalsys.domain.live.words import GoStep
from evalsys.web.watch_words import watch_words


def output_words() -> dict[str, str]:
    """Return the words of screens beside those of the session."""
    return {
        **{f"screen_{kind}": name for kind, name in screen_names().items()},
        "signal_lost": _("信号中断 {s} 秒：画面停在断开之前，恢复后自动补上"),
        **_wall(),
        **_prompter(),
        **_subvenues(),
        **_overlay(),
        **_press(),
        **watch_words(),
    }


def screen_names() -> dict[ScreenKind, str]:
    """Name every kind of screen."""
    return {
        ScreenKind.STAGE: _("舞台大屏"),
        ScreenKind.LED: _("LED 墙"),
        ScreenKind.OVERLAY: _("播出字幕"),
        ScreenKind.SUBVENUE: _("分会场大屏"),
        ScreenKind.SUBVENUE_DESK: _("分会场联络台"),
        ScreenKind.MONITOR: _("主持人提示屏"),
        ScreenKind.CALLS: _("呼叫台"),
        ScreenKind.PRESS: _("媒体页"),
        ScreenKind.OBSERVER: _("观察员"),
    }


def screen_uses() -> dict[ScreenKind, str]:
    """Say what every kind of screen is for."""
    return {
        ScreenKind.STAGE: _("会场主屏，16:9"),
        ScreenKind.LED: _("会场长条屏，21:9 至 48:9；?box=宽x高 只用左上角一块"),
        ScreenKind.OVERLAY: _("透明底，叠在摄像机画面上；1080p 和 4K 同一地址，CasparCG 加 ?cg=1"),
        ScreenKind.SUBVENUE: _("分会场看主会场"),
        ScreenKind.SUBVENUE_DESK: _("分会场报到场人数和画面声音，请求发言"),
        ScreenKind.MONITOR: _("主持人看：现在、下一步、该说的话、时间"),
        ScreenKind.CALLS: _("看每条线路；有权限的人可以接上台、切断"),
        ScreenKind.PRESS: _("可以引用的事实，和核验的办法"),
        ScreenKind.OBSERVER: _("看全部经过，不能操作"),
    }


def _wall() -> dict[str, str]:
    return {
        "wall_none": _("还没有屏幕。在右侧取一个链接，在会场的机器上打开，它就会出现在这里。"),
        "wall_sum": _("{n} 块屏幕，{bad} 块需要看一看"),
        "standing_good": _("正常"),
        "standing_late": _("落后"),
        "standing_hidden": _("窗口被遮住"),
        "standing_gone": _("已断开"),
        "wall_lag": _("延迟 {ms} 毫秒"),
        "wall_gone": _("{s} 秒没有消息"),
        "wall_behind": _("少 {n} 张画面"),
        "wall_lacks": _("缺字：{characters}"),
        "wall_old": _("旧版本，请重新载入"),
        "wall_on_air": _("播出画面"),
        "wall_dark": _("这类画面黑场中"),
        "wall_dark_one": _("本屏黑场"),
        "wall_dark_absent": _("{name}（{kind}）黑场且不在线，连上后仍是黑场"),
        "do_identify": _("辨认"),
        "do_identify_all": _("全部辨认"),
        "do_reload": _("重新载入"),
        "do_reload_sure": _("观众会看到，再按一次"),
        "do_forget": _("移除"),
        "do_revoke": _("收回"),
        "do_revoke_sure": _("这块屏会失去画面，再按一次"),
        "link_by": _("{by} 发出"),
        "link_revoked": _("{by} 已收回"),
        "do_dark": _("这类全部黑场"),
        "do_light": _("这类恢复画面"),
        "do_dark_one": _("本屏黑场"),
        "do_light_one": _("本屏恢复"),
    }


def _prompter() -> dict[str, str]:
    return {
        "monitor_now": _("现在"),
        "monitor_next": _("下一步"),
        "monitor_say": _("请说"),
        "monitor_asked": _("电话里正在问"),
        "monitor_ask_air": _("第 {place} 户在直播中，请当面问"),
        "monitor_left": _("剩余"),
        "monitor_over": _("超时"),
        "monitor_standby": _("导播待命：{step}"),
        "monitor_held": _("已暂停，请等候"),
        **_lines_to_say(),
        **_armed(),
    }


def _armed() -> dict[str, str]:
    """Name the steps that the director may have on standby."""
    steps = {
        GoStep.OPEN_CEREMONY: _("开始抽签仪式"),
        GoStep.CONFIRM_DICE: _("确认骰点"),
        GoStep.DRAW_NEXT: _("抽取下一个号码"),
        GoStep.NAME_CADRE: _("点名"),
        GoStep.OPEN_CALLS: _("开始连线求证"),
        GoStep.CALL_ISSUE: _("请上下一个议题"),
        GoStep.OPEN_VOTE: _("开放评议团投票"),
        GoStep.CLOSE_VOTE: _("结束投票并计票"),
        GoStep.GIVE_VERDICT: _("宣布认定"),
        GoStep.CLOSE: _("闭会"),
        GoStep.SEAL: _("封存"),
        GoStep.ABORT: _("中止本次抽签"),
    }
    return {f"armed_{step}": words for step, words in steps.items()}


def _lines_to_say() -> dict[str, str]:
    """What the host says at each phase; `{name}`, `{number}` and the like are filled in."""
    return {
        "say_planned": _("请各位入座，大会即将开始。"),
        "say_frozen": _("名册已冻结，共 {cadres} 名干部，领导一视同仁。校验值已公布，人人可核对。"),
        "say_published": _("抽签清单已经公布，现在宣读它的校验值：{head}。"),
        "say_ceremony": _("现在掷骰。请四位掷骰人摇动骰盅，听到“揭”时一起揭开。"),
        "say_seeded": _("种子已定，谁也不能更改。现在抽取第 {j} 个号码。"),
        "say_drawn": _("抽中 {number}，{name}。请问您怎样到场：在现场，还是接电话？"),
        "say_named": _("这是点名，不是抽取：{name}。理由已公布。请问您怎样到场？"),
        "say_answering": _("{name}，请回答：是否征求了意见，是否解决了问题，联系户是否认可。"),
        "say_calling": _("现在按抽定的顺序连线联系户，已完成 {done} 户，目标 {target} 户。"),
        "say_called": _("连线结束，完成 {done} 户。请评议团准备投票。"),
        "say_voting": _("请评议团各位在自己的席位上投票，投票结束前不显示结果。"),
        "say_tallied": _("表决结果在大屏上。下面宣布认定。"),
        "say_judged": _("认定：{verdict}。请说明整改措施和完成期限。"),
        "say_closed": _("本次大会到此结束。全部记录公开，人人可以核验。"),
        "say_sealed": _("会议记录已封存，末行校验值在大屏上。"),
        "say_aborted": _("本次大会中止，已抽取的结果保留。"),
        "say_halted": _("请稍候，画面正在恢复。请勿离座。"),
    }


def _subvenues() -> dict[str, str]:
    return {
        "venue_present": _("到场 {n} 人"),
        "venue_picture": _("画面正常"),
        "venue_no_picture": _("画面未确认"),
        "venue_sound": _("声音正常"),
        "venue_no_sound": _("声音未确认"),
        "venue_asks": _("请求发言"),
        "venue_told": _("已报主会场"),
        "venue_untold": _("还没有报上，连接后自动再报"),
    }


def _overlay() -> dict[str, str]:
    return {
        "overlay_drawn": _("第 {j} 个号码"),
        "overlay_calls": _("联系户求证"),
        "overlay_of": _("{done} / {target} 户"),
        "overlay_done": _("{done} 户"),
        "overlay_denied": _("{n} 户说法有出入"),
        "overlay_live": _("直播"),
        "rehearsal": _("彩排"),
    }


def _press() -> dict[str, str]:
    """Sentences to quote; `press_and` stands between their parts."""
    return {
        "press_roster": _("抽签池共 {cadres} 名干部，联系 {households} 户群众。"),
        "press_manifest": _("抽签清单校验值（SHA-256）：{hash}"),
        "press_head": _("会议实录末行校验值（SHA-256）：{hash}"),
        "press_drawn": _("第 {j} 个号码：{number} {name}（{post}）被抽中"),
        "press_named": _("{number} {name}（{post}）被{by}点名，不是抽取，理由：{reason}"),
        "press_answered": _("完成 {n} 户求证"),
        "press_score": _("联系户评分 {score}（满分 5 分，{n} 户）"),
        "press_votes": _("评议团表决：满意 {yes}、基本满意 {half}、不满意 {no}"),
        "press_verdict": _("认定：{verdict}"),
        "press_and": _("；"),
        "observer_step": _("第 {n} 步"),
    }
