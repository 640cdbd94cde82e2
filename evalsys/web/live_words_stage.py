"""The words of the console's panel of lines, and of the stage's lamp."""

from flask_babel import gettext as _


def stage_words() -> dict[str, str]:
    """Return the words of calls on stage; `{place}` is a place in the drawn order."""
    return {**_lines(), **_legs(), **_now()}


def _lines() -> dict[str, str]:
    return {
        "on_air": _("正在连线：第 {place} 户"),
        "line_hall_off": _("会场线路未接通"),
        "line_hall_placed": _("正在呼叫会场"),
        "line_hall_ringing": _("会场振铃"),
        "line_hall_in_progress": _("会场在线"),
        "line_cadre_off": _("干部电话未接通"),
        "line_cadre_placed": _("正在呼叫干部"),
        "line_cadre_ringing": _("干部振铃"),
        "line_cadre_in_progress": _("干部在线"),
        "line_feed_off": _("播出线路未接通"),
        "line_feed_placed": _("正在呼叫播出线路"),
        "line_feed_ringing": _("播出线路振铃"),
        "line_feed_in_progress": _("播出线路在线，延时 {seconds} 秒"),
        "line_feed_in_progress_at_once": _("播出线路在线，没有延时"),
        "line_call_feed": _("接通播出线路"),
        "line_call_hall": _("接通会场线路"),
        "line_call_cadre": _("呼叫干部"),
        "line_hang_up": _("挂断"),
        "air_offer": _("征求直播连线"),
        "air_end_offer": _("停止征求"),
        "air_take": _("接上台"),
        "air_cut": _("切断"),
        "air_dump": _("切断并清除延时"),
        "air_resume": _("恢复"),
        "air_release": _("请下台，转按键"),
    }


def _legs() -> dict[str, str]:
    return {
        "leg_placed": _("正在拨出"),
        "leg_ringing": _("振铃中"),
        "leg_in_progress": _("通话中"),
        "air_none": _("按键作答"),
        "air_declined": _("不上直播"),
        "air_willing": _("已同意上直播，等候"),
        "air_taken": _("正在接上台"),
        "air_on_air": _("直播中"),
        "air_cut_short": _("已切断"),
        "air_leaving": _("正在离开"),
        "air_off": _("已离开直播"),
    }


def _now() -> dict[str, str]:
    return {
        "stage_no_hall": _("没有设置会场线路：联系户只按键作答"),
        "stage_no_conferences": _("电话平台没有会议功能：联系户只按键作答"),
        "air_now_off": _("没有征求直播连线：联系户只按键作答"),
        "air_now_offered": _("正在征求：由抽定顺序中最先同意的一户上台"),
        "air_now_next": _("第 {place} 户已同意，可以接上台"),
        "air_now_taken": _("正在把第 {place} 户接上台"),
        "air_now_on_air": _("第 {place} 户正在直播"),
        "air_now_cut": _("第 {place} 户已静音并保持，会场听不到"),
        "air_now_cut_dumped": _("第 {place} 户已静音并保持；请同时按下延时器的清除键"),
        "air_now_cut_emptied": _("第 {place} 户已静音并保持；最后 {seconds} 秒没有播出，已清除"),
        "air_now_leaving": _("第 {place} 户正在离开会场"),
    }
