"""A naming may have its households called like a slot's; it never counts as a draw."""

from dataclasses import replace

import pytest

from evalsys.domain.beacon import BeaconRules
from evalsys.domain.transcript import TranscriptEntry
from evalsys.domain.verify_steps import Finding, Mark
from evalsys.ids import CadreNumber
from tests.builders_beacon import a_beacon_draw
from tests.builders_draw import Draw, a_draw, a_manifest, a_roster

ROSTER = a_roster(12, hh_n=6)
PLAIN = a_draw(ROSTER, a_manifest(ROSTER))
DRAWN = [entry.body["cadre"] for entry in PLAIN.entries if entry.type == "slot"]
OTHERS = [cadre for cadre in ROSTER.by_cadre if cadre not in DRAWN]
NAMED = ((0, OTHERS[0]), (1, OTHERS[1]), (2, OTHERS[2]))
DICE = a_draw(ROSTER, a_manifest(ROSTER), named=NAMED)
BEACON = a_beacon_draw(
    ROSTER,
    a_manifest(ROSTER, slots=1, beacon=BeaconRules()),
    named=((0, OTHERS[1]), (1, OTHERS[2])),
)
BOTH = pytest.mark.parametrize("draw", [DICE, BEACON], ids=["dice", "beacon"])


def refusal(draw: Draw) -> str:
    report = draw.verified()
    assert report.finding is Finding.BAD, report
    return next(f"{s.name} {s.j} {s.detail}" for s in report.steps if s.mark is Mark.FAIL)


def named(cadre: str) -> dict[str, object]:
    return {"cadre": cadre, "by": "媒体", "reason": "热线反映"}


@BOTH
def test_namings_with_households_verify_each_in_a_step_of_its_own(draw: Draw) -> None:
    report = draw.verified()
    assert report.finding is Finding.GOOD, report
    steps = [step for step in report.steps if step.name == "named"]
    namings = [entry.body["cadre"] for entry in draw.entries if entry.type == "named"]
    assert [step.j for step in steps] == list(range(len(namings) + 1))
    assert f"点名 {len(namings)} 人，不计入抽取" in steps[0].detail
    for step, cadre in zip(steps[1:], namings, strict=True):
        assert cadre in step.detail
        assert "6 户中按次序开启" in step.detail
    closed = draw.entries[-1].body["slots"]
    assert closed == len(draw.manifest.slots)


def test_a_naming_changes_nothing_of_who_is_drawn_and_leaves_the_named_in_the_pot() -> None:
    assert [one.body for one in DICE.entries if one.type == "slot"] == [
        one.body for one in PLAIN.entries if one.type == "slot"
    ]
    first = CadreNumber(DRAWN[0])
    draw = a_draw(ROSTER, a_manifest(ROSTER), named=((0, first),))
    assert draw.verified().finding is Finding.GOOD
    assert sum(entry.body.get("cadre") == first for entry in draw.entries) > 10


@BOTH
def test_a_naming_that_is_never_called_verifies_wherever_it_stands(draw: Draw) -> None:
    for i in range(2, len(draw.entries)):
        told = draw.inserted(i, "named", **named(OTHERS[4]))
        assert told.verified().finding is Finding.GOOD, i


@BOTH
def test_nobody_is_named_twice_or_after_being_drawn(draw: Draw) -> None:
    end = len(draw.entries) - 1
    again = draw.entries[draw.line_of("named")].body
    assert "已经点名过" in refusal(draw.inserted(end, "named", **again))
    drawn = draw.entries[draw.line_of("slot")].body["cadre"]
    assert "已被抽中" in refusal(draw.inserted(end, "named", **named(drawn)))
    assert "不在名册中" in refusal(draw.inserted(end, "named", **named("99999999")))


@BOTH
def test_the_order_of_the_households_is_computed_again(draw: Draw) -> None:
    for nth, entry in enumerate(one for one in draw.entries if one.type == "hh_order"):
        swapped = [*entry.body["order"][1:], entry.body["order"][0]]
        reason = refusal(draw.retold("hh_order", nth, order=swapped))
        assert "联系户次序与重新计算的不同" in reason
        assert reason.startswith("named" if entry.body["j"] == 0 else "households")


@BOTH
def test_an_order_needs_its_naming_and_comes_once(draw: Draw) -> None:
    i = draw.line_of("hh_order")
    body = draw.entries[i].body
    assert body["j"] == 0
    assert "只能公布一次" in refusal(draw.inserted(i + 1, "hh_order", **body))
    assert "order" in refusal(draw.retold("hh_order", cadre=OTHERS[5]))
    assert refusal(draw.without("named")).startswith("order")


def test_a_drawn_cadre_gets_no_second_order_by_a_naming() -> None:
    first = CadreNumber(DRAWN[0])
    draw = PLAIN.inserted(3, "named", **named(first))
    assert draw.verified().finding is Finding.GOOD
    order = draw.entries[draw.line_of("hh_order")].body
    end = len(draw.entries) - 1
    assert refusal(draw.inserted(end, "hh_order", **{**order, "j": 0})).startswith("order")


def test_an_order_waits_for_the_master_seed() -> None:
    lines = {entry.type: entry for entry in DICE.entries[:5]}
    early = [lines["manifest"], lines["open"], lines["named"], lines["hh_order"]]
    assert "尚未掷主骰子" in refusal(replace(DICE, entries=at_once(early)))


def at_once(entries: list[TranscriptEntry]) -> tuple[TranscriptEntry, ...]:
    return tuple(replace(entry, at=entries[0].at) for entry in entries)


def test_the_next_slot_ends_the_calling_of_a_naming() -> None:
    i = DICE.line_of("named", 1)
    late = DICE.entries[DICE.line_of("hh_open")]
    began = DICE.line_of("dice", 1)
    assert late.body["cadre"] == OTHERS[0]
    body = {**late.body, "k": DICE.entries[DICE.line_of("hh_order")].body["order"][-1]}
    assert "此刻不在访问之中" in refusal(DICE.inserted(began + 1, "hh_open", **body))
    assert "此刻不在访问之中" in refusal(DICE.inserted(i, "hh_open", **body))


def test_a_round_bound_for_a_naming_is_used_once_and_before_anything_else() -> None:
    bind = BEACON.line_of("bind", 1)
    assert BEACON.entries[bind].body["purpose"] == "hh"
    assert BEACON.entries[bind].body["j"] == 0
    assert "没有点名的干部等待" in refusal(BEACON.without("named"))
    for kind in ("bind", "beacon", "hh_order"):
        nth = 0 if kind == "hh_order" else 1
        assert refusal(BEACON.without(kind, nth)).startswith("order")
    order = BEACON.line_of("hh_order")
    close = replace(BEACON, entries=BEACON.entries[:order]).inserted(order, "close", slots=0)
    assert "点名的联系户轮次已绑定" in refusal(close)


def test_a_round_serves_nobody_who_was_named_after_it_was_bound() -> None:
    known = BEACON.line_of("beacon", 1) + 1
    late = BEACON.inserted(known, "named", **named(OTHERS[5])).retold("hh_order", cadre=OTHERS[5])
    assert "点名于轮次绑定之后" in refusal(late)


def test_the_signature_of_a_naming_s_round_is_checked() -> None:
    body = BEACON.entries[BEACON.line_of("beacon", 1)].body
    other = BEACON.entries[BEACON.line_of("beacon", 2)].body
    signed = {"signature": other["signature"], "randomness": other["randomness"]}
    assert refusal(BEACON.retold("beacon", 1, **signed)).startswith("beacon 0")
    assert str(body["round"]) in str(BEACON.verified().steps)
