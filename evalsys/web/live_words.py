"""The words that live screens say, in the page's language; scripts get them as a JSON block."""

from flask_babel import gettext as _
from flask_babel import pgettext

from evalsys.web.ceremony_words import ceremony_words
from evalsys.web.desk_words import curtain_words
from evalsys.web.live_words_assembly import assembly_words
from evalsys.web.live_words_before import before_words
from evalsys.web.live_words_stage import stage_words


def live_words() -> dict[str, str]:
    """Return every word of the live screens; `{name}` stands for a value filled in by the page."""
    return {
        **_phases(),
        **_round(),
        **_naming(),
        **_programme(),
        **_calls(),
        **_findings(),
        **_stage(),
        **_console(),
        **assembly_words(),
        **before_words(),
        **ceremony_words(),
        **stage_words(),
        **curtain_words(),
    }


def _phases() -> dict[str, str]:
    return {
        "phase_planned": _("已计划"),
        "phase_frozen": _("名册已冻结"),
        "phase_ceremony": _("抽签仪式"),
        "phase_seeded": _("种子已定"),
        "phase_drawn": _("已抽中"),
        "phase_named": _("已点名"),
        "phase_answering": _("干部作答"),
        "phase_calling": _("连线求证"),
        "phase_voting": _("评议团投票"),
        "phase_tallied": _("已计票"),
        "phase_judged": _("已认定"),
        "phase_closed": _("已闭会"),
        "phase_sealed": _("已封存"),
        "phase_aborted": _("已中止"),
        "slot_of": _("第 {j} / {n} 个号码"),
    }


def _round() -> dict[str, str]:
    return {
        "unknown_cadre": _("（姓名待查）"),
        "presence_in_person": _("到场作答"),
        "presence_by_phone": _("电话作答"),
        "presence_absent": _("未到场"),
        "claims_title": _("该干部的工作记录"),
        "claims_households": _("联系户"),
        "claims_visits": _("走访次数"),
        "claims_visited_households": _("走访到的户"),
        "claims_solved": _("记为已解决的诉求"),
        "questions_title": _("请向大会作答："),
        "quiz_title": _("您了解您的联系户吗？"),
        "quiz_right": _("答对"),
        "quiz_partly": _("部分答对"),
        "quiz_wrong": _("答错"),
        "quiz_": _("作答中"),
        "question_asked": _("是否征求了联系户的意见和诉求？"),
        "question_solved": _("是否正确解答或解决了群众反映的问题？"),
        "question_confirmed": _("联系户是否认可？马上连线求证。"),
        "tickets": _("{stratum} 组 {n} 人中，票号最小者中签；以下为最小的五张"),
    }


def _naming() -> dict[str, str]:
    return {
        "naming": _("点名"),
        "naming_is_no_draw": _("点名，不是抽取"),
        "naming_who": _("由 {who} 点名"),
        "naming_reason": _("理由：{reason}"),
        "naming_counts_not": _("点名不占抽取名额，不计入抽取统计；该干部仍留在抽签池中。"),
        "naming_slot": _("点名 · 已抽 {j} / {n}"),
        "next_named": _("请被点名的干部作答：怎样到场？"),
        "do_name": pgettext("button", "点名"),
        "do_name_now": _("确认点名，当众公布"),
        "name_number": _("干部编号（8 位）"),
        "name_by": _("由谁点名"),
        "name_who": _("怎样称呼"),
        "name_reason": _("点名理由（将公布）"),
        "by_panel": _("评议团"),
        "by_chair": _("主持人"),
        "by_media": _("媒体"),
        "do_take": _("采纳，当众点名"),
        "do_dismiss": _("不采纳"),
        "dismiss_why": _("不采纳的理由（提议的席位会看到）"),
        "proposal_waits": _("点名须在两轮之间进行，请等本轮结束。"),
    }


def _programme() -> dict[str, str]:
    """Words that differ where programmes are heard: `say` prefers those that end so."""
    return {
        "slot_of_programme": _("第 {j} / {n} 个项目"),
        "phase_drawn_programme": _("项目登台"),
        "phase_judged_programme": _("群众已评"),
        "unknown_cadre_programme": _("（项目待查）"),
        "claims_title_programme": _("该项目的服务记录"),
        "claims_households_programme": _("服务过的户"),
        "claims_visits_programme": _("服务件次"),
        "programme_note": _("从服务过的户中当众抽出受访户，由他们打分。受访户的电话从不公开。"),
        "calls_title_programme": _("连线服务对象"),
        "calls_none_yet_programme": _("正在按抽定的顺序拨打第一批服务对象…"),
        "col_visited_programme": _("服务记录"),
        "claimed_visit_programme": _("记录：{date} 办理"),
        "score_of_households_programme": _("服务对象评分（满分 5 分，{n} 户）"),
        "opinion_yes": _("满意"),
        "opinion_no": _("不满意"),
        "opinion_unsure": _("说不清"),
        "col_cadre_programme": _("项目"),
        "col_satisfied": _("满意 / 说不清 / 不满意"),
        "pot_programme": _("本场评议的项目"),
        "pot_cadres_programme": _("个项目"),
        "pot_households_programme": _("服务过 {n} 户次群众，由他们来评"),
        "seeded_next_programme": _("种子已定，将逐个抽取 {n} 个项目的受访户"),
        "next_seeded_programme": _("请第一个项目登台"),
        "next_drawn_programme": _("抽出受访户并连线"),
        "next_calling_programme": _("连线服务对象"),
        "next_judged_programme": _("群众已评，请下一个项目登台"),
        "past_none_programme": _("还没有评完的项目。"),
        "slots_programme": _("项目"),
        "do_draw_programme": _("请第 {j} 个项目登台：{stratum}"),
        "note_open_calls_programme": _("受访户的顺序由种子决定，号码逐户启封，谁也不能挑选。"),
    }


