"""Households are called in the drawn order, and no answer is thrown away."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count

import pytest

from evalsys.domain.manifest import FinalCode, HouseholdRules
from evalsys.domain.transcript import TranscriptEntry
from evalsys.domain.verify_calls import CalledPosition, check_calls
from evalsys.errors import InvalidInput
from tests.builders import NOON

RULES = HouseholdRules(target=2, attempts=2, gap_s=90, parallel=2)
ORDER = (4, 1, 5, 3, 2)
Step = tuple[str, int, str, int]
"""Type of line, position, its word (status, code or hash), seconds since the line before."""


def opened(k: int) -> Step:
    return ("hh_open", k, "", 0)


def call(k: int, status: str, after_s: int = 120) -> Step:
    return ("call", k, status, after_s)


def score(k: int, sha256: str = "") -> Step:
    return ("score", k, sha256 or f"{k:064x}", 0)


def final(k: int, code: str) -> Step:
    return ("hh_final", k, code, 0)


def completed(k: int) -> tuple[Step, ...]:
    return (score(k), call(k, "completed"), final(k, "completed"))


def missed(k: int) -> tuple[Step, ...]:
    return (call(k, "no-answer"), call(k, "busy"), final(k, "no_answer"))


def played(*steps: Step, rules: HouseholdRules = RULES) -> dict[int, CalledPosition]:
    return dict(check_calls(ORDER, _facts(steps), rules, set()))


def refused(*steps: Step, rules: HouseholdRules = RULES) -> str:
    with pytest.raises(InvalidInput) as error:
        played(*steps, rules=rules)
    assert error.value.place == f"transcript.jsonl:{len(steps)}", "refused too early"
    return error.value.what


def _facts(steps: tuple[Step, ...]) -> Iterator[tuple[int, TranscriptEntry]]:
    at, sids, attempts = NOON, count(1), dict.fromkeys(ORDER, 0)
    for line, (kind, k, word, after_s) in enumerate(steps, start=1):
        at += timedelta(seconds=after_s)
        body: dict[str, object] = {"cadre": "00000001", "k": k}
        if kind == "call":
            attempts[k] += 1
            body |= {"attempt": attempts[k], "sid": f"CA{next(sids)}", "status": word}
            body |= {"ring_s": 5, "talk_s": 60 * (word == "completed")}
        elif kind == "score":
            body["sha256"] = word
        elif kind == "hh_final":
            body["code"] = word
        yield line, TranscriptEntry(at, kind, body)


def test_positions_open_in_order_and_calls_stop_at_the_target() -> None:
    positions = played(
        opened(4), opened(1), *completed(1), opened(5), *missed(4), opened(3), *completed(5)
    )
    assert list(positions) == [4, 1, 5, 3]
    assert positions[3].final is None
    assert "目标" in refused(opened(4), opened(1), *completed(1), *completed(4), opened(5))


def test_a_position_cannot_be_skipped_or_opened_twice() -> None:
    assert "次序" in refused(opened(1))
    assert "次序" in refused(opened(4), opened(5))
    assert "次序" in refused(opened(4), opened(4))
    assert "次序" in refused(opened(9))


def test_a_position_that_waits_for_its_second_attempt_keeps_its_place() -> None:
    assert "同时" in refused(opened(4), call(4, "busy"), opened(1), opened(5))


def test_nothing_opens_behind_the_end_of_the_list() -> None:
    everybody = [step for k in ORDER for step in (opened(k), *missed(k))]
    assert "次序" in refused(*everybody, opened(4))


def test_a_position_is_called_only_between_opening_and_final_code() -> None:
    assert "尚未开启" in refused(call(4, "busy"))
    assert "终结" in refused(opened(4), *missed(4), call(4, "busy"))
    assert "终结" in refused(opened(4), *completed(4), final(4, "completed"))


def test_attempts_keep_their_gap_and_their_number() -> None:
    assert "间隔" in refused(opened(4), call(4, "no-answer"), call(4, "no-answer", 89))
    played(opened(4), call(4, "no-answer"), call(4, "no-answer", 90))
    assert "次数" in refused(opened(4), call(4, "busy"), call(4, "busy"), call(4, "busy"))


def test_a_call_that_we_cancelled_is_no_attempt() -> None:
    assert "no_answer" in refused(
        opened(4),
        call(4, "canceled"),
        call(4, "busy"),
        final(4, "no_answer"),
        rules=HouseholdRules(target=2, attempts=2, gap_s=0),
    )


@pytest.mark.parametrize(
    ("calls", "code"),
    [
        (("no-answer", "busy"), FinalCode.NO_ANSWER),
        (("completed", "no-answer"), FinalCode.NO_ANSWER),  # an answering machine, then nobody
        (("completed",), FinalCode.REFUSED),
        (("busy", "completed"), FinalCode.BROKEN_OFF),
        (("completed",), FinalCode.NOT_LINKED),
        (("failed",), FinalCode.INVALID_NUMBER),
        ((), FinalCode.INVALID_NUMBER),
    ],
)
def test_a_final_code_follows_from_the_calls(calls: tuple[str, ...], code: FinalCode) -> None:
    steps = (opened(4), *(call(4, status) for status in calls), final(4, code.value))
    assert played(*steps)[4].final is code


@pytest.mark.parametrize(
    ("calls", "code"),
    [
        (("no-answer",), FinalCode.NO_ANSWER),
        ((), FinalCode.NO_ANSWER),
        (("no-answer", "no-answer"), FinalCode.REFUSED),
        (("no-answer",), FinalCode.INVALID_NUMBER),
        (("completed",), FinalCode.INVALID_NUMBER),
        (("busy",), FinalCode.BROKEN_OFF),
        (("completed",), FinalCode.COMPLETED),  # nobody scored
        ((), FinalCode.NOT_LINKED),
    ],
)
def test_a_final_code_that_the_calls_do_not_bear_out_is_refused(
    calls: tuple[str, ...], code: FinalCode
) -> None:
    assert code in refused(opened(4), *(call(4, status) for status in calls), final(4, code.value))


@pytest.mark.parametrize("code", sorted(set(FinalCode) - {FinalCode.COMPLETED}))
def test_an_interview_with_a_score_is_never_discarded(code: FinalCode) -> None:
    assert "不得丢弃" in refused(opened(4), score(4), call(4, "completed"), final(4, code.value))


def test_a_score_counts_once_and_needs_a_call() -> None:
    assert "一次" in refused(opened(4), score(4), score(4, "f" * 64))
    assert "两次" in refused(opened(4), opened(1), score(4), score(1, f"{4:064x}"))
    assert "completed" in refused(opened(4), score(4), final(4, "completed"))


def test_a_final_code_must_be_on_the_manifests_list() -> None:
    rules = HouseholdRules(final_codes=(FinalCode.COMPLETED,))
    assert "没有约定" in refused(opened(4), call(4, "completed"), final(4, "refused"), rules=rules)
