"""A promise from a session after the show: what was recorded of it (Y53). Rules: `pledge.py`."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, get_args

from evalsys.domain.casebook import Language, Noted, Paper
from evalsys.domain.pledge import PledgeRecord, Promise, Proof, Recheck, Ruling
from evalsys.domain.written import LONGEST_TEXT, one_line
from evalsys.errors import InvalidInput, WrongPhase
from evalsys.ids import CadreNumber, CampaignId, LiveId


@dataclass(frozen=True, slots=True)
class ReminderSent:
    """Whoever answers for the promise was reminded."""

    reminded_on: date


@dataclass(frozen=True, slots=True)
class ProofHandedIn:
    """Proof was handed in; a file is kept sealed."""

    text: str
    handed_in_on: date
    file: Paper | None


@dataclass(frozen=True, slots=True)
class RecheckCalled:
    """Linked households are being asked by phone."""

    campaign: CampaignId


@dataclass(frozen=True, slots=True)
class RecheckCounted:
    """What the households answered."""

    campaign: CampaignId
    result: Recheck


@dataclass(frozen=True, slots=True)
class PledgeRuled:
    """A named person recorded whether the promise of `cadre` was kept."""

    cadre: CadreNumber
    kept: bool
    basis: str
    ruled_on: date


PledgeEvent = ReminderSent | ProofHandedIn | RecheckCalled | RecheckCounted | PledgeRuled
PLEDGE: Final[Language[PledgeEvent]] = Language(*get_args(PledgeEvent))


@dataclass(frozen=True, slots=True)
class PledgeCase:
    """What was recorded of one promise since the show; nothing yet is an empty one."""

    id: str
    seq: int = 0
    reminded_on: tuple[date, ...] = ()
    proofs: tuple[Noted[ProofHandedIn], ...] = ()
    calling: CampaignId | None = None
    """The re-check that is being held."""
    recheck: Recheck | None = None
    rulings: tuple[Ruling, ...] = ()

    def record(self, promise: Promise) -> PledgeRecord:
        """Put it beside the promise, for the rules that judge it."""
        proofs = tuple(
            Proof(noted.event.text, noted.event.handed_in_on, noted.by) for noted in self.proofs
        )
        return PledgeRecord(promise, self.reminded_on, proofs, self.recheck, self.rulings)


def case_of(live: LiveId, seq: int) -> str:
    """Name the case of the promise that event `seq` of a session made."""
    return f"p-{live}-{seq}"


def pledge_case(case: str, events: Iterable[Noted[PledgeEvent]]) -> PledgeCase:
    """Fold what was recorded; without events it is empty."""
    found = PledgeCase(case)
    for noted in events:
        match noted.event:
            case ReminderSent(reminded_on=day):
                found = replace(found, reminded_on=(*found.reminded_on, day))
            case ProofHandedIn() as proof:
                item = Noted(proof, noted.by, noted.at, noted.seq)
                found = replace(found, proofs=(*found.proofs, item))
            case RecheckCalled(campaign=campaign):
                found = replace(found, calling=campaign)
            case RecheckCounted(result=result):
                found = replace(found, calling=None, recheck=result)
            case PledgeRuled(kept=kept, basis=basis, ruled_on=day):
                ruling = Ruling(kept=kept, basis=basis, ruled_on=day, by=noted.by)
                found = replace(found, rulings=(*found.rulings, ruling))
        found = replace(found, seq=noted.seq)
    return found


def hand_in_proof(text: str, file: Paper | None, *, day: date) -> ProofHandedIn:
    """Hand in proof: words, and a file if there is one.

    Raises:
        InvalidInput: there are no words.
    """
    said = one_line(text, "佐证", longest=LONGEST_TEXT)
    if not said:
        raise InvalidInput("请写明佐证。", remedy="例如：验收单、照片说明。", place="佐证")
    return ProofHandedIn(said, day, file)


def check_may_recheck(state: PledgeCase) -> None:
    """Insist that no re-check is being held.

    Raises:
        WrongPhase: one is.
    """
    if state.calling is not None:
        raise WrongPhase("回访正在进行。", remedy="请等活动结束、开票后登记结果。")


def recheck_under_way(state: PledgeCase) -> CampaignId:
    """Return the re-check that is being held.

    Raises:
        WrongPhase: none is.
    """
    if state.calling is None:
        raise WrongPhase("没有正在进行的回访。", remedy="请先发起回访。")
    return state.calling
