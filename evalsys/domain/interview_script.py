"""The words that an interview script speaks to one household."""

from dataclasses import dataclass, fields
from datetime import date

from evalsys.domain.interview import Ending, Farewell, Script, Step, Topic

_DATES_SPOKEN = 3
_REQUEST_LETTERS = 30
_COMPOUND_SURNAMES = (
    "欧阳 上官 司马 司徒 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 宇文 长孙 轩辕 夏侯 端木 百里 "
    "东郭 南宫 呼延 闻人 澹台 公冶 宗政 濮阳 淳于 单于 太叔 申屠 仲孙 钟离 独孤 西门"
)


@dataclass(frozen=True, slots=True)
class Brief:
    """What may be said to one household: whom it is asked about, and what that cadre recorded."""

    cadre: str
    """Post and name, as spoken."""
    surname: str = ""
    """Of the head of the household; empty when unknown."""
    visits: tuple[date, ...] = ()
    """Dates on which the cadre says to have come."""
    requests: tuple[str, ...] = ()
    """Requests of the household that the cadre marked solved."""
    pledge: str = ""
    """What the cadre promised in public."""
    poll: str = ""
    """Of a project poll: the grid and the title."""
    options: str = ""
    """The projects, each with its key, as spoken."""
    projects: str = ""
    """What was chosen and is built."""

    def knows(self, topic: Topic) -> bool:
        """Say whether the record holds something to ask about; for a claim, whether it exists."""
        match topic:
            case Topic.IDENTITY:
                return bool(self.surname)
            case Topic.VISITED | Topic.SATISFIED:
                return bool(self.visits)
            case Topic.SOLVED:
                return bool(self.requests)
            case Topic.PLEDGE:
                return bool(self.pledge)
            case Topic.SUPERVISE | Topic.APPRAISE | Topic.MAINTAIN:
                return bool(self.projects)
            case _:
                return False


PLACEHOLDERS = frozenset(field.name for field in fields(Brief))


def words(script: Script, brief: Brief, step: Step) -> str:
    """Return what is spoken at a step, one line, without characters that no voice can read."""
    if isinstance(step, Farewell):
        return script.farewells[step.ending]
    question = script.question(step.topic)
    if question is None:
        return script.farewells[Ending.FAULT]
    known = question.say_known and brief.knows(step.topic)
    spoken = script.again.get(step.hint, "") + (question.say_known if known else question.say)
    spoken = spoken.format(
        cadre=brief.cadre,
        surname=brief.surname,
        visits=_dates(brief.visits),
        requests=_requests(brief.requests),
        pledge=brief.pledge,
        poll=brief.poll,
        options=brief.options,
        projects=brief.projects,
    )
    if spoken.isprintable():
        return spoken
    return "".join(letter for letter in spoken if letter.isprintable())


def needs_brief(script: Script, step: Step) -> bool:
    """Say whether what is spoken at a step tells anything of the household or its cadre."""
    if isinstance(step, Farewell):
        return False
    question = script.question(step.topic)
    if question is None:
        return False
    return bool(question.say_known) or "{" in question.say + script.again.get(step.hint, "")


def surname_of(name: str) -> str:
    """Return the part of a person's name by which a stranger would address the household."""
    name = name.strip()
    if "·" in name:  # names such as 买买提·艾力 have no Chinese surname
        return name
    return name[:2] if len(name) > 2 and name[:2] in _COMPOUND_SURNAMES else name[:1]


def _dates(days: tuple[date, ...]) -> str:
    latest = sorted(set(days))[-_DATES_SPOKEN:]
    said = "、".join(f"{day.year}年{day.month}月{day.day}日" for day in latest)
    more = len(set(days)) > _DATES_SPOKEN
    return f"{said}等{len(set(days))}次" if more else said


def _requests(texts: tuple[str, ...]) -> str:
    if not texts:
        return ""
    text = texts[-1].strip()
    short = text if len(text) <= _REQUEST_LETTERS else text[:_REQUEST_LETTERS] + "等"
    return f"“{short}”" + (f"等{len(texts)}件事" if len(texts) > 1 else "这件事")
