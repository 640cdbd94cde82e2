"""Compiling a rule spreadsheet: every row to a condition, every fault with its cell."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import TypeVar

from evalsys.domain.personnel import Value
from evalsys.domain.roster_cells import MAX_TEXT
from evalsys.domain.rulebook import (
    Basis,
    Citation,
    Conclusion,
    Condition,
    Field,
    FieldKind,
    Operator,
    Rule,
    WhenMissing,
    overlapping,
)
from evalsys.domain.rulesheet import (
    FIELDS,
    INTERNAL,
    PUBLIC,
    RESULTS,
    RULES,
    SAMPLES,
    SHEETS,
    Compiled,
    Note,
    RuleSheet,
    Sample,
    Tables,
)
from evalsys.domain.rulesheet_cells import SheetCell, ValueFault, missing_fact, pieces, value_of
from evalsys.domain.rulesheet_samples import check_samples

RULE_COLUMNS = (
    "规则号", "名称", "依据文件", "条款号", "原文", "生效日", "失效日", "适用范围",
    "组号", "字段", "运算", "值", "结果", "缺数据时", "公开级别",
)  # fmt: skip
FIELD_COLUMNS = ("字段", "类型", "代码集", "来源", "负责人")
EXPECTED, EXPECTED_RULES = "期望结论", "期望规则号"

Word = TypeVar("Word")
_EVERYBODY = {
    "", "全体", "全体干部", "全体人员", "全部", "全部干部", "全县", "全县干部", "所有干部", "干部",
}  # fmt: skip
_UNVERIFIED = Basis.UNVERIFIED.value
_VALUELESS = {Operator.PRESENT, Operator.NOT_PRESENT}
_SEVERAL = {Operator.IN, Operator.NOT_IN}
_ORDERED = {Operator.ABOVE, Operator.AT_LEAST}
_HAVE_ORDER = {FieldKind.INTEGER, FieldKind.DECIMAL, FieldKind.DATE}
_NUMBER = re.compile(r"[^\s;|]{1,32}")
_DAYS = [Field(name, FieldKind.DATE, "") for name in ("失效日", "生效日")]
_LEVELS = {word: word for word in (PUBLIC, INTERNAL)}
_GROUP = Field("组号", FieldKind.INTEGER, "")


def compile_rules(tables: Tables, today: date, faults: Sequence[Note] = ()) -> Compiled:
    """Compile the three sheets, given as rows of cells from A1; samples are judged as of `today`.

    Every fault is collected with its place, after those that the file itself has. A rule that
    no sample fires, or that every sample fires, is refused: nobody has seen it work.
    """
    compiler = _Compiler(tables)
    compiler.errors += faults
    sheet = compiler.run()
    if not compiler.errors:
        compiler.errors += check_samples(sheet, compiler.first_row_of, today)
    return Compiled(sheet, tuple(compiler.errors), tuple(compiler.notes))


def compiled_before(tables: Tables) -> Compiled:
    """Compile what passed its samples on the day on which it was kept; they are not run again."""
    compiler = _Compiler(tables)
    sheet = compiler.run()
    return Compiled(sheet, tuple(compiler.errors), tuple(compiler.notes))


@dataclass(frozen=True, slots=True)
class _Line:
    """One row of 规则, cell by cell, and its condition."""

    cells: Mapping[str, SheetCell]
    since: date
    until: date | None
    group: int
    condition: Condition


class _Compiler:
    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self.errors: list[Note] = []
        self.notes: list[Note] = []
        self.first_row_of: dict[str, SheetCell] = {}
        self._fields: dict[str, Field] = {}
        self._published: set[tuple[str, date]] = set()

    def run(self) -> RuleSheet:
        others = [name for name in self._tables if name not in SHEETS]
        for name in SHEETS:
            if name not in self._tables:
                found = f"，现有：{'、'.join(others)}" if others else ""
                self._refuse(name, f"缺少工作表“{name}”{found}", "请按规定的三张表填写")
        for name in others:
            self.notes.append(Note(name, f"工作表“{name}”不属于规则集，未读"))
        for cells in self._rows(FIELDS, FIELD_COLUMNS, FIELD_COLUMNS):
            self._field(cells)
        lines: defaultdict[tuple[str, date, date | None], list[_Line]] = defaultdict(list)
        for cells in self._rows(RULES, RULE_COLUMNS, RULE_COLUMNS):
            line = self._line(cells)
            if line is not None:
                lines[cells["规则号"].text, line.since, line.until].append(line)
        rules = tuple(self._rule(number, same) for (number, *_), same in lines.items())
        if not (rules or self.errors):
            self._refuse(f"{RULES}!A2", "没有一条规则，所有人都会“符合”", "请至少写一条规则")
        self._check_spans(lines)
        return RuleSheet(self._fields, rules, tuple(self._samples()), frozenset(self._published))

    # --- sheets and cells ---------------------------------------------------------------

    def _rows(
        self, sheet: str, columns: Sequence[str], needed: Sequence[str]
    ) -> Iterator[Mapping[str, SheetCell]]:
        """Yield each filled row by the names of its columns; what is not there is an empty cell."""
        if sheet not in self._tables:
            return
        header, *rows = self._tables[sheet] or [()]
        named = [SheetCell(sheet, 0, at, cell) for at, cell in enumerate(header)]
        names = self._header(sheet, named, columns, needed)
        if not names.keys() >= set(needed):
            return  # what stands in the other columns cannot be judged without it
        by_column = {cell.column: name for name, cell in names.items()}
        for row, cells in enumerate(rows, start=1):
            found = {name: SheetCell(sheet, row, len(header), None) for name in columns}
            given = [SheetCell(sheet, row, at, cell) for at, cell in enumerate(cells)]
            for cell in given:
                self._check_seen(cell)
                if cell.column in by_column:
                    found[by_column[cell.column]] = cell
                elif not cell.is_empty:
                    self._refuse(cell.place, f"这一格“{cell.text}”没有表头", "请加上表头或删除")
            if not all(cell.is_empty for cell in given):
                yield found

    def _header(
        self, sheet: str, header: Sequence[SheetCell], columns: Sequence[str], needed: Sequence[str]
    ) -> dict[str, SheetCell]:
        names: dict[str, SheetCell] = {}
        if all(cell.is_empty for cell in header):
            self._refuse(
                f"{sheet}!A1", "第一行是空的，没有表头", f"请写上列名：{'、'.join(columns)}"
            )
            return names
        for cell in header:
            if cell.is_empty:
                continue
            self._check_seen(cell)
            if cell.text not in columns:
                self._refuse(
                    cell.place, f"没有“{cell.text}”这一列", f"可用的列：{'、'.join(columns)}"
                )
            elif names.setdefault(cell.text, cell) is not cell:
                self._refuse(cell.place, f"列“{cell.text}”重复", "请只保留一列")
        for name in needed:
            if name not in names:
                self._refuse(f"{sheet}!A1", f"缺少列“{name}”", "请补上这一列，可以留空")
        return names

    def _check_seen(self, cell: SheetCell) -> None:
        if cell.unseen:
            self._refuse(cell.place, f"含有看不见的字符 {cell.unseen}", "请删去后重新输入这一格")
        elif len(cell.words) > MAX_TEXT:
            self._refuse(cell.place, f"超过 {MAX_TEXT} 个字", "请缩短")

    def _word(self, cell: SheetCell) -> str:
        """Give a cell's tidied words, and report what tidying changed."""
        if cell.is_mended:
            self.notes.append(Note(cell.place, f"“{cell.words}”已按“{cell.text}”读"))
        return cell.text

    def _refuse(self, place: str, what: str, remedy: str) -> None:
        shown = "".join(ch if ch.isprintable() else f"⟨U+{ord(ch):04X}⟩" for ch in what)
        self.errors.append(Note(place, shown, remedy))

    def _read(self, cell: SheetCell, field: Field) -> Value | None:
        try:
            return value_of(field, self._word(cell))
        except ValueFault as fault:
            self._refuse(cell.place, fault.what, fault.remedy)
            return None

    # --- 字段字典 -----------------------------------------------------------------------

    def _field(self, cells: Mapping[str, SheetCell]) -> None:
        name, kind = self._word(cells["字段"]), self._word(cells["类型"])
        if not name or name in self._fields or name in {"编号", EXPECTED, EXPECTED_RULES}:
            self._refuse(cells["字段"].place, f"字段名“{name}”空缺、重复或另有用处", "请换一个名字")
            return
        if kind not in set(FieldKind):
            self._refuse(
                cells["类型"].place, f"没有“{kind}”这种类型", f"可用：{'、'.join(FieldKind)}"
            )
            return
        codes = [code for code in pieces(self._word(cells["代码集"])) if code]
        if (kind == FieldKind.CODE) != bool(codes) or len(set(codes)) != len(codes):
            self._refuse(
                cells["代码集"].place,
                "代码字段须有互不重复的代码集，其他字段不得有",
                "代码之间用 | 分开",
            )
        self._fields[name] = Field(name, FieldKind(kind), cells["来源"].text, tuple(codes))

    # --- 规则 ---------------------------------------------------------------------------

    def _line(self, cells: Mapping[str, SheetCell]) -> _Line | None:
        before = len(self.errors)
        if not _NUMBER.fullmatch(self._word(cells["规则号"])):
            self._refuse(
                cells["规则号"].place,
                f"规则号“{cells['规则号'].text}”空缺或不合用",
                "每一行都要写规则号，不超过 32 个字，不含空格、分号和 |",
            )
        self.first_row_of.setdefault(cells["规则号"].text, cells["规则号"])
        since = self._day(cells["生效日"], needed=True)
        until = self._day(cells["失效日"], needed=False)
        if since and until and until < since:
            self._refuse(cells["失效日"].place, "失效日早于生效日", "请核对这两天")
        group = 1 if cells["组号"].is_empty else self._read(cells["组号"], _GROUP)
        condition = self._condition(cells)
        if len(self.errors) > before or since is None or condition is None:
            return None
        return _Line(cells, since, until, group if isinstance(group, int) else 1, condition)

    def _day(self, cell: SheetCell, *, needed: bool) -> date | None:
        if cell.is_empty:
            if needed:
                self._refuse(cell.place, "生效日空缺", "请写成 2014-01-01")
            return None
        day = self._read(cell, _DAYS[needed])
        return day if isinstance(day, date) else None

    def _condition(self, cells: Mapping[str, SheetCell]) -> Condition | None:
        name, word = self._word(cells["字段"]), self._word(cells["运算"])
        field = self._fields.get(name)
        if field is None:
            self._refuse(
                cells["字段"].place, f"字段字典里没有“{name}”", f"可用：{'、'.join(self._fields)}"
            )
        if word not in set(Operator):
            self._refuse(
                cells["运算"].place, f"没有“{word}”这种运算", f"可用：{'、'.join(Operator)}"
            )
            return None
        return None if field is None else self._comparison(cells, field, Operator(word))

    def _comparison(
        self, cells: Mapping[str, SheetCell], field: Field, operator: Operator
    ) -> Condition | None:
        cell = cells["值"]
        if operator in _ORDERED and field.kind not in _HAVE_ORDER:
            self._refuse(
                cells["运算"].place,
                f"{field.kind}字段“{field.name}”不能用“{operator}”",
                "只有整数、小数、日期分大小",
            )
            return None
        if (operator in _VALUELESS) != cell.is_empty:
            self._refuse(cell.place, "“有”“无”后面不写值，其他运算必须写值", "请改正这一格")
            return None
        if operator in _VALUELESS:
            return Condition(field.name, operator)
        text = self._word(cell)
        if text.startswith("{"):
            self._refuse(cell.place, "值不能以 { 开头", "规则表里写数值本身，不写参数名")
            return None
        try:
            given = pieces(text) if operator in _SEVERAL else [text]
            return Condition(field.name, operator, tuple(value_of(field, one) for one in given))
        except ValueFault as fault:
            self._refuse(cell.place, fault.what, fault.remedy)
            return None

    def _rule(self, number: str, lines: Sequence[_Line]) -> Rule:
        def agreed(column: str) -> SheetCell:
            """Give what all rows of the rule say; a blank cell repeats the first."""
            cells = [line.cells[column] for line in lines]
            first = next((cell for cell in cells if not cell.is_empty), cells[0])
            for cell in cells:
                if not cell.is_empty and cell.text != first.text:
                    self._refuse(
                        cell.place, f"规则 {number} 的“{column}”前后不一", f"应为“{first.text}”"
                    )
            return first

        groups: defaultdict[int, list[Condition]] = defaultdict(list)
        for line in lines:
            groups[line.group].append(line.condition)
        scope = self._scope(agreed("适用范围"))
        source, article, words = agreed("依据文件"), agreed("条款号"), agreed("原文")
        level = agreed("公开级别")
        if not level.is_empty and self._one_of(level, _LEVELS, INTERNAL) == PUBLIC:
            self._published.add((number, lines[0].since))
        is_open = any(_UNVERIFIED in cell.text for cell in (source, article, words))
        is_house = source.text.startswith(Basis.HOUSE)
        basis = Basis.UNVERIFIED if is_open else Basis.HOUSE if is_house else Basis.TEXT
        if is_open:
            self.notes.append(
                Note(lines[0].cells["规则号"].place, f"规则 {number} 标为未核实，不予适用")
            )
        return Rule(
            number=number,
            title=self._filled(agreed("名称")),
            source=Citation(self._filled(source), article.words, basis, words.words),
            groups=tuple((*scope, *groups[group]) for group in sorted(groups)),
            outcome=self._one_of(agreed("结果"), RESULTS, Conclusion.PENDING),
            missing=self._one_of(
                agreed("缺数据时"), {word.value: word for word in WhenMissing}, WhenMissing.PENDING
            ),
            since=lines[0].since,
            until=lines[0].until,
        )

    def _filled(self, cell: SheetCell) -> str:
        if cell.is_empty:
            self._refuse(cell.place, "这一格不能为空", "请补填")
        return cell.words

    def _one_of(self, cell: SheetCell, words: Mapping[str, Word], otherwise: Word) -> Word:
        word = self._word(cell)
        if word not in words:
            self._refuse(cell.place, f"没有“{word}”这个词", f"可用：{'、'.join(words)}")
        return words.get(word, otherwise)

    def _scope(self, cell: SheetCell) -> tuple[Condition, ...]:
        """Read 适用范围: everybody, or codes of one field, which every group must then meet."""
        text = self._word(cell)
        if text in _EVERYBODY:
            return ()
        codes = pieces(text)
        fields = [
            field
            for field in self._fields.values()
            if field.kind is FieldKind.CODE and set(codes) <= set(field.codes)
        ]
        if len(fields) == 1:
            return (Condition(fields[0].name, Operator.IN, tuple(codes)),)
        self._refuse(
            cell.place,
            f"适用范围“{text}”不是字段字典中某一个代码字段的代码",
            "请写“全体”，或写代码（例如 公务员），几个代码用 | 分开",
        )
        return ()

    def _check_spans(self, lines: Mapping[tuple[str, date, date | None], list[_Line]]) -> None:
        versions: defaultdict[str, list[list[_Line]]] = defaultdict(list)
        for (number, *_), same in lines.items():
            versions[number].append(same)
        pairs = (pair for found in versions.values() for pair in combinations(found, 2))
        for same, later in pairs:
            if overlapping([(one[0].since, one[0].until) for one in (same, later)]):
                cell = later[0].cells["生效日"]
                first = same[0].cells["生效日"].place
                self._refuse(
                    cell.place,
                    f"规则 {later[0].cells['规则号'].text} 的日期与 {first} 那一版重叠",
                    "请先给旧版写上失效日（当天仍有效），新版次日生效",
                )

    # --- 样例 ---------------------------------------------------------------------------

    def _samples(self) -> Iterator[Sample]:
        columns = (*self._fields, EXPECTED, EXPECTED_RULES)
        for cells in self._rows(SAMPLES, columns, (EXPECTED, EXPECTED_RULES)):
            expected = cells[EXPECTED]
            if self._word(expected) not in set(Conclusion):
                self._refuse(
                    expected.place,
                    f"没有“{expected.text}”这个结论",
                    f"可用：{'、'.join(Conclusion)}",
                )
            facts = {name: self._fact(cells[name], field) for name, field in self._fields.items()}
            yield Sample(facts, expected, cells[EXPECTED_RULES])

    def _fact(self, cell: SheetCell, field: Field) -> Value:
        value = None if cell.is_empty else self._read(cell, field)
        return missing_fact(field) if value is None else value
