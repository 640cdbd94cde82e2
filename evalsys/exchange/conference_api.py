"""Twilio's REST API: conferences and who takes part in them."""

from http import HTTPStatus
from xml.etree.ElementTree import Element, SubElement, tostring

from flask import Blueprint, Response, jsonify, request
from werkzeug.datastructures import MultiDict

from evalsys.exchange.attributes import TwimlFault
from evalsys.exchange.calls import (
    DEFAULT_RING_SECONDS,
    DEFAULT_TIME_LIMIT_SECONDS,
    EVENTS,
    LONGEST_RING_SECONDS,
    CallRequest,
    Status,
    Target,
)
from evalsys.exchange.conference_store import ConferenceFilter
from evalsys.exchange.conferences import Conference
from evalsys.exchange.forms import events, listing, one_of, page_of, span, target, truth, whole
from evalsys.exchange.meeting_room import Member, Room
from evalsys.exchange.meetings import Meetings
from evalsys.exchange.shapes import conference_json, participant_json, recording_json
from evalsys.exchange.store import Store
from evalsys.exchange.switchboard import Switchboard
from evalsys.exchange.twiml import read_twiml
from evalsys.exchange.twiml_dial import (
    BEEPS,
    CONFERENCE_EVENTS,
    LARGEST_CONFERENCE,
    RECORDS_CONFERENCE,
)
from evalsys.exchange.verbs import Conference as Terms
from evalsys.exchange.wire import Refusal, called_number, calling_number, not_found

_PARTICIPANT_STATUS = {
    Status.QUEUED: "queued",
    Status.INITIATED: "connecting",
    Status.RINGING: "ringing",
    Status.IN_PROGRESS: "connected",
    Status.COMPLETED: "complete",
}
_CONFERENCE = "/Conferences/<sid>"
_PARTICIPANT = f"{_CONFERENCE}/Participants/<name>.json"


