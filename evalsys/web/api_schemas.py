"""What the JSON doors answer, in the words of JSON Schema 2020-12 as OpenAPI 3.1 has it.

A schema without `additionalProperties` may grow: a program ignores what it does not know. What our
own pages are told may; what strangers and other programs build on says all there is.
"""

from collections.abc import Mapping
from typing import Final

Schema = Mapping[str, object]

TEXT: Final[Schema] = {"type": "string"}
COUNT: Final[Schema] = {"type": "integer"}
NUMBER: Final[Schema] = {"type": "number"}
TRUTH: Final[Schema] = {"type": "boolean"}
ANYTHING: Final[Schema] = {"type": "object"}
WORDS: Final[Schema] = {}
"""What is no JSON has no schema."""
MOMENT: Final[Schema] = {"type": "string", "format": "date-time"}
HEX: Final[Schema] = {"type": "string", "pattern": "^[0-9a-f]*$"}


def said(schema: Schema, description: str) -> Schema:
    """Describe what a schema alone does not tell."""
    return {**schema, "description": description}


def perhaps(schema: Schema) -> Schema:
    """Allow null."""
    return {**schema, "type": [schema["type"], "null"]}


def many(item: Schema) -> Schema:
    """Describe a list."""
    return {"type": "array", "items": item}


def tuple_of(*items: Schema) -> Schema:
    """Describe a list of fixed length."""
    return {
        "type": "array",
        "prefixItems": list(items),
        "minItems": len(items),
        "maxItems": len(items),
    }


def exactly(**fields: Schema) -> Schema:
    """Describe an object with these fields, all of them, and no other."""
    return {**at_least(**fields), "additionalProperties": False}


def at_least(**fields: Schema) -> Schema:
    """Describe an object with these fields and perhaps more."""
    return {"type": "object", "required": list(fields), "properties": fields}


def named(name: str) -> Schema:
    """Refer to a schema of `SCHEMAS`."""
    return {"$ref": f"#/components/schemas/{name}"}


