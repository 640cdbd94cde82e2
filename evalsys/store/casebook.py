"""Keeping the entries of personnel procedures, and their sealed papers."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from evalsys.domain.canonical import canonical
from evalsys.domain.casebook import Entry, Paper
from evalsys.errors import NotFound, StaleState, Tampered
from evalsys.ids import CadreNumber
from evalsys.store.schema.casebook import CasebookEntry, CasePaper

_NONCE_BYTES: Final = 12


class CaseRoom(StrEnum):
    """Which kind of procedure a case is."""

    PROMOTION = "promotion"
    TALK = "talk"
    LISTING = "listing"
    INVESTIGATION = "investigation"
    PLEDGE = "pledge"
    STATEMENT = "statement"


def append(db: Session, room: CaseRoom, entry: Entry, cadre: CadreNumber | None) -> None:
    """Keep the next entry of a case.

    Raises:
        StaleState: somebody else was first with an entry of this number.
    """
    row = CasebookEntry(
        room=room.value,
        case=entry.case,
        seq=entry.seq,
        cadre=cadre,
        kind=entry.kind,
        body=canonical(entry.body).decode(),
        by=entry.by,
        at=entry.at,
    )
    try:
        with db.begin_nested():
            db.add(row)
    except IntegrityError as error:
        raise StaleState(
            "您打开这一页之后，这件事有了新的记录，您的操作没有登记。",
            remedy="请刷新页面，看过新的情况再办。",
        ) from error


def hold(db: Session, room: CaseRoom) -> None:
    """Let nobody else open a case of this room before the transaction is over.

    What may be opened once is looked up first; two at once would both find nothing. Writers to a
    SQLite file queue anyway.
    """
    if db.get_bind().dialect.name == "postgresql":
        db.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:room, 0))"),
            {"room": f"casebook:{room.value}"},
        )


def entries(db: Session, room: CaseRoom, case: str) -> tuple[Entry, ...]:
    """Read one case from its beginning; empty when there is none in this room."""
    mine = (CasebookEntry.room == room.value, CasebookEntry.case == case)
    rows = db.scalars(select(CasebookEntry).where(*mine).order_by(CasebookEntry.seq))
    return tuple(map(_entry, rows))


def cases(
    db: Session, room: CaseRoom, cadre: CadreNumber | None = None
) -> Mapping[str, tuple[Entry, ...]]:
    """Read all cases of a room in the order in which they began, of one cadre when named."""
    query = select(CasebookEntry).where(CasebookEntry.room == room.value)
    if cadre is not None:
        query = query.where(CasebookEntry.cadre == cadre)
    gathered: dict[str, list[Entry]] = {}
    for row in db.scalars(query.order_by(CasebookEntry.id)):
        gathered.setdefault(row.case, []).append(_entry(row))
    return {case: tuple(found) for case, found in gathered.items()}


class PaperSafe:
    """Seals the papers of cases: AES-256-GCM, bound to id and case of each."""

    def __init__(self, key: bytes) -> None:
        """Take a key of 32 bytes that seals nothing else."""
        self._cipher = AESGCM(key)

    def keep(self, db: Session, case: str, paper: Paper, content: bytes) -> None:
        """Keep the content of a paper, sealed."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = nonce + self._cipher.encrypt(nonce, content, _bound(case, paper.id))
        db.execute(
            insert(CasePaper).values(
                id=paper.id,
                case=case,
                name=paper.name,
                media=paper.media,
                sha256=paper.sha256,
                size=paper.size,
                sealed=sealed,
            )
        )

    def open(self, db: Session, case: str, wanted: Paper) -> bytes:
        """Open the paper that an entry names.

        Raises:
            NotFound: it is not kept any more.
            Tampered: it does not open, or is not what the entry says.
        """
        row = db.get(CasePaper, wanted.id)
        if row is None or row.case != case:
            raise NotFound("这份材料已经不在。", remedy="请核对保存期限，或联系审计人员。")
        nonce, sealed = row.sealed[:_NONCE_BYTES], row.sealed[_NONCE_BYTES:]
        try:
            content = self._cipher.decrypt(nonce, sealed, _bound(case, wanted.id))
        except InvalidTag as error:
            raise _tampered() from error
        if hashlib.sha256(content).hexdigest() != wanted.sha256:
            raise _tampered()
        return content


def _bound(case: str, paper: str) -> bytes:
    return f"evalsys/case-paper/1|{case}|{paper}".encode()


def _tampered() -> Tampered:
    return Tampered(
        "材料与登记的哈希不符，或密文打不开。", remedy="请停止使用这份材料，并通知审计人员。"
    )


def _entry(row: CasebookEntry) -> Entry:
    return Entry(row.case, row.seq, row.kind, json.loads(row.body), row.by, row.at)
