"""A step of the interview as TwiML, built by Twilio's own library."""

from dataclasses import dataclass
from functools import lru_cache
from xml.sax.saxutils import escape

from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import Gather, VoiceResponse

from evalsys.domain.interview import Ask, Farewell, Script, Step, Topic, take_of

_COMMENT_SILENCE_S = 5
_RETRY_AFTER_S = 2


def spoken(
    step: Step, text: str, script: Script, call_url: str, *, transcribes: bool = True
) -> str:
    """Write the TwiML document that speaks `text` and waits for what `step` waits for.

    Args:
        step: what is asked, or the farewell.
        text: what is said.
        script: gives language and times.
        call_url: address of this call, such as `https://county.example/voice/5f0c...`.
        transcribes: whether the carrier can write down a comment.

    Keys are always posted, never part of an address. A question is one key long, a PIN as long
    as the script says: no key ends them, so `*` and `#` are keys like others, and a single key
    that leaves the interview is heard while a PIN is asked for.
    """
    ends = f"#{script.not_free_key}{script.never_key}"
    pace = _Pace(script.answer_within_s, script.comment_within_s, script.pin_digits, ends)
    take = take_of(script, step) if isinstance(step, Ask) else 0
    offers = tuple((each.offer, each.language) for each in script.offers(step))
    form = _form(step, take, script.language, pace, offers, transcribes=transcribes)
    # What is said comes last: whatever it says, it is no mark of the form.
    return form.replace(_CALL, escape(call_url, _QUOTES)).replace(_TEXT, escape(text))


@dataclass(frozen=True, slots=True)
class _Pace:
    """How long a script waits for an answer, in seconds, and what ends one."""

    answer_within_s: int
    comment_within_s: int
    pin_digits: int
    comment_ends_on: str


_TEXT, _CALL = "\N{OBJECT REPLACEMENT CHARACTER}text", "\N{OBJECT REPLACEMENT CHARACTER}call"
"""Stand in a form for what differs from call to call."""
_QUOTES = {'"': "&quot;"}


@lru_cache(maxsize=1024)
def _form(
    step: Step,
    take: int,
    language: str,
    pace: _Pace,
    offers: tuple[tuple[str, str], ...],
    *,
    transcribes: bool,
) -> str:
    """Write the document of a step once for all calls, with marks for text and address.

    `offers` are words and language of the dialects that a key chooses: each in its own voice,
    before the notice, so that nobody has to hear all of it in a speech that is not theirs.
    """
    document = VoiceResponse()
    if isinstance(step, Farewell):
        document.say(_TEXT, language=language)
        document.hangup()
        return str(document)
    here = step_url(_CALL, step)
    if step.topic is Topic.COMMENT:
        document.say(_TEXT, language=language)
        document.record(
            action=here,
            method="POST",
            timeout=_COMMENT_SILENCE_S,
            finish_on_key=pace.comment_ends_on,
            max_length=pace.comment_within_s,
            play_beep=True,
            transcribe=transcribes or None,
            transcribe_callback=f"{_CALL}/transcription" if transcribes else None,
            recording_status_callback=f"{_CALL}/recording" + f"/{step.tries}" * (step.tries > 1),
            recording_status_callback_method="POST",
        )
    else:
        gather = Gather(
            action=here,
            method="POST",
            num_digits=pace.pin_digits if step.topic is Topic.PIN else 1,
            finish_on_key="",
            timeout=pace.answer_within_s,
        )
        for offer, voice in offers:
            gather.say(offer, language=voice)
        gather.say(_TEXT, language=language)
        if step.topic is Topic.REVIEW:
            gather.play(f"{_CALL}/comment/{take}")
        document.append(gather)
    # Reached only when nothing was pressed or said.
    document.redirect(here, method="POST")
    return str(document)


def reply(text: str) -> str:
    """Write the document that answers a short message."""
    document = MessagingResponse()
    document.message(text)
    return str(document)


def step_url(call_url: str, step: Ask) -> str:
    """Return the address to which the carrier posts what happens at a step."""
    return f"{call_url}/step/{step.topic}/{step.tries}"


def once_more(url: str) -> str:
    """Write the document that waits a moment and asks `url` again, after a failure of ours."""
    document = VoiceResponse()
    document.pause(length=_RETRY_AFTER_S)
    document.redirect(url, method="POST")
    return str(document)
