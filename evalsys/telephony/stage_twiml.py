"""The way to the stage as TwiML: the offer, the waiting, the conference, the way back.

Keys pressed in a conference would be heard by the whole hall: a household scores only after its
line has left it, and inside it `*` does one thing, it leaves.
"""

from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from evalsys.domain.air_script import AirScript
from evalsys.domain.live.air import conference_of
from evalsys.ids import LiveId

_WAITS_S = 3
_LONGEST_TALK_S = 900
"""Nobody stays on air for ever, whatever breaks on our side."""


def offer(script: AirScript, text: str, here: str) -> str:
    """Offer the stage; the key, or silence, is posted to `here`."""
    return _asked(text, here, script, script.answer_within_s)


def waiting(script: AirScript, here: str) -> str:
    """Let a household wait a moment; `*` takes its consent back."""
    return _asked(script.waiting, here, script, _WAITS_S)


def onto_stage(script: AirScript, live: LiveId, left_url: str, *, muted: bool) -> str:
    """Put a household's line through to the stage.

    It starts nothing by entering and ends nothing by leaving, without a beep; it is recorded by
    nobody.
    """
    document = VoiceResponse()
    document.say(script.joining, language=script.language)
    dial = Dial(action=left_url, method="POST", hangup_on_star=True, time_limit=_LONGEST_TALK_S)
    _conference(dial, live, starts=False, muted=muted)
    document.append(dial)
    return str(document)


def back(text: str, script: AirScript, next_url: str) -> str:
    """Say something, and go on with the questions by key."""
    document = VoiceResponse()
    document.say(text, language=script.language)
    document.redirect(next_url, method="POST")
    return str(document)


def cadre_asked(script: AirScript, here: str) -> str:
    """Ask a cadre on the telephone to press the key, since a machine would not."""
    return _asked(script.cadre, here, script, script.answer_within_s)


def line_onto_stage(
    script: AirScript, live: LiveId, *, text: str, starts: bool, muted: bool = False
) -> str:
    """Put a line of the stage through; the conference begins with the hall's."""
    document = VoiceResponse()
    if text:
        document.say(text, language=script.language)
    dial = Dial()
    _conference(dial, live, starts=starts, muted=muted)
    document.append(dial)
    document.hangup()
    return str(document)


def goodbye() -> str:
    """End a line of the stage."""
    document = VoiceResponse()
    document.hangup()
    return str(document)


def _asked(text: str, here: str, script: AirScript, within_s: int) -> str:
    document = VoiceResponse()
    gather = Gather(action=here, method="POST", num_digits=1, finish_on_key="", timeout=within_s)
    gather.say(text, language=script.language)
    document.append(gather)
    document.redirect(here, method="POST")
    return str(document)


def _conference(dial: Dial, live: LiveId, *, starts: bool, muted: bool = False) -> None:
    dial.conference(
        conference_of(live),
        beep=False,
        muted=muted,
        start_conference_on_enter=starts,
        end_conference_on_exit=False,
        wait_url="",
        record="do-not-record",
    )
