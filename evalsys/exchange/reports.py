"""The parameters by which an application is told of a call, a recording or its words."""

from evalsys.exchange.calls import Call, Recording
from evalsys.exchange.wire import API_VERSION, rfc2822


def call_facts(account: str, call: Call) -> dict[str, str]:
    """Return what every request about a call carries."""
    more = {"ParentCallSid": call.request.parent_sid, "AnsweredBy": call.answered_by}
    return {
        "AccountSid": account,
        "ApiVersion": API_VERSION,
        "CallSid": call.sid,
        "CallStatus": call.status,
        "Called": call.request.to,
        "Caller": call.request.caller,
        "Direction": direction(call),
        "From": call.request.caller,
        "To": call.request.to,
    } | {name: value for name, value in more.items() if value}


def direction(call: Call) -> str:
    """Return who placed a call, in Twilio's words."""
    if call.request.comes_in:
        return "inbound"
    return "outbound-dial" if call.request.parent_sid else "outbound-api"


def status_params(account: str, call: Call) -> dict[str, str]:
    """Return what a status callback carries, numbered from 0 within the call."""
    params = call_facts(account, call) | {
        "CallbackSource": "call-progress-events",
        "SequenceNumber": str(call.reported),
        "Timestamp": rfc2822(call.updated_at) or "",
    }
    if call.seconds is not None:
        params["CallDuration"] = str(call.seconds)
        params["Duration"] = str(-(-call.seconds // 60))
    if call.sip_code is not None:
        params["SipResponseCode"] = str(call.sip_code)
    return params


def recording_url(account: str, public_url: str, sid: str) -> str:
    """Return where a recording can be fetched."""
    return f"{public_url}/{API_VERSION}/Accounts/{account}/Recordings/{sid}"


def recording_params(account: str, public_url: str, recording: Recording) -> dict[str, str]:
    """Return what is told of a recording, to its action and to its callback."""
    return {
        "RecordingSid": recording.sid,
        "RecordingUrl": recording_url(account, public_url, recording.sid),
        "RecordingDuration": str(recording.seconds),
    }


def recorded_params(recording: Recording) -> dict[str, str]:
    """Return what a recording's callback is told beside the recording's own parameters."""
    return {
        "RecordingStatus": "completed",
        "RecordingSource": recording.source,
        "RecordingChannels": "1",
        "RecordingTrack": "both" if recording.conference_sid else "inbound",
        "RecordingStartTime": rfc2822(recording.created_at) or "",
    }


def transcript_params(account: str, public_url: str, recording: Recording) -> dict[str, str]:
    """Return what is told of a recording's words; nobody knowing them is a failure."""
    sid = recording.transcription_sid
    return {
        "TranscriptionSid": sid,
        "TranscriptionText": recording.transcript or "",
        "TranscriptionStatus": "failed" if recording.transcript is None else "completed",
        "TranscriptionType": "fast",
        "TranscriptionUrl": f"{public_url}/{API_VERSION}/Accounts/{account}/Transcriptions/{sid}",
    }
