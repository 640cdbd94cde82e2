"""Panel seats, votes and their counts, and the released household scores."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from evalsys.domain.checkin import Card
from evalsys.domain.panel import Choice, Seat, SeatCategory, Vote, VoteCounts, revise, tally
from evalsys.domain.scoring import Band, Release, SessionScore
from evalsys.errors import NotFound, RuleViolation, WrongPhase
from evalsys.ids import CadreNumber, LiveId
from evalsys.store import paper
from evalsys.store.schema.panel import PanelScan, PaperSeat
from evalsys.store.schema.scoring import PanelRound, PanelSeat, PanelVote, RoundScore


class VoteState(StrEnum):
    """Where the panel's vote on one cadre stands."""

    OPEN = "open"
    TALLIED = "tallied"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class OwnVote:
    """What one seat may know of the vote on one cadre: whether it is open, and its own choice."""

    j: int
    opening: int
    """Tells a vote that was voided and opened anew from the one before; 0 before the first."""
    is_open: bool
    choice: Choice | None
    """Nothing before the seat voted, and again once who chose what is dissolved."""
    revision: int
    """Of the last choice; 0 when the seat did not vote."""


# --- seats ------------------------------------------------------------------------------


def add_seats(db: Session, seats: Iterable[Seat]) -> None:
    """Keep new seats."""
    db.add_all(
        PanelSeat(
            id=seat.id,
            live=seat.live,
            number=seat.number,
            category=seat.category,
            label=seat.label,
            code=seat.code,
            issue=seat.issue,
            joined_at=seat.joined_at,
        )
        for seat in seats
    )
    db.flush()


def seats_of(db: Session, live: LiveId) -> tuple[Seat, ...]:
    """Return a session's seats by number."""
    rows = db.scalars(select(PanelSeat).where(PanelSeat.live == live).order_by(PanelSeat.number))
    return tuple(_seat(row) for row in rows)


def seat_numbered(db: Session, live: LiveId, number: int) -> Seat:
    """Return one seat.

    Raises:
        NotFound: the session has no such seat.
    """
    query = select(PanelSeat).where(PanelSeat.live == live, PanelSeat.number == number)
    row = db.scalar(query.with_for_update())
    if row is None:
        raise NotFound(f"没有第 {number} 号席位。", remedy="请在席位表中选择。")
    return _seat(row)


def seat_with_code(db: Session, code: str) -> Seat | None:
    """Return the seat whose present card has this code; its row is held until the end."""
    row = db.scalar(select(PanelSeat).where(PanelSeat.code == code).with_for_update())
    return _seat(row) if row else None


def seat_of_device(db: Session, token_sha256: str) -> Seat | None:
    """Return the seat that the device with this token took, if it still has it."""
    row = db.scalar(select(PanelSeat).where(PanelSeat.token_sha256 == token_sha256))
    return _seat(row) if row else None


def note_new_card(db: Session, seat: Seat, at: datetime) -> None:
    """Keep since when a seat's present card holds."""
    db.execute(update(PanelSeat).where(PanelSeat.id == seat.id).values(card_since=at))


def cards_of(db: Session, live: LiveId) -> dict[int, Card]:
    """Return the present card of every seat of a session."""
    query = select(PanelSeat.number, PanelSeat.issue, PanelSeat.card_since)
    rows = db.execute(query.where(PanelSeat.live == live))
    return {row.number: Card(row.issue, row.card_since) for row in rows}


def save_seat(db: Session, seat: Seat, token_sha256: str | None) -> None:
    """Keep what changed on a seat: its card, and which device sits there."""
    db.execute(
        update(PanelSeat)
        .where(PanelSeat.id == seat.id)
        .values(
            code=seat.code,
            issue=seat.issue,
            joined_at=seat.joined_at,
            token_sha256=token_sha256,
        )
    )


# --- votes ------------------------------------------------------------------------------


