"""A session bound to a beacon verifies; whoever bends a round is refused, with the reason."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from evalsys.beacon.check import check_signature
from evalsys.domain.beacon import DEFAULT, QUICKNET, BeaconRules, Chain
from evalsys.domain.manifest import HouseholdRules, Manifest, manifest_bytes, parse_manifest
from evalsys.domain.transcript import TranscriptEntry, parse_transcript, time_text
from evalsys.domain.verify import verify_bundle
from evalsys.domain.verify_steps import Finding, Mark
from evalsys.errors import InvalidInput
from tests.builders_beacon import USABLE, OurBeacon, a_beacon_draw, genuine
from tests.builders_draw import Draw, a_draw, a_manifest, a_roster
from tests.tampering_draw import SPELLINGS, another

ROSTER = a_roster(12, hh_n=6)
DRAW = a_beacon_draw(ROSTER, a_manifest(ROSTER, beacon=BeaconRules()))
ENTRIES = DRAW.entries


def refusal(draw: Draw) -> str:
    """Step and reason of the first failure; the draw must be bad."""
    report = draw.verified()
    assert report.finding is Finding.BAD, report
    return next(f"{step.name} {step.detail}" for step in report.steps if step.mark is Mark.FAIL)


def at(draw: Draw, i: int, seconds: float) -> Draw:
    """The same session with line `i` that many seconds later, or earlier."""
    moved = replace(draw.entries[i], at=draw.entries[i].at + timedelta(seconds=seconds))
    return replace(draw, entries=(*draw.entries[:i], moved, *draw.entries[i + 1 :]))


@pytest.mark.parametrize(
    ("chain", "slots"), [(QUICKNET, 3), (DEFAULT, 2)], ids=["quicknet", "default"]
)
@pytest.mark.parametrize("rehearsal", [True, False])
def test_sessions_with_real_rounds_verify(chain: Chain, slots: int, *, rehearsal: bool) -> None:
    roster = a_roster(60, strata=3)
    manifest = a_manifest(roster, slots=slots, hh=HouseholdRules(), beacon=BeaconRules(chain))
    report = a_beacon_draw(roster, manifest, chain=chain, rehearsal=rehearsal).verified()
    assert report.finding is Finding.GOOD
    assert [step.j for step in report.steps if step.name == "beacon"] == list(range(slots + 1))
    details = " ".join(step.detail for step in report.steps if step.name == "beacon")
    used = USABLE[chain.hash][: 2 * slots + 1]
    assert all(str(pulse.round) in details for pulse in used)


def test_the_manifest_spells_the_beacon_and_is_read_back() -> None:
    data = manifest_bytes(DRAW.manifest)
    assert (
        b'"beacon":{"bind_margin_s":10,"chain":"' + QUICKNET.hash.encode() + b'","min_delay_s":60,'
        b'"scheme":"bls-unchained-g1-rfc9380"}'
    ) in data
    assert parse_manifest(data) == DRAW.manifest
    for old, new in (
        (QUICKNET.hash.encode(), DEFAULT.hash.encode()),
        (b"bls-unchained-g1-rfc9380", b"pedersen-bls-chained"),
        (b'"min_delay_s":60', b'"min_delay_s":9'),
        (b'"bind_margin_s":10', b'"bind_margin_s":0'),
    ):
        with pytest.raises(InvalidInput, match="beacon"):
            parse_manifest(data.replace(old, new))


@pytest.mark.parametrize("n", range(len(ENTRIES)))
def test_a_session_still_going_on_is_incomplete_never_bad(n: int) -> None:
    assert replace(DRAW, entries=ENTRIES[:n]).verified().finding is Finding.INCOMPLETE


def test_without_a_check_of_signatures_the_rounds_stay_open() -> None:
    report = verify_bundle(DRAW.bundle)
    assert report.finding is Finding.INCOMPLETE
    assert {step.mark for step in report.steps if step.name == "beacon"} == {Mark.OPEN}


def test_on_air_nobody_may_bind_in_a_hurry() -> None:
    for rules in (BeaconRules(min_delay_s=59), BeaconRules(bind_margin_s=9)):
        manifest = a_manifest(ROSTER, hh=HouseholdRules(), beacon=rules)
        assert a_beacon_draw(ROSTER, manifest).verified().finding is Finding.GOOD
        assert "只有彩排可以缩短" in refusal(a_beacon_draw(ROSTER, manifest, rehearsal=False))


# --- binding ----------------------------------------------------------------------------


@pytest.mark.parametrize("nth", range(5))
def test_a_bind_nine_seconds_before_its_round_is_refused(nth: int) -> None:
    i = DRAW.line_of("bind", nth)
    due = QUICKNET.round_time(ENTRIES[i].body["round"])
    wait_s = (due - ENTRIES[i].at).total_seconds()
    assert at(DRAW, i, wait_s - 10).verified().finding is Finding.GOOD
    assert "绑定太晚" in refusal(at(DRAW, i, wait_s - 9))


def test_a_second_bind_is_refused_before_and_after_the_round_is_known() -> None:
    for nth in range(5):
        i = DRAW.line_of("bind", nth)
        other = {"round": ENTRIES[i].body["round"] + 1000}
        other["round_time"] = time_text(QUICKNET.round_time(other["round"]))
        again = {**ENTRIES[i].body, **other}
        assert "尚未揭晓，不得再绑定" in refusal(DRAW.inserted(i + 1, "bind", **again))
        revealed = DRAW.line_of("beacon", nth)
        reason = refusal(DRAW.inserted(revealed + 1, "bind", **again))
        assert "不得再次绑定" in reason or "只能绑定一次" in reason


@pytest.mark.parametrize("number", [254, 256, 1000])
def test_dice_are_bound_to_the_one_round_that_the_delay_names(number: int) -> None:
    due = time_text(QUICKNET.round_time(number))
    told = DRAW.retold("bind", round=number, round_time=due)
    assert "只能绑定第 255 轮" in refusal(told)


def test_a_switch_to_another_chain_is_refused() -> None:
    bound = ENTRIES[DRAW.line_of("bind", 1)].body
    moved = DRAW.retold("bind", 1, round_time=time_text(DEFAULT.round_time(bound["round"])))
    assert "不得改用另一条链" in refusal(moved)
    pulse = genuine(DEFAULT)[3]
    signed = {"signature": pulse.signature, "randomness": pulse.randomness}
    assert "规范编码" in refusal(DRAW.retold("beacon", 1, **signed))
    chained = {**signed, "previous_signature": pulse.previous}
    assert "规范编码" in refusal(DRAW.retold("beacon", 1, **chained))
    only = {"previous_signature": pulse.previous}
    assert "不含上一轮签名" in refusal(DRAW.retold("beacon", 1, **only))


def test_a_session_of_a_chain_whose_key_is_not_pinned_is_refused() -> None:
    strange = BeaconRules(OurBeacon().chain)
    with pytest.raises(InvalidInput, match="beacon"):
        a_manifest(ROSTER, hh=HouseholdRules(), beacon=strange)
    told = manifest_bytes(DRAW.manifest)
    swapped = told.replace(QUICKNET.hash.encode(), strange.chain.hash.encode())
    report = verify_bundle(replace(DRAW.bundle, manifest=swapped), check_signature=check_signature)
    assert report.finding is Finding.BAD
    assert "beacon" in next(each.detail for each in report.steps if each.mark is Mark.FAIL)


def test_a_round_that_nobody_bound_is_refused() -> None:
    for nth in range(5):
        assert refusal(DRAW.without("bind", nth)).startswith("order")
        assert refusal(DRAW.without("beacon", nth)).startswith("order")
        neither = DRAW.without("bind", nth).without("beacon", nth)
        reason = refusal(neither)
        assert "没有绑定" in reason or "没有骰子" in reason or "抽取" in reason


def test_slots_with_a_beacon_take_no_dice_and_a_session_without_takes_no_beacon() -> None:
    i = DRAW.line_of("bind", 1)
    dice = {"purpose": "slot", "j": 1, "digits": "1" * 12, "source": "rehearsal"}
    assert "不得再掷骰子" in refusal(DRAW.inserted(i, "dice", **dice))
    alone = a_draw(ROSTER, a_manifest(ROSTER))
    assert "不得再掷骰子" in refusal(told_as(alone, DRAW.manifest))
    assert "没有约定随机信标" in refusal(told_as(DRAW, alone.manifest))


def told_as(draw: Draw, manifest: Manifest) -> Draw:
    """The same lines under another manifest."""
    changed = replace(draw, manifest=manifest)
    digest = changed.verified().manifest_sha256
    return changed.retold("manifest", sha256=digest)


@pytest.mark.parametrize(
    ("kind", "nth", "reason"),
    [
        ("bind", 0, "尚未揭晓"),
        ("bind", 1, "没有抽出"),
        ("beacon", 1, "没有抽出"),
        ("bind", 2, "没有公布次序"),
        ("beacon", 2, "没有公布次序"),
    ],
)
def test_what_was_bound_is_carried_out_before_the_close_or_aborted_in_public(
    kind: str, nth: int, reason: str
) -> None:
    end = DRAW.line_of(kind, nth) + 1
    early = replace(DRAW, entries=ENTRIES[:end])
    assert reason in refusal(early.inserted(end, "close", slots=min(nth, 1)))
    aborted = early.inserted(end, "abort", reason="power_failure", attempt=1)
    assert aborted.verified().finding is Finding.GOOD


# --- revealing --------------------------------------------------------------------------


@pytest.mark.parametrize("nth", range(5))
def test_the_signature_of_another_round_is_refused(nth: int) -> None:
    body = ENTRIES[DRAW.line_of("beacon", nth)].body
    other = next(one for one in genuine(QUICKNET) if one.round != body["round"])
    signed = {"signature": other.signature, "randomness": other.randomness}
    assert "不是信标链 quicknet" in refusal(DRAW.retold("beacon", nth, **signed))
    assert "不得采用另一轮" in refusal(DRAW.retold("beacon", nth, round=other.round, **signed))


@pytest.mark.parametrize("nth", range(5))
def test_randomness_is_the_hash_of_the_signature_or_refused(nth: int) -> None:
    told = DRAW.retold("beacon", nth, randomness="0" * 64)
    assert "不是签名的 SHA-256" in refusal(told)


def test_a_genuine_signature_in_another_spelling_is_refused() -> None:
    genuine_one = ENTRIES[DRAW.line_of("beacon")].body["signature"]
    for signature in (
        f"{int(genuine_one[0], 16) & 7:x}{genuine_one[1:]}",  # flag of compression cleared
        f"{int(genuine_one[0], 16) | 4:x}{genuine_one[1:]}",  # flag of infinity set
    ):
        assert "规范编码" in refusal(DRAW.retold("beacon", signature=signature))
    with pytest.raises(InvalidInput):
        _ = DRAW.retold("beacon", signature=genuine_one.upper()).bundle
    raw = (DRAW.bundle.transcript or b"").replace(
        genuine_one.encode(), genuine_one.upper().encode()
    )
    assert verify_bundle(replace(DRAW.bundle, transcript=raw)).finding is Finding.BAD


@pytest.mark.parametrize("nth", range(1, 5))
@pytest.mark.parametrize("slow_s", [1, 300])
def test_a_clock_so_slow_that_known_rounds_seem_to_lie_ahead_is_found_out(
    nth: int, slow_s: int
) -> None:
    assert "时钟慢了" in refusal(at(DRAW, DRAW.line_of("beacon", nth), -slow_s))


# --- everything else --------------------------------------------------------------------


def rewritten() -> Iterator[tuple[str, Draw]]:
    """Every field of the lines of the beacon, reworded in a chain built anew."""
    for i, entry in enumerate(ENTRIES):
        if entry.type not in {"bind", "beacon"}:
            continue
        for name, value in entry.body.items():
            for other in others(name, value):
                changed = TranscriptEntry(entry.at, entry.type, {**entry.body, name: other})
                entries = (*ENTRIES[:i], changed, *ENTRIES[i + 1 :])
                yield f"{i} {name} {other}", replace(DRAW, entries=entries)


def others(name: str, value: object) -> list[object]:
    match name:
        case "purpose":
            return [one for one in ("master", "slot", "hh") if one != value]
        case "signature":
            spelt = str(value)
            digits = "0123456789abcdef"
            return [
                spelt[:k] + digits[(digits.index(spelt[k]) + 1) % 16] + spelt[k + 1 :]
                for k in range(0, len(spelt), 19)
            ]
        case "round_time":
            return [str(value).replace("Z", "").replace(":0", ":1") + "Z", "2026-12-01T04:00:00Z"]
        case _:
            return [another(value)]


def test_no_field_of_the_beacon_can_be_rewritten_in_a_chain_built_anew() -> None:
    for what, draw in rewritten():
        try:
            bundle = draw.bundle
        except InvalidInput:  # not even writable
            continue
        if bundle == DRAW.bundle:
            continue
        assert draw.verified().finding is Finding.BAD, what


@pytest.mark.parametrize("file", ["manifest", "transcript"])
def test_other_bytes_and_other_spellings_are_refused(file: str) -> None:
    bundle = DRAW.bundle
    head = parse_transcript(bundle.transcript or b"", DRAW.manifest.prev_head).head
    data: bytes = getattr(bundle, file)
    step = 1 + len(data) // 100
    changed = [data[:i] + bytes([data[i] ^ 1]) + data[i + 1 :] for i in range(0, len(data), step)]
    changed += [data.replace(old, new, 1) for old, new in SPELLINGS.values()]
    for other in changed:
        if other != data:
            tampered = replace(bundle, **{file: other})
            report = verify_bundle(tampered, head=head, check_signature=check_signature)
            assert report.finding is Finding.BAD
