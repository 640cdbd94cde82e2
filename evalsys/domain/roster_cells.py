"""Reading one cell of a roster file: what it must be, what is mended, what is refused.

A parser takes a cell and gives its value. It raises `CellFault` for what cannot be used and
`Mended` for what was put right and is to be reported; both are caught by the row's reader and
become `ImportProblem`s, they never reach a person as exceptions. Clean cells take the short
way: a county has millions of them.

Numbers typed where text belongs are refused, because a spreadsheet has then already dropped
leading zeros and rounded long codes (3.7E+17). They are taken only where nothing can have
been lost: eight-digit cadre numbers and eleven-digit mobile numbers.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

from evalsys.domain.campaign.calendar import read_window
from evalsys.domain.phone_number import BadPhone, Phones, is_plain_mobile, split_phones, to_e164
from evalsys.errors import InvalidInput

Cell = str | float | int | bool | date | datetime | time | timedelta | None
"""A cell as the reader gives it; None and "" are empty."""

Parsed = str | int | bool | Phones | None
Parser = Callable[[Cell], Parsed]

MAX_NAME: Final = 60
MAX_TEXT: Final = 2000
EXACT_FLOAT: Final = 2**53

REMEMBERED: Final = 4096
"""Days, counts and phrases come again and again: so many readings are remembered."""

_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,31}")
_HOUSEHOLD = re.compile(r"[0-9]{4,20}")
_NUMBER = re.compile(r"[0-9]{8}")
_DATE = re.compile(r"([12][0-9]{3})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?:[ T]00:00(?::00)?)?")
_COMPACT_DATE = re.compile(r"([12][0-9]{3})([0-9]{2})([0-9]{2})")
_DIALECT = re.compile(r"[\w-]{1,16}")
_TO = re.compile(r"\s*[-~—–至到]+\s*")
_DECIMAL = re.compile(r"[0-9]{1,3}(?:\.[0-9]+)?")
_WHOLE = re.compile(r"[0-9]{1,9}(?:\.0+)?")
_HAN_GAP = re.compile(
    r"(?<=[\u3400-\u9fff\U00020000-\U0003ffff])[ \u3000]+(?=[\u3400-\u9fff\U00020000-\U0003ffff])"
)
_BREAKS = re.compile(r"\s*(?:\r\n?|\n|_x000[Dd]_)\s*")
_ERRORS = ("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!")


class CellFault(ValueError):  # noqa: N818 - a word of the house: what is wrong with a cell
    """The cell cannot be used; says why and what to do."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy


class Mended(ValueError):  # noqa: N818 - not an error at all: the value stands, with a remark
    """The cell was put right: `value` is to be used, `what` is to be reported."""

    def __init__(self, value: Parsed, what: str, remedy: str = "已自动更正，请核对。") -> None:
        super().__init__(what)
        self.value = value
        self.what = what
        self.remedy = remedy


class RowLeftOut(ValueError):  # noqa: N818 - not an error: the row is good and belongs elsewhere
    """The whole row is to be passed over, with a remark."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy


def cadre_number(cell: Cell) -> Parsed:
    """Read an eight-digit cadre number 干部编号."""
    if type(cell) is str and len(cell) == 8 and cell.isascii() and cell.isdigit():
        return cell
    number = _integer(cell)
    if number is not None and 10_000_000 <= number <= 99_999_999:
        return str(number)
    return _coded(cell, _NUMBER, "干部编号应为8位数字")


def household_code(cell: Cell) -> Parsed:
    """Read a household code 户编码: 4 to 20 digits."""
    if type(cell) is str and 4 <= len(cell) <= 20 and cell.isascii() and cell.isdigit():
        return cell
    return _coded(cell, _HOUSEHOLD, "户编码应为4至20位数字")


def code(cell: Cell) -> Parsed:
    """Read a code of letters, digits, hyphens and underscores, up to 32."""
    if type(cell) is str and cell.isascii() and cell.isalnum() and len(cell) <= 32:
        return cell
    return _coded(cell, _CODE, "编码只能由字母、数字、连字符组成，最长32位")


def person_name(cell: Cell) -> Parsed:
    """Read a person's name; spaces that pad a two-character name are taken out."""
    if type(cell) is str and cell.isalpha() and len(cell) <= MAX_NAME:
        return cell
    text = _text(cell)
    if len(text) > MAX_NAME:
        raise CellFault(f"姓名超过{MAX_NAME}个字", "请核对是否填错了列。")
    closed = _HAN_GAP.sub("", text)
    if closed != text:
        raise Mended(closed, "姓名中间的空格或换行已去掉")
    return text