def open_vote(db: Session, live: LiveId, j: int) -> int:
    """Let the panel vote on round `j`, and return which opening this is; harmless to repeat.

    Raises:
        RuleViolation: the vote is counted already and was not voided.
    """
    row = _hold(db, live, j)
    if row is None:
        row = PanelRound(live=live, j=j, opening=0, state=VoteState.VOID)
        row.satisfied = row.basically_satisfied = row.not_satisfied = row.present = 0
        db.add(row)
    if row.state == VoteState.TALLIED:
        raise RuleViolation(
            f"第 {j} 轮评议表决已经计票，不能再次开放。",
            remedy="确需重投的，请先把这次表决作废并注明原因。",
        )
    if row.state == VoteState.VOID:
        row.state = VoteState.OPEN
        row.opening += 1
    db.flush()
    return row.opening


def void_vote(db: Session, live: LiveId, j: int) -> None:
    """Throw the votes of round `j` away, counted or not; harmless to repeat."""
    row = _hold(db, live, j)
    if row is None:
        return
    row.state = VoteState.VOID
    row.satisfied = row.basically_satisfied = row.not_satisfied = row.present = 0
    db.execute(delete(PanelVote).where(PanelVote.live == live, PanelVote.j == j))
    paper.forget(db, live, j)
    db.flush()


def keep_vote(db: Session, seat: Seat, j: int, opening: int, vote: Vote) -> Vote:
    """Keep a seat's choice and return the one that holds; a repeat changes nothing.

    Holds the round shared and the seat alone: many seats vote at once, one seat votes
    once at a time, and a vote is either before the count or refused.

    Raises:
        WrongPhase: the vote on this round is not open, or was opened anew.
        RuleViolation: the seat got a new card meanwhile, this device has lost it.
        StaleState: a later choice of this seat came first.
    """
    query = select(PanelRound).where(PanelRound.live == seat.live, PanelRound.j == j)
    current = db.scalar(query.with_for_update(read=True))
    if current is None or current.state != VoteState.OPEN or current.opening != opening:
        raise WrongPhase(
            "这一轮表决没有开放，刚才的选择没有计入。",
            remedy="请看大屏幕，等待主持人宣布开始。",
        )
    issue = select(PanelSeat.issue).where(PanelSeat.id == seat.id).with_for_update()
    if db.scalar(issue) != seat.issue:
        raise RuleViolation(
            "本席已换发新的席位卡，这台设备不能再表决。",
            remedy="请用新卡上的二维码重新入座。",
        )
    if seat.number in paper.seats_with_slips(db, seat.live, j):
        raise RuleViolation(
            "本席这一轮已领纸质票，不能再用表决器。",
            remedy="请填写纸质票投入票箱；要改用表决器，请把票交还工作人员。",
        )
    row = db.get(PanelVote, (seat.live, j, seat.id))
    if row is None:
        holds = revise(None, vote)
        db.add(
            PanelVote(
                live=seat.live, j=j, seat=seat.id, revision=holds.revision, choice=holds.choice
            )
        )
    else:
        holds = revise(Vote(Choice(str(row.choice)), row.revision), vote)
        row.choice, row.revision = holds.choice, holds.revision
    db.flush()
    return holds


def own_vote(db: Session, seat: Seat, j: int) -> OwnVote:
    """Return what a seat may know of the vote on round `j`."""
    current = db.get(PanelRound, (seat.live, j))
    row = db.get(PanelVote, (seat.live, j, seat.id))
    return OwnVote(
        j=j,
        opening=current.opening if current else 0,
        is_open=current is not None and current.state == VoteState.OPEN,
        choice=Choice(row.choice) if row and row.choice else None,
        revision=row.revision if row else 0,
    )


