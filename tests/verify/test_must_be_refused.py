"""What must be refused, each by name, by both verifiers, at the same step."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest

from evalsys.domain.beacon import QUICKNET, BeaconRules
from evalsys.domain.canonical import canonical
from evalsys.domain.draw_roster import FrozenRoster, write_roster
from evalsys.domain.manifest import FinalCode
from evalsys.domain.merkle import merkle_root
from evalsys.domain.transcript import TranscriptEntry, parse_transcript, time_text, write_transcript
from evalsys.domain.verify import Bundle
from tests.builders_beacon import VECTORS, a_beacon_draw, genuine
from tests.builders_draw import Draw, a_cadre, a_draw, a_manifest, a_roster, digits
from tests.builders_witness import KEYS, THREE, Witness, signed_by, witnessed
from tests.tampering_draw import FILES, SPELLINGS
from tests.verify.judges import failing_steps, verified

ROSTER = a_roster(12, hh_n=6)
DICE = a_draw(ROSTER, a_manifest(ROSTER))
BEACON = a_beacon_draw(ROSTER, a_manifest(ROSTER, slots=1, beacon=BeaconRules()))
WITNESSED = witnessed(
    a_beacon_draw(ROSTER, a_manifest(ROSTER, slots=1, beacon=BeaconRules(), witness_keys=KEYS))
)
FORMS = pytest.mark.parametrize(
    "draw", [DICE, BEACON, WITNESSED], ids=["dice", "beacon", "witnesses"]
)


def head_of(draw: Draw) -> str:
    return parse_transcript(draw.bundle.transcript or b"", draw.manifest.prev_head).head


def data_of(draw: Draw, file: str) -> bytes:
    data: bytes = getattr(draw.bundle, file)
    return data


def chained(draw: Draw, lines: list[dict[str, Any]]) -> Bundle:
    """Lines of any content, good or not, in a chain that holds."""
    prev, spelt = draw.manifest.prev_head, []
    for i, line in enumerate(lines):
        data = json.dumps(
            {**line, "i": i, "prev": prev},
            ensure_ascii=False,
            sort_keys=True,
            separators=(",", ":"),
        ).encode()
        prev = sha256(data).hexdigest()
        spelt.append(data + b"\n")
    return replace(draw.bundle, transcript=b"".join(spelt))


def lines_of(draw: Draw) -> list[dict[str, Any]]:
    return [json.loads(line) for line in data_of(draw, "transcript").splitlines()]


# --- spelling ---------------------------------------------------------------------------


@FORMS
def test_one_byte_edits_at_every_field(draw: Draw) -> None:
    """Every key and every value of the manifest, the roster and each type of line."""
    edited = [
        replace(draw.bundle, **{file: data})
        for file in FILES
        for data in _edited(data_of(draw, file), file)
    ]
    assert len(edited) > 300
    steps = {step for step, _ in failing_steps(edited, head_of(draw))}
    # Another session or roller is a good manifest, but not the one that was published.
    assert steps <= {"manifest", "roster", "transcript", "order"}


def _edited(data: bytes, file: str) -> Iterator[bytes]:
    """A byte of each token changed, in the first two lines of each shape."""
    seen: dict[bytes, int] = {}
    at = 0
    for line in data.splitlines(keepends=True):
        shape = re.sub(rb'"[^"]*":"?[0-9a-zA-Z]*', lambda key: key[0].split(b":")[0], line)
        kind = shape if file == "manifest" else re.sub(rb"[0-9a-f]{8,}|[0-9]+", b"", shape)
        seen[kind] = seen.get(kind, 0) + 1
        if seen[kind] <= 2:
            for token in re.finditer(rb'"[^"]+"|-?[0-9]+|true|false|null', line):
                place = at + token.start() + (1 if token[0][:1] == b'"' else 0)
                place += (token.end() - token.start()) // 3
                yield data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        at += len(line)


@FORMS
@pytest.mark.parametrize("name", SPELLINGS)
def test_other_spellings(draw: Draw, name: str) -> None:
    """CRLF, BOM, leading zeros, floats, full-width digits, duplicate keys, escapes, spaces."""
    old, new = SPELLINGS[name]
    changed = [
        replace(draw.bundle, **{file: respelt})
        for file in FILES
        for data in [data_of(draw, file)]
        for respelt in {data.replace(old, new, 1), new.join(data.rsplit(old, 1))}
        if respelt != data
    ]
    assert changed
    failing_steps(changed)


@FORMS
def test_upper_case_hex(draw: Draw) -> None:
    changed = [
        replace(draw.bundle, **{file: data.replace(digest, digest.upper(), 1)})
        for file in FILES
        for data in [data_of(draw, file)]
        for digest in set(re.findall(rb'"([0-9a-f]{64,})"', data))
        if digest.upper() != digest
    ]
    assert len(changed) > 20
    failing_steps(changed)


def test_full_width_digits_among_the_dice() -> None:
    lines = lines_of(DICE)
    die = lines[2]["body"]["digits"]
    for wide in (
        "\uff10" + die[1:],
        die[:-1] + "\uff19",
        die[:-1] + " ",
        die + "0",
        die[1:],
        "\u0663" + die[1:],
    ):
        lines[2]["body"]["digits"] = wide
        assert failing_steps([chained(DICE, lines)])[0][0] == "transcript"


# --- roster and manifest ----------------------------------------------------------------


def refrozen(data: bytes, draw: Draw = DICE, **changes: object) -> Bundle:
    """A bundle whose manifest describes this roster, whatever it is, chained anew."""
    body = json.loads(data_of(draw, "manifest"))
    lines = data.split(b"\n")[:-1]
    body |= {
        "roster_sha256": sha256(data).hexdigest(),
        "roster_root": merkle_root(lines).hex(),
        "roster_n": len(lines),
        **changes,
    }
    manifest = canonical(body)
    told = draw.retold("manifest", sha256=sha256(manifest).hexdigest())
    transcript = write_transcript(told.entries, draw.manifest.prev_head)
    return Bundle(manifest, data, transcript)


def test_a_cadre_twice_in_the_roster() -> None:
    data = write_roster(ROSTER)
    first = data.splitlines(keepends=True)[0]
    strata = [{"id": "A01", "n": 13, "eligible": 13}]
    ((step, why),) = failing_steps([refrozen(first + data, strata=strata)])
    assert step == "roster"
    assert "重复" in why


def test_a_stratum_with_a_quota_above_its_eligible_cadres() -> None:
    two = FrozenRoster((a_cadre(1), a_cadre(2)), "", "")
    data = write_roster(two)
    out = [{"cadre": "00000001", "reason": "on_leave"}]
    strata = [{"id": "A01", "n": 2, "eligible": 1}]
    bundle = refrozen(data, strata=strata, exclusions=out, quota={"A01": 2}, slots=["A01", "A01"])
    ((step, why),) = failing_steps([bundle])
    assert step == "manifest"
    assert "名额超过" in why


def test_an_edit_of_the_roster_after_the_freeze() -> None:
    data = write_roster(ROSTER)
    lines = data.splitlines(keepends=True)
    edits = {
        "a household more": data.replace(b'"hh_n":6', b'"hh_n":7', 1),
        "another weight": data.replace(b'"weight":1', b'"weight":2', 1),
        "another household root": data.replace(ROSTER.cadres[0].hh_root.encode(), b"0" * 64),
        "a row dropped": b"".join(lines[1:]),
        "the last row dropped": b"".join(lines[:-1]),
        "a row added": data + lines[0].replace(b"00000001", b"99999999"),
        "rows exchanged": b"".join([lines[1], lines[0], *lines[2:]]),
        "another number": data.replace(b"00000012", b"00000013"),
    }
    for what, edited in edits.items():
        assert edited != data, what
        bundle = replace(DICE.bundle, roster=edited)
        assert failing_steps([bundle])[0][0] == "roster", what


# --- the beacon -------------------------------------------------------------------------


@pytest.mark.parametrize("nth", range(3))
def test_the_signature_of_another_round(nth: int) -> None:
    own = BEACON.entries[BEACON.line_of("beacon", nth)].body["round"]
    others = [pulse for pulse in genuine(QUICKNET) if pulse.round != own]
    bundles = [
        BEACON.retold("beacon", nth, signature=one.signature, randomness=one.randomness).bundle
        for one in others
    ]
    for step, why in failing_steps(bundles):
        assert step == ("beacon" if nth == 0 else "beacon 1")
        assert "quicknet" in why


@pytest.mark.parametrize("case", VECTORS["quicknet"]["must_reject"], ids=lambda case: case["why"])
def test_every_signature_that_must_be_rejected(case: dict[str, Any]) -> None:
    """In place of the genuine one, with the randomness that it would give."""
    for nth in range(3):
        lines = lines_of(BEACON)
        body = lines[BEACON.line_of("beacon", nth)]["body"]
        if body["signature"] == case["signature"]:
            continue
        body["signature"] = case["signature"]
        body["randomness"] = sha256(bytes.fromhex(case["signature"])).hexdigest()
        ((step, _),) = failing_steps([chained(BEACON, lines)])
        assert step.split()[0] in {"transcript", "order", "beacon"}


@pytest.mark.parametrize("case", VECTORS["quicknet"]["must_reject"], ids=lambda case: case["why"])
def test_every_signature_that_must_be_rejected_with_its_own_round(case: dict[str, Any]) -> None:
    """Bound in time to the round that it claims: only the signature is wrong."""
    number = case["round"]
    others = [one for one in genuine(QUICKNET) if one.round > 1000]
    true = next(one for one in genuine(QUICKNET) if one.round == 1000)
    draw = a_beacon_draw(ROSTER, BEACON.manifest, pulses=[true, *others])
    lines = lines_of(draw)
    bind, beacon = (lines[draw.line_of(kind)]["body"] for kind in ("bind", "beacon"))
    bind["round"] = beacon["round"] = number
    beacon["signature"] = case["signature"]
    beacon["randomness"] = sha256(bytes.fromhex(case["signature"])).hexdigest()
    assert verified(draw.bundle).exit_code == 0
    ((step, _),) = failing_steps([chained(draw, lines)])
    assert step in {"transcript", "order", "beacon"}


@pytest.mark.parametrize("nth", range(3))
def test_a_bind_nine_seconds_before_its_round(nth: int) -> None:
    i = BEACON.line_of("bind", nth)
    due = QUICKNET.round_time(BEACON.entries[i].body["round"])
    ten = moved(BEACON, i, due - timedelta(seconds=10))
    assert verified(ten.bundle).exit_code == 0
    nine = moved(BEACON, i, due - timedelta(seconds=9))
    ((step, why),) = failing_steps([nine.bundle])
    assert step == "order"
    assert "绑定太晚" in why


def moved(draw: Draw, i: int, at: datetime) -> Draw:
    entries = list(draw.entries)
    entries[i] = replace(entries[i], at=at)
    return replace(draw, entries=tuple(entries))


# --- clocks -----------------------------------------------------------------------------


@pytest.mark.parametrize("off_s", [-300, 300])
@pytest.mark.parametrize("signers", [(), THREE[:1]], ids=["nobody", "one of three"])
def test_a_server_clock_off_by_five_minutes_that_no_majority_signs(
    off_s: int, signers: tuple[Witness, ...]
) -> None:
    """Witness pages sign no line whose time is not theirs: their times win."""
    off = timedelta(seconds=off_s)
    draw = a_draw(ROSTER, a_manifest(ROSTER, witness_keys=KEYS))
    wrong = replace(draw, entries=tuple(replace(one, at=one.at + off) for one in draw.entries))
    assert verified(witnessed(wrong).bundle).exit_code == 0
    ((step, why),) = failing_steps([witnessed(wrong, signers).bundle])
    assert step == "witnesses"
    assert f"只有 {len(signers)} 个" in why


@pytest.mark.parametrize("nth", [1, 2])
def test_a_bind_that_claims_to_be_five_minutes_earlier_and_no_majority_signs(nth: int) -> None:
    """The round was known already; only the witnesses' refusal shows it."""
    i = WITNESSED.line_of("bind", nth)
    draw = a_beacon_draw(ROSTER, WITNESSED.manifest)
    early = moved(draw, i, draw.entries[i - 1].at)

    def but_the_bind(line: int, entry: TranscriptEntry) -> tuple[Witness, ...]:
        return THREE[:1] if line == i else THREE if entry.type in {"dice", "bind"} else ()

    assert verified(witnessed(early).bundle).exit_code == 0
    ((step, why),) = failing_steps([signed_by(early, but_the_bind).bundle])
    assert step == "witnesses"
    assert f"transcript.jsonl:{i + 1}" in why


