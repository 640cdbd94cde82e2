"""What witnesses fetch: signed tree heads, proofs between them, the transcript under them."""

from dataclasses import asdict

from flask import Blueprint, Response, request

from evalsys.errors import InvalidInput
from evalsys.ids import LiveId
from evalsys.web.guards import public
from evalsys.web.rooms import rooms

blueprint = Blueprint("heads", __name__)


@blueprint.get("/live/<live>/heads.json")
@public
def heads(live: str) -> dict[str, object]:
    """Return every signed tree head of a session, oldest first, and the key that signs them."""
    return rooms().heads.published(LiveId(live)).to_json()


@blueprint.get("/live/<live>/proof.json")
@public
def proof(live: str) -> dict[str, object]:
    """Prove consistency (`?first=&second=`) or inclusion of a line (`?leaf=&size=`)."""
    if "leaf" in request.args:
        return asdict(rooms().heads.inclusion(LiveId(live), _number("leaf"), _number("size")))
    first, second = _number("first"), _number("second")
    steps = rooms().heads.consistency(LiveId(live), first, second)
    return {"first": first, "second": second, "proof": list(steps)}


@blueprint.get("/live/<live>/transcript.jsonl")
@public
def transcript(live: str) -> Response:
    """Return the transcript as it stands: the lines under the heads."""
    data = rooms().heads.transcript(LiveId(live))
    return Response(data, mimetype="application/x-ndjson")


def _number(name: str) -> int:
    raw = request.args.get(name, "")
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 9):
        raise InvalidInput(
            "参数应为非负整数。",
            remedy="用 ?first=&second= 求一致性证明，或用 ?leaf=&size= 求包含证明。",
            place=name,
        )
    return int(raw)
