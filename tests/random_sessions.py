"""Random sessions in every form of the protocol, and somebody who meddles with them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

from evalsys.domain.beacon import DEFAULT, QUICKNET, BeaconRules, Chain
from evalsys.domain.draw_roster import FrozenRoster, roster_of
from evalsys.domain.manifest import Exclusion, ExclusionReason, HouseholdRules, Manifest
from evalsys.domain.verify import Bundle
from evalsys.errors import InvalidInput
from tests.builders_beacon import USABLE, a_beacon_draw
from tests.builders_draw import Draw, Named, a_cadre, a_draw, a_manifest, digits
from tests.builders_witness import Witness, witnessed
from tests.tampering_draw import FILES, another


class Dealer:
    """Small numbers that are the same in every run."""

    def __init__(self, seed: object) -> None:
        self._seed, self._turn = seed, 0

    def __call__(self, below: int) -> int:
        self._turn += 1
        return int(digits(f"{self._seed} {self._turn}", 9)) % below


def random_draws(n: int) -> Iterator[Draw]:
    """Sessions that keep the rules, but for the odd naming of somebody drawn; some unfinished."""
    for i in range(n):
        deal = Dealer(i)
        roster = _roster(deal)
        # A pairing takes the browser's code fifty times as long as everything else.
        chain = {38: QUICKNET, 39: DEFAULT}.get(deal(40))
        witnesses = [Witness(f"W{k}") for k in range(deal(2) * deal(5))]
        manifest = _manifest(deal, roster, chain, witnesses)
        named = _namings(deal, roster, manifest)
        rehearsal = bool(deal(2))
        if chain is None:
            draw = a_draw(roster, manifest, rehearsal=rehearsal, named=named)
        else:
            draw = a_beacon_draw(roster, manifest, chain=chain, rehearsal=rehearsal, named=named)
        if not deal(4):
            draw = replace(draw, entries=draw.entries[: deal(len(draw.entries))])
        if witnesses:
            draw = witnessed(draw, witnesses[deal(2) :] if len(witnesses) > 2 else witnesses)
        yield draw


def _roster(deal: Dealer) -> FrozenRoster:
    strata, quiz = 1 + deal(3), not deal(3)
    return roster_of(
        a_cadre(
            1 + i * 3,
            stratum=f"T{1 + deal(strata):02d}",
            hh_n=deal(9),
            weight=1 + deal(8),
            quiz=quiz,
        )
        for i in range(4 + deal(30))
    )


def _manifest(
    deal: Dealer, roster: FrozenRoster, chain: Chain | None, witnesses: list[Witness]
) -> Manifest:
    left_out = [
        Exclusion(one.cadre, list(ExclusionReason)[deal(4)]) for one in roster.cadres if not deal(9)
    ]
    rules = HouseholdRules(target=1 + deal(4), attempts=2 + deal(2), gap_s=90, parallel=1 + deal(4))
    beacon = BeaconRules(chain) if chain else None
    keys = [one.key for one in witnesses]
    # The vectors hold few real rounds; a naming may need one more.
    slots = 1 + deal(4) if chain is None else 1 + deal((len(USABLE[chain.hash]) - 2) // 2)
    try:
        return a_manifest(
            roster, slots=slots, hh=rules, exclusions=left_out, beacon=beacon, witness_keys=keys
        )
    except InvalidInput:  # more slots than cadres who may be drawn
        return a_manifest(roster, slots=1, hh=rules, beacon=beacon, witness_keys=keys)


def _namings(deal: Dealer, roster: FrozenRoster, manifest: Manifest) -> Named:
    if deal(3):
        return ()
    return ((deal(1 + len(manifest.slots)), roster.cadres[deal(roster.n)].cadre),)


def meddled(draw: Draw, deal: Dealer) -> Bundle:
    """Change one thing: a byte, a line, a word, a time or a signature; witnesses may sign anew."""
    if not deal(4) or not draw.entries:
        return _with_another_byte(draw.bundle, deal)
    meddle = _MEDDLINGS[deal(len(_MEDDLINGS))]
    try:
        changed = meddle(draw, deal)
        if draw.manifest.witness_keys and deal(2):
            names = [one.id for one in draw.manifest.witness_keys]
            changed = witnessed(changed, [Witness(name) for name in names])
        bundle = changed.bundle
    except InvalidInput:  # not even writable
        return draw.bundle
    return bundle


def _with_another_byte(bundle: Bundle, deal: Dealer) -> Bundle:
    file = FILES[deal(3)]
    data: bytes = getattr(bundle, file)
    if not data:
        return bundle
    i = deal(len(data))
    byte = bytes([data[i] ^ (1 << deal(8))]) if deal(4) else b""
    return replace(bundle, **{file: data[:i] + byte + data[i + 1 :]})


def _without(draw: Draw, deal: Dealer) -> Draw:
    i = deal(len(draw.entries))
    return replace(draw, entries=(*draw.entries[:i], *draw.entries[i + 1 :]))


def _twice(draw: Draw, deal: Dealer) -> Draw:
    i = deal(len(draw.entries))
    return replace(draw, entries=(*draw.entries[: i + 1], *draw.entries[i:]))


def _exchanged(draw: Draw, deal: Dealer) -> Draw:
    i = deal(len(draw.entries))
    pair = draw.entries[i : i + 2][::-1]
    return replace(draw, entries=(*draw.entries[:i], *pair, *draw.entries[i + 2 :]))


def _reworded(draw: Draw, deal: Dealer) -> Draw:
    i = deal(len(draw.entries))
    entry = draw.entries[i]
    name = sorted(entry.body)[deal(len(entry.body))]
    body = {**entry.body, name: another(entry.body[name])}
    entries = (*draw.entries[:i], replace(entry, body=body), *draw.entries[i + 1 :])
    return replace(draw, entries=entries)


def _at_another_time(draw: Draw, deal: Dealer) -> Draw:
    """From one line on, the clock is off by up to five minutes."""
    i, off = deal(len(draw.entries)), timedelta(seconds=deal(601) - 300)
    moved = [replace(entry, at=entry.at + off) for entry in draw.entries[i:]]
    return replace(draw, entries=(*draw.entries[:i], *moved))


def _with_other_signatures(draw: Draw, deal: Dealer) -> Draw:
    signed = [i for i, entry in enumerate(draw.entries) if entry.sigs]
    if not signed:
        return _twice(draw, deal)
    i = signed[deal(len(signed))]
    names = sorted(draw.entries[i].sigs)
    sigs = dict(draw.entries[i].sigs)
    given = sigs.pop(names[deal(len(names))])
    if deal(2):
        sigs[("W9", "W0", "W1")[deal(3)]] = given
    changed = replace(draw.entries[i], sigs=sigs)
    return replace(draw, entries=(*draw.entries[:i], changed, *draw.entries[i + 1 :]))


_MEDDLINGS: tuple[Callable[[Draw, Dealer], Draw], ...] = (
    _without,
    _twice,
    _exchanged,
    _reworded,
    _reworded,
    _at_another_time,
    _with_other_signatures,
)
