"""Scripted households behave like people, truthfully, and the same way for the same seed."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from evalsys.exchange.households import Household, Invented, TruthFile, TruthFileError
from evalsys.exchange.person import (
    HANG_UP_SHARE,
    REFUSAL_SHARE,
    SILENT_SHARE,
    SLOW_SHARE,
    WRONG_KEY_SHARE,
    Fate,
    Person,
)
from tests.exchange_rig import a_truth

NUMBER = "+8613900000001"
CONSENT = "您好，这里是评议电话。同意继续请按1，不同意请按2。"
IDENTITY = "请问您是户主姓张的家庭吗？是请按1，不是请按2。"
VISITED = "今年干部到您家走访过吗？走访过请按1，没有走访请按2，记不清请按3。"
SOLVED = "您反映的事情解决了吗？解决了请按1，没有解决请按2，不清楚请按3。"
SCORE = "请您打分，1分最低，5分最高，请按1到5。"
INTERVIEW = (CONSENT, IDENTITY, VISITED, SOLVED, SCORE)


def people(household: Household | None, count: int = 2000) -> Iterator[Person]:
    return (Person(household, seed, NUMBER, 1) for seed in range(count))


def answers(household: Household, text: str) -> Counter[str]:
    return Counter(person.react(text).keys for person in people(household))


def a_household(**changes: object) -> Household:
    known = {"number": NUMBER, "head": "张三"} | changes
    return Household(**known)  # type: ignore[arg-type]  # the test names the fields


@pytest.mark.parametrize(
    ("household", "text", "key"),
    [
        (a_household(), CONSENT, "1"),
        (a_household(), IDENTITY, "1"),
        (a_household(is_linked=False), IDENTITY, "2"),
        (a_household(head="李四"), IDENTITY, "2"),
        (a_household(visited=True), VISITED, "1"),
        (a_household(visited=False), VISITED, "2"),
        (a_household(visited=None), VISITED, "3"),
        (a_household(solved=True), SOLVED, "1"),
        (a_household(solved=False), SOLVED, "2"),
        (a_household(solved=None), SOLVED, "3"),
        (a_household(score=2), SCORE, "2"),
    ],
)
def test_most_people_press_the_key_that_is_true(household: Household, text: str, key: str) -> None:
    counted = answers(household, text)
    assert counted[key] / sum(counted.values()) > 0.85


def test_the_odd_ones_are_as_many_as_they_should_be() -> None:
    counted = answers(a_household(), CONSENT)
    total = sum(counted.values())
    silent = SILENT_SHARE + SLOW_SHARE + HANG_UP_SHARE / 6
    assert counted["2"] / total == pytest.approx(REFUSAL_SHARE, abs=0.015)
    assert counted[""] / total == pytest.approx(silent, abs=0.02)
    wrong = sum(count for key, count in counted.items() if key not in {"", "1", "2"})
    assert wrong / total == pytest.approx(WRONG_KEY_SHARE, abs=0.02)


def test_a_wrong_key_is_put_right_when_asked_again() -> None:
    wrong = [
        person
        for person in people(a_household())
        if person.react(CONSENT).keys in {"0", "3", "4", "5", "6", "7", "8", "9"}
    ]
    assert len(wrong) > 20
    again = Counter(person.react(CONSENT).keys for person in wrong)
    assert again["1"] > 0.9 * len(wrong)


def test_the_same_seed_number_and_attempt_behave_the_same() -> None:
    def run(seed: int, attempt: int) -> list[object]:
        person = Person(a_household(answers_percent=50), seed, NUMBER, attempt)
        return [person.fate, person.ring_seconds, *(person.react(text) for text in INTERVIEW)]

    assert run(5, 1) == run(5, 1)
    assert run(5, 1) != run(5, 2)
    assert run(5, 1) != run(6, 1)


@pytest.mark.parametrize("percent", [0, 30, 70, 100])
def test_the_chance_to_answer_is_the_household_s(percent: int) -> None:
    fates = Counter(person.fate for person in people(a_household(answers_percent=percent)))
    assert fates[Fate.ANSWERS] / fates.total() == pytest.approx(percent / 100, abs=0.04)
    if percent < 100:
        assert fates[Fate.BUSY] > 0
        assert fates[Fate.NO_ANSWER] > fates[Fate.BUSY]


def test_a_number_that_nobody_has_is_not_in_service() -> None:
    assert {person.fate for person in people(None, 10)} == {Fate.NOT_IN_SERVICE}


def test_a_stranger_leaves_no_comment() -> None:
    comments = {p.comment() for p in people(a_household(comment="路灯坏了", is_linked=False), 50)}
    assert comments == {""}
    assert "路灯坏了" in {p.comment() for p in people(a_household(comment="路灯坏了"), 50)}


def test_a_truth_file_is_found_by_number_and_nothing_else_is(tmp_path: Path) -> None:
    path = tmp_path / "truth.jsonl"
    truths = [a_truth(f"+861390000{n:04}", score=n % 5 + 1, head=f"户{n}") for n in range(500)]
    path.write_text("\n".join(json.dumps(each) for each in truths) + "\n\n", encoding="utf-8")
    truth = TruthFile(path)
    assert len(truth) == 500
    found = truth.at("+8613900000123")
    assert found is not None
    assert (found.head, found.score) == ("户123", 4)
    assert truth.at("+8613900000500") is None
    assert truth.at("+8613800000000") is None
    assert 0 < len(truth.sample()) <= 12


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ('{"phone": "+8613900000002"}', "line 2"),
        ("[]", "line 2"),
        ("{broken", "line 2"),
        (json.dumps(a_truth("+8613900000002", score=6)), "line 2"),
        (json.dumps(a_truth("not a number")), "line 2"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, place: str) -> None:
    path = tmp_path / "truth.jsonl"
    path.write_text(json.dumps(a_truth()) + "\n" + line + "\n", encoding="utf-8")
    with pytest.raises(TruthFileError, match=place):
        TruthFile(path)


def test_a_missing_truth_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(TruthFileError, match=r"none\.jsonl"):
        TruthFile(tmp_path / "none.jsonl")


def test_without_a_truth_file_every_number_has_a_lasting_household() -> None:
    invented = Invented(3)
    assert invented.at(NUMBER) == Invented(3).at(NUMBER)
    scores = Counter(
        each.visited for n in range(500) if (each := invented.at(f"+861390000{n:04}")) is not None
    )
    assert scores[True] > scores[False] > 0