def label(cell: Cell) -> Parsed:
    """Read a short text: the name of a place or unit, a post."""
    if type(cell) is str and cell.isalnum() and len(cell) <= MAX_NAME:
        return cell
    text = _text(cell)
    if len(text) > MAX_NAME:
        raise CellFault(f"超过{MAX_NAME}个字", "请缩短，或核对是否填错了列。")
    if isinstance(cell, str) and _BREAKS.search(cell.strip()):
        raise Mended(text, "单元格内的换行已改为空格")
    return text


@lru_cache(maxsize=REMEMBERED, typed=True)
def long_text(cell: Cell) -> Parsed:
    """Read a text of up to 2,000 characters; line breaks become spaces."""
    if _is_number(cell):
        return shown(cell)
    text = _text(cell)
    if len(text) > MAX_TEXT:
        raise CellFault(f"超过{MAX_TEXT}个字", "请缩短。")
    return text


def phones(cell: Cell) -> Parsed:
    """Read a cell of telephone numbers. A bad number is kept and reported, never refused."""
    if type(cell) is str and is_plain_mobile(cell):
        return (f"+86{cell}",)
    typed = cell.strip() if isinstance(cell, str) else shown(cell)
    read = tuple(to_e164(part) for part in split_phones(typed))
    faults = [number.why for number in read if isinstance(number, BadPhone)]
    if faults:
        raise Mended(
            read, f"电话无法拨打：{'；'.join(faults)}", "请改正号码；改正前该号码不会被拨打。"
        )
    if not "".join(split_phones(typed)).isascii():
        raise Mended(read, "电话中的全角字符已转为半角")
    return read


@lru_cache(maxsize=REMEMBERED, typed=True)
def day(cell: Cell) -> Parsed:
    """Read a date; gives YYYY-MM-DD."""
    if isinstance(cell, datetime):
        return _day(cell.year, cell.month, cell.day)
    if isinstance(cell, date):
        return _day(cell.year, cell.month, cell.day)
    if _is_number(cell):
        match = _COMPACT_DATE.fullmatch(str(_integer(cell)))
        if match is None:
            raise CellFault(
                "这里要日期，却是一个数字", "请把单元格设为日期格式，或写成 2026-03-01。"
            )
    elif isinstance(cell, bool | time | timedelta):
        raise CellFault("这里要日期", "请把单元格设为日期格式，或写成 2026-03-01。")
    else:
        text = unicodedata.normalize("NFKC", _text(cell)).strip()
        match = _DATE.fullmatch(text) or _COMPACT_DATE.fullmatch(text)
    if match is None:
        raise CellFault("不是完整的年月日", "请写成 2026-03-01。")
    return _day(*(int(part) for part in match.groups()))


def yes_no(cell: Cell) -> Parsed:
    """Read 是 or 否; an empty cell is 否."""
    if isinstance(cell, bool):
        return cell
    text = _text(cell)
    if text in {"是", "否"}:
        return text == "是"
    raise CellFault("只能填“是”或“否”", "请改为“是”或“否”。")


@lru_cache(maxsize=REMEMBERED, typed=True)
def calling_time(cell: Cell) -> Parsed:
    """Read the time at which a household wants to be called; gives HH:MM-HH:MM."""
    typed = _text(cell)
    try:
        window = read_window(_TO.sub("-", unicodedata.normalize("NFKC", typed)))
    except InvalidInput as error:
        raise CellFault("不是一段时间", "请写成 19:00-20:00，先早后晚。") from error
    text = f"{window.opens:%H:%M}-{window.closes:%H:%M}"
    if text != typed:
        raise Mended(text, f"时段已写成 {text}")
    return text


@lru_cache(maxsize=REMEMBERED, typed=True)
def dialect(cell: Cell) -> Parsed:
    """Read the code of a dialect, as interview scripts and prompt folders name it."""
    text = _text(cell)
    if _DIALECT.fullmatch(text) is None:
        raise CellFault("方言代码为1至16个字母、数字、汉字或连字符", "请写脚本中的方言代码。")
    return text


