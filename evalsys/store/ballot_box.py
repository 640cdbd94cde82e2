"""Sealed ballots and comments: what a household said, apart from which household it was.

A ballot has two covers (reliability, section 4). The outer one, a receipt, says *that*
household k of round j scored. The inner one is a libsodium sealed box to the tally key,
whose private half the tally process alone holds: the application can close a box and not
open it again. At the release all boxes of a round are opened together, and destroyed.
"""

import hashlib
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from evalsys.domain.canonical import canonical, parse_canonical
from evalsys.domain.scoring import checked_score
from evalsys.errors import AlreadyScored, EvalsysError, Tampered
from evalsys.ids import AttemptId, CadreNumber, LiveId
from evalsys.store.schema.scoring import BallotReceipt, HouseholdComment

_BALLOT_SIZE = 96
"""Bytes inside every ballot's box: the size tells nothing."""

_COMMENT_BLOCK = 1024
"""A comment fills whole blocks of so many bytes: the size tells next to nothing."""


class BallotSlot:
    """Closes boxes with the public half of a key."""

    def __init__(self, public_key: bytes) -> None:
        """Use a Curve25519 public key, 32 bytes."""
        self.public = public_key
        self._box = SealedBox(PublicKey(public_key))

    def seal(self, value: Mapping[str, object], size: int) -> bytes:
        """Seal canonical JSON, filled up with blanks to a multiple of `size` bytes."""
        plain = canonical(dict(value))
        return bytes(self._box.encrypt(plain.ljust(-(-len(plain) // size) * size)))


class BoxKey:
    """Opens boxes. Whoever holds the tally's can read single ballots: it opens releases only."""

    def __init__(self, private_key: bytes) -> None:
        """Use a Curve25519 private key, 32 bytes."""
        self._key = PrivateKey(private_key)
        self._box = SealedBox(self._key)

    @property
    def public(self) -> bytes:
        """The half that can only seal, 32 bytes; anybody may have it."""
        return bytes(self._key.public_key)

    @property
    def slot(self) -> BallotSlot:
        """What closes boxes that this key opens."""
        return BallotSlot(self.public)

    def open(self, sealed: bytes) -> dict[str, object]:
        """Open one box.

        Raises:
            Tampered: it was altered, or sealed to another key.
        """
        try:
            value = parse_canonical(self._box.decrypt(sealed).rstrip(b" "))
        except (CryptoError, EvalsysError) as error:
            raise _tampered("密封票打不开：内容被改动，或不是用本系统的计票密钥密封的。") from error
        if not isinstance(value, dict):
            raise _tampered("密封票的内容不是规定的格式。")
        return dict(value)


@dataclass(frozen=True, slots=True)
class Comment:
    """What a household said of a cadre 评语 (Y30). `recording` names a sound recording, if any."""

    cadre: CadreNumber
    j: int
    text: str
    recording: str


@dataclass(frozen=True, slots=True)
class Ballot:
    """A household's score on its way into the box."""

    live: LiveId
    j: int
    k: int
    cadre: CadreNumber
    score: int
    attempt: AttemptId


def keep_ballot(db: Session, slot: BallotSlot, ballot: Ballot, *, late: bool) -> str:
    """Seal and keep a ballot; return the SHA-256 of its sealed box, lower-case hex.

    The first one of a household holds: a repeat from the same attempt is answered with
    the first one's hash, whatever it says. A `late` ballot leaves its receipt only.

    Raises:
        InvalidInput: the score is not 1 to 5.
        AlreadyScored: the household scored in another call.
    """
    checked_score(ballot.score)
    known = db.get(BallotReceipt, (ballot.live, ballot.j, ballot.k))
    if known is not None:
        if known.attempt != ballot.attempt:
            raise AlreadyScored(
                f"第 {ballot.j} 轮第 {ballot.k} 户已经打过分，以第一次为准。",
                remedy="无需处理；这一户不再重复计分。",
            )
        return known.sha256
    content = {"cadre": ballot.cadre, "nonce": secrets.token_hex(16), "score": ballot.score}
    sealed = slot.seal(content, _BALLOT_SIZE)
    sha256 = hashlib.sha256(sealed).hexdigest()
    db.add(
        BallotReceipt(
            live=ballot.live,
            j=ballot.j,
            k=ballot.k,
            attempt=ballot.attempt,
            sha256=sha256,
            sealed=None if late else sealed,
        )
    )
    db.flush()
    return sha256


def open_ballots(
    db: Session,
    key: BoxKey,
    live: LiveId,
    j: int,
    *,
    cadre: CadreNumber,
    committed: Collection[str],
) -> tuple[int, ...]:
    """Open a round's ballots, destroy them, and return the scores in ascending order.

    `committed` are the hashes that the session's record holds for this round.

    Raises:
        Tampered: a box is missing, was added, altered, or is about somebody else.
    """
    rows = db.scalars(
        select(BallotReceipt).where(
            BallotReceipt.live == live, BallotReceipt.j == j, BallotReceipt.sealed.is_not(None)
        )
    ).all()
    boxes = [row.sealed for row in rows if row.sealed is not None]
    if {hashlib.sha256(box).hexdigest() for box in boxes} != set(committed):
        raise _tampered(f"第 {j} 轮的密封票与会议记录中的校验值不符。")
    ballots = [key.open(box) for box in boxes]
    if any(ballot.get("cadre") != cadre for ballot in ballots):
        raise _tampered(f"第 {j} 轮的密封票里有别人的票。")
    destroy_ballots(db, live, j)
    return tuple(sorted(_score(ballot) for ballot in ballots))


def with_ballots(db: Session) -> tuple[LiveId, ...]:
    """Name the sessions of which a ballot is still sealed."""
    unopened = select(BallotReceipt.live).where(BallotReceipt.sealed.is_not(None)).distinct()
    return tuple(LiveId(live) for live in db.scalars(unopened))


def destroy_ballots(db: Session, live: LiveId, j: int) -> None:
    """Destroy the boxes of a round; the receipts stay."""
    these = update(BallotReceipt).where(BallotReceipt.live == live, BallotReceipt.j == j)
    db.execute(these.values(sealed=None))


def seal_comment(slot: BallotSlot, text: str, recording: str) -> bytes:
    """Seal what a household said."""
    return slot.seal({"recording": recording, "text": text}, _COMMENT_BLOCK)


def keep_comment(
    db: Session, live: LiveId, j: int, cadre: CadreNumber, sealed: bytes, *, comment_id: str
) -> None:
    """Keep a sealed comment, with nothing beside it that leads to the household.

    `comment_id` is random: it is the only order that comments have.
    """
    db.add(
        HouseholdComment(
            id=comment_id,
            live=live,
            j=j,
            cadre=cadre,
            sealed=sealed,
            released=False,
        )
    )


def waiting_comments(db: Session) -> tuple[LiveId, ...]:
    """Name the sessions of which comments wait to be released."""
    waiting = select(HouseholdComment.live).where(HouseholdComment.released.is_(False)).distinct()
    return tuple(LiveId(live) for live in db.scalars(waiting))


def count_waiting(db: Session, live: LiveId) -> int:
    """Count the comments of a session, or of a campaign, that wait to be released."""
    waiting = (HouseholdComment.live == live) & HouseholdComment.released.is_(False)
    return db.scalar(select(func.count()).where(waiting)) or 0


def release_comments(
    db: Session,
    key: BoxKey,
    readers: BallotSlot,
    live: LiveId,
    rounds: Collection[int] | None,
    *,
    at_least: int,
) -> int:
    """Hand waiting comments on to `readers`, where `at_least` so many wait together.

    Together are those of one round; in a campaign, those about one cadre.

    `rounds` are the rounds whose calls are over; None means that the whole session is.
    Returns how many were handed on.

    Raises:
        Tampered: a comment was altered.
    """
    waiting = [HouseholdComment.live == live, HouseholdComment.released.is_(False)]
    if rounds is not None:
        waiting.append(HouseholdComment.j.in_(rounds))
    together = (HouseholdComment.j, HouseholdComment.cadre)
    counted = select(*together).where(*waiting).group_by(*together)
    due = {(j, cadre) for j, cadre in db.execute(counted.having(func.count() >= at_least))}
    found = db.scalars(select(HouseholdComment).where(*waiting)).all()
    rows = [row for row in found if (row.j, row.cadre) in due]
    for row in rows:
        row.sealed, row.released = readers.seal(key.open(row.sealed), _COMMENT_BLOCK), True
    db.flush()
    return len(rows)


def released_comments(db: Session, key: BoxKey, live: LiveId) -> tuple[Comment, ...]:
    """Open a session's released comments, by round and within a round shuffled.

    Raises:
        Tampered: a comment was altered.
    """
    rows = db.scalars(
        select(HouseholdComment)
        .where(HouseholdComment.live == live, HouseholdComment.released)
        .order_by(HouseholdComment.j, HouseholdComment.id)
    )
    return tuple(_comment(row, key.open(row.sealed)) for row in rows)


def _comment(row: HouseholdComment, content: dict[str, object]) -> Comment:
    text, recording = str(content.get("text", "")), str(content.get("recording", ""))
    return Comment(CadreNumber(row.cadre), row.j, text, recording)


def _score(ballot: dict[str, object]) -> int:
    score = ballot.get("score")
    if not isinstance(score, int):
        raise _tampered("密封票里没有分数。")
    return checked_score(score)


def _tampered(what: str) -> Tampered:
    return Tampered(what, remedy="立即停止使用并通知审计人员，用备份与会议记录核对。")
