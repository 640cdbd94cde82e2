"""Words that differ, or exist only, where units promise in public: `say` prefers `…_assembly`."""

from flask_babel import gettext as _


def assembly_words() -> dict[str, str]:
    """Return the words of a pledge assembly; `{name}` is filled in by the page."""
    return {**_phases(), **_issue(), **_board(), **_steps(), **_desk(), **_host()}


def _phases() -> dict[str, str]:
    return {
        "phase_planned_assembly": _("编排议程"),
        "phase_frozen_assembly": _("议程已公布"),
        "phase_ceremony_assembly": _("抽定次序"),
        "phase_seeded_assembly": _("次序已定"),
        "phase_answering_assembly": _("单位作答"),
        "phase_voting_assembly": _("评议团表决"),
        "phase_judged_assembly": _("已答复"),
        "slot_of_assembly": _("第 {j} / {n} 个议题"),
        "manifest_assembly": _("议程校验值（SHA-256）"),
        "sealed_head_assembly": _("会议记录末条校验值"),
        "past_none_assembly": _("还没有答复的议题。"),
        "aborted_assembly": _("本次大会已中止，已作出的承诺保留"),
        "qr_assembly": _("公开页二维码：扫码查看议程，跟踪承诺"),
        "event_CeremonyOpened_assembly": _("开会"),
        "preview_abort_assembly": _("GO：大会中止，大屏写明中止，已作出的承诺保留。"),
    }


def _issue() -> dict[str, str]:
    return {
        "issue_of": _("议题 {j}"),
        "issue_requests": _("群众诉求 {n} 件"),
        "issue_places": _("涉及 {n} 个村和社区"),
        "issue_asked": _("群众提问"),
        "issue_left": _("当场未作承诺"),
        "please_answer": _("请当众答复：怎么办、办多少、何时办成"),
        "promised": _("当众承诺"),
        "promise_due": _("{date} 前完成 · {who}"),
        "voting_on_answer": _("这样的答复，您满意吗？"),
        "votes_on_answer": _("评议团对答复的表决"),
        "col_issue": _("议题"),
        "col_unit": _("责任单位"),
        "col_target": _("目标"),
        "col_due": _("期限"),
    }


def _board() -> dict[str, str]:
    return {
        "board": _("今天当众答复 {n} 个共性问题"),
        "board_to_draw": _("今天当众答复 {n} 个共性问题，次序由骰点抽定"),
        "board_ordered": _("次序已定：{n} 个议题逐一答复"),
        "scan_agenda": _("扫码查看议程，跟踪每一项承诺"),
        "promises_tonight": _("今天作出的承诺"),
        "agenda_tally": _("{n} 个议题，{promised} 个作出承诺，{left} 个未作承诺"),
        "agenda_draft": _("议程还有 {n} 个议题没有公布。"),
    }


def _steps() -> dict[str, str]:
    return {
        "next_planned_assembly": _("编排议程，然后公布"),
        "next_frozen_assembly": _("议程已公布，可以开会"),
        "next_published_assembly": _("议程已公布，可以开会"),
        "next_ceremony_assembly": _("掷骰抽定次序"),
        "next_seeded_assembly": _("请上第一个议题"),
        "next_answering_assembly": _("听取答复，录入承诺"),
        "next_voting_assembly": _("评议团正在表决"),
        "next_tallied_assembly": _("请上下一个议题"),
        "next_judged_assembly": _("请上下一个议题，或请评议团表决"),
        "to_agenda": _("编排议程"),
        "do_publish_agenda": _("公布议程（{n} 个议题）"),
        "do_open_ceremony_assembly": _("开会"),
        "do_call_issue": _("请上第 {j} 个议题"),
        "do_enter_pledge": _("录入承诺"),
        "do_another_pledge": _("再录入一项承诺"),
        "do_leave_issue": _("当场没有承诺"),
        "do_open_vote_assembly": _("请评议团表决这一答复"),
        "do_roll_assembly": _("用系统数字抽定次序"),
        "leave_reason": _("原因（会公开）"),
        "pledge_measure_assembly": _("措施"),
        "pledge_target": _("目标：做成什么"),
        "pledge_amount": _("数量"),
        "pledge_unit": _("计量单位"),
        "pledge_who_assembly": _("责任单位"),
        "note_agenda": _("公布后人人可读；开会前仍可改动，改动后须重新公布。"),
        "note_pledge": _("也可由记录员在记录台录入。措施、目标、数量、期限和责任单位缺一不可。"),
        "note_ceremony_assembly": _("次序要抽的，议程须公布满 24 小时。"),
        "note_ceremony_rehearsal_assembly": _("彩排不受 24 小时限制。"),
        "note_seal_assembly": _("封存后不能再有任何记录；兑现情况另行登记，同样公开。"),
    }


def _desk() -> dict[str, str]:
    return {
        "go_open_ceremony_assembly": _("开会"),
        "go_call_issue": _("请上下一个议题"),
        "go_open_vote_assembly": _("请评议团表决"),
        "preview_open_ceremony_assembly": _("GO：大屏转为议程和次序，会议开始。"),
        "preview_call_issue": _("GO：大屏转为下一个议题和答复人，字幕出名条，评议席换题。"),
        "preview_close_assembly": _("GO：大屏转为今天作出的全部承诺。"),
        "preview_seal_assembly": _("GO：会议记录封存，大屏公布末条校验值，不能再有任何记录。"),
        "preview_abort_assembly": _("GO：本次大会中止，大屏写明中止，已作的承诺保留。"),
        "cue_ceremony_assembly": _("抽定次序"),
        "cue_seeded_assembly": _("公布次序"),
        "cue_answering_assembly": _("提问与答复"),
        "cue_judged_assembly": _("承诺"),
        "cue_voting_assembly": _("表决"),
        "cue_tallied_assembly": _("表决结果"),
        "cue_of_slot_assembly": _("议题 {j} · {part}"),
        "armed_open_ceremony_assembly": _("开会"),
    }


def _host() -> dict[str, str]:
    """What the host says; `{question}`, `{unit}`, `{next}` are filled in by the page."""
    return {
        "say_planned_assembly": _("请各位入座，承诺大会即将开始。"),
        "say_frozen_assembly": _("今天有 {issues} 个共性问题，由责任单位负责人当众答复。"),
        "say_published_assembly": _("今天有 {issues} 个共性问题，由责任单位负责人当众答复。"),
        "say_ceremony_assembly": _("答复的次序由骰点抽定，谁也不能挑选。请四位掷骰人揭盅。"),
        "say_seeded_assembly": _("次序已定。{next}。"),
        "say_answering_assembly": _(
            "群众问：{question}请{unit}{name}答复：怎么办、办多少、何时办成。"
        ),
        "say_judged_assembly": _("承诺已记录，大屏上开始倒计时。{next}。"),
        "say_voting_assembly": _("请评议团表决：这样的答复，您满意吗？"),
        "say_tallied_assembly": _("表决结果在大屏上。{next}。"),
        "say_closed_assembly": _("今天的承诺全部公开，到期逐项核对，人人可查。"),
        "say_sealed_assembly": _("会议记录已封存。承诺到期再见。"),
        "say_aborted_assembly": _("本次大会中止，已作的承诺保留。"),
        "press_issue": _("议题 {j}“{title}”，{unit} {name} 当众答复"),
        "press_promised": _("承诺：{measure}；目标：{target}；{date} 前完成；责任单位：{who}"),
    }
