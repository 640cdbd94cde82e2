"""The samples of a rule spreadsheet: each comes out as written, each rule fires and spares one."""

from collections.abc import Iterator, Mapping
from datetime import date

from evalsys.domain.eligibility import Verdict
from evalsys.domain.rulesheet import Note, RuleSheet, Sample, fired
from evalsys.domain.rulesheet_cells import SheetCell


def check_samples(
    sheet: RuleSheet, first_row_of: Mapping[str, SheetCell], today: date
) -> list[Note]:
    """Judge every sample; each must come out as written, each rule must fire and spare one."""
    judge = sheet.judge_on(today)
    errors: list[Note] = []
    fires: set[str] = set()
    spares: set[str] = set()
    verdicts = [judge.verdict_on(sample.facts) for sample in sheet.samples]
    for verdict in {id(verdict): verdict for verdict in verdicts}.values():
        for outcome in verdict.outcomes:
            if outcome.met is not None:
                (fires if outcome.met else spares).add(outcome.rule.number)
    for sample, verdict in zip(sheet.samples, verdicts, strict=True):
        errors += _unexpected(sample, verdict)
    for rule in judge.rules.rules:
        at = first_row_of[rule.number].place
        if rule.number not in fires:
            errors.append(
                Note(at, f"规则 {rule.number} 没有任何样例触发", "请在样例表补一个应触发它的样例")
            )
        if rule.number not in spares:
            errors.append(
                Note(at, f"规则 {rule.number} 没有任何样例不触发", "请在样例表补一个不触发它的样例")
            )
    return errors


def _unexpected(sample: Sample, verdict: Verdict) -> Iterator[Note]:
    if sample.conclusion.text != verdict.conclusion.value:
        reasons = "；".join(one.reason for one in verdict.outcomes if one.effect) or "无"
        yield Note(
            sample.conclusion.place,
            f"样例期望“{sample.conclusion.text}”，实为“{verdict.conclusion}”（{reasons}）",
            "请改正规则或期望结论",
        )
    expected = {part for piece in sample.rules.text.split(";") if (part := piece.strip())}
    found = set(fired(verdict)) if expected else set()
    if expected != found:
        yield Note(
            sample.rules.place,
            f"样例期望规则 {';'.join(sorted(expected))}，实为 {';'.join(sorted(found)) or '无'}",
            "请改正规则或期望规则号",
        )