def _calls() -> dict[str, str]:
    return {
        "calls_title": _("连线联系户"),
        "calls_progress": _("已完成 {done} 户 · 目标 {target} 户"),
        "calls_none_yet": _("正在按抽定的顺序拨打第一批联系户…"),
        "calls_none": _("本轮没有拨打联系户"),
        "calls_end_target_reached": _("连线完成"),
        "calls_end_list_exhausted": _("名单已拨完"),
        "calls_end_time_up": _("时间到，已收线"),
        "calls_insufficient": _("{ended}：{done} / {target} 户，数据不足，不影响晋升"),
        "place": _("第 {place} 户"),
        "col_place": _("顺序"),
        "col_status": _("通话"),
        "col_visited": _("走访过吗"),
        "col_solved": _("诉求解决了吗"),
        "col_score": _("打分"),
        "claimed_visit": _("记录：{date} 走访"),
        "claimed_solved": _("记录：已解决 {n} 件"),
        "claimed_none": _("无记录"),
        "visited_yes": _("走访过"),
        "visited_no": _("没有走访"),
        "visited_unsure": _("说不清"),
        "solved_yes": _("解决了"),
        "solved_no": _("没有解决"),
        "solved_unsure": _("说不清"),
        "scored": _("已打分"),
        "asks_solved_first": _("先问诉求"),
        "asks_turned": _("反问：{topics}"),
        "asks_and": _("、"),
        "asks_visited": _("走访"),
        "asks_solved": _("诉求"),
        "asks_satisfied": _("满意"),
        "asks_score": _("打分"),
        "call_waiting": _("等待再拨"),
        "call_not_reached": _("没有接通"),
        "call_placed": _("正在拨出"),
        "call_ringing": _("振铃中"),
        "call_in_progress": _("通话中"),
        "call_completed": _("已完成"),
        "call_refused": _("不愿作答"),
        "call_no_answer": _("无人接听"),
        "call_invalid_number": _("号码无效"),
        "call_not_linked": _("非本户接听"),
        "call_broken_off": _("中途挂断"),
        "score_of_households": _("联系户评分（满分 5 分，{n} 户）"),
        "band_too_few": _("答复不足，不公布"),
        "band_unanimous_high": _("全部评为 4 分以上"),
        "band_unanimous_low": _("全部评为 3 分以下"),
    }


def _findings() -> dict[str, str]:
    return {
        "votes_title": _("评议团表决结果"),
        "vote_satisfied": _("满意"),
        "vote_basically_satisfied": _("基本满意"),
        "vote_not_satisfied": _("不满意"),
        "votes_cast": _("{seats} 席中 {cast} 席投票"),
        "chair_last": _("主要负责人末位表态"),
        "verdict_confirmed": _("属实"),
        "verdict_not_done": _("未完成"),
        "verdict_accounts_differ": _("说法有出入"),
        "verdict_faked_suspected": _("涉嫌弄虚作假"),
        "pledge": _("限时承诺"),
        "pledge_due": _("{date} 前完成 · 责任人：{who}"),
        "countdown": _("还剩 {days} 天 {time}"),
        "investigation": _("派出调查组"),
        "referral": _("移送 {to}"),
        "team_discipline": _("纪检监察"),
        "team_peoples_deputy": _("人大代表"),
        "team_cppcc_member": _("政协委员"),
        "team_mass_representative": _("群众代表"),
        "col_slot": _("序"),
        "col_number": _("编号"),
        "col_cadre": _("干部"),
        "col_answered": _("完成户数"),
        "col_vote": _("满意 / 基本 / 不满意"),
        "col_verdict": _("认定"),
    }


def _stage() -> dict[str, str]:
    return {
        "stage_soon": _("大会即将开始"),
        "pot": _("抽签池"),
        "pot_cadres": _("名干部"),
        "pot_households": _("联系 {n} 户群众，领导干部一视同仁，全部在池中"),
        "manifest": _("抽签清单校验值（SHA-256），当众宣读"),
        "seeded": _("主骰 24 位数字"),
        "seeded_next": _("种子已定，将抽取 {n} 名干部"),
        "voting": _("请评议团投票"),
        "voting_secret": _("投票结束前不显示任何结果"),
        "closed": _("本次大会结果"),
        "closed_more": _("另有 {n} 名，见公开页"),
        "aborted": _("本次大会已中止，已抽取的结果保留"),
        "sealed_head": _("会议实录末行校验值"),
        "scan": _("扫码查看清单，人人可核验"),
        "qr": _("公开页二维码：扫码查看抽签清单并核验"),
        "not_yet": _("尚未产生"),
    }


