from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from evalsys.domain.interview import Ask, Ending, Farewell, Script, Topic
from evalsys.telephony.scripts import LIVE, interview_scripts
from evalsys.telephony.twiml import once_more, spoken, step_url

CALL = "https://county.example/voice/5f0c"


@pytest.fixture
def script() -> Script:
    return interview_scripts(LIVE)[-1]


def _document(twiml: str) -> ET.Element:
    return ET.fromstring(twiml)  # noqa: S314 - our own document


@pytest.mark.parametrize(
    "topic", [topic for topic in Topic if topic not in {Topic.COMMENT, Topic.PIN, Topic.REVIEW}]
)
def test_a_question_takes_one_key_and_posts_it_to_its_own_address(
    script: Script, topic: Topic
) -> None:
    gather, redirect = _document(spoken(Ask(topic, 2), "问题", script, CALL))
    assert gather.tag == "Gather"
    assert gather.attrib == {
        "action": f"{CALL}/step/{topic}/2",
        "finishOnKey": "",
        "method": "POST",
        "numDigits": "1",
        "timeout": "6",
    }
    (say,) = gather
    assert (say.tag, say.text, say.attrib) == ("Say", "问题", {"language": "zh-CN"})
    assert (redirect.tag, redirect.text) == ("Redirect", f"{CALL}/step/{topic}/2")
    assert redirect.attrib == {"method": "POST"}


def test_a_dialect_is_offered_in_its_own_voice_before_the_notice() -> None:
    gather, _ = _document(
        spoken(Ask(Topic.CONSENT), "您好！", interview_scripts("annual")[-1], CALL)
    )
    offer, notice = gather
    assert (offer.attrib, notice.attrib) == ({"language": "zh-CN-yimeng"}, {"language": "zh-CN"})
    assert ("请按3" in (offer.text or ""), notice.text) == (True, "您好！")


def test_a_comment_is_recorded_up_to_the_hash_key_and_may_be_left_out(script: Script) -> None:
    say, record, redirect = _document(spoken(Ask(Topic.COMMENT), "请讲", script, CALL))
    assert (say.tag, record.tag, redirect.tag) == ("Say", "Record", "Redirect")
    assert record.attrib["finishOnKey"] == "#"
    assert record.attrib["action"] == redirect.text == f"{CALL}/step/comment/1"
    assert record.attrib["transcribeCallback"] == f"{CALL}/transcription"
    assert record.attrib["recordingStatusCallback"] == f"{CALL}/recording"


def test_a_comment_is_played_back_from_our_own_address_between_its_keys() -> None:
    script = interview_scripts("annual")[-1]
    for tries, take in ((1, 1), (4, 1), (5, 2), (12, 3)):
        gather, _ = _document(spoken(Ask(Topic.REVIEW, tries), "请听", script, CALL))
        assert [each.tag for each in gather] == ["Say", "Play"]
        assert gather[1].text == f"{CALL}/comment/{take}"
    again = _document(spoken(Ask(Topic.COMMENT, 2), "请讲", script, CALL))
    assert again[1].attrib["recordingStatusCallback"] == f"{CALL}/recording/2"


@pytest.mark.parametrize("ending", list(Ending))
def test_a_farewell_is_said_and_hangs_up(script: Script, ending: Ending) -> None:
    say, hangup = _document(spoken(Farewell(ending), "再见", script, CALL))
    assert (say.text, hangup.tag) == ("再见", "Hangup")


def test_what_a_cadre_wrote_cannot_become_a_verb(script: Script) -> None:
    text = '</Say><Dial>110</Dial><Say a="'
    (say, _) = _document(spoken(Farewell(Ending.THANKS), text, script, CALL))
    assert say.text == text


def test_a_failure_of_ours_waits_a_moment_and_asks_again(script: Script) -> None:
    url = f"{step_url(CALL, Ask(Topic.SCORE))}?again=1"
    pause, redirect = _document(once_more(url))
    assert (pause.tag, redirect.text) == ("Pause", url)
    assert script.reprompts


def test_a_pin_takes_as_many_keys_as_it_has_digits(script: Script) -> None:
    gather, _ = _document(spoken(Ask(Topic.PIN), "密码", replace(script, pin_digits=6), CALL))
    assert gather.attrib["numDigits"] == "6"


def test_the_keys_that_leave_the_interview_end_a_comment_too(script: Script) -> None:
    leaving = replace(script, not_free_key="9", never_key="0")
    _, record, _ = _document(spoken(Ask(Topic.COMMENT), "评语", leaving, CALL))
    assert record.attrib["finishOnKey"] == "#90"
