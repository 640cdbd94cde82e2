"""Household requests on disk: rows, events, notes, and the standings that are made from them.

The claim that sessions check (`service_requests`) is written in the same transaction.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter, itemgetter

from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from evalsys.domain.canonical import canonical
from evalsys.domain.casework.clocks import Clockwork
from evalsys.domain.casework.events import Recorded, decode, encode, kind_of
from evalsys.domain.casework.standing import Standing, standing
from evalsys.domain.casework.state import Filed, RequestFile, apply, replay
from evalsys.domain.casework.words import Channel, Party, PartyKind, RequestKind
from evalsys.errors import NotFound, StaleState, Tampered
from evalsys.store.schema.casework import (
    CaseworkEvent,
    CaseworkNote,
    CaseworkRequest,
    CaseworkStanding,
)
from evalsys.store.schema.roster import ServiceRequest

_LOGGED = ("seq", "kind", "at", "actor", "body")
STANDING_COLUMNS = tuple(each.name for each in fields(Standing))
standing_values = attrgetter(*STANDING_COLUMNS)
"""Gives the values of a standing in the order of `STANDING_COLUMNS`; `astuple` copies deeply."""
_EVENTS, _NOTES = CaseworkEvent.__table__, CaseworkNote.__table__
_STANDINGS = CaseworkStanding.__table__
_COLUMNS = [_STANDINGS.c[name] for name in STANDING_COLUMNS]
ClassUnits = Callable[[int, str], str | None]
"""Finds the unit that a class of a version of the taxonomy is assigned to."""


def add(db: Session, filed: Filed) -> None:
    """Keep the row of a new request; its first event follows.

    Raises:
        StaleState: what the device calls it was kept at the same moment.
    """
    try:
        db.execute(insert(CaseworkRequest).values(**_columns(filed)))
    except IntegrityError as error:
        raise StaleState("同一件刚刚已经受理。", remedy="请刷新页面，看看它的编号。") from error


def lock(db: Session, code: str) -> None:
    """Wait until this transaction is the only one that works on the request.

    On SQLite the writer's lock already says so.
    """
    if db.get_bind().dialect.name == "postgresql":
        key = {"code": f"casework/{code}"}
        db.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:code, 0))"), key)


def filed(db: Session, code: str) -> Filed:
    """Read the row of a request.

    Raises:
        NotFound: there is none of this code.
    """
    row = db.get(CaseworkRequest, code)
    if row is None:
        raise NotFound(f"没有编号为 {code} 的诉求。", remedy="请核对诉求编号。")
    return _filed(row)


def by_client_id(db: Session, client_id: str) -> str | None:
    """Return the code of what a device sent under this identity, if it came before."""
    return db.scalar(select(CaseworkRequest.code).where(CaseworkRequest.client_id == client_id))


def exists(db: Session, code: str) -> bool:
    """Say whether there is a request of this code, in the loop or in a ledger."""
    held = select(CaseworkRequest.code).where(CaseworkRequest.code == code)
    claimed = select(ServiceRequest.code).where(ServiceRequest.code == code)
    return db.scalar(held) is not None or db.scalar(claimed) is not None


def load(db: Session, code: str, to_day: Callable[[datetime], date]) -> RequestFile:
    """Read a request and add up its events.

    Raises:
        NotFound: there is none of this code.
        Tampered: an event cannot be read.
    """
    return replay(filed(db, code), to_day, history(db, code))


def history(db: Session, code: str) -> Iterator[Recorded]:
    """Read the events of a request in order, each with its text."""
    rows = db.execute(
        select(
            _EVENTS.c.seq,
            _EVENTS.c.kind,
            _EVENTS.c.at,
            _EVENTS.c.actor,
            _EVENTS.c.body,
            _NOTES.c.text,
        )
        .outerjoin(
            _NOTES, (_NOTES.c.request == _EVENTS.c.request) & (_NOTES.c.seq == _EVENTS.c.seq)
        )
        .where(_EVENTS.c.request == code)
        .order_by(_EVENTS.c.seq)
    )
    for seq, kind, at, actor, body, note in rows:
        yield Recorded(seq, at, actor, decode(kind, json.loads(body)), note or "")


def load_all(db: Session, to_day: Callable[[datetime], date]) -> Iterator[RequestFile]:
    """Read every request and add up its events; the texts of the events are left out."""
    rows = db.execute(
        select(_EVENTS.c.request, *(_EVENTS.c[name] for name in _LOGGED))
        .order_by(_EVENTS.c.request, _EVENTS.c.seq)
        .execution_options(yield_per=5000)
    )
    by_request = groupby(rows, key=itemgetter(0))
    for row in db.scalars(select(CaseworkRequest).order_by(CaseworkRequest.code)).all():
        code, events = next(by_request)
        if code != row.code:
            raise Tampered(f"诉求 {row.code} 没有任何事件。", remedy="请停止使用并通知审计人员。")
        records = (
            Recorded(seq, at, actor, decode(kind, json.loads(body)))
            for _, seq, kind, at, actor, body in events
        )
        yield replay(_filed(row), to_day, records)


def as_known(
    db: Session,
    to_day: Callable[[datetime], date],
    known_before: datetime,
    since: datetime,
    until: datetime,
) -> Iterator[RequestFile]:
    """Read as they were known before a moment the requests to which something happened since.

    Of those taken in from `since` on and before `until`; one that nobody had entered by then is
    left out. The standings of all others are what was known at that moment too.
    """
    moved = select(_EVENTS.c.request).where(_EVENTS.c.at >= known_before).distinct()
    rows = db.scalars(
        select(CaseworkRequest)
        .where(
            CaseworkRequest.code.in_(moved),
            CaseworkRequest.received_at >= since,
            CaseworkRequest.received_at < until,
        )
        .order_by(CaseworkRequest.code)
    )
    filed = {row.code: _filed(row) for row in rows}
    events = db.execute(
        select(_EVENTS.c.request, *(_EVENTS.c[name] for name in _LOGGED))
        .where(_EVENTS.c.request.in_(moved), _EVENTS.c.at < known_before)
        .order_by(_EVENTS.c.request, _EVENTS.c.seq)
        .execution_options(yield_per=5000)
    )
    for code, known in groupby(events, key=itemgetter(0)):
        if code in filed:
            records = (
                Recorded(seq, at, actor, decode(kind, json.loads(body)))
                for _, seq, kind, at, actor, body in known
            )
            yield replay(filed[code], to_day, records)


def clear_standings(db: Session) -> None:
    """Empty the standings, to be made anew."""
    db.execute(delete(CaseworkStanding))


def append(
    db: Session,
    file: RequestFile,
    records: Sequence[Recorded],
    clocks: Clockwork,
    units: ClassUnits,
) -> Standing:
    """Append events behind the last one of `file`, and bring the standing and the claim up.

    Raises:
        StaleState: somebody else acted first; nothing of ours was kept.
    """
    try:
        db.execute(
            insert(CaseworkEvent),
            [
                {
                    "request": file.filed.code,
                    "seq": each.seq,
                    "kind": kind_of(each.event),
                    "at": each.at,
                    "actor": each.actor,
                    "body": canonical(encode(each.event)).decode(),
                }
                for each in records
            ],
        )
    except IntegrityError as error:
        raise StaleState(
            "别人刚刚先办理了一步。", remedy="请刷新页面，看清现状后再操作。"
        ) from error
    notes = [
        {"request": file.filed.code, "seq": each.seq, "text": each.note}
        for each in records
        if each.note
    ]
    if notes:
        db.execute(insert(CaseworkNote), notes)
    for each in records:
        apply(file, each)
    return keep_standing(db, file, clocks, units)


def keep_standing(db: Session, file: RequestFile, clocks: Clockwork, units: ClassUnits) -> Standing:
    """Write where a request stands, and what the cadre side claims of it."""
    made = standing(file, clocks, units(file.taxonomy, file.class_code))
    db.execute(delete(CaseworkStanding).where(CaseworkStanding.request == made.request))
    db.execute(
        insert(CaseworkStanding).values(
            **dict(zip(STANDING_COLUMNS, standing_values(made), strict=True))
        )
    )
    keep_claim(db, file)
    return made


def keep_claim(db: Session, file: RequestFile) -> None:
    """Write the claim that sessions, interviews and campaigns check.

    What no cadre answers for, or no household asked, is nobody's claim. While nothing happened
    to an imported request here, its claim stays as the ledger has it.
    """
    filed = file.filed
    if filed.household is None or filed.cadre is None or not file.is_native:
        return
    solved_on = None if file.close is None else file.to_day(file.close.at)
    values = {"state": file.claim.value, "solved_on": solved_on}
    found = db.execute(
        update(ServiceRequest).where(ServiceRequest.code == filed.code).values(**values),
        execution_options={"preserve_rowcount": True, "synchronize_session": False},
    )
    if found.rowcount == 0:  # type: ignore[attr-defined]  # an UPDATE has a row count
        db.execute(
            insert(ServiceRequest).values(
                code=filed.code,
                household=filed.household,
                cadre=filed.cadre,
                raised_on=file.to_day(filed.raised_at),
                text=filed.text,
                answer="",
                **values,
            )
        )


def keep_answer(db: Session, code: str, answer: str) -> None:
    """Put the last reply into the claim."""
    db.execute(update(ServiceRequest).where(ServiceRequest.code == code).values(answer=answer))


def read_standing(db: Session, code: str) -> Standing | None:
    """Read where a request stands."""
    query = select(*_COLUMNS).where(_STANDINGS.c.request == code)
    row = db.execute(query).one_or_none()
    return None if row is None else Standing(*row)


def standings(db: Session, codes: Iterable[str]) -> dict[str, Standing]:
    """Read where several requests stand, by code."""
    wanted = list(codes)
    query = select(*_COLUMNS).where(_STANDINGS.c.request.in_(wanted))
    return {row[0]: Standing(*row) for row in db.execute(query)}


def _columns(filed: Filed) -> dict[str, object]:
    return {
        "code": filed.code,
        "household": filed.household,
        "cadre": filed.cadre,
        "grid": filed.grid,
        "kind": filed.kind.value,
        "channel": filed.channel.value,
        "text": filed.text,
        "place": filed.place,
        "lat": filed.lat,
        "lon": filed.lon,
        "raised_at": filed.raised_at,
        "received_at": filed.received_at,
        "taxonomy": filed.taxonomy,
        "class_code": filed.class_code,
        "asked_kind": filed.asked.kind.value,
        "asked": filed.asked.code,
        "client_id": filed.client_id,
    }


def _filed(row: CaseworkRequest) -> Filed:
    return Filed(
        code=row.code,
        household=row.household,
        cadre=row.cadre,
        grid=row.grid,
        kind=RequestKind(row.kind),
        channel=Channel(row.channel),
        text=row.text,
        raised_at=row.raised_at,
        received_at=row.received_at,
        taxonomy=row.taxonomy,
        class_code=row.class_code,
        asked=Party(PartyKind(row.asked_kind), row.asked),
        place=row.place,
        lat=row.lat,
        lon=row.lon,
        client_id=row.client_id,
    )
