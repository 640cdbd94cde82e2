"""The words of show control: the curtain over every output, and the director's desk."""

from flask_babel import gettext as _


def curtain_words() -> dict[str, str]:
    """Return what a covered output says."""
    return {
        "card_title": _("技术暂停"),
        "card_usual": _("请稍候，马上继续"),
        "dark_at_home": _("画面暂停播出，请稍候"),
    }


def desk_words() -> dict[str, str]:
    """Return what the director's desk says; `{name}` is filled in by the page."""
    return {**_seat(), **_go(), **_previews(), **_cues(), **_pictures(), **_checks(), **_keys()}


def _seat() -> dict[str, str]:
    return {
        "seat_mine": _("您是导播"),
        "seat_of": _("导播：{name}"),
        "seat_free": _("导播席空着"),
        "take_seat": _("就任导播"),
        "take_over": _("接管导播席"),
        "leave_seat": _("离开导播席"),
        "read_only": _("只读"),
        "taken_over": _("{name} 接管了导播席。您的导播台现在只读；确需收回时按“接管导播席”。"),
        "watching_desk": _("导播席由别人执掌：您可以看、可以叫停，不能推进。"),
        "to_console": _("控制台"),
        "choose": _("请选择"),
    }


def _go() -> dict[str, str]:
    return {
        "go_open_ceremony": _("开始抽签仪式"),
        "go_confirm_dice": _("确认骰点"),
        "go_draw_next": _("抽取下一个号码"),
        "go_name_cadre": _("点名"),
        "go_open_calls": _("开始连线"),
        "go_open_vote": _("开放投票"),
        "go_close_vote": _("结束投票并计票"),
        "go_give_verdict": _("宣布认定"),
        "go_close": _("闭会"),
        "go_seal": _("封存"),
        "go_abort": _("中止会议"),
        "to_standby": _("待命：{step}"),
        "standby_of": _("待命：{step}"),
        "standby_by": _("由 {name} 待命；各画面不变，GO 之后才播出。"),
        "standby_over": _("待命已过时，自动解除。"),
        "key_missing": _("等待第二把钥匙：请主持人、审计或另一名操作员在自己的导播台上转动"),
        "key_turned": _("第二把钥匙已由 {name} 转动"),
        "turn_key": _("转动第二把钥匙"),
        "hold_to": _("按住 1.5 秒：{what}"),
        "seconds": _("{s} 秒"),
        "abort_why": _("中止理由"),
        "name_at_console": _("已待命点名：请在时限内到控制台填写编号和理由。"),
        "denied": _("与记录不一致 {n} 处"),
    }


def _previews() -> dict[str, str]:
    """What GO will put on which output."""
    return {
        "preview_open_ceremony": _("GO：大屏、字幕和收看页转入抽签仪式，骰盅上台。"),
        "preview_confirm_dice": _("GO：骰点写入实录，大屏公布数字，不能更改。"),
        "preview_draw_next": _("GO：大屏和 LED 墙滚动并停在新号码，字幕出号码，评议席显示姓名。"),
        "preview_name_cadre": _("点名公布后：大屏写明“点名，不是抽取”、由谁点名和理由。"),
        "preview_open_calls": _("GO：拨出第一批联系户，大屏转为连线进度。"),
        "preview_open_vote": _("GO：评议席亮起三个按钮，大屏显示“请评议团投票”。"),
        "preview_close_vote": _("GO：评议席停止收票，大屏公布票数。"),
        "preview_give_verdict": _("GO：大屏、字幕和收看页公布所选的认定。"),
        "preview_close": _("GO：大屏转为本次大会结果。"),
        "preview_seal": _("GO：实录封存，大屏公布末行校验值，不能再有任何记录。"),
        "preview_abort": _("GO：本次抽签中止，大屏写明中止，已抽取的保留。"),
        "preview_frame": _("GO 之后的画面"),
        "go_refused": _("现在按 GO 会被拒绝："),
        "preview_late": _("收看页晚 {s} 秒。"),
    }


def _cues() -> dict[str, str]:
    return {
        "cue_ceremony": _("抽签仪式"),
        "cue_seeded": _("种子公布"),
        "cue_drawn": _("抽中亮相"),
        "cue_named": _("点名亮相"),
        "cue_answering": _("作答"),
        "cue_calling": _("连线求证"),
        "cue_voting": _("投票"),
        "cue_tallied": _("认定"),
        "cue_judged": _("整改承诺"),
        "cue_closed": _("结果与结束语"),
        "cue_of_slot": _("第 {j} 号 · {part}"),
        "cue_unplanned": _("计划外"),
        "cue_seconds": _("计划秒数"),
        "cue_words": _("主持人在此环节开头说的话"),
        "plan_rundown": _("编排流程表"),
        "starts_at": _("计划开始时间"),
        "over_none": _("未开播"),
        "over_by": _("超 {time}"),
        "under_by": _("提前 {time}"),
        "on_time": _("正点"),
        "show_ends": _("预计 {time} 结束"),
        "part_left": _("本环节还剩 {time}"),
        "part_over": _("本环节已超 {time}"),
    }


def _pictures() -> dict[str, str]:
    return {
        "output_stage": _("舞台大屏"),
        "output_led": _("LED 墙"),
        "output_overlay": _("播出字幕"),
        "output_monitor": _("主持人提示屏"),
        "output_subvenue": _("分会场"),
        "output_pads": _("评议席"),
        "output_public": _("公开页与媒体"),
        "output_watch": _("收看页"),
        "is_dark": _("黑场"),
        "single": _("单块屏幕（{n}）"),
        "single_dark": _("单块屏幕：{n} 块黑场"),
        "card": _("技术暂停卡"),
        "remove_card": _("撤下暂停卡"),
        "hold": _("保持"),
        "resume": _("继续"),
        "dark_all": _("全部黑场"),
        "light_all": _("全部恢复"),
        "dump": _("撤除延时"),
        "delay": _("收看页延时 秒"),
        "set": _("设定"),
        "web_now": _("收看页不延时：按“撤除”也撤不回已播出的内容。"),
        "web_late": _("收看页比会场晚 {s} 秒；未播出的内容可以撤除。"),
        "web_stands": _("延时内容已撤除：收看页停住，下一步之后继续。"),
    }


def _checks() -> dict[str, str]:
    return {
        "grade_ok": _("正常"),
        "grade_warn": _("注意"),
        "grade_bad": _("不通过"),
        "is_ready": _("可以开播"),
        "not_ready": _("{n} 项不通过"),
        "confirm": _("我已确认"),
        "barred": _("{n} 项不通过，正式会议不能开始"),
        "waive": _("放行"),
        "waive_why": _("放行理由"),
        "waived": _("{by} 放行：{why}；还缺第二人同意"),
        "waived_by_two": _("{by} 放行：{why}；{second} 已同意"),
        "second_waiver": _("同意放行"),
    }


def _keys() -> dict[str, str]:
    return {
        "key_standby": _("待命"),
        "key_go": _("GO（不可撤回的按住）"),
        "key_stand_down": _("取消待命"),
        "key_black": _("全部黑场、恢复"),
        "key_outputs": _("单个画面黑场"),
        "key_card": _("技术暂停卡"),
        "key_hold": _("保持、继续"),
        "key_dump": _("撤除延时内容"),
        "key_seat": _("就任、离开导播席"),
        "key_take_over": _("接管导播席"),
        "key_plan": _("编排流程表"),
        "key_back": _("撤回上一步"),
        "key_second": _("按住：转动第二把钥匙"),
    }
