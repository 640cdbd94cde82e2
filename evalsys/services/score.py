"""The score room: the panel's seats and votes, the households' sealed ballots and comments.

Methods whose name ends in `_in` work inside the caller's write transaction, so that a fact
and its event are kept together or not at all.
"""

import hashlib
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

from sqlalchemy.orm import Session

from evalsys.clock import Clock
from evalsys.domain.panel import (
    CODE_ALPHABET,
    CODE_LENGTH,
    Choice,
    Seat,
    SeatCategory,
    Vote,
    VoteCounts,
    check_may_sit,
    read_code,
    seat_label,
)
from evalsys.domain.scoring import Release, SessionScore
from evalsys.errors import InvalidInput, NotFound, RuleViolation
from evalsys.ids import AttemptId, CadreNumber, LiveId, new_id
from evalsys.store import audit, ballot_box, event_log, scoring, tally_watch
from evalsys.store.ballot_box import Ballot, BallotSlot, BoxKey, Comment
from evalsys.store.database import Database
from evalsys.store.scoring import OwnVote

MOST_SEATS = 999
MOST_COMMENT_CHARACTERS = 2000
_TALLY_AWAY_AFTER = timedelta(seconds=12)
"""The tally process gives a sign of life every three seconds."""


class Scores:
    """Everything that is scored, voted and said about a drawn cadre."""

    def __init__(self, database: Database, slot: BallotSlot, readers: BoxKey, now: Clock) -> None:
        """Seal ballots and comments in `slot`, which `services.tally` alone can open.

        `readers` opens the comments that the tally released.
        """
        self._database = database
        self._slot = slot
        self._readers = readers
        self._now = now
        self._began = now()

    # --- seats of the panel -------------------------------------------------------------

    def create_seats(
        self, live: LiveId, counts: Mapping[SeatCategory, int], *, actor: str
    ) -> tuple[Seat, ...]:
        """Bring each category up to its number of seats; return all of them (Y47).

        Repeating it changes nothing; seats are never taken away.

        Raises:
            InvalidInput: a number is negative, or there would be over 999 seats or two chairs.
        """
        with self._database.write() as db:
            present = scoring.seats_of(db, live)
            added = list(_seats_to_add(live, present, counts))
            scoring.add_seats(db, added)
            if added:
                detail = {category.value: n for category, n in counts.items() if n}
                audit.record(db, self._now(), actor, "seats.create", f"live:{live}", detail)
            return present + tuple(added)

    def seats(self, live: LiveId) -> tuple[Seat, ...]:
        """Return a session's seats by number."""
        with self._database.read() as db:
            return scoring.seats_of(db, live)

    def seats_with_codes(self, live: LiveId, *, actor: str) -> tuple[Seat, ...]:
        """Return the seats for printing their cards; that the codes were seen is audited."""
        with self._database.write() as db:
            audit.record(db, self._now(), actor, "seats.print", f"live:{live}")
            return scoring.seats_of(db, live)

    def reissue(self, live: LiveId, number: int, *, actor: str) -> Seat:
        """Give a seat a new card; the old card and the old device are worth nothing any more.

        The seat's vote in a running round stays, and may be changed from the new device.

        Raises:
            NotFound: there is no such seat.
        """
        with self._database.write() as db:
            return self.reissue_in(db, live, number, actor=actor)

    def reissue_in(self, db: Session, live: LiveId, number: int, *, actor: str) -> Seat:
        """Do what `reissue` does inside the caller's write transaction."""
        old = scoring.seat_numbered(db, live, number)
        seat = replace(old, code=_new_code(), issue=old.issue + 1, joined_at=None)
        scoring.save_seat(db, seat, None)
        scoring.note_new_card(db, seat, self._now())
        audit.record(db, self._now(), actor, "seat.reissue", _subject(seat))
        return seat

    def seat_for_code(self, typed: str) -> Seat:
        """Return the seat that a card's code is for, taken or not.

        Raises:
            InvalidInput: this can not be a code.
            NotFound: no card with this code is valid.
        """
        code = read_code(typed)
        with self._database.read() as db:
            return _found(scoring.seat_with_code(db, code))

    def join(self, typed: str, token: str, *, holds_leading_post: bool) -> Seat:
        """Let the device that holds `token` take the seat of a card, once (Y47).

        A repeat from the same device is harmless, so a lost answer can be asked again.

        Raises:
            InvalidInput: this can not be a code.
            NotFound: no card with this code is valid.
            RuleViolation: the person holds a leading post, another device took the seat,
                or this device has another seat.
        """
        code = read_code(typed)
        token_sha256 = _hash(token)
        with self._database.write() as db:
            seat = _found(scoring.seat_with_code(db, code))
            held = scoring.seat_of_device(db, token_sha256)
            if held is not None and held.id == seat.id:
                return held
            check_may_sit(seat.category, holds_leading_post=holds_leading_post)
            if held is not None:
                raise RuleViolation(
                    f"这台设备已在“{held.label}”入座，一台设备只能坐一席。",
                    remedy=f"请换一台设备为“{seat.label}”入座，或联系工作人员。",
                )
            if seat.is_taken:
                raise RuleViolation(
                    f"“{seat.label}”的入座码已在另一台设备上用过。",
                    remedy="请用原来那台设备；它不在手边时，请举手，由工作人员换发新卡。",
                )
            taken = replace(seat, joined_at=self._now())
            scoring.save_seat(db, taken, token_sha256)
            audit.record(db, self._now(), f"seat:{seat.number}", "seat.join", _subject(seat))
            return taken

    def seat_by_token(self, token: str) -> Seat | None:
        """Return the seat of the device that holds `token`; nothing once the card was replaced."""
        with self._database.read() as db:
            return scoring.seat_of_device(db, _hash(token)) if token else None

    # --- the panel's vote ---------------------------------------------------------------

    def open_vote_in(self, db: Session, live: LiveId, j: int) -> int:
        """Let the panel vote on round `j`, and return which opening this is; harmless to repeat.

        Raises:
            RuleViolation: the vote is counted already and was not voided.
        """
        return scoring.open_vote(db, live, j)

    def void_vote_in(self, db: Session, live: LiveId, j: int) -> None:
        """Throw the votes of round `j` away; after that it may be opened anew."""
        scoring.void_vote(db, live, j)

    def tally_vote_in(self, db: Session, live: LiveId, j: int) -> VoteCounts:
        """Close the vote of round `j`, count it, and dissolve who chose what. Idempotent.

        Raises:
            WrongPhase: the vote was not opened.
        """
        return scoring.count_votes(db, live, j)

    def own_vote(self, seat: Seat, j: int) -> OwnVote:
        """Return whether round `j` can be voted on, and the seat's choice for its own eyes."""
        with self._database.read() as db:
            return scoring.own_vote(db, seat, j)

    def cast_vote(
        self, live: LiveId, j: int, seat: Seat, choice: Choice, *, revision: int, opening: int
    ) -> Vote:
        """Keep a seat's choice; once this returns, it is counted exactly once.

        `revision` counts the seat's choices in this round from 1; `opening` is the
        opening of the vote that the pad saw. Repeating a call changes nothing.

        Raises:
            RuleViolation: the seat is of another session, does not vote, or got a new card.
            WrongPhase: the vote on round `j` is not open, or was opened anew.
            StaleState: a later choice of this seat came first.
        """
        if seat.live != live:
            raise RuleViolation("本席属于另一场大会。", remedy="请用本场的席位卡入座。")
        if not seat.category.may_vote:
            raise RuleViolation(
                f"“{seat.label}”是{seat.category.hall_name}席，不参加投票。",
                remedy="可以提议点名；投票由评议团成员进行。",
            )
        with self._database.write() as db:
            return scoring.keep_vote(db, seat, j, opening, Vote(choice, revision))

    def attendance(self, live: LiveId, j: int) -> frozenset[int]:
        """Name the seats that voted in a round; nobody is told what they chose."""
        with self._database.read() as db:
            return scoring.seats_that_voted(db, live, j)

    # --- the households' ballots --------------------------------------------------------

    def seal_score_in(  # noqa: PLR0913 - what a ballot is, no more
        self,
        db: Session,
        live: LiveId,
        j: int,
        k: int,
        score: int,
        *,
        cadre: CadreNumber,
        attempt: AttemptId,
    ) -> str:
        """Seal a household's score and return the SHA-256 of the box for the record (Y30).

        The first score of a household holds; a repeat from the same attempt gets the
        same hash. After the release it is late: a receipt is kept, but no box, and it
        is not counted.

        Raises:
            InvalidInput: the score is not 1 to 5.
            AlreadyScored: the household scored in another call.
        """
        event_log.lock(db, live)  # so that a score is either in the box before the release, or late
        late = scoring.released_score(db, live, j) is not None
        ballot = Ballot(live, j, k, cadre, score, attempt)
        return ballot_box.keep_ballot(db, self._slot, ballot, late=late)

    def forget_in(self, db: Session, live: LiveId, j: int) -> None:
        """Destroy the ballots of a round whose calls will never be closed. Harmless to repeat."""
        ballot_box.destroy_ballots(db, live, j)

    def tally_trouble(self) -> str:
        """Name what keeps closed rounds sealed: "" for nothing, "away", "wrong_key" or "failed".

        "starting" while nothing was heard since this process began, which is a moment ago.

        The show goes on meanwhile; scores are opened as soon as the tally process can.
        """
        with self._database.read() as db:
            sign = tally_watch.last(db)
        if sign is None or abs(self._now() - sign.seen_at) > _TALLY_AWAY_AFTER:
            return "starting" if self._now() - self._began < _TALLY_AWAY_AFTER else "away"
        if sign.public_key != self._slot.public:
            return "wrong_key"
        return "failed" if sign.problem else ""

    def released(self, live: LiveId, j: int) -> Release | None:
        """Return what round `j` released, if it did."""
        with self._database.read() as db:
            return scoring.released_score(db, live, j)

    def session_scores(self, db: Session) -> Iterator[SessionScore]:
        """Read every released score by cadre: the same suppressed view that screens show."""
        return scoring.session_scores(db)

    # --- comments -----------------------------------------------------------------------

    def seal_comment(self, text: str, recording: str) -> bytes:
        """Seal what a household said, for a comment that is not certain to stay."""
        return ballot_box.seal_comment(self._slot, text.strip(), recording)

    def keep_comment_in(  # noqa: PLR0913 - what a comment is, no more
        self,
        db: Session,
        live: LiveId,
        j: int,
        *,
        cadre: CadreNumber,
        text: str,
        recording: str,
        sealed: bytes | None = None,
    ) -> None:
        """Keep a comment 评语 for discipline inspection, apart from who gave it (Y30).

        `sealed` holds the words where they came before it was certain that the comment stays.
        Nothing marks a repeat, since a mark would lead back to the call: the caller
        keeps its webhook to one effect.

        Raises:
            InvalidInput: there is neither text nor recording, or the text is too long.
        """
        text = text.strip()
        if not text and not recording:
            raise InvalidInput("评语是空的。", remedy="请留下文字或录音。")
        if len(text) > MOST_COMMENT_CHARACTERS:
            raise InvalidInput(
                f"评语超过 {MOST_COMMENT_CHARACTERS} 字。", remedy="请缩短后再提交。"
            )
        box = sealed or self.seal_comment(text, recording)
        ballot_box.keep_comment(db, live, j, cadre, box, comment_id=new_id())

    def waiting_comments(self, live: LiveId) -> int:
        """Count the comments that are not released."""
        with self._database.read() as db:
            return ballot_box.count_waiting(db, live)

    def read_comments(self, live: LiveId, *, reader: str, of: str = "live") -> tuple[Comment, ...]:
        """Read a session's released comments for discipline inspection; every read is audited.

        Those of a campaign with its id and `of` "campaign".

        By round, and within a round in no order at all.
        """
        with self._database.write() as db:
            comments = ballot_box.released_comments(db, self._readers, live)
            detail = {"comments": len(comments)}
            audit.record(db, self._now(), reader, "comments.read", f"{of}:{live}", detail)
            return comments


