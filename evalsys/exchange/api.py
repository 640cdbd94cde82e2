"""Twilio's REST API, version 2010-04-01: calls, recordings and their words."""

import hmac
from http import HTTPStatus
from typing import Protocol

from flask import Blueprint, Response, jsonify, request

from evalsys.exchange.calls import (
    DEFAULT_RING_SECONDS,
    DEFAULT_TIME_LIMIT_SECONDS,
    EVENTS,
    LONGEST_RING_SECONDS,
    Call,
    CallRequest,
    Recording,
    Status,
)
from evalsys.exchange.forms import (
    document,
    events,
    listing,
    one_of,
    page_of,
    span,
    target,
    whole,
)
from evalsys.exchange.shapes import (
    call_json,
    recording_json,
    transcription_json,
)
from evalsys.exchange.store import CallFilter, Store
from evalsys.exchange.switchboard import Switchboard
from evalsys.exchange.wire import (
    API_VERSION,
    Refusal,
    called_number,
    calling_number,
    not_found,
)

_DETECTIONS = ("", "Enable", "DetectMessageEnd")


class Routes(Protocol):
    """A part of the API."""

    def add_to(self, routes: Blueprint) -> None:
        """Add its routes."""


class Api:
    """The API of one account, as a Flask blueprint."""

    def __init__(
        self, switchboard: Switchboard, store: Store, *, account: str, token: str, public_url: str
    ) -> None:
        """Serve `account` to whoever knows `token`."""
        self._switchboard = switchboard
        self._store = store
        self._account = account
        self._token = token
        self._public_url = public_url

    def blueprint(self, *more: Routes) -> Blueprint:
        """Return the routes, with those of `more` behind the same door."""
        routes = Blueprint("api", __name__, url_prefix=f"/{API_VERSION}/Accounts/<account>")
        routes.before_request(self._authenticate)
        add = routes.add_url_rule
        add("/Calls.json", view_func=self.create_call, methods=["POST"])
        add("/Calls.json", view_func=self.list_calls)
        add("/Calls/<sid>.json", view_func=self.fetch_call)
        add("/Calls/<sid>.json", view_func=self.update_call, methods=["POST"])
        add("/Calls/<sid>.json", view_func=self.delete_call, methods=["DELETE"])
        add("/Calls/<call_sid>/Recordings.json", view_func=self.list_recordings)
        add("/Recordings.json", view_func=self.list_recordings, defaults={"call_sid": ""})
        for place in ("/Recordings/<sid>.json", "/Calls/<call_sid>/Recordings/<sid>.json"):
            add(place, view_func=self.fetch_recording)
            add(place, view_func=self.delete_recording, methods=["DELETE"])
        add("/Recordings/<sid>", view_func=self.fetch_media)
        add("/Recordings/<sid>.wav", view_func=self.fetch_media, endpoint="fetch_wav")
        add("/Recordings/<sid>/Transcriptions.json", view_func=self.list_transcriptions)
        add("/Transcriptions/<sid>.json", view_func=self.fetch_transcription)
        add("/Transcriptions/<sid>", view_func=self.fetch_transcription, endpoint="transcript")
        for each in more:
            each.add_to(routes)
        return routes

    def _authenticate(self) -> None:
        """Let in whoever shows the account and its token (Basic), and only there."""
        shown = request.authorization
        account = (request.view_args or {}).pop("account", "")
        name = shown.username if shown and shown.type == "basic" else None
        word = shown.password if shown and shown.type == "basic" else None
        is_known = _same(name or "", self._account) & _same(word or "", self._token)
        if not is_known:
            raise Refusal(20003, "Authenticate", 401)
        if account != self._account:
            raise not_found(request.path)

    # Calls

    def create_call(self) -> tuple[Response, HTTPStatus]:
        """Place a call; a Twiml beside a Url is ignored, as Twilio does."""
        form = request.form
        wanted = CallRequest(
            to=called_number(form.get("To", "")),
            caller=calling_number(form.get("From", "")),
            target=target(form, "Url", "Method", 21205) or document(form),
            fallback=target(form, "FallbackUrl", "FallbackMethod", 21205),
            status_callback=target(form, "StatusCallback", "StatusCallbackMethod", 21609),
            status_events=events(form, "StatusCallbackEvent", EVENTS, ("completed",)),
            ring_seconds=whole(form, "Timeout", DEFAULT_RING_SECONDS, LONGEST_RING_SECONDS),
            limit_seconds=whole(
                form, "TimeLimit", DEFAULT_TIME_LIMIT_SECONDS, 6 * DEFAULT_TIME_LIMIT_SECONDS
            ),
            detects_machines=bool(one_of(form, "MachineDetection", _DETECTIONS, "")),
        )
        call = self._switchboard.place(wanted)
        return jsonify(call_json(self._account, call)), HTTPStatus.CREATED

    def list_calls(self) -> Response:
        """List calls, the newest first, as the query filters them."""
        query = request.args
        wanted = CallFilter(
            to=query.get("To", ""),
            caller=query.get("From", ""),
            status=query.get("Status", ""),
            started=span(query, "StartTime"),
            ended=span(query, "EndTime"),
            parent=query.get("ParentCallSid", ""),
        )
        page, size = page_of(query)
        found = self._store.calls(wanted, page, size)
        items = [call_json(self._account, call) for call in found]
        return listing(self._account, "calls", items, page, size)

    def fetch_call(self, sid: str) -> Response:
        """Show one call."""
        return jsonify(call_json(self._account, self._call(sid)))

    def update_call(self, sid: str) -> Response:
        """End a call, or send it to another document."""
        self._call(sid)
        form = request.form
        callback = target(form, "StatusCallback", "StatusCallbackMethod", 21609)
        if callback is not None:
            self._switchboard.report_to(sid, callback)
        if "Status" in form:
            if form["Status"] not in {Status.COMPLETED, Status.CANCELED}:
                raise Refusal(20001, "Status can only be set to completed or canceled")
            self._switchboard.end(sid, Status(form["Status"]))
        elif "Url" in form or "Twiml" in form:
            self._switchboard.divert(sid, document(form))
        elif callback is None:
            raise Refusal(20001, "Nothing to update: give Status, Url or Twiml")
        return jsonify(call_json(self._account, self._call(sid)))

    def delete_call(self, sid: str) -> tuple[str, HTTPStatus]:
        """Delete the record of a call that is over."""
        if not self._call(sid).is_over:
            raise Refusal(20409, "A call in progress cannot be deleted", 409)
        self._store.delete_call(sid)
        return "", HTTPStatus.NO_CONTENT

    def _call(self, sid: str) -> Call:
        call = self._store.call(sid)
        if call is None:
            raise not_found(request.path)
        return call

    # Recordings

    def list_recordings(self, call_sid: str) -> Response:
        """List recordings, of one call or of all."""
        wanted = call_sid or request.args.get("CallSid", "")
        if call_sid:
            self._call(call_sid)
        page, size = page_of(request.args)
        created = span(request.args, "DateCreated")
        found = self._store.recordings(call_sid=wanted, created=created, page=page, size=size)
        items = [recording_json(self._account, self._public_url, each) for each in found]
        return listing(self._account, "recordings", items, page, size)

    def fetch_recording(self, sid: str, call_sid: str = "") -> Response:
        """Show one recording."""
        recording = self._recording(sid, call_sid)
        return jsonify(recording_json(self._account, self._public_url, recording))

    def delete_recording(self, sid: str, call_sid: str = "") -> tuple[str, HTTPStatus]:
        """Erase a recording and its words."""
        self._store.delete_recording(self._recording(sid, call_sid).sid)
        return "", HTTPStatus.NO_CONTENT

    def fetch_media(self, sid: str) -> Response:
        """Send the sound of a recording."""
        recording = self._recording(sid)
        return Response(recording.media, content_type=recording.media_type)

    def list_transcriptions(self, sid: str) -> Response:
        """List the words of a recording: none, or once."""
        recording = self._recording(sid)
        items = (
            [transcription_json(self._account, recording)] if recording.transcription_sid else []
        )
        return listing(self._account, "transcriptions", items, 0, 50)

    def fetch_transcription(self, sid: str) -> Response:
        """Show the words of a recording."""
        return jsonify(transcription_json(self._account, self._recording(sid)))

    def _recording(self, sid: str, call_sid: str = "") -> Recording:
        recording = self._store.recording(sid)
        if recording is None or call_sid not in {"", recording.call_sid}:
            raise not_found(request.path)
        return recording


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
