"""The rundown 流程表: what is planned, and what the record says about when it happened.

Nobody ticks cues off: a part of the show begins when its phase does. A naming was in no plan; it
is listed where it happened, and its time counts against the whole.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import zip_longest

from evalsys.domain.live.control import Mark
from evalsys.domain.live.events_control import CueLine, RundownSet
from evalsys.domain.live.state import LiveState, hears_programmes, is_assembly
from evalsys.domain.live.words import AgendaOrder, Phase
from evalsys.domain.written import one_line
from evalsys.errors import InvalidInput

USUAL_SECONDS: Mapping[Phase, int] = {
    Phase.CEREMONY: 600,
    Phase.SEEDED: 60,
    Phase.DRAWN: 60,
    Phase.ANSWERING: 240,
    Phase.CALLING: 480,
    Phase.VOTING: 60,
    Phase.TALLIED: 60,
    Phase.JUDGED: 120,
    Phase.CLOSED: 180,
}
"""How long each part takes when nobody planned otherwise."""
OF_A_ROUND = (
    Phase.DRAWN,
    Phase.ANSWERING,
    Phase.CALLING,
    Phase.VOTING,
    Phase.TALLIED,
    Phase.JUDGED,
)
_OF_A_PROGRAMME = (Phase.DRAWN, Phase.CALLING, Phase.JUDGED)
_OF_AN_ISSUE = (Phase.ANSWERING, Phase.JUDGED, Phase.VOTING, Phase.TALLIED)
"""Whether the panel votes on an answer is decided on the spot: what was not on is skipped."""
_LONGEST_S = 4 * 3600
_LONGEST_WORDS = 200


@dataclass(frozen=True, slots=True)
class Cue:
    """A part of the show, planned, present or past."""

    phase: Phase
    j: int
    """Number of the round, 0 outside rounds."""
    planned_s: int
    words: str = ""
    is_planned: bool = True
    began_at: datetime | None = None
    actual_s: int = 0
    """Seconds that it took, over all its stretches, those that ended."""
    is_now: bool = False


@dataclass(frozen=True, slots=True)
class Clocks:
    """How the show stands against its plan."""

    ends_at: datetime
    """When the present part ends by its planned length; it moves on while the show is halted."""
    due_at: datetime
    """When it ends by the plan of the whole show."""
    over_s: int
    """Seconds that the show is late (over), or early where negative (under)."""
    show_ends_at: datetime
    """When the whole show will end, if the rest goes by the plan."""


def check_rundown(starts_at: str, lines: Iterable[CueLine]) -> RundownSet:
    """Return the plan in the order of the show.

    Raises:
        InvalidInput: names the line that is out of range, or the start that is no time.
    """
    given = {line.phase: _checked(line) for line in lines}
    unknown = given.keys() - USUAL_SECONDS.keys()
    if unknown:
        raise InvalidInput(
            f"{'、'.join(sorted(unknown))} 不是流程中的环节。",
            remedy=f"可选：{'、'.join(USUAL_SECONDS)}。",
            place="流程表",
        )
    if starts_at:
        try:
            has_offset = datetime.fromisoformat(starts_at).tzinfo is not None
        except ValueError:
            has_offset = False
        if not has_offset:
            raise InvalidInput(
                "开始时间应含日期、时刻和时区。",
                remedy="例如 2026-11-26T09:00:00+08:00。",
                place="开始时间",
            )
    return RundownSet(starts_at, tuple(given[phase] for phase in USUAL_SECONDS if phase in given))


def cues_of(state: LiveState) -> tuple[Cue, ...]:
    """List every part of the show in order: as planned, and as it happened."""
    cues = {(cue.phase, cue.j): cue for cue in _planned(state)}
    marks = state.control.marks
    before: tuple[Phase, int] | None = None
    for mark, following in zip_longest(marks, marks[1:]):
        key = (mark.phase, mark.j)
        if mark.phase is not Phase.SEALED:
            if key not in cues:
                cues = _inserted(cues, before, Cue(*key, 0, is_planned=False))
            cues[key] = _happened(cues[key], mark, following)
            before = key
    return tuple(cues.values())


def clocks_of(state: LiveState, now: datetime) -> Clocks | None:
    """Hold the show against its plan; None before it begins and after it ends."""
    cues = cues_of(state)
    at = next((i for i, cue in enumerate(cues) if cue.is_now), None)
    if at is None:
        return None
    current, mark = cues[at], state.control.marks[-1]
    halted = state.control.halted_since
    standing = now - max(halted, mark.at) if halted else timedelta()
    left_s = max(0, current.planned_s - current.actual_s)
    ends_at = mark.at + timedelta(seconds=left_s + mark.held_s) + standing
    due_at = _start(state) + timedelta(seconds=sum(cue.planned_s for cue in cues[: at + 1]))
    over = max(now, ends_at) - due_at
    rest_s = sum(cue.planned_s for cue in cues[at + 1 :])
    return Clocks(
        ends_at, due_at, int(over.total_seconds()), max(now, ends_at) + timedelta(seconds=rest_s)
    )


def _checked(line: CueLine) -> CueLine:
    if not 0 <= line.seconds <= _LONGEST_S:
        raise InvalidInput(
            f"{line.seconds} 秒超出范围。", remedy=f"请填 0 至 {_LONGEST_S} 秒。", place=line.phase
        )
    return replace(line, words=one_line(line.words, line.phase, longest=_LONGEST_WORDS))


def _planned(state: LiveState) -> Iterator[Cue]:
    lines = {line.phase: line for line in state.control.rundown.lines}

    def cue(phase: Phase, j: int = 0) -> Cue:
        line = lines.get(phase)
        seconds = line.seconds if line else USUAL_SECONDS[phase]
        return Cue(phase, j, seconds, line.words if line else "")

    slots = len(state.slots) or (state.plan.slots if state.plan else 0)
    phases: tuple[Phase, ...] = OF_A_ROUND
    if hears_programmes(state):
        phases = _OF_A_PROGRAMME
    if is_assembly(state):
        slots, phases = len(state.agenda), _OF_AN_ISSUE
    if not is_assembly(state) or (state.plan and state.plan.agenda is AgendaOrder.DRAWN):
        yield cue(Phase.CEREMONY)
    yield cue(Phase.SEEDED)
    for j in range(1, slots + 1):
        for phase in phases:
            yield cue(phase, j)
    yield cue(Phase.CLOSED)


def _inserted(
    cues: dict[tuple[Phase, int], Cue], before: tuple[Phase, int] | None, cue: Cue
) -> dict[tuple[Phase, int], Cue]:
    """Put an unplanned part behind the one that was on before it."""
    added: dict[tuple[Phase, int], Cue] = {} if before else {(cue.phase, cue.j): cue}
    for key, one in cues.items():
        added[key] = one
        if key == before:
            added[cue.phase, cue.j] = cue
    return added


def _happened(cue: Cue, mark: Mark, following: Mark | None) -> Cue:
    took = int((following.at - mark.at).total_seconds()) - mark.held_s if following else 0
    return replace(
        cue,
        began_at=cue.began_at or mark.at,
        actual_s=cue.actual_s + took,
        is_now=following is None,
    )


def _start(state: LiveState) -> datetime:
    planned = state.control.rundown.starts_at
    return datetime.fromisoformat(planned) if planned else state.control.marks[0].at
