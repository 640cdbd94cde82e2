"""A document is understood completely or refused: nothing is skipped."""

import pytest

from evalsys.exchange.attributes import TwimlFault
from evalsys.exchange.twiml import read_twiml
from evalsys.exchange.verbs import (
    Conference,
    Dial,
    Gather,
    Hangup,
    Number,
    Pause,
    Play,
    Record,
    Redirect,
    Reject,
    Say,
)


def response(inside: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{inside}</Response>'


def test_every_verb_is_read_with_its_attributes() -> None:
    verbs = read_twiml(
        response(
            '<Say language="zh-CN" voice="alice" loop="2"> 您好 <break/> 再见</Say>'
            '<Play loop="0">tone.wav</Play><Play digits="1w2"/><Pause length="3"/>'
            '<Record maxLength="60" finishOnKey="#" timeout="4" playBeep="false"'
            ' trim="do-not-trim" transcribeCallback="/t" recordingStatusCallback="/r"/>'
            '<Redirect method="GET">/next?a=1&amp;b=2</Redirect><Hangup/><Reject reason="busy"/>'
        )
    )
    assert verbs == (
        Say("您好 再见", "zh-CN", "alice", 2),
        Play("tone.wav", "", 0),
        Play("", "1w2"),
        Pause(3),
        Record(
            timeout=4,
            finish_on="#",
            longest=60,
            beep=False,
            trim=False,
            status_callback="/r",
            transcribe=True,
            transcribe_callback="/t",
        ),
        Redirect("/next?a=1&b=2", "GET"),
        Hangup(),
        Reject(),
    )


def test_gather_holds_its_prompts_and_has_twilios_defaults() -> None:
    (plain,) = read_twiml(response("<Gather/>"))
    assert plain == Gather()
    assert isinstance(plain, Gather)
    assert (plain.timeout, plain.finish_on, plain.digits_wanted) == (5, "#", 0)
    (full,) = read_twiml(
        response(
            '<Gather input="dtmf" numDigits="1" finishOnKey="" timeout="8" action="/a" method="GET"'
            ' actionOnEmptyResult="true"><Say>请按1</Say><Pause/><Play>x.wav</Play></Gather>'
        )
    )
    assert full == Gather(
        prompts=(Say("请按1"), Pause(), Play("x.wav")),
        action="/a",
        method="GET",
        timeout=8,
        finish_on="",
        digits_wanted=1,
        on_empty=True,
    )


@pytest.mark.parametrize(
    "document",
    [
        "",
        "not xml",
        "<Response><Say>unclosed</Response>",
        "<Answer/>",
        '<!DOCTYPE x [<!ENTITY a "b">]><Response><Say>&a;</Say></Response>',
        '<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE x><Response/>',
        b'<?xml version="1.0" encoding="cp037"?><Response/>',
        "<Response><Say>&a;</Say></Response>",
        "<Response><Say>\ud800</Say></Response>".encode("utf-8", "surrogatepass"),
    ],
)
def test_what_is_not_twiml_at_all_is_12100(document: bytes | str) -> None:
    with pytest.raises(TwimlFault) as fault:
        read_twiml(document)
    assert fault.value.code == 12100


@pytest.mark.parametrize(
    "inside",
    [
        "<Dance/>",
        "<say>small letter</say>",
        '<Say tone="loud">x</Say>',
        '<Say loop="often">x</Say>',
        "<Say><Gather/></Say>",
        "<Gather><Record/></Gather>",
        '<Gather input="speech"/>',
        '<Gather numDigits="0"/>',
        '<Gather finishOnKey="x"/>',
        '<Gather method="PUT"/>',
        '<Record maxLength="0"/>',
        '<Record playBeep="maybe"/>',
        '<Pause length="-1"/>',
        "<Hangup>now</Hangup>",
        "<Play/>",
        "loose words",
        "<Say>x</Say>" * 201,
    ],
)
def test_an_unknown_verb_attribute_value_or_nesting_is_12200(inside: str) -> None:
    with pytest.raises(TwimlFault) as fault:
        read_twiml(response(inside))
    assert fault.value.code == 12200


def test_what_gather_says_of_speech_changes_nothing_for_keys() -> None:
    spoken = '<Gather input="dtmf speech" speechTimeout="auto" hints="是" method="post"/>'
    assert read_twiml(response(spoken)) == (Gather(),)


def test_dial_takes_numbers_pages_or_one_conference() -> None:
    assert read_twiml(response("<Dial>+8613900000001</Dial>")) == (
        Dial(numbers=(Number("+8613900000001"),)),
    )
    (both,) = read_twiml(
        response(
            '<Dial callerId="+8610000000000" timeout="20" hangupOnStar="true" action="/after">'
            '<Number url="/whisper" sendDigits="12#">+8613900000001</Number>'
            "<Client>hall</Client></Dial>"
        )
    )
    assert both == Dial(
        numbers=(
            Number("+8613900000001", "/whisper", send_digits="12#"),
            Number("client:hall"),
        ),
        caller="+8610000000000",
        timeout=20,
        hangup_on_star=True,
        action="/after",
    )
    (meeting,) = read_twiml(
        response(
            '<Dial><Conference beep="onEnter" startConferenceOnEnter="false" muted="true"'
            ' endConferenceOnExit="true" coach="CA1" participantLabel="host" waitUrl="/wait"'
            ' maxParticipants="8" statusCallback="/told" statusCallbackEvent="join leave">'
            "hall</Conference></Dial><Leave/>"
        )
    )[:1]
    assert meeting == Dial(
        conference=Conference(
            "hall",
            muted=True,
            beep="onEnter",
            start_on_enter=False,
            end_on_exit=True,
            coach="CA1",
            label="host",
            wait_url="/wait",
            most=8,
            status_callback="/told",
            status_events=("join", "leave"),
        )
    )


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ('<Dial callerId="county">+8613900000001</Dial>', 13214),
        ("<Dial>139</Dial>", 13224),
        ("<Dial><Number>sip:a@b</Number></Dial>", 13224),
        ("<Dial/>", 12200),
        ("<Dial><Conference/></Dial>", 12200),
        ("<Dial><Queue>q</Queue></Dial>", 12200),
        ("<Dial><Conference>a</Conference><Conference>b</Conference></Dial>", 12200),
        ("<Dial><Number>+8613900000001</Number><Conference>a</Conference></Dial>", 12200),
        ('<Dial><Conference beep="loud">a</Conference></Dial>', 12200),
        ('<Dial><Conference maxParticipants="251">a</Conference></Dial>', 12200),
        ('<Dial><Conference statusCallbackEvent="lunch">a</Conference></Dial>', 12200),
        ('<Dial><Conference colour="red">a</Conference></Dial>', 12200),
        ('<Dial colour="red">+8613900000001</Dial>', 12200),
        ("<Leave>now</Leave>", 12200),
    ],
)
def test_a_dial_that_cannot_be_carried_out_is_refused(inside: str, code: int) -> None:
    with pytest.raises(TwimlFault) as fault:
        read_twiml(response(inside))
    assert fault.value.code == code