def _seats_to_add(
    live: LiveId, present: tuple[Seat, ...], counts: Mapping[SeatCategory, int]
) -> Iterator[Seat]:
    if any(count < 0 for count in counts.values()):
        raise InvalidInput("席位数不能是负数。", remedy="请填 0 或正整数。")
    have = {c: sum(seat.category is c for seat in present) for c in SeatCategory}
    if max(have[SeatCategory.CHAIR], counts.get(SeatCategory.CHAIR, 0)) > 1:
        raise InvalidInput("主要负责人最多一席。", remedy="请填 0 或 1。", place="主要负责人")
    if sum(max(have[c], counts.get(c, 0)) for c in SeatCategory) > MOST_SEATS:
        raise InvalidInput(f"一场大会最多 {MOST_SEATS} 个席位。", remedy="请减少席位数。")
    number = len(present)
    for category in SeatCategory:
        for within in range(have[category] + 1, counts.get(category, 0) + 1):
            number += 1
            label = seat_label(category, within)
            yield Seat(new_id(), live, number, category, label, _new_code(), 1, None)


def _found(seat: Seat | None) -> Seat:
    if seat is None:
        raise NotFound(
            "没有这个入座码，或者这张卡已经换发。", remedy="请核对席位卡；仍不行请举手找工作人员。"
        )
    return seat


def _new_code() -> str:
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _subject(seat: Seat) -> str:
    return f"seat:{seat.live}/{seat.number}"
