from datetime import date
from importlib.resources import files

import pytest

from evalsys.domain.interview import (
    Ask,
    Commented,
    DialectChosen,
    Ending,
    Event,
    Farewell,
    Hint,
    Pressed,
    Replied,
    Scored,
    Script,
    Silence,
    Spoken,
    Topic,
    Turn,
    Unsaid,
    first_step,
    next_step,
    take_of,
)
from evalsys.domain.interview_arrangement import Arrangement, arranged
from evalsys.domain.interview_script import Brief, needs_brief, surname_of, words
from evalsys.domain.interview_text import parse_script
from evalsys.domain.live.words import Reply
from evalsys.errors import InvalidInput
from evalsys.telephony.scripts import interview_scripts, shipped_script

RAW = (files("evalsys.rulebooks") / "interviews" / "live-1.toml").read_bytes()
KEYED = [each.topic for each in parse_script(RAW).questions if each.keys]


@pytest.fixture
def script() -> Script:
    return parse_script(RAW)


def _talk(script: Script, *events: Event) -> list[Turn]:
    step = first_step(script)
    turns = []
    for event in events:
        assert isinstance(step, Ask), f"nothing is asked any more before {event}"
        turns.append(next_step(script, step, event))
        step = turns[-1].step
    return turns


def test_a_whole_interview_learns_consent_identity_two_claims_a_score_and_a_comment(
    script: Script,
) -> None:
    turns = _talk(script, *map(Pressed, "11125"), Spoken("RE1", 7))
    assert [turn.fact for turn in turns] == [
        Replied(Topic.CONSENT, Reply.YES),
        Replied(Topic.IDENTITY, Reply.YES),
        Replied(Topic.VISITED, Reply.YES),
        Replied(Topic.SOLVED, Reply.NO),
        Scored(5),
        Commented("RE1"),
    ]
    assert turns[-1].step == Farewell(Ending.THANKS)


def test_who_refuses_is_thanked_and_asked_nothing_more(script: Script) -> None:
    (turn,) = _talk(script, Pressed("2"))
    assert turn == Turn(Farewell(Ending.REFUSED), Replied(Topic.CONSENT, Reply.NO))


def test_who_is_not_this_household_is_asked_nothing_more(script: Script) -> None:
    turn = _talk(script, Pressed("1"), Pressed("2"))[-1]
    assert turn == Turn(Farewell(Ending.NOT_LINKED), Replied(Topic.IDENTITY, Reply.NO))


@pytest.mark.parametrize(("key", "reply"), [("1", Reply.YES), ("2", Reply.NO), ("3", Reply.UNSURE)])
@pytest.mark.parametrize("topic", [Topic.VISITED, Topic.SOLVED])
def test_a_claim_is_answered_yes_no_or_not_sure(
    script: Script, topic: Topic, key: str, reply: Reply
) -> None:
    assert next_step(script, Ask(topic), Pressed(key)).fact == Replied(topic, reply)


@pytest.mark.parametrize("key", "12345")
def test_every_score_leads_to_the_same_next_step(script: Script, key: str) -> None:
    turn = next_step(script, Ask(Topic.SCORE), Pressed(key))
    assert turn == Turn(Ask(Topic.COMMENT), Scored(int(key)))


@pytest.mark.parametrize("topic", KEYED)
@pytest.mark.parametrize("key", ["0", "6", "9", "*", "#", "12", ""])
def test_a_wrong_key_asks_again_and_says_so(script: Script, topic: Topic, key: str) -> None:
    assert next_step(script, Ask(topic), Pressed(key)) == Turn(Ask(topic, 2, Hint.WRONG))


@pytest.mark.parametrize("topic", KEYED)
def test_after_three_silent_re_prompts_the_call_ends_politely(script: Script, topic: Topic) -> None:
    at, asked = Ask(topic), []
    while True:
        step = next_step(script, at, Silence()).step
        asked.append(step)
        if not isinstance(step, Ask):
            break
        at = step
    assert asked == [
        Ask(topic, 2, Hint.SILENT),
        Ask(topic, 3, Hint.SILENT),
        Ask(topic, 4, Hint.SILENT),
        Farewell(Ending.SILENT),
    ]


def test_the_tries_of_one_question_do_not_count_for_the_next(script: Script) -> None:
    turns = _talk(script, Silence(), Silence(), Silence(), Pressed("1"))
    assert turns[-1].step == Ask(Topic.IDENTITY, 1)


