"""A pledge assembly: agenda, order, one answer after the other (Y32, Y69)."""

from dataclasses import replace

import pytest

from evalsys.domain.agenda import (
    Issue,
    Target,
    agenda_sha256,
    check_agenda,
    check_target,
    drawn_order,
    moved,
)
from evalsys.domain.draw import master_seed
from evalsys.domain.live import commands as c
from evalsys.domain.live import commands_agenda as cg
from evalsys.domain.live import commands_ceremony as cc
from evalsys.domain.live.codec import decode, encode, kind_of
from evalsys.domain.live.fold import replay
from evalsys.domain.live.rundown import cues_of
from evalsys.domain.live.views import Display, RoundClaims, console_view, pad_view, public_view
from evalsys.domain.live.words import AgendaOrder, Phase, Presence, Verdict
from evalsys.domain.panel import Choice
from evalsys.errors import EvalsysError, InvalidInput, RuleViolation, WrongPhase
from tests.builders import full_width
from tests.live_play import Play, a_pledge, an_agenda, an_assembly

DICE = "123456789012345678901234"
NOTHING = Display({}, RoundClaims())


def phase(play: Play) -> Phase:
    """The phase, read anew."""
    return play.state.phase


def test_every_issue_is_called_answered_and_sealed_and_the_record_folds_again() -> None:
    play = an_assembly(3).until_ordered()
    assert (play.state.phase, play.state.agenda_order) == (Phase.SEEDED, (1, 2, 3))
    for j in (1, 2, 3):
        play.tell(cg.CallIssue())
        assert (play.round.j, play.state.phase) == (j, Phase.ANSWERING)
        play.tell(a_pledge())
        assert play.state.phase is Phase.JUDGED
    play.tell(c.OpenVote())
    play.tell(c.CloseVote(7, 2, 1, 12))
    assert play.state.phase is Phase.TALLIED
    play.tell(c.DeclareAsChair(Choice.SATISFIED))
    play.tell(c.CloseSession())
    play.tell(c.SealSession("a" * 64))
    assert phase(play) is Phase.SEALED
    assert replay(play.records) == play.state
    for record in play.records:
        assert decode(kind_of(type(record.event)), encode(record.event)) == record.event


def test_an_order_by_dice_is_the_one_that_anybody_computes() -> None:
    play = an_assembly(16, order=AgendaOrder.DRAWN).until_open()
    assert play.state.phase is Phase.CEREMONY
    play.roll(DICE)
    sha256 = agenda_sha256(an_agenda(16))
    assert play.state.manifest_sha256 == sha256
    assert play.state.agenda_order == drawn_order(master_seed(sha256, DICE), 16)
    assert sorted(play.state.agenda_order) == list(range(1, 17))
    assert play.state.agenda_order != tuple(range(1, 17))
    play.tell(cg.CallIssue())
    assert play.round.issue == an_agenda(16)[play.state.agenda_order[0] - 1]


def test_on_air_the_dice_of_an_order_come_from_cups_a_day_after_the_agenda() -> None:
    play = an_assembly(4, order=AgendaOrder.DRAWN, rehearsal=False)
    play.until_published()
    with pytest.raises(RuleViolation, match="24 小时"):
        play.tell(c.OpenCeremony())
    play.wait(24 * 3600)
    play.tell(c.OpenCeremony())
    with pytest.raises(RuleViolation, match="骰盅"):
        play.tell(cc.RehearseDice(DICE))
    play.roll(DICE)
    assert play.state.phase is Phase.SEEDED
    fixed = an_assembly(4, rehearsal=False).until_published()
    fixed.tell(c.OpenCeremony())
    assert fixed.state.phase is Phase.SEEDED


def test_the_agenda_may_change_until_the_opening_and_then_is_published_again() -> None:
    play = an_assembly(2).until_published()
    first = play.state.manifest_sha256
    play.tell(cg.SetAgenda((*an_agenda(2), replace(an_agenda(1)[0], title="新增议题"))))
    assert (play.state.phase, play.state.manifest_sha256) == (Phase.PLANNED, "")
    with pytest.raises(WrongPhase):
        play.tell(c.OpenCeremony())
    assert play.tell(cg.SetAgenda(play.state.agenda)) == ()
    play.tell(cg.PublishAgenda())
    assert play.state.manifest_sha256 not in {"", first}
    play.tell(c.OpenCeremony())
    with pytest.raises(WrongPhase):
        play.tell(cg.SetAgenda(an_agenda(1)))


