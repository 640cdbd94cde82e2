"""The same rules in zen-engine: one decision table, all hits, everybody in one batch with trace."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import zen

from evalsys.domain.rulebook import Condition, Field, FieldKind, Operator
from evalsys.domain.rulesheet import RESULT_WORDS, RuleSheet


def with_zen(sheet: RuleSheet, lines: Sequence[Sequence[str]]) -> Callable[[], object]:
    """Prepare the table and the people; an empty cell is null there and meets nothing."""
    names = {name: f"f{at}" for at, name in enumerate(sheet.fields)}
    table = _table(sheet, names)
    content = {"nodes": table, "edges": [_edge("in", "rules"), _edge("rules", "out")]}
    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"rules": content}}})
    fields = list(sheet.fields.values())
    requests: list[Any] = [
        {
            "key": "rules",
            "context": {
                names[field.name]: _plain(field, text)
                for field, text in zip(fields, line[1:], strict=True)
            },
        }
        for line in lines
    ]

    def judge() -> object:
        found = engine.evaluate_batch(requests, {"trace": True})
        if not all(one["success"] for one in found):
            raise RuntimeError(next(one for one in found if not one["success"]))
        return found

    return judge


def _table(sheet: RuleSheet, names: dict[str, str]) -> list[dict[str, Any]]:
    rows = [
        {
            "_id": f"{rule.number}/{at}",
            **{names[one.field]: _cell(one) for one in group},
            "rule": json.dumps(rule.number, ensure_ascii=False),
            "result": json.dumps(RESULT_WORDS[rule.outcome], ensure_ascii=False),
        }
        for rule in sheet.rules
        for at, group in enumerate(rule.groups)
    ]
    inputs = [{"id": short, "name": name, "field": short} for name, short in names.items()]
    outputs = [{"id": word, "name": word, "field": word} for word in ("rule", "result")]
    blank = dict.fromkeys(names.values(), "")
    return [
        {"id": "in", "name": "in", "type": "inputNode"},
        {
            "id": "rules",
            "name": "rules",
            "type": "decisionTableNode",
            "content": {
                "hitPolicy": "collect",
                "inputs": inputs,
                "outputs": outputs,
                "rules": [{**blank, **row} for row in rows],
            },
        },
        {"id": "out", "name": "out", "type": "outputNode"},
    ]


def _edge(source: str, target: str) -> dict[str, str]:
    return {"id": f"{source}-{target}", "type": "edge", "sourceId": source, "targetId": target}


def _cell(one: Condition) -> str:
    values = ", ".join(json.dumps(value, ensure_ascii=False) for value in one.values)
    match one.operator:
        case Operator.PRESENT:
            return "true"
        case Operator.NOT_PRESENT:
            return "false"
        case Operator.ABOVE:
            return f"> {values}"
        case Operator.AT_LEAST:
            return f">= {values}"
        case Operator.NOT_IN:
            return f"not in [{values}]"
        case _:
            return values


def _plain(field: Field, text: str) -> str | int | bool | None:
    if not text:
        return None
    if field.kind is FieldKind.BOOLEAN:
        return text == "是"
    return int(text) if field.kind is FieldKind.INTEGER else text
