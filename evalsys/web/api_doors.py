"""Every door that speaks JSON: what it takes and what it answers. A test refuses a missing one."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from evalsys.web.api_schemas import (
    ANYTHING,
    COUNT,
    HEX,
    NUMBER,
    TEXT,
    TRUTH,
    WORDS,
    Schema,
    at_least,
    exactly,
    many,
    named,
    perhaps,
    said,
)

JSON: Final = "application/json"
LINES: Final = "application/x-ndjson"
XML: Final = "text/xml"
FORM: Final = "application/x-www-form-urlencoded"

_IN_PATH: Final[Mapping[str, Schema]] = {
    "live": said(TEXT, "Identity of a session."),
    "grid": said(TEXT, "Code of a grid."),
    "issue": said(COUNT, "Number of a common issue."),
    "code": said(TEXT, "Code of a service or a request."),
    "token": said(TEXT, "What a POST gave back."),
    "name": said(TEXT, "Name of a file."),
    "form": said({"enum": ["json", "xml"]}, "Which of the two."),
}
_WORD = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class ApiDoor:
    """One method of one address."""

    method: str
    path: str
    tag: str
    says: str
    answers: Mapping[str, Schema]
    """By media type."""
    takes: Mapping[str, Schema] | None = None
    asks: Sequence[tuple[str, Schema]] = ()
    """Names in the query with their schemas."""
    status: int = 200

    def operation(self) -> dict[str, object]:
        """Write it as OpenAPI does, without who may pass: the route says that."""
        errors = {JSON: named("Error")}
        if self.tag == "open311":
            errors = {JSON: named("Open311Errors"), XML: WORDS}
        told: dict[str, object] = {
            "summary": self.says,
            "tags": [self.tag],
            "parameters": [
                *(_parameter("path", name, _IN_PATH[name]) for name in _WORD.findall(self.path)),
                *(_parameter("query", name, schema) for name, schema in self.asks),
            ],
            "responses": {
                str(self.status): {"description": "The answer.", "content": _told(self.answers)},
                "default": {
                    "description": "Why not, and what to do next.",
                    "content": _told(errors),
                },
            },
        }
        if self.takes is not None:
            told["requestBody"] = {"required": True, "content": _told(self.takes)}
        return told


def _parameter(place: str, name: str, schema: Schema) -> dict[str, object]:
    plain = {key: value for key, value in schema.items() if key != "description"}
    return {
        "name": name,
        "in": place,
        "required": place == "path",
        "description": schema["description"],
        "schema": plain,
    }


def _told(contents: Mapping[str, Schema]) -> dict[str, object]:
    return {media: {"schema": schema} for media, schema in contents.items()}


def _get(
    path: str, tag: str, says: str, answer: Schema | None, *asks: tuple[str, Schema]
) -> ApiDoor:
    answers = {LINES: WORDS} if answer is None else {JSON: answer}
    return ApiDoor("get", path, tag, says, answers, None, asks)


def _post(path: str, tag: str, says: str, answer: Schema, takes: Schema) -> ApiDoor:
    return ApiDoor("post", path, tag, says, {JSON: answer}, {JSON: takes})


def _open311(path: str, says: str, answer: Schema, *asks: tuple[str, Schema]) -> ApiDoor:
    whole = f"/open311/v2/{path}.{{form}}"
    return ApiDoor("get", whole, "open311", says, {JSON: answer, XML: WORDS}, None, asks)


_PICTURE, _PAD, _LINKS = named("Picture"), named("PadPicture"), named("ScreenLinks")
_SCREEN = at_least(kind=TEXT, name=TEXT)
_AFTER = "the picture after it."

DOORS: Final[Sequence[ApiDoor]] = (
    # What everybody may see, and verify.
    _get(
        "/live/{live}/view.json",
        "public",
        "The public picture; late to whoever is outside the hall.",
        _PICTURE,
        ("outside", said(TEXT, "Asks from within the hall as one outside.")),
        ("hall", said(TEXT, "Key of a device of the hall.")),
    ),
    _get(
        "/live/{live}/characters.json",
        "public",
        "What names are written in, for a screen to prove that it can draw them.",
        exactly(characters=TEXT),
    ),
    ApiDoor(
        "get",
        "/watch/{live}/{name}",
        "public",
        "A file of the watch page (docs/formats/watch.md); nginx serves them as files.",
        {
            JSON: {
                "oneOf": [
                    _PICTURE,
                    named("Steps"),
                    named("Heads"),
                    at_least(roster_sha256=HEX),
                ]
            },
            LINES: WORDS,
            "text/html": WORDS,
            "text/plain": WORDS,
            "application/octet-stream": WORDS,
        },
    ),
    _get(
        "/live/{live}/heads.json",
        "verify",
        "Every signed tree head, the oldest first, and the key that signs them.",
        named("Heads"),
    ),
    _get(
        "/live/{live}/proof.json",
        "verify",
        "Consistency of two heads (first, second), or inclusion of a line (leaf, size).",
        {"oneOf": [named("Consistency"), named("Inclusion")]},
        ("first", said(COUNT, "Size of the older tree.")),
        ("second", said(COUNT, "Size of the newer tree.")),
        ("leaf", said(COUNT, "Number of a line, from 0.")),
        ("size", said(COUNT, "Size of the tree.")),
    ),
    _get("/live/{live}/transcript.jsonl", "verify", "The transcript under the heads.", None),
    ApiDoor(
        "get",
        "/live/{live}/bundle/{name}",
        "verify",
        "One file of the verification bundle (docs/formats/bundle.md).",
        {JSON: ANYTHING, LINES: WORDS, "text/plain": WORDS},
    ),
    _get("/draw/{live}/roster.jsonl", "verify", "The frozen roster, one cadre a line.", None),
    _get(
        "/draw/{live}/line.json",
        "verify",
        "One cadre's line of the frozen roster with its proof of inclusion.",
        named("RosterLine"),
        ("cadre", said(TEXT, "Number of the cadre.")),
    ),
    # GeoReport v2.
    _open311("services", "What may be handed in.", many(named("Service"))),
    _open311("services/{code}", "One service.", named("ServiceDefinition")),
    _open311(
        "requests",
        "Requests of up to 90 days, or those that are named.",
        many(named("ServiceRequest")),
        ("service_request_id", said(TEXT, "Codes with commas between them, at most 100.")),
        ("service_code", said(TEXT, "Of one service.")),
        ("status", said(TEXT, "open or closed.")),
        ("start_date", said(TEXT, "W3C time with a zone.")),
        ("end_date", said(TEXT, "W3C time with a zone.")),
    ),
    _open311("requests/{code}", "How one request stands.", many(named("ServiceRequest"))),
    _open311("tokens/{token}", "The code of a request by its token.", many(named("Token"))),
    ApiDoor(
        "post",
        "/open311/v2/requests.{form}",
        "open311",
        "Takes a request in; persons' names, phones and addresses are dropped.",
        {JSON: many(named("Taken")), XML: WORDS},
        {
            FORM: {
                **at_least(api_key=TEXT, service_code=TEXT),
                "additionalProperties": TEXT,
            }
        },
        status=201,
    ),
    # Requests, issues, responsibility.
    _get(
        "/casework/board/{grid}/lines.json",
        "office",
        "The lines of a board, for its picture.",
        named("BoardLines"),
        ("by", said(TEXT, "grid, unit or cadre.")),
        ("period", said(TEXT, "day, month, quarter, year or all.")),
        ("on", said(TEXT, "A day of the period, as 2026-12-31.")),
    ),
    _get(
        "/casework/issues/{issue}/figures.json",
        "office",
        "A common issue by month and place.",
        named("IssueFigures"),
    ),
    _get(
        "/roster/map/{grid}/scales.json",
        "office",
        "The cells below a grid: area is households, colour the measure.",
        named("Scales"),
        ("measure", said(TEXT, "Which measure.")),
    ),
    _post(
        "/casework/handheld/sync",
        "office",
        "Takes what a handheld kept; harmless to repeat, each record answered for itself.",
        named("Synced"),
        at_least(requests=many(at_least(id=said(TEXT, "32 hex digits of the device."), text=TEXT))),
    ),
    # The show.
    _post("/console/plan", "show", "Begins a session.", exactly(live=TEXT), at_least(title=TEXT)),
    _get("/console/{live}/view.json", "show", "The console's picture.", _PICTURE),
    _get(
        "/console/{live}/house.json",
        "show",
        "How lines, panel, tally and ceremony are: what is not in the record.",
        named("House"),
    ),
    _post("/console/{live}/do", "show", f"Carries out a command; {_AFTER}", _PICTURE, ANYTHING),
    _post("/console/{live}/stage", "show", f"Steers the stage; {_AFTER}", _PICTURE, ANYTHING),
    _get(
        "/desk/{live}/ready.json",
        "show",
        "What must be in order before the show, and what to do.",
        named("Checks"),
    ),
    _get(
        "/desk/{live}/foreseen.json",
        "show",
        "The picture that GO would make.",
        _PICTURE,
        ("step", said(TEXT, "Name of the step.")),
        ("verdict", said(TEXT, "The finding that would be entered, where the step needs one.")),
    ),
    _post("/desk/{live}/act", "show", f"An act of show control; {_AFTER}", _PICTURE, ANYTHING),
    _post("/desk/{live}/go", "show", f"GO: what is on standby; {_AFTER}", _PICTURE, ANYTHING),
    _get(
        "/door/{live}/list.json",
        "show",
        "What a door needs to go on alone: key, seats, who came so far.",
        named("DoorList"),
    ),
    _post(
        "/door/{live}/scans",
        "show",
        "Keeps what a door scanned; harmless to repeat.",
        named("DoorList"),
        at_least(device=TEXT, scans=many(ANYTHING)),
    ),
    _get(
        "/paper/{live}/state.json",
        "show",
        "A word that changes when the page of paper slips would show something else.",
        exactly(**{"is": TEXT}),
    ),
    _post(
        "/seats/{live}",
        "show",
        "Brings each category up to a number of seats; the cards.",
        exactly(seats=many(ANYTHING)),
        ANYTHING,
    ),
    _post(
        "/wall/{live}/link",
        "show",
        "The signed link of one screen, as address and QR code.",
        exactly(address=TEXT, qr=TEXT),
        _SCREEN,
    ),
    _get("/wall/{live}/links.json", "show", "The links that were given out.", _LINKS),
    _post("/wall/{live}/revoke", "show", "Takes a link back; the links.", _LINKS, _SCREEN),
    _post(
        "/wall/{live}/dark",
        "show",
        f"Blacks an output out, or lights it; {_AFTER}",
        _PICTURE,
        at_least(output=TEXT),
    ),
    _get("/replay/{live}/moments.json", "show", "When what happened.", named("Moments")),
    _get(
        "/replay/{live}/picture.json",
        "show",
        "The public picture after an event.",
        _PICTURE,
        ("seq", said(COUNT, "Number of the event, from 1.")),
    ),
    _get("/replay/{live}/record.json", "show", "Every event with its body.", named("Record")),
    # Devices in the hall.
    _get("/pad/{live}/view.json", "device", "A seat's picture with its own vote.", _PAD),
    _post(
        "/pad/{live}/vote",
        "device",
        "Keeps the seat's choice; the answer is the acknowledgement that it counts.",
        exactly(choice=TEXT, revision=COUNT),
        at_least(j=COUNT, choice=TEXT, revision=COUNT, opening=COUNT),
    ),
    _post("/pad/{live}/declare", "device", "What the chair says.", _PAD, at_least(choice=TEXT)),
    _post(
        "/pad/{live}/propose",
        "device",
        "Proposes to name a cadre.",
        named("Proposal"),
        at_least(cadre=TEXT, reason=TEXT),
    ),
    _get(
        "/ceremony/{live}/lines.json",
        "device",
        "The transcript's lines from a number on, as they stand.",
        exactly(lines=many(TEXT)),
        ("after", said(COUNT, "How many the device has.")),
    ),
    _post(
        "/ceremony/{live}/clock",
        "device",
        "Hears that a device is there, and what its clock says.",
        exactly(ahead_s=perhaps(NUMBER)),
        ANYTHING,
    ),
    _post(
        "/ceremony/{live}/enrol",
        "device",
        "The public key that a witness's device made.",
        exactly(witnesses=many(TEXT)),
        at_least(key=HEX, proof=HEX),
    ),
    _post(
        "/ceremony/{live}/sign",
        "device",
        "A witness's signature over the last line.",
        exactly(missing={}),
        at_least(line=COUNT, signature=HEX),
    ),
    _post(
        "/ceremony/{live}/dice",
        "device",
        "What a clerk typed.",
        exactly(agreed=TRUTH),
        at_least(digits=TEXT),
    ),
)