def test_no_issue_is_passed_over_in_silence() -> None:
    play = an_assembly(2).until_ordered()
    play.tell(cg.CallIssue())
    for command in (cg.CallIssue(), c.CloseSession(), c.OpenVote()):
        with pytest.raises(WrongPhase):
            play.tell(command)
    with pytest.raises(InvalidInput):
        play.tell(cg.LeaveIssue(" "))
    play.tell(cg.LeaveIssue("答复人未到场"))
    assert (play.state.phase, play.round.left) == (Phase.JUDGED, "答复人未到场")
    with pytest.raises(RuleViolation, match="没有承诺"):
        play.tell(c.OpenVote())
    play.tell(c.TakeBack())
    assert (play.state.phase, play.round.left) == (Phase.ANSWERING, "")
    play.tell(cg.LeaveIssue("答复人未到场"))
    play.tell(cg.CallIssue())
    with pytest.raises(WrongPhase, match="单位作答"):
        play.tell(c.CloseSession())
    play.tell(a_pledge())
    play.tell(a_pledge(j=1))  # the unit made up for it, before the seal
    assert [bool(one.pledges) for one in play.state.rounds] == [True, True]
    assert play.state.rounds[0].left == ""
    play.tell(c.CloseSession())


def test_a_recorders_pledge_beside_the_show_brings_the_issue_on_and_a_correction_back() -> None:
    play = an_assembly(1).until_ordered()
    play.tell(cg.CallIssue())
    step = play.state.step
    play.tell(a_pledge(j=1))
    assert (play.state.phase, play.state.step) == (Phase.JUDGED, step)
    play.tell(c.WithdrawFollowUp(1, play.round.pledges[0].seq, "数字录错"))
    assert play.state.phase is Phase.ANSWERING
    play.tell(a_pledge(j=1))
    play.tell(c.OpenVote())
    for command in (a_pledge(j=1), c.WithdrawFollowUp(1, play.round.pledges[0].seq, "晚了")):
        with pytest.raises(WrongPhase, match="投票"):
            play.tell(command)
    play.tell(c.TakeBack())
    assert phase(play) is Phase.JUDGED
    play.tell(c.CloseSession())
    play.tell(c.WithdrawFollowUp(1, play.round.pledges[0].seq, "期限录错"))
    with pytest.raises(WrongPhase, match="没有承诺"):
        play.tell(c.SealSession("a" * 64))
    play.tell(a_pledge(j=1))
    play.tell(c.SealSession("a" * 64))


@pytest.mark.parametrize(
    "change",
    [
        {"target": None},
        {"target": Target("", "12", "户")},
        {"target": Target("改厕", "12", "")},
        {"target": Target("改厕", "", "户")},
        {"target": Target("改厕", "0", "户")},
        {"target": Target("改厕", "0.00", "户")},
        {"target": Target("改厕", "-5", "户")},
        {"target": Target("改厕", full_width("12"), "户")},
        {"target": Target("改厕", "十二", "户")},
        {"measure": ""},
        {"responsible": ""},
        {"due_on": "2020-01-01"},
        {"due_on": "年底"},
    ],
)
def test_a_pledge_that_nobody_can_measure_is_refused(change: dict[str, object]) -> None:
    play = an_assembly(1).until_ordered()
    play.tell(cg.CallIssue())
    with pytest.raises(InvalidInput) as refused:
        play.tell(replace(a_pledge(), **change))  # type: ignore[arg-type]  # tests name fields
    assert refused.value.remedy
    assert play.state.phase is Phase.ANSWERING


@pytest.mark.parametrize(
    ("typed", "kept"), [("1200", "1200"), ("0012.50", "12.5"), ("0.05", "0.05"), ("95.00", "95")]
)
def test_an_amount_is_kept_in_one_spelling(typed: str, kept: str) -> None:
    assert check_target(Target("改厕", typed, "户")).amount == kept