def tenths(cell: Cell) -> Parsed:
    """Read a mark from 0 to 100; gives tenths of a point, finer marks are rounded half up."""
    text = repr(cell) if _is_number(cell) else unicodedata.normalize("NFKC", _text(cell))
    if not _DECIMAL.fullmatch(text):
        raise CellFault("分数应为0至100的数", "请填数字，缺失时留空，不要填“无”或“-”。")
    mark = float(text)
    if mark > 100:
        raise CellFault("分数应在0至100之间", "请核对分数。")
    value = int(mark * 10 + 0.5 + 1e-9)
    if abs(value - mark * 10) > 1e-6:
        raise Mended(value, f"分数按四舍五入保留一位小数：{value / 10:.1f}")
    return value


def whole(least: int, most: int) -> Parser:
    """Make a reader of whole numbers from `least` to `most`."""

    @lru_cache(maxsize=REMEMBERED, typed=True)
    def parse(cell: Cell) -> Parsed:
        value = _integer(cell)
        if value is None:
            text = repr(cell) if _is_number(cell) else unicodedata.normalize("NFKC", _text(cell))
            if not _WHOLE.fullmatch(text):
                raise CellFault("这里要整数", f"请填{least}至{most}的整数。")
            value = int(float(text))
        if not least <= value <= most:
            raise CellFault(f"应在{least}至{most}之间", "请核对。")
        return value

    return parse


def one_of(values: Mapping[str, Parsed], left_out: Collection[str] = ()) -> Parser:
    """Make a reader of a closed set; gives what the word stands for.

    A row with one of the words in `left_out` is not for this roster.
    """
    allowed = "、".join(values)

    def parse(cell: Cell) -> Parsed:
        text = cell if isinstance(cell, str) and cell in values else _text(cell)
        if text in left_out:
            raise RowLeftOut(f"{text}不参加联系户分配", "该行未导入；若应参加，请更正人员类别。")
        if text not in values:
            raise CellFault("不在允许的取值之内", f"请填其中之一：{allowed}。")
        return values[text]

    return parse


def shown(cell: Cell) -> str:
    """Write a cell for a report so that hidden characters are seen."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return "".join(ch if ch.isprintable() else f"⟨U+{ord(ch):04X}⟩" for ch in cell[:200])
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() and abs(cell) < EXACT_FLOAT else repr(cell)
    return str(cell)


def is_empty(cell: Cell) -> bool:
    """Say whether nothing but white space stands in the cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _coded(cell: Cell, pattern: re.Pattern[str], rule: str) -> str:
    if not isinstance(cell, str):
        raise _typed_as_number(cell)
    text = _text(cell)
    if pattern.fullmatch(text):
        return text
    narrow = unicodedata.normalize("NFKC", text).replace(" ", "")
    if pattern.fullmatch(narrow):
        raise Mended(narrow, "编码中的全角字符或空格已更正")
    raise CellFault(rule, "请按规定的格式填写。")


def _typed_as_number(cell: Cell) -> CellFault:
    kind = "数字" if _is_number(cell) else "日期或逻辑值"
    return CellFault(
        f"编码被存成了{kind}，前导零和末尾几位可能已经丢失",
        "请把整列设为“文本”格式，从原始台账重新粘贴。",
    )


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, float | int) and not isinstance(cell, bool)


def _integer(cell: Cell) -> int | None:
    """Give the whole number that a numeric cell holds exactly."""
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() and abs(cell) < EXACT_FLOAT else None
    return cell if isinstance(cell, int) and not isinstance(cell, bool) else None


def _text(cell: Cell) -> str:
    """Give the text of a cell, line breaks and tabs made spaces."""
    if not isinstance(cell, str):
        raise CellFault("这里要文字", "请把单元格设为“文本”格式后重新填写。")
    text = cell.strip()
    if not text:
        raise CellFault("空白", "请补填。")
    if not text.isprintable() or "_x000" in text:
        text = _BREAKS.sub(" ", text)
        for space in "\t\u3000\xa0":
            text = text.replace(space, " ")
    if not text.isprintable():
        raise CellFault(
            "含有控制字符、不可见字符或造字区字符", "请删除这些字符；生僻字请用国家标准汉字。"
        )
    if text in _ERRORS:
        raise CellFault("公式出错的结果", "请改正公式，或粘贴为数值。")
    return text


def _day(year: int, month: int, dom: int) -> str:
    try:
        value = date(year, month, dom)
    except ValueError:
        raise CellFault("没有这一天", "请核对日期。") from None
    if not 1900 <= value.year <= 2100:
        raise CellFault("年份不在1900至2100之间", "请核对日期。")
    return value.isoformat()