SCHEMAS: Final[Mapping[str, Schema]] = {
    "Error": exactly(
        code=said(TEXT, "Stable name of the kind of error; see docs/errors.md."),
        what=said(TEXT, "What is wrong, and why."),
        remedy=said(TEXT, "What to do next."),
        place=said(TEXT, "Which file, row or field; may be empty."),
    ),
    "Picture": said(
        at_least(
            seq=said(COUNT, "Grows with each new picture."),
            server_time=MOMENT,
            title=TEXT,
            phase=TEXT,
            manifest_sha256=HEX,
            round=perhaps(ANYTHING),
        ),
        "A session as one audience sees it: everything that its screens show.",
    ),
    "PadPicture": {
        "allOf": [
            {"$ref": "#/components/schemas/Picture"},
            at_least(own=perhaps(ANYTHING), proposals=many(named("Proposal")), csrf_token=TEXT),
        ]
    },
    "Proposal": exactly(cadre=TEXT, reason=TEXT, answer=TEXT, why=TEXT),
    "Steps": many(at_least(seq=COUNT, at=MOMENT, kind=TEXT, cadre=perhaps(TEXT))),
    "TreeHead": exactly(
        at=TEXT, format=TEXT, key_id=HEX, live=TEXT, root=HEX, size=COUNT, signature=HEX
    ),
    "Heads": {
        "oneOf": [
            exactly(live=TEXT, key=HEX, sealed=TRUTH, heads=many(named("TreeHead"))),
            exactly(
                live=TEXT,
                key=HEX,
                sealed=TRUTH,
                heads=many(named("TreeHead")),
                withheld_from=said(COUNT, "Number of the first line kept back until the seal."),
            ),
        ]
    },
    "Consistency": exactly(first=COUNT, second=COUNT, proof=many(HEX)),
    "Inclusion": exactly(leaf=COUNT, size=COUNT, line=TEXT, root=HEX, path=many(HEX)),
    "RosterLine": exactly(
        line=TEXT,
        leaf=HEX,
        index=COUNT,
        size=COUNT,
        path=many(HEX),
        root=HEX,
        roster_sha256=HEX,
        stratum_name=TEXT,
    ),
    "BoardLines": at_least(
        lines=many(
            at_least(
                name=TEXT,
                open=said(TEXT, "Address of the board one level down, or empty."),
                counts=said(
                    tuple_of(COUNT, COUNT, COUNT, COUNT),
                    "Solved, closed otherwise, open in time, overdue.",
                ),
            )
        )
    ),
    "Scales": at_least(
        scales=many(
            at_least(
                name=TEXT,
                persons=TEXT,
                households=COUNT,
                value=perhaps(NUMBER),
                shown=TEXT,
                open=TEXT,
            )
        )
    ),
    "IssueFigures": at_least(
        months=many(tuple_of(TEXT, COUNT)),
        towns=many(
            at_least(name=TEXT, value=COUNT, children=many(at_least(name=TEXT, value=COUNT)))
        ),
    ),
    "Checks": at_least(
        screens=many(at_least(kind=TEXT, name=TEXT)),
        checks=many(at_least(name=TEXT, waiver=perhaps(ANYTHING))),
        bars=said(TRUTH, "Whether what is not in order keeps the show from opening."),
    ),
    "House": at_least(
        line=at_least(ok=TRUTH, manual=TRUTH, conference=TRUTH),
        stage=at_least(trouble=TEXT, feeds=TRUTH, delay_s=NUMBER),
        tally=at_least(trouble=TEXT),
        beacon=perhaps(ANYTHING),
        attendants=many(at_least(name=TEXT, joined=TRUTH, fresh=TRUTH)),
        seats=at_least(total=COUNT, joined=COUNT, voters=COUNT, voted=COUNT),
        proposals=many(at_least(id=TEXT, who=TEXT, cadre=TEXT, name=TEXT, unit=TEXT, reason=TEXT)),
    ),
    "DoorList": at_least(
        key=HEX,
        csrf_token=TEXT,
        seats=many(at_least(number=COUNT, label=TEXT, issue=COUNT, name=TEXT)),
        scans=many(at_least(id=TEXT, device=TEXT, at=MOMENT, admission=TEXT)),
    ),
    "ScreenLinks": at_least(
        links=many(at_least(kind=TEXT, name=TEXT, by=TEXT, at=MOMENT, revoked_by=TEXT))
    ),
    "Moments": at_least(moments=many(tuple_of(COUNT, MOMENT, TEXT))),
    "Record": at_least(
        live=TEXT,
        events=many(at_least(seq=COUNT, at=MOMENT, actor=TEXT, kind=TEXT, body=ANYTHING)),
    ),
    "Service": exactly(
        service_code=TEXT,
        service_name=TEXT,
        description=TEXT,
        metadata=TRUTH,
        type={"enum": ["realtime"]},
        keywords=TEXT,
        group=TEXT,
    ),
    "ServiceDefinition": exactly(service_code=TEXT, attributes=many(ANYTHING)),
    "ServiceRequest": exactly(
        service_request_id=TEXT,
        status={"enum": ["open", "closed"]},
        status_notes=TEXT,
        service_name=TEXT,
        service_code=TEXT,
        agency_responsible=TEXT,
        requested_datetime=MOMENT,
        updated_datetime=MOMENT,
        expected_datetime=perhaps(MOMENT),
        description=TEXT,
        service_notice=TEXT,
        address=TEXT,
        address_id=TEXT,
        zipcode=TEXT,
        media_url=TEXT,
        lat=perhaps(NUMBER),
        long=perhaps(NUMBER),
    ),
    "Token": exactly(service_request_id=TEXT, token=TEXT),
    "Taken": exactly(service_request_id=TEXT, service_notice=TEXT, account_id=TEXT),
    "Open311Errors": many(exactly(code=COUNT, description=TEXT)),
    "Synced": exactly(
        results=many(
            {
                "oneOf": [
                    exactly(id=TEXT, code=TEXT, new=TRUTH),
                    exactly(id=TEXT, error=named("Error")),
                ]
            }
        )
    ),
}
