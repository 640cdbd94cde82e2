"""Open311 GeoReport v2 at /open311/v2/: intake and public status for other programs.

JSON and XML; errors in GeoReport's own shape. Never a name, a phone, a household or a cadre.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from flask import Blueprint, Response, current_app, request
from flask_babel import gettext as _

from evalsys.domain.casework.intake import Intake
from evalsys.domain.casework.words import Channel, RequestKind
from evalsys.errors import EvalsysError, InvalidInput, NotFound
from evalsys.services.casework_public import Asked, PublicService
from evalsys.store.casework_public import PublicRequest
from evalsys.web import casework_words as words
from evalsys.web.caller import caller
from evalsys.web.guards import by_program, public
from evalsys.web.rooms import rooms

blueprint = Blueprint("open311", __name__, url_prefix="/open311/v2")

KEYS = "OPEN311_KEYS"
"""Where the application keeps the keys of those who may hand in."""
_MEDIA = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
_LONGEST = 500
_CODES_AT_MOST = 100
_SAME = ("device_id", "service_code", "description", "address_string", "lat", "long")
_YEARS = range(2000, 2101)

Fields = Mapping[str, str | float | bool | None]


@blueprint.get("/services.<form>")
@public
def services(form: str) -> Response:
    """List what may be handed in."""
    _admit(form, posts=False)
    found = rooms().casework.public.services()
    return _answer(form, "services", "service", [_service(one) for one in found])


@blueprint.get("/services/<code>.<form>")
@public
def definition(code: str, form: str) -> Response:
    """Define one service: it asks for nothing beyond GeoReport's own fields."""
    _admit(form, posts=False)
    rooms().casework.public.service(code)
    if form == "json":
        told = json.dumps({"service_code": code, "attributes": []}, ensure_ascii=False)
        return Response(told, content_type=_MEDIA[form])
    root = ET.Element("service_definition")
    ET.SubElement(root, "service_code").text = code
    ET.SubElement(root, "attributes")
    return Response(_xml(root), content_type=_MEDIA[form])


@blueprint.get("/requests.<form>")
@public
def requests(form: str) -> Response:
    """List requests of up to 90 days, or those that are named."""
    _admit(form, posts=False)
    asked = Asked(
        _listed("service_request_id"),
        _listed("service_code"),
        frozenset(_listed("status")),
        _moment("start_date"),
        _moment("end_date"),
    )
    found = rooms().casework.public.requests(asked)
    return _answer(form, "service_requests", "request", [_request(one) for one in found])


@blueprint.get("/requests/<code>.<form>")
@public
def one_request(code: str, form: str) -> Response:
    """Tell how one request stands."""
    _admit(form, posts=False)
    found = rooms().casework.public.requests(Asked(codes=(code,)))
    if not found:
        raise NotFound(_("没有这件诉求。"), remedy=_("请核对编号。"), place="service_request_id")
    return _answer(form, "service_requests", "request", [_request(one) for one in found])


@blueprint.post("/requests.<form>")
@by_program
def hand_in(form: str) -> Response:
    """Take a request in from a program that holds a key; sent twice, it is kept once."""
    _admit(form, posts=True)
    given = request.form
    unknown = next((name for name in given if name.startswith("attribute[")), "")
    if unknown:
        raise InvalidInput(
            _("没有这一项：各种服务都没有自己的附加项。"),
            remedy=_("请写进 description。"),
            place=unknown[:_LONGEST],
        )
    taken = rooms().casework.public.hand_in(
        Intake(
            kind=RequestKind.PROBLEM,
            channel=Channel.OPEN311,
            text=given.get("description", ""),
            class_code=given.get("service_code", ""),
            place=given.get("address_string", "")[:_LONGEST],
            lat=_number("lat"),
            lon=_number("long"),
            client_id=_client_id(given),
        ),
        given.get("api_key", ""),
        current_app.config[KEYS],
    )
    fields: Fields = {
        "service_request_id": taken.code,
        "service_notice": _("已受理，次日核实。"),
        "account_id": "",
    }
    answer = _answer(form, "service_requests", "request", [fields])
    answer.status_code = 201
    return answer


@blueprint.get("/tokens/<token>.<form>")
@public
def token(token: str, form: str) -> Response:
    """Tell the number of a request by its token: here both are the same, at once."""
    _admit(form, posts=False)
    if not rooms().casework.public.requests(Asked(codes=(token,))):
        raise NotFound(_("没有这件诉求。"), remedy=_("请核对编号。"), place="token")
    fields: Fields = {"service_request_id": token, "token": token}
    return _answer(form, "service_requests", "request", [fields])


