"""A step of the interview as TwiML, built by Twilio's own library."""

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
    document = VoiceResponse()
    if isinstance(step, Farewell):
        document.say(text, language=script.language)
        document.hangup()
        return str(document)
    here = step_url(call_url, step)
    if step.topic is Topic.COMMENT:
        document.say(text, language=script.language)
        document.record(
            action=here,
            method="POST",
            timeout=_COMMENT_SILENCE_S,
            finish_on_key=f"#{script.not_free_key}{script.never_key}",
            max_length=script.comment_within_s,
            play_beep=True,
            transcribe=transcribes or None,
            transcribe_callback=f"{call_url}/transcription" if transcribes else None,
            recording_status_callback=f"{call_url}/recording" + f"/{step.tries}" * (step.tries > 1),
            recording_status_callback_method="POST",
        )
    else:
        gather = Gather(
            action=here,
            method="POST",
            num_digits=script.pin_digits if step.topic is Topic.PIN else 1,
            finish_on_key="",
            timeout=script.answer_within_s,
        )
        gather.say(text, language=script.language)
        if step.topic is Topic.REVIEW:
            gather.play(f"{call_url}/comment/{take_of(script, step)}")
        document.append(gather)
    # Reached only when nothing was pressed or said.
    document.redirect(here, method="POST")
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