def count_votes(db: Session, live: LiveId, j: int) -> VoteCounts:
    """Count round `j`, and dissolve who chose what; a repeat returns the same counts.

    Raises:
        WrongPhase: the vote was not opened, or was voided.
        RuleViolation: slips of paper were handed out and the clerks have not agreed on them.
    """
    row = _hold(db, live, j)
    if row is None or row.state == VoteState.VOID:
        raise WrongPhase(f"第 {j} 轮评议表决没有开放，无法计票。", remedy="请先开放表决。")
    if row.state == VoteState.OPEN:
        these = (PanelVote.live == live, PanelVote.j == j)
        choices = [Choice(c) for c in db.scalars(select(PanelVote.choice).where(*these)) if c]
        slips = paper.counted_choices(db, live, j)
        counts = tally((*choices, *slips), present=_present(db, live, j))
        db.execute(update(PanelVote).where(*these).values(choice=None))
        row.state = VoteState.TALLIED
        row.satisfied, row.basically_satisfied = counts.satisfied, counts.basically_satisfied
        row.not_satisfied, row.present = counts.not_satisfied, counts.present
        db.flush()
    return VoteCounts(row.satisfied, row.basically_satisfied, row.not_satisfied, row.present)


def hold_open(db: Session, live: LiveId, j: int) -> bool:
    """Say whether the panel may vote on round `j` now; it stays so until the transaction ends."""
    row = _hold(db, live, j)
    return row is not None and row.state == VoteState.OPEN


def seats_that_voted(db: Session, live: LiveId, j: int) -> frozenset[int]:
    """Name the seats that voted in a round: attendance, never what they chose."""
    query = select(PanelSeat.number).join(PanelVote, PanelVote.seat == PanelSeat.id)
    return frozenset(db.scalars(query.where(PanelVote.live == live, PanelVote.j == j)))


# --- released household scores ----------------------------------------------------------


def released_score(db: Session, live: LiveId, j: int) -> Release | None:
    """Return what round `j` released, if it did."""
    row = db.get(RoundScore, (live, j))
    return _release(row) if row else None


def released_rounds(db: Session, live: LiveId) -> tuple[int, ...]:
    """Name the rounds of a session whose ballots are opened."""
    return tuple(db.scalars(select(RoundScore.j).where(RoundScore.live == live)))


def save_release(db: Session, score: SessionScore) -> None:
    """Keep what a round released."""
    db.add(
        RoundScore(
            live=score.live,
            j=score.j,
            cadre=score.cadre,
            n=score.release.n,
            mean_tenths=score.release.mean_tenths,
            band=score.release.band,
        )
    )
    db.flush()


def session_scores(db: Session) -> Iterator[SessionScore]:
    """Read every released score by cadre, the suppressed view that screens show too (Y30)."""
    for row in db.scalars(
        select(RoundScore).order_by(RoundScore.cadre, RoundScore.live, RoundScore.j)
    ):
        yield SessionScore(LiveId(row.live), row.j, CadreNumber(row.cadre), _release(row))


def _hold(db: Session, live: LiveId, j: int) -> PanelRound | None:
    query = select(PanelRound).where(PanelRound.live == live, PanelRound.j == j)
    return db.scalar(query.with_for_update().execution_options(populate_existing=True))


def _present(db: Session, live: LiveId, j: int) -> int:
    voted = select(PanelVote.seat).where(PanelVote.live == live, PanelVote.j == j)
    scanned = select(PanelScan.seat).where(PanelScan.live == live)
    on_paper = select(PaperSeat.seat).where(PaperSeat.live == live, PaperSeat.j == j)
    present = or_(
        PanelSeat.joined_at.is_not(None),
        PanelSeat.id.in_(voted),
        PanelSeat.number.in_(scanned),
        PanelSeat.number.in_(on_paper),
    )
    votes = PanelSeat.category.in_([category for category in SeatCategory if category.may_vote])
    count = select(func.count()).select_from(PanelSeat)
    count = count.where(PanelSeat.live == live, present, votes)
    return db.scalars(count).one()


def _release(row: RoundScore) -> Release:
    return Release(row.n, row.mean_tenths, Band(row.band))


def _seat(row: PanelSeat) -> Seat:
    return Seat(
        id=row.id,
        live=LiveId(row.live),
        number=row.number,
        category=SeatCategory(row.category),
        label=row.label,
        code=row.code,
        issue=row.issue,
        joined_at=row.joined_at,
    )
