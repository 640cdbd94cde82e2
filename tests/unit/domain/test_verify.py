"""A bundle that keeps every rule verifies; one that breaks any is refused at that step."""

from dataclasses import replace
from datetime import timedelta

import pytest

from evalsys.domain.draw_roster import roster_of, write_roster
from evalsys.domain.manifest import Exclusion, ExclusionReason, HouseholdRules
from evalsys.domain.transcript import parse_transcript
from evalsys.domain.verify import Bundle, sums_of, verify_bundle
from evalsys.domain.verify_steps import Finding, Mark
from evalsys.ids import CadreNumber
from tests.builders_draw import Draw, a_draw, a_manifest, a_roster

DRAW = a_draw()


def failed(draw: Draw) -> str:
    """The names of the steps that failed, with their slot."""
    report = draw.verified()
    assert report.finding is Finding.BAD, report
    return ", ".join(
        f"{step.name} {step.j}".removesuffix(" 0")
        for step in report.steps
        if step.mark is Mark.FAIL
    )


def test_a_session_that_keeps_the_rules_verifies_step_by_step() -> None:
    report = DRAW.verified()
    assert (report.finding, report.exit_code) == (Finding.GOOD, 0)
    assert [(step.name, step.j) for step in report.steps] == [
        ("manifest", 0),
        ("roster", 0),
        ("transcript", 0),
        ("order", 0),
        ("slot", 1),
        ("households", 1),
        ("slot", 2),
        ("households", 2),
        ("named", 0),
        ("close", 0),
    ]


@pytest.mark.parametrize("strata", [1, 5])
def test_sessions_of_every_shape_verify(strata: int) -> None:
    roster = a_roster(60, strata=strata)
    left_out = [Exclusion(CadreNumber("00000007"), ExclusionReason.DRAWN_WITHIN_180D)]
    manifest = a_manifest(roster, slots=7, hh=HouseholdRules(), exclusions=left_out)
    draw = a_draw(roster, manifest, rehearsal=False)
    assert draw.verified().finding is Finding.GOOD


def test_a_cadre_without_households_may_be_drawn_and_has_insufficient_data() -> None:
    roster = a_roster(5, hh_n=0)
    report = a_draw(roster, a_manifest(roster, slots=1)).verified()
    assert report.finding is Finding.GOOD
    assert "数据不足" in next(step.detail for step in report.steps if step.name == "households")


@pytest.mark.parametrize("missing", ["manifest", "roster", "transcript"])
def test_a_missing_file_leaves_the_bundle_incomplete(missing: str) -> None:
    report = verify_bundle(replace(DRAW.bundle, **{missing: None}))
    assert (report.finding, report.exit_code) == (Finding.INCOMPLETE, 2)


@pytest.mark.parametrize("lines", range(len(DRAW.entries)))
def test_a_session_still_going_on_is_incomplete_never_bad(lines: int) -> None:
    report = replace(DRAW, entries=DRAW.entries[:lines]).verified()
    assert report.finding is Finding.INCOMPLETE


def test_nothing_at_all_is_incomplete() -> None:
    assert verify_bundle(Bundle(None, None, None)).finding is Finding.INCOMPLETE


def test_an_aborted_attempt_with_a_listed_reason_is_complete() -> None:
    aborted = replace(DRAW, entries=DRAW.entries[:20])
    aborted = aborted.inserted(20, "abort", reason="power_failure", attempt=1)
    assert aborted.verified().finding is Finding.GOOD
    assert failed(aborted.retold("abort", attempt=2)) == "order"


def test_a_naming_is_shown_and_never_counted_as_a_draw() -> None:
    named = DRAW.inserted(10, "named", cadre="00000001", by="媒体", reason="热线反映")
    assert named.verified().finding is Finding.GOOD
    assert "点名 1 人" in str(named.verified().steps)
    assert failed(named.retold("named", cadre="00009999")) == "named"


# --- what was drawn ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "step"),
    [
        ({"cadre": "00000001"}, "order"),  # the household order is of another cadre
        ({"ticket": "0" * 64}, "slot 1"),
        ({"eligible_n": 39}, "slot 1"),
        ({"runners_up": []}, "slot 1"),
        ({"stratum": "A02"}, "slot 1"),
        ({"j": 2}, "order"),
    ],
)
def test_another_outcome_of_a_slot_is_refused(changes: dict[str, object], step: str) -> None:
    assert failed(DRAW.retold("slot", 0, **changes)) == step


def test_a_swapped_cadre_is_refused_even_with_everything_else_rewritten() -> None:
    slot = DRAW.entries[DRAW.line_of("slot")].body
    runner_up, _ = slot["runners_up"][0]
    swapped = tuple(
        replace(entry, body={**entry.body, "cadre": runner_up})
        if entry.body.get("cadre") == slot["cadre"]
        else entry
        for entry in DRAW.entries
    )
    assert failed(replace(DRAW, entries=swapped)).startswith("slot 1")


@pytest.mark.parametrize(("nth", "count"), [(0, 24), (1, 12), (2, 12)])
def test_a_changed_die_is_refused(nth: int, count: int) -> None:
    rolled = DRAW.entries[DRAW.line_of("dice", nth)].body["digits"]
    changed = str(9 - int(rolled[0])) + rolled[1:]
    assert len(changed) == count
    assert "slot" in failed(DRAW.retold("dice", nth, digits=changed))


