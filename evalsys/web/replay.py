"""A session after the fact: its record played again at any speed, its protocol, its data."""

import io

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.domain.access import Role
from evalsys.domain.live.codec import encode, kind_of
from evalsys.domain.live.events import Recorded
from evalsys.domain.live.names import EVENT_NAMES
from evalsys.domain.live.state import LiveState
from evalsys.errors import InvalidInput
from evalsys.exports.csv import write_csv
from evalsys.exports.pdf import MEDIA_TYPE
from evalsys.exports.protocol import protocol_pdf, steps_of_people
from evalsys.exports.rounds import rounds_table
from evalsys.ids import LiveId
from evalsys.web.guards import allow
from evalsys.web.live import screen_page
from evalsys.web.live_words import live_words
from evalsys.web.rooms import rooms
from evalsys.web.told import told

blueprint = Blueprint("replay", __name__, url_prefix="/replay")

readers = allow(Role.OPERATOR, Role.HOST, Role.RECORDER, Role.AUDITOR)


@blueprint.get("/<live>")
@readers
def page(live: str) -> str:
    """Play the record again, with play, pause, speed and a place in time."""
    urls = {
        "moments_url": url_for("replay.moments", live=live),
        "picture_url": url_for("replay.picture", live=live),
    }
    return screen_page("replay/replay.html", LiveId(live), "public", urls)


@blueprint.get("/<live>/moments.json")
@readers
def moments(live: str) -> dict[str, object]:
    """Return when what happened: the stops of the time line."""
    _begun(live)
    records = rooms().live.events(LiveId(live))
    return {"moments": [[one.seq, one.at.isoformat(), _name(one)] for one in records]}


@blueprint.get("/<live>/picture.json")
@readers
def picture(live: str) -> dict[str, object]:
    """Return the public picture after event `?seq=`."""
    seq = request.args.get("seq", type=int)
    if seq is None or not 0 < seq < 2**31:
        raise InvalidInput(_("参数应为正整数。"), remedy=_("请刷新页面。"), place="seq")
    _begun(live)
    return {**rooms().screens.at(LiveId(live), seq)}


@blueprint.get("/<live>/protocol")
@readers
def protocol(live: str) -> str:
    """Show the session's protocol for printing on A4, or into a PDF."""
    state = _begun(live)
    records = rooms().live.events(LiveId(live))
    steps = [(one, _name(one)) for one in steps_of_people(records)]
    return render_template(
        "replay/protocol.html",
        live=live,
        state=state,
        cards=rooms().follow_ups.cards(state),
        steps=steps,
        records=len(records),
        words=live_words(),
    )


@blueprint.get("/<live>/protocol.pdf")
@readers
def protocol_paper(live: str) -> Response:
    """Return the protocol as PDF."""
    state = _begun(live)
    records = rooms().live.events(LiveId(live))
    cards = rooms().follow_ups.cards(state)
    made = protocol_pdf(live, state, cards, records, rooms().zone)
    headers = {"Content-Disposition": f'inline; filename="protocol-{live}.pdf"'}
    return Response(made, mimetype=MEDIA_TYPE, headers=headers)


@blueprint.get("/<live>/record.json")
@readers
def as_json(live: str) -> dict[str, object]:
    """Return the whole record as data: every event with its body."""
    _begun(live)
    return {
        "live": live,
        "events": [
            {
                "seq": one.seq,
                "at": one.at.isoformat(),
                "actor": one.actor,
                "kind": kind_of(type(one.event)),
                "body": encode(one.event),
            }
            for one in rooms().live.events(LiveId(live))
        ],
    }


@blueprint.get("/<live>/rounds.csv")
@readers
def as_csv(live: str) -> Response:
    """Return the outcomes as a table: one line a round."""
    state = _begun(live)
    out = io.BytesIO()
    write_csv(rounds_table(state, rooms().follow_ups.cards(state)), out)
    headers = {"Content-Disposition": f'attachment; filename="rounds-{live}.csv"'}
    return Response(out.getvalue(), mimetype="text/csv", headers=headers)


def _begun(live: str) -> LiveState:
    return rooms().live.state(LiveId(live))


def _name(record: Recorded) -> str:
    return told(EVENT_NAMES[type(record.event)])
