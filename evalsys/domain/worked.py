"""A worked example of a draw: the lines that anybody can give to `sha256sum` (docs/draw.md)."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from evalsys.domain.draw import PROTOCOL, digest
from evalsys.domain.verify_beacon import BoundRound, randomness_of
from evalsys.domain.verify_order import Course, SlotCourse

_MOST_WEIGHT = 8


class Computed(StrEnum):
    """What a line computes."""

    MANIFEST = "manifest"
    RANDOMNESS = "randomness"
    """Of the master seed's round of the beacon."""
    MASTER = "master"
    SLOT_RANDOMNESS = "slot_randomness"
    SLOT = "slot"
    TICKET = "ticket"


@dataclass(frozen=True, slots=True)
class WorkedLine:
    """One line to copy into a terminal, and the hash that must come out, 64 hex."""

    computed: Computed
    command: str
    result: str


EXAMPLE = Course(
    manifest_sha256="0df496c5cf2b28f550b8bd5e79bec2134f01171cae4a55b91c57d6aed403dc8c",
    digits="314159265358979323846264",
    slots=[
        SlotCourse(
            j=1,
            digits="271828182845",
            drawn={
                "cadre": "00001234",
                "ticket": "41b887514cd8e74b4b107b221ebc979b973100f14b9283ceaa4681c63becf955",
            },
        )
    ],
)
"""The one of docs/draw.md, for when there is no session to take it from."""


def worked_lines(course: Course, slot: SlotCourse) -> tuple[WorkedLine, ...]:
    """Lead from the manifest to the ticket of the cadre drawn in `slot`, line by line.

    The slot must have drawn. The last line is left out when the published ticket is none of
    that cadre's tickets: then the verifiers say what is wrong.
    """
    return tuple(_lines(course, slot))


def _lines(course: Course, slot: SlotCourse) -> Iterator[WorkedLine]:
    yield WorkedLine(Computed.MANIFEST, "sha256sum manifest.json", course.manifest_sha256)
    yield from _randomness(Computed.RANDOMNESS, course.bound)
    master = course.seed()
    manifest, digits = course.manifest_sha256, course.digits
    yield _hashing(Computed.MASTER, "master", manifest, digits, *_chance(course.bound, "none"))
    yield from _randomness(Computed.SLOT_RANDOMNESS, slot.bound)
    yield _hashing(Computed.SLOT, "slot", master, slot.j, *_chance(slot.bound, slot.digits))
    drawn = slot.drawn or {}
    for i in range(1, _MOST_WEIGHT + 1):
        line = _hashing(Computed.TICKET, "ticket", slot.seed(master), drawn["cadre"], i)
        if line.result == drawn["ticket"]:
            yield line
            return


def _hashing(computed: Computed, *fields: str | int) -> WorkedLine:
    text = "|".join([PROTOCOL, *map(str, fields)])
    return WorkedLine(computed, f"printf '{text}' | sha256sum", digest(*fields))


def _randomness(computed: Computed, bound: BoundRound | None) -> Iterator[WorkedLine]:
    if bound is not None and bound.pulse is not None:
        command = f"printf {bound.pulse.signature} | xxd -r -p | sha256sum"
        yield WorkedLine(computed, command, bound.pulse.randomness)


def _chance(bound: BoundRound | None, otherwise: str) -> tuple[str, str]:
    known = randomness_of(bound)
    return known.get("beacon_round", "0"), known.get("randomness", otherwise)