@pytest.mark.parametrize("event", [Silence(), Spoken("RE1", 0), Pressed("1")])
def test_a_comment_may_be_left_out(script: Script, event: Event) -> None:
    assert next_step(script, Ask(Topic.COMMENT), event) == Turn(Farewell(Ending.THANKS))


def test_a_recorded_claim_is_put_to_the_household_in_the_cadres_own_words(script: Script) -> None:
    brief = Brief(
        "水利局局长张三",
        "王",
        visits=(date(2026, 3, 5), date(2026, 1, 2)),
        requests=("修路", "村口路灯不亮"),
    )
    visited = words(script, brief, Ask(Topic.VISITED))
    assert "据水利局局长张三登记，2026年1月2日、2026年3月5日到您家走访过" in visited
    assert "您家反映的“村口路灯不亮”等2件事已经解决" in words(script, brief, Ask(Topic.SOLVED))
    assert "户主姓王的家庭" in words(script, brief, Ask(Topic.IDENTITY))


def test_without_a_recorded_claim_the_question_is_neutral(script: Script) -> None:
    brief = Brief("水利局局长张三")
    for topic in (Topic.VISITED, Topic.SOLVED):
        said = words(script, brief, Ask(topic))
        assert "有没有" in said or "解决了没有" in said
        assert "登记" not in said
    assert "您家的联系干部是水利局局长张三吗" in words(script, brief, Ask(Topic.IDENTITY))


def test_many_visits_are_spoken_as_the_latest_and_their_number(script: Script) -> None:
    brief = Brief("张三", visits=tuple(date(2026, month, 1) for month in range(1, 8)))
    said = words(script, brief, Ask(Topic.VISITED))
    assert "2026年5月1日、2026年6月1日、2026年7月1日等7次" in said


def test_a_re_prompt_says_why(script: Script) -> None:
    brief = Brief("张三")
    assert words(script, brief, Ask(Topic.SCORE, 2, Hint.SILENT)).startswith("没有听到")
    assert words(script, brief, Ask(Topic.SCORE, 2, Hint.WRONG)).startswith("您按的键")


def test_what_is_spoken_holds_no_control_character_and_no_open_placeholder(script: Script) -> None:
    brief = Brief("张\x0b三{cadre}\n", "王", requests=("{surname}\x00" + "很长" * 40,))
    for question in script.questions:
        said = words(script, brief, Ask(question.topic))
        assert said.isprintable()
        assert "很长" * 16 not in said
    assert "{surname}" in words(script, brief, Ask(Topic.SOLVED))


def test_the_notice_says_who_calls_and_what_is_recorded_before_anything_is_asked(
    script: Script,
) -> None:
    said = words(script, Brief("张三"), first_step(script))
    assert "群众评议干部" in said
    assert "录音" in said
    assert said.endswith("愿意继续，请按1；不愿意，请按2。")


def test_the_score_says_which_end_is_good(script: Script) -> None:
    assert "1分最差，5分最好" in words(script, Brief("张三"), Ask(Topic.SCORE))


@pytest.mark.parametrize(
    ("name", "surname"),
    [
        ("王大明", "王"),
        ("欧阳修", "欧阳"),
        ("欧阳", "欧"),
        ("买买提·艾力", "买买提·艾力"),
        ("", ""),
    ],
)
def test_a_household_is_addressed_by_surname(name: str, surname: str) -> None:
    assert surname_of(name) == surname


def test_every_place_of_a_reviewed_comment_has_a_name_of_its_own() -> None:
    script = interview_scripts("annual")[-1]
    at = Ask(Topic.COMMENT)
    seen: list[tuple[Topic, int]] = []
    turn = Turn(at)
    for take in (1, 2, 3):
        turn = next_step(script, at, Spoken(f"RE{take}", 4))
        assert isinstance(turn.step, Ask)
        assert turn.fact == Commented(f"RE{take}")
        for _ in range(script.reprompts):
            at = turn.step
            assert take_of(script, at) == take
            seen.append((at.topic, at.tries))
            turn = next_step(script, at, Pressed("7"))
            assert isinstance(turn.step, Ask)
        assert isinstance(turn.step, Ask)
        at = turn.step
        seen.append((at.topic, at.tries))
        assert next_step(script, at, Pressed("7")).step == Farewell(Ending.THANKS)
        assert next_step(script, at, Pressed("3")).fact == Unsaid(speaks_anew=False)
        turn = next_step(script, at, Pressed("2"))
        if take < 3:
            assert turn.step == Ask(Topic.COMMENT, take + 1)
            at = Ask(Topic.COMMENT, take + 1)
    assert turn.step == Farewell(Ending.THANKS)  # three times is enough
    assert len(set(seen)) == len(seen) == 3 * (script.reprompts + 1)