@blueprint.errorhandler(EvalsysError)
def refuse(error: EvalsysError) -> Response:
    """Tell what is wrong as GeoReport does: a list of code and description."""
    form = "xml" if request.path.endswith(".xml") else "json"
    said = f"{error.place}: {error.what}{error.remedy}" if error.place else str(error)
    answer = _answer(form, "errors", "error", [{"code": error.status, "description": said}])
    answer.status_code = error.status
    return answer


def _admit(form: str, *, posts: bool) -> None:
    if form not in _MEDIA:
        raise NotFound(_("只有 json 和 xml 两种格式。"), remedy=_("请改扩展名。"), place="format")
    public_room = rooms().casework.public
    public_room.admit(caller(), posts=posts)
    host = urlsplit(current_app.config["PUBLIC_URL"]).hostname or ""
    public_room.must_serve(request.values.get("jurisdiction_id", ""), host)


def _client_id(given: Mapping[str, str]) -> str:
    """Name what a device sends, so that the same sent again is kept once; "" without a device.

    The same is the same words of the same place on the same day: a lamp elsewhere, or one that is
    out again, is another request.
    """
    if not given.get("device_id", ""):
        return ""
    sent = [given.get(name, "") for name in _SAME]
    sent.append(rooms().casework.public.today().isoformat())
    return f"o311-{sha256(json.dumps(sent).encode()).hexdigest()[:32]}"


def _service(one: PublicService) -> Fields:
    return {
        "service_code": one.code,
        "service_name": one.name,
        "description": one.name,
        "metadata": False,
        "type": "realtime",
        "keywords": "",
        "group": one.group,
    }


def _request(one: PublicRequest) -> Fields:
    """Tell of a request every field that GeoReport names; what is personal, or not kept, empty."""
    step = words.step_words()[one.step]
    reason = words.reason_words().get(one.close_reason, "")
    return {
        "service_request_id": one.code,
        "status": "open" if one.is_open else "closed",
        "status_notes": reason or step,
        "service_name": one.class_title,
        "service_code": one.class_code,
        "agency_responsible": one.grid_name,
        "requested_datetime": _iso(one.requested_at),
        "updated_datetime": _iso(one.updated_at),
        "expected_datetime": _iso(one.due_at) if one.due_at is not None else None,
        "description": "",
        "service_notice": "",
        "address": one.place or one.grid_name,
        "address_id": "",
        "zipcode": "",
        "media_url": "",
        "lat": one.lat,
        "long": one.lon,
    }


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _listed(name: str) -> tuple[str, ...]:
    """Read what GeoReport separates by commas or gives more than once."""
    words_given = (one.strip() for text in request.args.getlist(name) for one in text.split(","))
    named = tuple(one for one in words_given if one)
    if len(named) > _CODES_AT_MOST:
        raise InvalidInput(
            _("一次最多查询 %(n)d 个编号。", n=_CODES_AT_MOST),
            remedy=_("请分几次查询。"),
            place=name,
        )
    return named


def _moment(name: str) -> datetime | None:
    text = request.args.get(name, "")
    if not text:
        return None
    try:
        # Many a program leaves the plus of a zone as it is, and a plus in an address is a space.
        at = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or at.year not in _YEARS:
        raise InvalidInput(
            _("时间应为带时区的 W3C 格式。"), remedy=_("例如 2026-11-01T00:00:00Z。"), place=name
        )
    return at


def _number(name: str) -> float | None:
    text = request.form.get(name, "")
    if not text:
        return None
    try:
        return float(text)
    except ValueError as error:
        raise InvalidInput(_("经纬度不是数字。"), remedy=_("请改正。"), place=name) from error


def _answer(form: str, root: str, item: str, rows: Sequence[Fields]) -> Response:
    if form == "json":
        told = json.dumps([dict(row) for row in rows], ensure_ascii=False)
        return Response(told, content_type=_MEDIA[form])
    top = ET.Element(root)
    for row in rows:
        element = ET.SubElement(top, item)
        for name, value in row.items():
            spelt = str(value).lower() if isinstance(value, bool) else value
            ET.SubElement(element, name).text = "" if spelt is None else str(spelt)
    return Response(_xml(top), content_type=_MEDIA[form])


def _xml(root: ET.Element) -> bytes:
    told: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return told
