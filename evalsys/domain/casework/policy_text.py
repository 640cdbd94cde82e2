"""Reading a policy of the request loop from its text (TOML); every fault with its place."""

from collections.abc import Iterator, Mapping, Sequence

from evalsys.domain.casework.policy import (
    DEFAULT_LIMIT,
    NUMBERS,
    PETITION_LIMIT,
    Limit,
    Number,
    PauseReason,
    Policy,
    ReasonRule,
    Stage,
    StageSet,
    Unit,
)
from evalsys.domain.casework.policy_part import Part, citation, dated_values, number
from evalsys.domain.casework.words import CloseReason, RequestKind, Step
from evalsys.domain.taxonomy import Urgency
from evalsys.domain.toml_text import read_toml, refuse_faults

FORMAT = "evalsys-casework/1"


def parse_policy(text: str) -> Policy:
    """Read a policy.

    Raises:
        InvalidInput: lists every fault with the name of its table and key.
    """
    raw = read_toml(text, "时限规则")
    faults: list[str] = []
    policy = _policy(Part(raw, "时限规则", faults))
    refuse_faults("时限规则", faults, "docs/casework.md", policy.name)
    return policy


def _policy(top: Part) -> Policy:
    if (found := top.text("format")) != FORMAT:
        top.fault(f"format 应为 {FORMAT}，实为“{found}”")
    name, title = top.text("name"), top.text("title")
    documents = {}
    for key, part in top.parts("document"):
        documents[key] = part.text("title")
        part.close()
    numbers = {key: number(key, part, documents) for key, part in top.parts("number")}
    limits = {key: _limit(key, part, documents) for key, part in top.parts("limit")}
    pauses = {
        key: PauseReason(key, part.text("title"), number(key, part, documents, titled=False))
        for key, part in top.parts("pause")
    }
    reasons = dict(_reasons(top, documents))
    sets = tuple(_stage_set(key, part) for key, part in top.parts("stages"))
    if missing := [each for each in NUMBERS if each not in numbers]:
        top.fault(f"缺少 number.{'、number.'.join(missing)}")
    for each in (DEFAULT_LIMIT, PETITION_LIMIT):
        if each not in limits:
            top.fault(f"缺少 limit.{each}")
    if missing := [each.value for each in CloseReason if each not in reasons]:
        top.fault(f"缺少 reason.{'、reason.'.join(missing)}")
    top.close()
    return Policy(name, title, numbers, limits, pauses, reasons, sets)


def _limit(name: str, part: Part, documents: Mapping[str, str]) -> Limit:
    title, unit = part.text("title"), part.word("unit", Unit, Unit.WORKDAYS)
    urgency = part.take("urgency", int, 0)
    said = part.text("holds_for", needed=False)
    if said and said not in tuple(Urgency):
        part.fault(f"holds_for 不认识“{said}”")
    holds_for = Urgency(said) if said in tuple(Urgency) else None
    source = citation(part, documents)
    days = Number(name, title, unit.value, source, dated_values(part, "values"))
    put_off = (
        dated_values(part, "extension")
        if part.take("extends", bool, otherwise=False, needed=False)
        else ()
    )
    part.close()
    extension = Number(f"{name}_extension", title, unit.value, source, put_off) if put_off else None
    return Limit(name, title, unit, urgency, holds_for, days, extension)


def _reasons(top: Part, documents: Mapping[str, str]) -> Iterator[tuple[CloseReason, ReasonRule]]:
    for key, part in top.parts("reason"):
        title, needs = part.text("title"), part.take("needs_approval", bool, otherwise=True)
        source = citation(part, documents)
        part.close()
        if key not in tuple(CloseReason):
            part.fault("不认识这个办结理由")
            continue
        yield CloseReason(key), ReasonRule(CloseReason(key), title, needs, source)


def _stage_set(name: str, part: Part) -> StageSet:
    title, source = part.text("title"), part.text("source")
    said = part.text("kind", needed=False)
    if said and said not in tuple(RequestKind):
        part.fault(f"kind 不认识“{said}”")
    kind = RequestKind(said) if said in tuple(RequestKind) else None
    stages = []
    for row in part.rows("stage"):
        label, english = row.text("label"), row.text("english")
        covered = row.take("steps", list, [])
        unknown = [each for each in covered if each not in tuple(Step)]
        if unknown:
            row.fault(f"steps 不认识 {unknown}")
        stages.append(
            Stage(label, english, frozenset(Step(s) for s in covered if s not in unknown))
        )
        row.close()
    part.close()
    _check_cover(part, stages)
    return StageSet(name, title, source, tuple(stages), kind)


def _check_cover(part: Part, stages: Sequence[Stage]) -> None:
    for step in Step:
        times = sum(step in stage.steps for stage in stages)
        if times != 1:
            part.fault(f"步骤 {step.value} 应恰好属于一个环节，实为 {times} 个")