def test_a_slow_server_clock_shows_in_a_beacon_before_its_round() -> None:
    for nth in range(3):
        i = BEACON.line_of("beacon", nth)
        due = QUICKNET.round_time(BEACON.entries[i].body["round"])
        slow = moved(BEACON, i, due - timedelta(seconds=1))
        ((step, why),) = failing_steps([slow.bundle])
        assert step == "order"
        assert "时钟慢了" in why


# --- drawing again ----------------------------------------------------------------------


def again(draw: Draw, kind: str, **changes: object) -> Bundle:
    i = draw.line_of(kind, 1 if kind in {"dice", "bind"} else 0)
    body = {**draw.entries[i].body, **changes}
    return draw.inserted(draw.line_of("hh_order"), kind, **body).bundle


def test_a_second_draw_of_a_slot() -> None:
    later = genuine(QUICKNET)[-1].round + 10**6
    time = time_text(QUICKNET.round_time(later))
    bundles = [
        again(DICE, "slot"),
        again(DICE, "slot", cadre="00000001"),
        again(DICE, "dice"),
        again(DICE, "dice", digits=digits("again", 12)),
        again(BEACON, "slot"),
        again(BEACON, "bind", round=later, round_time=time),
        DICE.inserted(3, "dice", **{**DICE.entries[2].body, "digits": digits("again", 24)}).bundle,
    ]
    assert {step for step, _ in failing_steps(bundles)} == {"order"}