@pytest.mark.parametrize(
    "wrong",
    [{"title": ""}, {"question": " "}, {"unit": ""}, {"speaker": "李\n四"}, {"requests": -1}],
)
def test_an_issue_without_what_it_needs_is_refused_by_place(wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidInput, match="第 2 个议题"):
        check_agenda((an_agenda(1)[0], replace(an_agenda(2)[1], **wrong)))  # type: ignore[arg-type]  # as above


def test_two_issues_of_one_name_and_too_many_are_refused() -> None:
    with pytest.raises(InvalidInput, match="同名"):
        check_agenda((*an_agenda(2), an_agenda(1)[0]))
    with pytest.raises(InvalidInput, match="最多"):
        check_agenda(an_agenda(61))
    assert [one.title for one in moved(an_agenda(3), 3, 1)] == ["议题 3", "议题 1", "议题 2"]


def test_steps_of_other_sessions_are_none_of_an_assembly_nor_the_other_way_round() -> None:
    play = an_assembly(1).until_ordered()
    play.tell(cg.CallIssue())
    play.tell(a_pledge())
    play.tell(c.OpenVote())
    play.tell(c.CloseVote(1, 0, 0, 1))
    others: tuple[c.Command, ...] = (
        c.FreezeRoster("0" * 64, "0" * 64, 5, 5),
        c.DrawNext(play.cadres),
        c.RecordPresence(Presence.IN_PERSON),
        c.OpenCalls(3),
        c.GiveVerdict(Verdict.CONFIRMED),
        c.ReferCase(1, "县纪委", "作假"),
    )
    for command in others:
        with pytest.raises(RuleViolation, match="承诺大会没有这一步"):
            play.tell(command)
    evaluation = Play().until_seeded()
    for own in (cg.SetAgenda(an_agenda(1)), cg.CallIssue()):
        with pytest.raises(RuleViolation, match="不是承诺大会"):
            evaluation.tell(own)


def test_an_assembly_asks_for_nothing_that_it_has_not() -> None:
    for change in ({"witnesses": 2}, {"spare_recent": True}, {"weigh_by": "rank"}):
        with pytest.raises(InvalidInput):
            an_assembly(1, **change).tell(c.PlanSession(an_assembly(1, **change).plan))
    empty = an_assembly(0)
    empty.tell(c.PlanSession(empty.plan))
    with pytest.raises(EvalsysError, match="议程还是空的"):
        empty.tell(cg.PublishAgenda())


def test_the_pictures_show_issue_speaker_and_pledge_and_a_draft_to_nobody() -> None:
    play = an_assembly(2)
    play.tell(c.PlanSession(play.plan))
    play.tell(cg.SetAgenda(play.issues))
    draft = public_view(play.state, NOTHING, play.now)
    assert (draft["kind"], draft["agenda"]) == (
        "assembly",
        {"drawn": False, "ordered": False, "issues": [], "draft": 2},
    )
    play.tell(cg.PublishAgenda())
    play.tell(c.OpenCeremony())
    play.tell(cg.CallIssue())
    play.tell(a_pledge())
    view = console_view(play.state, NOTHING, play.now)
    shown = view["round"]
    assert isinstance(shown, dict)
    assert (shown["name"], shown["unit"]) == ("答复人 1", "单位 1")
    assert shown["pledges"] == [
        {
            "measure": "分批改造，逐户验收",
            "due_on": "2099-12-31",
            "responsible": "单位 1",
            "target": {"what": "完成改厕", "amount": "1200", "unit": "户"},
        }
    ]
    assert view["slots"] == 2
    pad = pad_view(play.state, NOTHING, play.now)["round"]
    assert isinstance(pad, dict)
    assert pad["issue"] == "议题 1"
    parts = [(cue.phase, cue.j) for cue in cues_of(play.state)]
    assert parts[0] == (Phase.SEEDED, 0)
    assert parts.count((Phase.ANSWERING, 2)) == 1


def test_issue_is_a_value() -> None:
    assert an_agenda(1)[0] == Issue(
        "议题 1", "什么时候解决第 1 件事？", "单位 1", "答复人 1", "局长"
    )
