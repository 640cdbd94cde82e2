"""A scripted household understands a question from its words alone, however it is put."""

import pytest

from evalsys.exchange.listener import Meaning, Topic, surname_asked, understand
from evalsys.telephony.scripts import shipped_script

NOTICE = "您好，这里是沂水县干部联系户评议电话，请您给联系干部的走访和解决问题情况打分。"


@pytest.mark.parametrize(
    ("text", "yes", "no"),
    [
        (NOTICE + "同意继续请按1，不同意请按2。", "1", "2"),
        (NOTICE + "愿意参加，请按 1 键；不愿意，请按 2 键。随时按9表示现在不方便说话。", "1", "2"),
        (NOTICE + "按2，表示不同意；按1，表示同意。", "1", "2"),
        ("本次通话可能录音。继续请按一号键，不继续请按二号键。", "1", "2"),
        ("This is the county. To continue, press 1. If you do not agree, press 2.", "1", "2"),
    ],
)
def test_consent_is_found_in_any_wording(text: str, yes: str, no: str) -> None:
    heard = understand(text)
    assert heard.topic is Topic.CONSENT
    assert (heard.key_for(Meaning.YES), heard.key_for(Meaning.NO)) == (yes, no)


@pytest.mark.parametrize(
    ("text", "yes", "no"),
    [
        ("请问您是户主姓张的家庭吗？是请按1，不是请按2。", "1", "2"),
        ("请问这里是姓张的人家吗？是，请按1；不是，请按2。", "1", "2"),
        ("您是本户的家人吗？不是请按1，是请按2。", "2", "1"),
        ("先核对一下：您家的联系干部是水利局副局长王建国吗？是，请按1；不是，请按2。", "1", "2"),
        ("请问您家的户主是不是姓李？是的请按3，不是的请按4。", "3", "4"),
    ],
)
def test_identity_is_a_yes_or_no(text: str, yes: str, no: str) -> None:
    heard = understand(text)
    assert heard.topic is Topic.IDENTITY
    assert (heard.key_for(Meaning.YES), heard.key_for(Meaning.NO)) == (yes, no)


def test_the_surname_that_is_asked_for_is_heard() -> None:
    assert surname_asked("请问您是户主姓欧阳的家庭吗") == "欧"
    assert surname_asked("请问您是本户的人吗") == ""


@pytest.mark.parametrize(
    ("text", "yes", "no", "unsure"),
    [
        (
            "联系干部王建国今年到您家走访过吗？走访过请按1，没有走访请按2，记不清请按3。",
            *("1", "2", "3"),
        ),
        ("干部来过没有？没来过请按1，来过请按2，不清楚请按3。", "2", "1", "3"),
        ("王书记说他3月2日、5月6日到您家走访过。来过，请按1；没来过，请按2。", "1", "2", ""),
        ("今年干部到您家走访过吗？是请按1，不是请按2，不确定请按3。", "1", "2", "3"),
        ("今年干部有没有上门走访？有请按1，没有请按2，说不准请按3。", "1", "2", "3"),
        ("今年干部从未到您家走访过，对吗？对请按1，不对请按2，记不清请按3。", "2", "1", "3"),
        ("有人说干部没有到您家走访。这话属实吗？属实请按1，不属实请按2。", "2", "1", ""),
        ("请问干部走访过吗？按1走访过，按2没走访，按3不知道，重听请按星号键。", "1", "2", "3"),
        ("请选择：按3表示走访过、按1表示没走访过、按2表示不记得。", "3", "1", "2"),
        ("干部是否到您家看望过您？来过的，请按5；没有来过的，请按6。", "5", "6", ""),
        ("Did the cadre visit you? Press 1 for yes, press 2 for no, press 3 if not sure.", *"123"),
    ],
)
def test_a_visit_is_asked_in_any_order_and_polarity(
    text: str, yes: str, no: str, unsure: str
) -> None:
    heard = understand(text)
    assert heard.topic is Topic.VISITED
    assert heard.key_for(Meaning.YES) == yes
    assert heard.key_for(Meaning.NO) == no
    assert heard.key_for(Meaning.UNSURE) == unsure