# --- truncated and rebuilt --------------------------------------------------------------


@FORMS
def test_a_truncated_chain_closed_anew_is_found_out_by_the_head(draw: Draw) -> None:
    """Whoever noted the head, or its first eight digits, finds out; the files alone cannot tell."""
    first = draw.line_of("slot") + 1
    cut = replace(draw, entries=draw.entries[:first]).inserted(first, "close", slots=1)
    if draw.manifest.witness_keys:
        cut = witnessed(cut)
    assert verified(cut.bundle).exit_code == 0
    for head in (head_of(draw), head_of(draw)[:8]):
        assert verified(draw.bundle, head).exit_code == 0
        ((step, why),) = failing_steps([cut.bundle], head)
        assert step == "transcript"
        assert "改写或截断" in why


@FORMS
def test_a_chain_rebuilt_with_other_dice_is_found_out_by_the_head(draw: Draw) -> None:
    replay: Callable[..., Draw] = a_beacon_draw if draw.manifest.beacon else a_draw
    rebuilt = replay(ROSTER, draw.manifest, outcome=lambda _j, _k: FinalCode.COMPLETED)
    if draw.manifest.witness_keys:
        rebuilt = witnessed(rebuilt)
    assert verified(rebuilt.bundle).exit_code == 0
    ((step, _),) = failing_steps([rebuilt.bundle], head_of(draw))
    assert step == "transcript"


def test_witnesses_find_out_a_chain_that_was_rebuilt_behind_their_signatures() -> None:
    """A server cannot sign for them: a rebuilt chain keeps signatures that fit no longer."""
    i = WITNESSED.line_of("bind")
    earlier = moved(WITNESSED, i - 1, WITNESSED.entries[i - 1].at - timedelta(seconds=1))
    ((step, why),) = failing_steps([earlier.bundle])
    assert step in {"order", "witnesses"}
    assert why
