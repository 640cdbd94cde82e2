"""The draw 抽取, protocol `cadre-draw/1`: seeds, tickets, household order (draw.md, 1 and 5-6).

Everything random is an argument (dice, and later the beacon's round and randomness), so
anybody can compute a draw again with SHA-256 alone. Nothing here remembers anything.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import NamedTuple

from evalsys.errors import InvalidInput, RuleViolation
from evalsys.ids import CadreNumber, Stratum

PROTOCOL = "cadre-draw/1"
MASTER_DICE = 24
"""Ten-sided dice for the master seed: four rollers, six dice each; 79.7 bits."""
SLOT_DICE = 12
"""Ten-sided dice for one slot when there is no beacon; 39.9 bits."""
SHOWN_TICKETS = 5
"""The drawn cadre and four runners-up are shown."""
NO_ROUND = "0"
NO_RANDOMNESS = "none"
"""What stands in the hashed fields when there is no beacon."""
_BATCH = 64
"""Tickets compared at a time: of a large pot hardly a batch holds one that is kept."""


@dataclass(frozen=True, slots=True)
class FrozenCadre:
    """One line of the frozen roster: a cadre and the commitment to the cadre's households."""

    cadre: CadreNumber
    hh_n: int
    """Linked households, 0-99999. A cadre without any stays in the pot: see docs/draw.md."""
    hh_root: str
    """RFC 6962 root over the household leaves, 64 hex."""
    stratum: Stratum
    weight: int
    """Tickets held, 1-8; the smallest counts."""
    quiz: str = ""
    """Hash of what can be asked about the households, 64 hex; empty when nothing was committed."""


class Ticket(NamedTuple):
    """A cadre's ticket in one slot, 64 hex; the smallest is drawn."""

    cadre: CadreNumber
    ticket: str


@dataclass(frozen=True, slots=True)
class Lowest:
    """The smallest tickets of a pot 抽签池, in order, and how many cadres were in it."""

    tickets: tuple[Ticket, ...]
    pot_n: int


@dataclass(frozen=True, slots=True)
class SlotResult:
    """What a slot's seed says: who is drawn, the next smallest tickets, the size of the pot."""

    stratum: Stratum
    cadre: CadreNumber
    ticket: str
    runners_up: tuple[Ticket, ...]
    """The next four, fewer only when the pot is smaller."""
    eligible_n: int
    """Cadres of the stratum that were neither excluded nor drawn before."""


def digest(*fields: str | int) -> str:
    """A(x1, x2, ...): SHA-256 over protocol and fields joined by `|`, as 64 lower-case hex.

    Raises InvalidInput for a field that is not ASCII or contains `|`: the encoding would
    no longer be injective.
    """
    texts = [str(field) for field in fields]
    if not all(text.isascii() and "|" not in text for text in texts):
        raise InvalidInput("散列字段只能是不含 | 的 ASCII 文本")
    return sha256("|".join([PROTOCOL, *texts]).encode()).hexdigest()


def check_dice(digits: str, count: int) -> str:
    """Give `digits` back when they are exactly `count` ASCII digits.

    Raises InvalidInput for full-width digits, spaces and every other length.
    """
    if not re.fullmatch(f"[0-9]{{{count}}}", digits):
        raise InvalidInput(
            f"骰子点数必须恰好是 {count} 位半角数字",
            remedy="请核对后重新录入，不得重新掷骰。",
            place="dice",
        )
    return digits


def master_seed(
    manifest_sha256: str,
    digits: str,
    *,
    beacon_round: str = NO_ROUND,
    randomness: str = NO_RANDOMNESS,
) -> str:
    """S0 from the manifest's SHA-256, 24 digits of dice, and the beacon's round if any."""
    return digest(
        "master", manifest_sha256, check_dice(digits, MASTER_DICE), beacon_round, randomness
    )


