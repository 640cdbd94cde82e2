"""Every way through every shipped script: whatever is pressed or said, and wherever it is put down.

Issue 4, bad input: wrong keys, a silent line, music, a wrong PIN, hang-up at every step.
"""

from collections.abc import Iterator
from functools import cache

import pytest

from evalsys.domain.campaign.contact import contact_of
from evalsys.domain.campaign.outcome import outcome
from evalsys.domain.campaign.policy import Contact, Tried
from evalsys.domain.interview import (
    Ask,
    Commented,
    DialectChosen,
    Ending,
    Event,
    Farewell,
    PinTyped,
    Pressed,
    Replied,
    Scored,
    Script,
    Silence,
    Spoken,
    Step,
    Topic,
    Turn,
    Voted,
    first_step,
    next_step,
)
from evalsys.domain.interview_arrangement import arrange, arranged
from evalsys.domain.interview_checks import KEYS
from evalsys.domain.interview_script import Brief, words
from evalsys.domain.live.words import CallStatus, Reply
from evalsys.telephony.scripts import interview_scripts
from tests.campaigning import TEN

NOTHING_KNOWN = Brief("县水利局局长张三")
AT_THE_END = {Topic.COMMENT, Topic.REVIEW}
"""Put down here, a call has answered everything: partial. Elsewhere it is broken off."""
SCRIPTS = {
    f"{script.name}-{script.version} {dialect}".strip(): (script, dialect)
    for script in interview_scripts()
    for dialect in ("", *script.dialects)
}
EVERY_SCRIPT = pytest.mark.parametrize("name", SCRIPTS)


def whatever_happens(at: Ask) -> Iterator[Event]:
    yield Silence()
    yield from map(Pressed, KEYS)
    yield from map(Pressed, ("", "12", "99999999", "☃", "hangup"))
    yield from (PinTyped(is_right=right) for right in (True, False))
    if at.topic is Topic.COMMENT:
        yield from (Spoken("RE1", s, key) for s in (-1, 0, 1, 60) for key in ("", "#", "9", "0"))


@cache
def heard(name: str) -> Script:
    script, dialect = SCRIPTS[name]
    return arranged(script, arrange(script, name), dialect)


@cache
def every_way(name: str) -> dict[Step, frozenset[Turn]]:
    """Where each event at each place that can be reached leads to; nowhere from a farewell."""
    script = heard(name)
    ways: dict[Step, frozenset[Turn]] = {}
    open_ones = [first_step(script)]
    while open_ones:
        at = open_ones.pop()
        if at in ways:
            continue
        assert len(ways) < 500, "it never ends"
        events = whatever_happens(at) if isinstance(at, Ask) else ()
        ways[at] = frozenset(next_step(script, at, each) for each in events if isinstance(at, Ask))
        open_ones += [turn.step for turn in ways[at]]
    return ways


@EVERY_SCRIPT
def test_whatever_is_pressed_every_conversation_ends_in_words(name: str) -> None:
    script, ways = heard(name), every_way(name)
    asked = [step for step in ways if isinstance(step, Ask)]
    assert {step.topic for step in asked} == {question.topic for question in script.questions}
    for step in ways:
        said = words(script, NOTHING_KNOWN, step)
        assert said.strip()
        assert not set("{}") & set(said)
    # A place has one name in its address, and goes on alike whatever was said on the way there.
    for step in asked:
        assert all(
            ways[e] == ways[step] for e in asked if e.topic == step.topic and e.tries == step.tries
        )
    endings = {step.ending for step in ways if isinstance(step, Farewell)}
    ways_out = {Ending.NOT_FREE: script.not_free_key, Ending.NEVER: script.never_key}
    assert {Ending.THANKS, Ending.REFUSED, Ending.SILENT} <= endings
    assert endings & set(ways_out) == {ending for ending, key in ways_out.items() if key}
    assert (Ending.PIN_FAILED in endings) == (script.question(Topic.PIN) is not None)


@EVERY_SCRIPT
def test_a_call_put_down_at_any_step_has_a_code(name: str) -> None:
    for step in every_way(name):
        for has_agreed in (True, False):
            contact = contact_of(CallStatus.COMPLETED, step, has_agreed=has_agreed)
            assert outcome([Tried(contact, TEN)]).code.code
            if isinstance(step, Ask) and has_agreed:
                at_the_end = step.topic in AT_THE_END
                assert contact is (Contact.PARTIAL if at_the_end else Contact.BROKEN_OFF)


@EVERY_SCRIPT
def test_nothing_is_learnt_but_what_the_keys_say(name: str) -> None:
    script = heard(name)
    facts = {turn.fact for turns in every_way(name).values() for turn in turns if turn.fact}
    for fact in facts:
        match fact:
            case Replied(topic, reply):
                question = script.question(topic)
                assert question is not None
                assert reply in set(question.keys.values()) & set(Reply)
            case Scored(score):
                assert 1 <= score <= 5
            case Voted(answer):
                assert any(answer in question.keys.values() for question in script.questions)
            case Commented(recording):
                assert recording == "RE1"
            case DialectChosen(dialect):
                assert dialect in {"", *script.dialects}
    matters = {Scored, Voted} & {type(fact) for fact in facts}
    assert matters or script.question(Topic.PLEDGE) is not None
