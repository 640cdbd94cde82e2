"""The JSON shapes of Twilio's resources, as this exchange fills them."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from evalsys.exchange.calls import Call, Recording, Status
from evalsys.exchange.conferences import Conference
from evalsys.exchange.meeting_room import Member
from evalsys.exchange.message import Message, MessageStatus
from evalsys.exchange.reports import direction, recording_url
from evalsys.exchange.wire import API_VERSION, rfc2822

_CALL_PARTS = (
    "events",
    "notifications",
    "payments",
    "recordings",
    "siprec",
    "streams",
    "transcriptions",
    "user_defined_message_subscriptions",
    "user_defined_messages",
)


def base_path(account: str) -> str:
    """Return the path under which an account's resources lie."""
    return f"/{API_VERSION}/Accounts/{account}"


def call_json(account: str, call: Call) -> dict[str, object]:
    """Return a call as `GET /Calls/{sid}.json` shows it."""
    path = f"{base_path(account)}/Calls/{call.sid}"
    # The REST API has no word for a call that was sent out but does not ring yet.
    status = Status.QUEUED if call.status is Status.INITIATED else call.status
    return {
        "sid": call.sid,
        "account_sid": account,
        "answered_by": call.answered_by or None,
        "api_version": API_VERSION,
        "caller_name": None,
        "date_created": rfc2822(call.created_at),
        "date_updated": rfc2822(call.updated_at),
        "direction": direction(call),
        "duration": str(call.seconds) if call.answered_at and call.ended_at else None,
        "end_time": rfc2822(call.ended_at),
        "forwarded_from": None,
        "from": call.request.caller,
        "from_formatted": call.request.caller,
        "group_sid": None,
        "parent_call_sid": call.request.parent_sid or None,
        "phone_number_sid": None,
        "price": None,
        "price_unit": "USD",
        "queue_time": "0",
        "start_time": rfc2822(call.started_at),
        "status": status,
        "subresource_uris": {
            part: f"{path}/{''.join(word.title() for word in part.split('_'))}.json"
            for part in _CALL_PARTS
        },
        "to": call.request.to,
        "to_formatted": call.request.to,
        "trunk_sid": None,
        "uri": f"{path}.json",
    }


def recording_json(account: str, public_url: str, recording: Recording) -> dict[str, object]:
    """Return a recording as `GET /Recordings/{sid}.json` shows it."""
    path = f"{base_path(account)}/Recordings/{recording.sid}"
    at = rfc2822(recording.created_at)
    return {
        "sid": recording.sid,
        "account_sid": account,
        "api_version": API_VERSION,
        "call_sid": recording.call_sid or None,
        "channels": 1,
        "conference_sid": recording.conference_sid or None,
        "date_created": at,
        "date_updated": at,
        "duration": str(recording.seconds),
        "encryption_details": None,
        "error_code": None,
        "media_url": recording_url(account, public_url, recording.sid),
        "price": None,
        "price_unit": "USD",
        "source": recording.source,
        "start_time": at,
        "status": "completed",
        "subresource_uris": {
            "add_on_results": f"{path}/AddOnResults.json",
            "transcriptions": f"{path}/Transcriptions.json",
        },
        "uri": f"{path}.json",
    }


def conference_json(account: str, conference: Conference) -> dict[str, object]:
    """Return a conference as `GET /Conferences/{sid}.json` shows it."""
    path = f"{base_path(account)}/Conferences/{conference.sid}"
    return {
        "sid": conference.sid,
        "account_sid": account,
        "api_version": API_VERSION,
        "call_sid_ending_conference": conference.ended_by or None,
        "date_created": rfc2822(conference.created_at),
        "date_updated": rfc2822(conference.updated_at),
        "friendly_name": conference.name,
        "reason_conference_ended": conference.reason or None,
        "region": "cn1",
        "status": conference.status,
        "subresource_uris": {
            "participants": f"{path}/Participants.json",
            "recordings": f"{path}/Recordings.json",
        },
        "uri": f"{path}.json",
    }


def participant_json(account: str, member: Member, status: str) -> dict[str, object]:
    """Return a participant as `GET .../Participants/{sid}.json` shows one."""
    room = member.room.record.sid
    path = f"{base_path(account)}/Conferences/{room}/Participants/{member.call_sid}"
    return {
        "account_sid": account,
        "call_sid": member.call_sid,
        "call_sid_to_coach": member.coach or None,
        "coaching": bool(member.coach),
        "conference_sid": room,
        "date_created": rfc2822(member.created_at),
        "date_updated": rfc2822(member.updated_at),
        "end_conference_on_exit": member.end_on_exit,
        "hold": member.hold,
        "label": member.label or None,
        "muted": member.muted,
        "queue_time": "0",
        "start_conference_on_enter": member.start_on_enter,
        "status": status,
        "uri": f"{path}.json",
    }


def message_json(account: str, message: Message) -> dict[str, object]:
    """Return a message as `GET /Messages/{sid}.json` shows it."""
    path = f"{base_path(account)}/Messages/{message.sid}"
    is_service = message.sender.startswith("MG")
    return {
        "sid": message.sid,
        "account_sid": account,
        "api_version": API_VERSION,
        "body": message.text,
        "date_created": rfc2822(message.created_at),
        "date_sent": rfc2822(message.sent_at),
        "date_updated": rfc2822(message.updated_at),
        "direction": "inbound" if message.status == MessageStatus.RECEIVED else "outbound-api",
        "error_code": message.error,
        "error_message": "Unreachable destination handset" if message.error else None,
        "from": None if is_service else message.sender,
        "messaging_service_sid": message.sender if is_service else None,
        "num_media": "0",
        "num_segments": str(message.segments),
        "price": None,
        "price_unit": "USD",
        "status": message.status,
        "subresource_uris": {"media": f"{path}/Media.json"},
        "to": message.to,
        "uri": f"{path}.json",
    }


def transcription_json(account: str, recording: Recording) -> dict[str, object]:
    """Return the words of a recording as `GET /Transcriptions/{sid}.json` shows them."""
    at = rfc2822(recording.created_at)
    return {
        "sid": recording.transcription_sid,
        "account_sid": account,
        "api_version": API_VERSION,
        "date_created": at,
        "date_updated": at,
        "duration": str(recording.seconds),
        "price": None,
        "price_unit": "USD",
        "recording_sid": recording.sid,
        "status": "failed" if recording.transcript is None else "completed",
        "transcription_text": recording.transcript,
        "type": "fast",
        "uri": f"{base_path(account)}/Transcriptions/{recording.transcription_sid}.json",
    }


def page_json(
    name: str,
    items: Sequence[Mapping[str, object]],
    path: str,
    query: Mapping[str, str],
    *,
    page: int,
    size: int,
) -> dict[str, object]:
    """Return one page of a list; `items` holds one more than `size` when another page follows."""
    rest = {
        key: value for key, value in query.items() if key not in {"Page", "PageSize", "PageToken"}
    }

    def address(number: int, **more: str) -> str:
        return f"{path}?{urlencode({**rest, 'PageSize': size, 'Page': number, **more})}"

    shown = items[:size]
    start = page * size
    return {
        name: list(shown),
        "end": start + max(0, len(shown) - 1),
        "first_page_uri": address(0),
        "next_page_uri": (
            address(page + 1, PageToken=f"PA{shown[-1]['sid']}") if len(items) > size else None
        ),
        "page": page,
        "page_size": size,
        "previous_page_uri": address(page - 1) if page else None,
        "start": start,
        "uri": address(page),
    }