@pytest.mark.parametrize(
    ("text", "yes", "no", "unsure"),
    [
        ("您反映的事情解决了吗？解决了请按1，没有解决请按2，不清楚请按3。", "1", "2", "3"),
        (
            "您反映的“希望干部多走访，修好路灯”这件事，办好了吗？办好了请按2，没办好请按1，没有反映过请按3。",
            *("2", "1", "3"),
        ),
        ("干部走访时您提的诉求，还没有解决，是吗？是请按1，不是请按2。", "2", "1", ""),
        ("您提的要求落实了吗？未落实按 1，已落实按 2，拿不准按 3。", "2", "1", "3"),
    ],
)
def test_a_request_is_solved_or_not_whatever_the_request_was(
    text: str, yes: str, no: str, unsure: str
) -> None:
    heard = understand(text)
    assert heard.topic is Topic.SOLVED
    assert heard.key_for(Meaning.YES) == yes
    assert heard.key_for(Meaning.NO) == no
    assert heard.key_for(Meaning.UNSURE) == unsure


@pytest.mark.parametrize(
    ("text", "key_of_1", "key_of_4", "key_of_5"),
    [
        ("请给这位干部打分，1分最低，5分最高，请按1到5。", "1", "4", "5"),
        ("请您打分。一分表示很不满意，五分表示非常满意，请按一至五键。", "1", "4", "5"),
        ("请打分：1分表示非常满意，5分表示非常不满意，请按 1 到 5。", "5", "2", "1"),
        ("您对他满意吗？非常满意请按1，满意请按2，一般请按3，不满意请按4，很不满意请按5。", *"521"),
        (
            "按一个数字键，1分最差。很不满意，请按1；不满意，请按2；一般，请按3；满意，请按4；很满意，请按5。",
            *("1", "4", "5"),
        ),
        ("您给他几分？五分请按1，四分请按2，三分请按3，两分请按4，一分请按5。", "5", "2", "1"),
        ("请为他的走访和解决问题的工作打分，请按1-5键。重听请按星号键。", "1", "4", "5"),
        ("Please score him. 1 is worst and 5 is best. Press 1 to 5.", "1", "4", "5"),
    ],
)
def test_a_score_finds_its_key_on_any_scale(
    text: str, key_of_1: str, key_of_4: str, key_of_5: str
) -> None:
    heard = understand(text)
    assert heard.topic is Topic.SCORE
    assert heard.key_for_score(1) == key_of_1
    assert heard.key_for_score(4) == key_of_4
    assert heard.key_for_score(5) == key_of_5


def test_a_scale_of_three_takes_a_score_of_five_to_its_best() -> None:
    heard = understand("请打分，1分最低，3分最高，请按1到3。")
    assert [heard.key_for_score(score) for score in (1, 3, 5)] == ["1", "2", "3"]


def test_a_text_that_offers_no_key_offers_none() -> None:
    assert understand("谢谢您，再见。").keys == ""
    assert understand("").keys == ""


def test_scripted_households_understand_the_dialect_as_they_do_mandarin() -> None:
    for question in shipped_script("annual").questions:
        for wording in filter(None, (question, question.turned)):
            spoken = wording.dialects["yimeng"]
            for said, own in ((spoken.say, wording.say), (spoken.say_known, wording.say_known)):
                heard, meant = understand(said), understand(own)
                assert (heard.topic, heard.options) == (meant.topic, meant.options), said


def test_the_offer_of_a_dialect_is_no_consent() -> None:
    script = shipped_script("annual")
    notice = script.questions[0]
    for offer, said in (
        (script.dialects["yimeng"].offer, notice.say),
        (script.own_words.offer, notice.dialects["yimeng"].say),
    ):
        heard = understand(offer + said)
        assert heard.topic is Topic.CONSENT
        assert (heard.key_for(Meaning.YES), heard.key_for(Meaning.NO)) == ("1", "2")