def _console() -> dict[str, str]:
    return {**_next_steps(), **_buttons(), **_notes()}


def _next_steps() -> dict[str, str]:
    return {
        "next_planned": _("冻结名册"),
        "next_frozen": _("听取异议，然后公布抽签清单"),
        "next_ceremony": _("掷主骰"),
        "next_seeded": _("抽取第一个号码"),
        "next_drawn": _("请干部作答：怎样到场？"),
        "next_answering": _("听取作答，然后连线"),
        "next_calling": _("连线求证"),
        "next_voting": _("评议团正在投票"),
        "next_tallied": _("宣布认定"),
        "next_judged": _("落实认定，或继续抽取"),
        "next_closed": _("封存会议记录"),
        "next_sealed": _("会议已封存"),
        "next_aborted": _("封存已中止的会议"),
        "watching": _("您的角色只看不操作。"),
        "past_none": _("还没有完成的干部。"),
        "slots": _("抽取名额"),
    }


def _buttons() -> dict[str, str]:
    return {
        "take_back": _("撤回上一步"),
        "do_freeze": _("冻结名册"),
        "do_open_ceremony": _("开始抽签仪式"),
        "do_roll": _("录入主骰"),
        "do_draw": _("抽取第 {j} 个号码：{stratum}"),
        "do_open_calls": _("开始连线求证"),
        "do_stop_dialling": _("收线：不再拨打新户"),
        "do_open_vote": _("开放评议团投票"),
        "do_close_vote": _("结束投票并计票"),
        "do_pledge": _("记录限时承诺"),
        "do_investigate": pgettext("button", "派出调查组"),
        "do_close": _("闭会"),
        "do_seal": _("封存"),
        "save": _("保存"),
        "download_bundle": _("下载核验包"),
        "pledge_measure": _("整改措施"),
        "pledge_date": _("完成期限"),
        "pledge_who": _("责任人"),
        "investigation_reason": _("调查事由"),
        "investigation_usual_reason": _("干部记录与联系户说法有出入"),
        "standby": _("备选名单 {n} 号"),
    }


def _notes() -> dict[str, str]:
    return {
        "note_freeze": _("冻结后名册不再变动；各单位、各层人数随即公开，任何人可在异议期内核对。"),
        "note_ceremony": _("清单须公布满 24 小时。开始后只能按规则进行，不能重来。"),
        "note_ceremony_rehearsal": _("彩排不受 24 小时限制。开始后只能按规则进行，不能重来。"),
        "note_dice_rehearsal": _("彩排：数字由操作系统产生，在实录中标明为彩排。"),
        "note_open_calls": _("按抽定的顺序自动拨打，号码逐户启封，操作员不能跳过。"),
        "note_voting": _("投票结束前任何画面都不显示结果；投票人可以更改。"),
        "note_suggested": _("红色按钮是联系户答复所指向的认定，由您宣布。"),
        "owed_pledge": _("工作未完成：请先当众作出限时承诺，再往下进行。"),
        "owed_investigation": _("说法有出入或涉嫌弄虚作假：请先派出调查组，再往下进行。"),
        "note_seal": _("封存后不能再有任何记录；实录末行校验值将在大屏公布。"),
        "dialling": _("正在通话 {n} 户，其余按顺序自动拨打"),
        "stopping": _("已收线，等待 {n} 个通话结束"),
        "comments": _("群众评语 {n} 条，已密封"),
        "line_ok": _("电话线路正常"),
        "line_manual": _("电话线路连续中断：请改用人工线路，抽定的顺序不变；恢复后自动继续"),
        "line_down": _("电话线路中断，欠拨的联系户会在恢复后继续"),
        "tally_starting": _("计票进程正在启动"),
        "tally_away": _("计票进程不在：评分等待开封，会议可以继续"),
        "tally_wrong_key": _("计票进程的密钥不对：评分等待开封，会议可以继续"),
        "tally_failed": _("计票进程开不了票：请通知审计人员，会议可以继续"),
        "score_waiting": _("评分已密封，等待计票进程开封"),
        "seats": _("评议席 {joined} / {total} 已入座"),
        "cast": _("已投 {voted} / {joined} 席"),
        "unreachable": _("服务器暂时没有回应"),
        "unreachable_remedy": _("请看清画面上的当前阶段后再操作；已执行的步骤不会丢失。"),
    }


def abort_reasons() -> dict[str, str]:
    """Name the closed list of reasons for which an attempt may be aborted."""
    return {
        "power_failure": _("停电"),
        "broadcast_failure": _("直播信号中断"),
        "system_failure": _("系统故障"),
        "invalid_dice": _("骰具无效"),
        "safety": _("安全事故"),
        "court_order": _("司法要求"),
    }