def test_a_comment_that_was_not_spoken_is_not_reviewed() -> None:
    script = interview_scripts("annual")[-1]
    for event in (Silence(), Spoken("RE1", 0, "#")):
        assert next_step(script, Ask(Topic.COMMENT), event) == Turn(Farewell(Ending.THANKS))


def test_a_dialect_is_chosen_at_the_greeting_and_given_up_again_by_keys() -> None:
    script = shipped_script("annual")
    assert script.choices == {"4": "", "3": "yimeng"}
    first = first_step(script)
    assert [offer.language for offer in script.offers(first)] == ["zh-CN-yimeng"]
    chosen = next_step(script, Ask(Topic.CONSENT, 3), Pressed("3"))
    assert chosen == Turn(Ask(Topic.CONSENT, 5), DialectChosen("yimeng"))
    order = Arrangement(tuple(question.topic for question in script.questions))
    heard = arranged(script, order, "yimeng")
    assert [offer.language for offer in heard.offers(chosen.step)] == ["zh-CN"]
    assert words(heard, Brief("县水利局局长"), chosen.step).startswith("恁好")
    back = next_step(heard, Ask(Topic.CONSENT, 5), Pressed("4"))
    assert back == Turn(Ask(Topic.CONSENT, 9), DialectChosen(""))
    assert next_step(heard, Ask(Topic.CONSENT, 5), Pressed("1")).step == Ask(Topic.PIN)
    assert heard.offers(Ask(Topic.VISITED)) == ()
    assert next_step(heard, Ask(Topic.VISITED), Pressed("3")).fact is not None
    assert next_step(heard, Ask(Topic.VISITED), Pressed("4")).fact is None


def test_dialects_are_changed_three_times_in_a_call_and_each_has_its_re_prompts() -> None:
    script, at = shipped_script("annual"), Ask(Topic.CONSENT)
    for key in ("3", "4", "3"):
        step = next_step(script, at, Pressed(key)).step
        assert isinstance(step, Ask)
        at = step
    assert at == Ask(Topic.CONSENT, 13)
    for tries in (14, 15, 16):
        turn = next_step(script, at, Pressed("4"))
        assert turn == Turn(Ask(Topic.CONSENT, tries, Hint.WRONG))
        assert isinstance(turn.step, Ask)
        at = turn.step
    assert next_step(script, at, Silence()) == Turn(Farewell(Ending.SILENT))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('key = "3" ', 'key = "1" ', "1 键在第一问已有别的用处"),
        ('key = "3" ', 'key = "9" ', "9 键在第一问已有别的用处"),
        ('key = "3" ', 'key = "4" ', "4 键在第一问已有别的用处"),
        ('key = "3" ', 'key = "33" ', "dialects.yimeng.key 必须是"),
        ('offer = "恁好！', 'offer = "{surname}', "dialects.yimeng.offer 必须是文字"),
        ("[own_words] ", "[own_word] ", "要有就都有"),
        ('offer = "您好！', 'say = "您好！', "own_words 只能有 key 和 offer"),
        ('language = "zh-CN-yimeng"', 'language = "zh-CN-yimeng"\ncost = 1', "不认识的字段 cost"),
    ],
)
def test_a_choice_that_nobody_could_make_is_refused(old: str, new: str, told: str) -> None:
    text = (files("evalsys.rulebooks") / "interviews" / "annual-4.toml").read_text("utf-8")
    assert text.count(old) == 1
    with pytest.raises(InvalidInput, match=told):
        parse_script(text.replace(old, new).encode())


@pytest.mark.parametrize("script", interview_scripts(), ids=lambda each: each.name)
def test_what_is_not_looked_up_is_not_spoken_either(script: Script) -> None:
    """A step that needs no brief says the same of every household, and some steps need none."""
    told = Brief("甲", "乙", (date(2026, 1, 1),), ("丙",), "丁", "戊", "己", "庚")
    steps = [Ask(each.topic, 1, hint) for each in script.questions for hint in Hint]
    untold = [step for step in steps if not needs_brief(script, step)]
    assert untold
    for step in untold:
        assert words(script, told, step) == words(script, Brief(""), step)