def slot_seed(master: str, j: int, randomness: str, *, beacon_round: str = NO_ROUND) -> str:
    """S_j of slot j = 1, 2, ...: `randomness` is the slot's 12 digits, or the beacon's output."""
    if beacon_round == NO_ROUND:
        check_dice(randomness, SLOT_DICE)
    return digest("slot", master, j, beacon_round, randomness)


def household_seed(
    slot: str,
    cadre: CadreNumber,
    *,
    beacon_round: str = NO_ROUND,
    randomness: str = NO_RANDOMNESS,
) -> str:
    """T_j, which orders the households of the cadre drawn with the slot seed `slot`."""
    return digest("hh", slot, cadre, beacon_round, randomness)


def lowest_tickets(seed: str, pot: Iterable[tuple[CadreNumber, int]], n: int) -> Lowest:
    """Find the `n` smallest tickets among (cadre, weight) pairs, in memory for `n` only.

    ticket(c) = min over i = 1..weight of A("ticket", seed, c, i).
    """
    start = sha256(f"{PROTOCOL}|ticket|{seed}|".encode()).copy
    kept: list[tuple[bytes, CadreNumber]] = []
    bar = b"\xff" * 33  # above every digest, until n tickets are kept
    pot_n = 0
    rest = iter(pot)
    while batch := list(islice(rest, _BATCH)):
        pot_n += len(batch)
        tickets = []
        for cadre, weight in batch:
            hashed = start()
            hashed.update((cadre + "|1").encode())
            ticket = hashed.digest()
            if weight > 1:
                for i in range(2, weight + 1):
                    hashed = start()
                    hashed.update(f"{cadre}|{i}".encode())
                    ticket = min(ticket, hashed.digest())
            tickets.append(ticket)
        if min(tickets) < bar:
            drawn = zip(tickets, batch, strict=True)
            kept += [(ticket, cadre) for ticket, (cadre, _) in drawn if ticket < bar]
            kept = sorted(kept)[:n]
            if len(kept) == n:
                bar = kept[-1][0]
    return Lowest(tuple(Ticket(cadre, ticket.hex()) for ticket, cadre in kept), pot_n)


def in_pot(
    stratum: Stratum,
    roster: Iterable[FrozenCadre],
    *,
    excluded: Collection[CadreNumber],
    taken: Collection[CadreNumber],
) -> Iterator[FrozenCadre]:
    """Give the cadres of `stratum` that may be drawn; what the others are, see `draw_slot`."""
    return (
        one
        for one in roster
        if one.stratum == stratum and one.cadre not in excluded and one.cadre not in taken
    )


def draw_slot(
    seed: str,
    stratum: Stratum,
    roster: Iterable[FrozenCadre],
    *,
    excluded: Collection[CadreNumber] = (),
    taken: Collection[CadreNumber] = (),
) -> SlotResult:
    """Draw one cadre of `stratum` with the slot seed `seed`; also name the four runners-up.

    `excluded` are the manifest's exclusions, `taken` the cadres drawn in earlier slots of
    the session; sets, not lists. Raises RuleViolation when nobody is left in the pot.
    """
    pot = in_pot(stratum, roster, excluded=excluded, taken=taken)
    lowest = lowest_tickets(seed, ((one.cadre, one.weight) for one in pot), SHOWN_TICKETS)
    if not lowest.tickets:
        raise RuleViolation(f"层 {stratum} 中已没有可抽取的干部", remedy="请核对抽签清单。")
    drawn, *runners_up = lowest.tickets
    return SlotResult(stratum, drawn.cadre, drawn.ticket, tuple(runners_up), lowest.pot_n)


def household_order(seed: str, hh_n: int) -> tuple[int, ...]:
    """Put positions 1..hh_n in the order in which they are called, by A("hh-ticket", seed, k)."""
    start = sha256(f"{PROTOCOL}|hh-ticket|{seed}|".encode()).copy

    def ticket(k: int) -> bytes:
        hashed = start()
        hashed.update(b"%d" % k)
        return hashed.digest()

    return tuple(sorted(range(1, hh_n + 1), key=ticket))