class ConferenceApi:
    """Conferences of one account."""

    def __init__(
        self,
        switchboard: Switchboard,
        meetings: Meetings,
        store: Store,
        *,
        account: str,
        public_url: str,
    ) -> None:
        """Show and steer the conferences of `meetings`."""
        self._switchboard = switchboard
        self._meetings = meetings
        self._store = store
        self._account = account
        self._public_url = public_url

    def add_to(self, routes: Blueprint) -> None:
        """Add the routes."""
        add = routes.add_url_rule
        add("/Conferences.json", view_func=self.list_conferences)
        add(f"{_CONFERENCE}.json", view_func=self.fetch_conference)
        add(f"{_CONFERENCE}.json", view_func=self.update_conference, methods=["POST"])
        add(f"{_CONFERENCE}/Participants.json", view_func=self.list_participants)
        add(f"{_CONFERENCE}/Participants.json", view_func=self.add_participant, methods=["POST"])
        add(_PARTICIPANT, view_func=self.fetch_participant)
        add(_PARTICIPANT, view_func=self.update_participant, methods=["POST"])
        add(_PARTICIPANT, view_func=self.delete_participant, methods=["DELETE"])
        add(f"{_CONFERENCE}/Recordings.json", view_func=self.list_conference_recordings)

    # Conferences

    def list_conferences(self) -> Response:
        """List conferences, the newest first, as the query filters them."""
        query = request.args
        wanted = ConferenceFilter(
            name=query.get("FriendlyName", ""),
            status=query.get("Status", ""),
            created=span(query, "DateCreated"),
            updated=span(query, "DateUpdated"),
        )
        page, size = page_of(query)
        found = self._store.conferences.conferences(wanted, page, size)
        items = [conference_json(self._account, each) for each in found]
        return listing(self._account, "conferences", items, page, size)

    def fetch_conference(self, sid: str) -> Response:
        """Show one conference."""
        return jsonify(conference_json(self._account, self._conference(sid)))

    def update_conference(self, sid: str) -> Response:
        """End a conference, or announce something to everybody in it."""
        self._conference(sid)
        room, form = self._meetings.room(sid), request.form
        announcement = target(form, "AnnounceUrl", "AnnounceMethod", 21205)
        if "Status" in form:
            if form["Status"] != "completed":
                raise Refusal(20001, "Status can only be set to completed")
            if room is not None:
                self._meetings.end(room)
        elif announcement is None:
            raise Refusal(20001, "Nothing to update: give Status or AnnounceUrl")
        elif room is None:
            raise Refusal(20001, "The conference is over")
        else:
            self._meetings.announce_to_all(room, announcement)
        return self.fetch_conference(sid)

    def list_conference_recordings(self, sid: str) -> Response:
        """List the recordings of a conference."""
        self._conference(sid)
        page, size = page_of(request.args)
        found = self._store.recordings(
            conference_sid=sid, created=span(request.args, "DateCreated"), page=page, size=size
        )
        items = [recording_json(self._account, self._public_url, each) for each in found]
        return listing(self._account, "recordings", items, page, size)

    def _conference(self, sid: str) -> Conference:
        found = self._store.conferences.conference(sid)
        if found is None:
            raise not_found(request.path)
        return found

    # Participants

    def list_participants(self, sid: str) -> Response:
        """List who is in a conference, or on the way; nobody once it is over."""
        self._conference(sid)
        room = self._meetings.room(sid)
        page, size = page_of(request.args)
        wanted = {
            "muted": truth(request.args, "Muted"),
            "hold": truth(request.args, "Hold"),
            "coaching": truth(request.args, "Coaching"),
        }
        shown = [self._shown(each) for each in room.members.values()] if room else []
        shown = [
            each
            for each in shown
            if all(value is None or each[name] is value for name, value in wanted.items())
        ]
        items = shown[page * size : (page + 1) * size + 1]
        return listing(self._account, "participants", items, page, size)

    def add_participant(self, sid: str) -> tuple[Response, HTTPStatus]:
        """Call somebody into a conference; a name in place of the sid opens one if need be."""
        form = request.form
        known = self._store.conferences.conference(sid)
        if known is not None and known.is_over:
            raise Refusal(20001, "The conference is over")
        terms = _terms(form, known.name if known else sid)
        call = self._switchboard.place(
            CallRequest(
                to=called_number(form.get("To", "")),
                caller=calling_number(form.get("CallerId") or form.get("From", "")),
                target=Target(twiml=_document(form, terms)),
                status_callback=target(form, "StatusCallback", "StatusCallbackMethod", 21609),
                status_events=events(form, "StatusCallbackEvent", EVENTS, ("completed",)),
                ring_seconds=whole(form, "Timeout", DEFAULT_RING_SECONDS, LONGEST_RING_SECONDS),
                limit_seconds=whole(
                    form, "TimeLimit", DEFAULT_TIME_LIMIT_SECONDS, 6 * DEFAULT_TIME_LIMIT_SECONDS
                ),
            )
        )
        member = self._meetings.expect(terms, call.sid)
        return jsonify(self._shown(member)), HTTPStatus.CREATED

    def fetch_participant(self, sid: str, name: str) -> Response:
        """Show one participant, by the sid of the call or by its label."""
        return jsonify(self._shown(self._member(sid, name)))

    def update_participant(self, sid: str, name: str) -> Response:
        """Mute, hold, coach, announce, or change what happens when the participant leaves."""
        member, form = self._member(sid, name), request.form
        hold_music = target(form, "HoldUrl", "HoldMethod", 21205, "GET")
        announcement = target(form, "AnnounceUrl", "AnnounceMethod", 21205)
        waiting = target(form, "WaitUrl", "WaitMethod", 21205)
        coach = self._coach(form, member.room)
        if (muted := truth(form, "Muted")) is not None:
            self._meetings.mute(member, is_on=muted)
        if (hold := truth(form, "Hold")) is not None:
            self._meetings.hold(member, hold_music, is_on=hold)
        self._meetings.modify(
            member,
            coach=coach,
            end_on_exit=truth(form, "EndConferenceOnExit"),
            beeps=truth(form, "BeepOnExit"),
        )
        if waiting is not None or "WaitUrl" in form:
            self._meetings.wait_with(member, waiting or Target())
        if announcement is not None:
            self._meetings.announce(member, announcement)
        return jsonify(self._shown(member))

    def delete_participant(self, sid: str, name: str) -> tuple[str, HTTPStatus]:
        """Send a participant out of the conference; one still on the way is called off."""
        member = self._member(sid, name)
        if member.line is None:
            self._switchboard.end(member.call_sid, Status.COMPLETED)
        self._meetings.kick(member)
        return "", HTTPStatus.NO_CONTENT

    def _member(self, sid: str, name: str) -> Member:
        room = self._meetings.room(sid)
        member = room.member(name) if room is not None else None
        if member is None:
            raise not_found(request.path)
        return member

    def _coach(self, form: "MultiDict[str, str]", room: Room) -> str | None:
        """Return whom the form lets a participant coach: "" nobody, None as it was."""
        coaching = truth(form, "Coaching")
        coached = form.get("CallSidToCoach", "")
        if coaching is None and not coached:
            return None
        if coaching is False:
            return ""
        if coached not in room.members:
            raise Refusal(20001, "CallSidToCoach must be a call in this conference")
        return coached

    def _shown(self, member: Member) -> dict[str, object]:
        status = self._switchboard.status_of(member.call_sid)
        word = _PARTICIPANT_STATUS.get(status, "failed")
        return participant_json(self._account, member, word)


