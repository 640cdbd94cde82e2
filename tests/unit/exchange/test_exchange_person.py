"""Scripted households behave like people, truthfully, and the same way for the same seed."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from evalsys.exchange.households import Behaviour, Household, Invented, TruthFile, TruthFileError
from evalsys.exchange.listener import understand
from evalsys.exchange.person import (
    HANG_UP_SHARE,
    MACHINE_SHARE,
    MUSIC_SHARE,
    REFUSAL_SHARE,
    SILENT_SHARE,
    SLOW_SHARE,
    WRONG_KEY_SHARE,
    Fate,
    Person,
)
from evalsys.telephony.scripts import shipped_script
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
    absent = SILENT_SHARE + MACHINE_SHARE + MUSIC_SHARE
    silent = absent + SLOW_SHARE + HANG_UP_SHARE / 6
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
        (json.dumps(a_truth("+8613900000002", behaviour="odd")), "line 2"),
        (json.dumps(a_truth("+8613900000002", by_hour={"noon": 5})), "line 2"),
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


ANNUAL_CONSENT = (
    "您好！这里是县群众评议办公室。愿意继续，请按1；不愿意，请按2。"
    "现在不方便说话，随时可以按9，我们改天再打，您按过的都不算。不想再接到这样的电话，请按0。"
)
LETTER = "请看我们寄给您家的信，信里有六位数字的密码。请现在按这六位数字。"


def test_with_the_cadre_in_the_room_the_household_says_it_cannot_speak() -> None:
    for person in people(a_household(behaviour=Behaviour.WATCHED), 50):
        assert person.react(ANNUAL_CONSENT).keys in {"1", "", *"345678"}
        reactions = [person.react(text) for text in (VISITED, SOLVED, SCORE)]
        assert reactions[-1].keys == "9"
    hung_up = 0
    for person in people(a_household(behaviour=Behaviour.WATCHED), 50):
        reactions = [person.react(text) for text in INTERVIEW]
        hung_up += any(each.hangs_up for each in reactions)
    assert hung_up == 50


@pytest.mark.parametrize("behaviour", [Behaviour.MACHINE, Behaviour.MUSIC, Behaviour.SILENT])
def test_machines_music_and_silent_lines_press_nothing(behaviour: Behaviour) -> None:
    for person in people(a_household(behaviour=behaviour, comment="好"), 50):
        assert person.fate is Fate.ANSWERS
        assert [person.react(text).keys for text in INTERVIEW] == [""] * 5
        assert person.comment() == ""
        assert (person.drops_after_seconds > 0) == (behaviour is Behaviour.MACHINE)
        assert person.is_music == (behaviour is Behaviour.MUSIC)


def test_a_behaviour_by_truth_is_certain_and_by_chance_is_rare() -> None:
    refusing = [p.react(CONSENT).keys for p in people(a_household(behaviour=Behaviour.REFUSES))]
    assert refusing.count("2") / len(refusing) > 0.9
    machines = [p for p in people(a_household()) if p.drops_after_seconds]
    assert len(machines) / 2000 == pytest.approx(MACHINE_SHARE, abs=0.01)


def test_people_answer_more_readily_at_some_hours() -> None:
    household = a_household(answers_percent=50, by_hour={10: 10, 19: 90})
    for hour, share in ((10, 0.1), (15, 0.5), (19, 0.9)):
        fates = [Person(household, seed, NUMBER, 1, hour=hour).fate for seed in range(1000)]
        assert fates.count(Fate.ANSWERS) / 1000 == pytest.approx(share, abs=0.05)


def test_the_household_keys_in_the_digits_of_its_letter() -> None:
    keyed = [person.react(LETTER).keys for person in people(a_household(pin="402917"), 500)]
    assert keyed.count("402917") / 500 > 0.8
    assert {len(keys) for keys in keyed} <= {0, 6}
    assert all(not person.react(LETTER).keys for person in people(a_household(), 50))


def test_the_household_says_no_by_the_key_for_no_and_not_for_never() -> None:
    for person in people(a_household(behaviour=Behaviour.REFUSES), 100):
        assert "2" in {person.react(ANNUAL_CONSENT).keys for _ in range(2)}


ROADS = "硬化村东路，请按1；解决走访群众停车，请按2；装路灯，请按3"
LIGHTS = "装路灯，请按1；硬化村东路，请按2；解决走访群众停车，请按3"


def test_a_household_chooses_a_project_by_its_name_whatever_its_key() -> None:
    asked = [
        shipped_script("poll-choose").questions[-1].say.replace("{options}", options)
        for options in (ROADS, LIGHTS)
    ]
    wants = a_household(wants="路灯")
    assert [answers(wants, text).most_common(1)[0][0] for text in asked] == ["3", "1"]
    told = Counter(tuple(p._key(understand(text)) for text in asked) for p in people(a_household()))
    assert set(told) == {("1", "2"), ("2", "3"), ("3", "1")}
    assert min(told.values()) > 500


@pytest.mark.parametrize(
    ("script", "known", "truth"),
    [
        ("poll-supervise", {"built": True}, "yes"),
        ("poll-supervise", {"built": False}, "no"),
        ("poll-maintain", {"tends": True}, "yes"),
        ("poll-maintain", {"tends": False}, "no"),
    ],
)
def test_a_poll_is_answered_truthfully_whichever_way_round(
    script: str, known: dict[str, bool], truth: str
) -> None:
    question = shipped_script(script).questions[-1]
    assert question.turned is not None
    for wording in (question, question.turned):
        for text in (wording.say, wording.say_known.replace("{projects}", "解决东路走访难")):
            key = Person(a_household(**known), 1, NUMBER, 1)._key(understand(text))
            assert wording.keys[key] == truth, text
