"""What witnesses fetch: signed tree heads, proofs between them, the transcript under them.

Whoever is in the hall is told at once, everybody else as late as the web (decision 21).
"""

from dataclasses import asdict

from flask import Blueprint, Response, request

from evalsys.domain.live.transcript import transcript_of
from evalsys.errors import InvalidInput, Tampered
from evalsys.ids import LiveId
from evalsys.services.aired import Shown
from evalsys.services.heads import ShownLines
from evalsys.web.guards import is_in_the_hall, public
from evalsys.web.rooms import rooms

blueprint = Blueprint("heads", __name__)


@blueprint.get("/live/<live>/heads.json")
@public
def heads(live: str) -> dict[str, object]:
    """Return every signed tree head of a session, oldest first, and the key that signs them."""
    published, shown = rooms().heads.published(LiveId(live)), _shown(LiveId(live))
    if shown is not None:
        is_late = rooms().screens.is_late(LiveId(live))
        published = published.up_to(_lines(shown), is_late=is_late)
    return published.to_json()


@blueprint.get("/live/<live>/proof.json")
@public
def proof(live: str) -> dict[str, object]:
    """Prove consistency (`?first=&second=`) or inclusion of a line (`?leaf=&size=`)."""
    shown = _shown(LiveId(live))
    lines = None if shown is None else _lines(shown)
    if "leaf" in request.args:
        leaf, size = _number("leaf"), _number("size")
        return asdict(rooms().heads.inclusion(LiveId(live), leaf, size, shown=lines))
    first, second = _number("first"), _number("second")
    steps = rooms().heads.consistency(LiveId(live), first, second, shown=lines)
    return {"first": first, "second": second, "proof": list(steps)}


@blueprint.get("/live/<live>/transcript.jsonl")
@public
def transcript(live: str) -> Response:
    """Return the transcript as it stands: the lines under the heads."""
    shown = _shown(LiveId(live))
    every = rooms().heads.transcript
    data = every(LiveId(live)) if shown is None else transcript_of(shown.provable)
    return Response(data, mimetype="application/x-ndjson")


def _lines(shown: Shown) -> ShownLines:
    return rooms().heads.lines(shown.provable, shown.covered)


def _shown(live: LiveId) -> Shown | None:
    """Say how far whoever asks may know the record; None for all of it.

    Of a record that was altered witnesses are told whatever there is: that is what they are for.
    """
    try:
        return None if is_in_the_hall(live) else rooms().aired.limit(live)
    except Tampered:
        return None


def _number(name: str) -> int:
    raw = request.args.get(name, "")
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 9):
        raise InvalidInput(
            "参数应为非负整数。",
            remedy="用 ?first=&second= 求一致性证明，或用 ?leaf=&size= 求包含证明。",
            place=name,
        )
    return int(raw)