def _terms(form: "MultiDict[str, str]", name: str) -> Terms:
    """Return the terms on which a call enters, by a form's parameters."""
    report = target(form, "ConferenceStatusCallback", "ConferenceStatusCallbackMethod", 21609)
    recorded = target(
        form, "ConferenceRecordingStatusCallback", "ConferenceRecordingStatusCallbackMethod", 21609
    )
    music = target(form, "WaitUrl", "WaitMethod", 21205)
    report, recorded, music = (each or Target() for each in (report, recorded, music))
    records = one_of(form, "ConferenceRecord", RECORDS_CONFERENCE, "false")
    return Terms(
        name=name,
        muted=truth(form, "Muted") or False,
        beep=one_of(form, "Beep", BEEPS, "true"),
        start_on_enter=truth(form, "StartConferenceOnEnter") is not False,
        end_on_exit=truth(form, "EndConferenceOnExit") or False,
        coach=form.get("CallSidToCoach", "") if truth(form, "Coaching") is not False else "",
        label=form.get("Label", ""),
        wait_url=music.url,
        wait_method=music.method,
        most=whole(form, "MaxParticipants", LARGEST_CONFERENCE, LARGEST_CONFERENCE),
        record=RECORDS_CONFERENCE[records],
        recording_callback=recorded.url,
        recording_method=recorded.method,
        status_callback=report.url,
        status_method=report.method,
        status_events=events(
            form, "ConferenceStatusCallbackEvent", CONFERENCE_EVENTS, ("start", "end")
        ),
    )


def _document(form: "MultiDict[str, str]", terms: Terms) -> str:
    """Return the document that a call into a conference carries out: the same, in TwiML."""
    response = Element("Response")
    dial = SubElement(response, "Dial", timeLimit=form.get("TimeLimit") or "14400")
    words = {
        "muted": str(terms.muted).lower(),
        "beep": terms.beep,
        "startConferenceOnEnter": str(terms.start_on_enter).lower(),
        "endConferenceOnExit": str(terms.end_on_exit).lower(),
        "coach": terms.coach,
        "participantLabel": terms.label,
        "waitUrl": terms.wait_url,
        "waitMethod": terms.wait_method,
        "maxParticipants": str(terms.most),
        "record": "record-from-start" if terms.record else "do-not-record",
        "recordingStatusCallback": terms.recording_callback,
        "recordingStatusCallbackMethod": terms.recording_method,
        "statusCallback": terms.status_callback,
        "statusCallbackMethod": terms.status_method,
        "statusCallbackEvent": " ".join(terms.status_events),
    }
    SubElement(dial, "Conference", words).text = terms.name
    document = tostring(response, encoding="unicode")
    try:
        read_twiml(document)
    except TwimlFault as fault:
        raise Refusal(20001, fault.message) from fault
    return document
