"""The JSON shapes of Twilio's resources, as this exchange fills them."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from evalsys.exchange.calls import Call, Recording, Status
from evalsys.exchange.reports import recording_url
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
        "answered_by": None,
        "api_version": API_VERSION,
        "caller_name": None,
        "date_created": rfc2822(call.created_at),
        "date_updated": rfc2822(call.updated_at),
        "direction": "outbound-api",
        "duration": str(call.seconds) if call.answered_at and call.ended_at else None,
        "end_time": rfc2822(call.ended_at),
        "forwarded_from": None,
        "from": call.request.caller,
        "from_formatted": call.request.caller,
        "group_sid": None,
        "parent_call_sid": None,
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
        "call_sid": recording.call_sid,
        "channels": 1,
        "conference_sid": None,
        "date_created": at,
        "date_updated": at,
        "duration": str(recording.seconds),
        "encryption_details": None,
        "error_code": None,
        "media_url": recording_url(account, public_url, recording.sid),
        "price": None,
        "price_unit": "USD",
        "source": "RecordVerb",
        "start_time": at,
        "status": "completed",
        "subresource_uris": {
            "add_on_results": f"{path}/AddOnResults.json",
            "transcriptions": f"{path}/Transcriptions.json",
        },
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