def test_an_excluded_cadre_cannot_be_drawn() -> None:
    drawn = DRAW.entries[DRAW.line_of("slot")].body["cadre"]
    left_out = [Exclusion(CadreNumber(drawn), ExclusionReason.ON_LEAVE)]
    manifest = a_manifest(DRAW.roster, exclusions=left_out)
    entries = DRAW.entries
    honest = a_draw(DRAW.roster, manifest)
    assert honest.verified().finding is Finding.GOOD
    forged = (honest.entries[0], *entries[1:])
    assert "slot 1" in failed(replace(honest, entries=forged))


def test_a_roster_edited_after_the_freeze_is_refused() -> None:
    cadres = (replace(DRAW.roster.cadres[0], hh_root="f" * 64), *DRAW.roster.cadres[1:])
    edited = replace(DRAW.bundle, roster=write_roster(roster_of(cadres)))
    report = verify_bundle(edited)
    assert report.finding is Finding.BAD
    assert [step.name for step in report.steps if step.mark is Mark.FAIL] == ["roster"]


def test_another_household_order_is_refused() -> None:
    order = DRAW.entries[DRAW.line_of("hh_order")].body["order"]
    assert failed(DRAW.retold("hh_order", 0, order=[*order[1:], order[0]])) == "households 1"
    assert failed(DRAW.retold("hh_order", 0, order=order[:-1])) == "households 1"


# --- the course of the session ----------------------------------------------------------


def test_what_the_manifest_line_says_must_be_this_manifest() -> None:
    assert failed(DRAW.retold("manifest", sha256="0" * 64)) == "order"


def test_a_real_session_takes_no_rehearsal_dice_and_no_short_calls() -> None:
    assert failed(DRAW.retold("open", rehearsal=False)) == "order"
    short = a_draw(rehearsal=False)
    assert failed(short) == "order"


@pytest.mark.parametrize(
    ("kind", "nth"),
    [("manifest", 0), ("open", 0), ("dice", 0), ("dice", 1), ("slot", 0), ("hh_order", 0)],
)
def test_no_step_may_be_left_out(kind: str, nth: int) -> None:
    assert failed(DRAW.without(kind, nth)) == "order"


@pytest.mark.parametrize(
    ("kind", "nth"),
    [
        ("manifest", 0),
        ("open", 0),
        ("dice", 0),
        ("dice", 1),
        ("dice", 2),
        ("slot", 0),
        ("slot", 1),
        ("hh_order", 0),
        ("close", 0),
    ],
)
def test_no_step_may_be_taken_twice(kind: str, nth: int) -> None:
    i = DRAW.line_of(kind, nth)
    assert failed(DRAW.inserted(i + 1, kind, **DRAW.entries[i].body)) == "order"


def test_dice_that_fell_must_be_drawn_with() -> None:
    end = DRAW.line_of("close")
    more = {"purpose": "slot", "j": 3, "digits": "1" * 12, "source": "rehearsal"}
    assert failed(DRAW.inserted(end, "dice", **more)) == "order"
    stopped = DRAW.line_of("dice", 2)
    early = replace(DRAW, entries=DRAW.entries[: stopped + 1])
    assert failed(early.inserted(stopped + 1, "close", slots=1)) == "order"


def test_a_session_that_ends_early_says_so() -> None:
    early = replace(DRAW, entries=DRAW.entries[: DRAW.line_of("dice", 2)])
    closed = early.inserted(len(early.entries), "close", slots=1)
    assert closed.verified().finding is Finding.GOOD
    assert "抽取 1 次，清单约定 2 次" in closed.verified().steps[-1].detail
    assert failed(early.inserted(len(early.entries), "close", slots=2)) == "order"


def test_a_beacon_or_a_signature_that_the_manifest_does_not_know_is_refused() -> None:
    bound = {"purpose": "slot", "j": 1, "round": 9, "round_time": "2026-12-01T12:15:33Z"}
    assert failed(DRAW.inserted(3, "bind", **bound)) == "order"
    signed = replace(DRAW.entries[3], sigs={"W1": "0" * 128})
    entries = (*DRAW.entries[:3], signed, *DRAW.entries[4:])
    assert failed(replace(DRAW, entries=entries)) == "order"


def test_a_rewritten_transcript_fails_against_the_head_shown_on_air() -> None:
    bundle = DRAW.bundle
    head = parse_transcript(bundle.transcript or b"", DRAW.manifest.prev_head).head
    assert verify_bundle(bundle, head=head).finding is Finding.GOOD
    last = DRAW.entries[-1]
    later = replace(last, at=last.at + timedelta(seconds=1))
    rewritten = replace(DRAW, entries=(*DRAW.entries[:-1], later)).bundle
    assert verify_bundle(rewritten).finding is Finding.GOOD
    assert verify_bundle(rewritten, head=head).finding is Finding.BAD


@pytest.mark.parametrize(
    "sums",
    [b"", b"garbage\xff", sums_of({"manifest.json": b""}), sums_of({"other": b"x"})],
)
def test_sums_that_do_not_match_are_refused(sums: bytes) -> None:
    report = verify_bundle(replace(DRAW.bundle, sums=sums))
    assert [step.name for step in report.steps if step.mark is Mark.FAIL] == ["sums"]


def test_sums_as_sha256sum_writes_them_are_checked() -> None:
    assert verify_bundle(replace(DRAW.bundle, sums=DRAW.files["SHA256SUMS"])).exit_code == 0
