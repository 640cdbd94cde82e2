"""A project poll 群众点菜: households choose, supervise, appraise and maintain (G05, G06).

One voice a household and stage. Numbers are told when a stage is over, never while it runs: what
is added day by day could be taken apart again.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from evalsys.domain.written import one_line
from evalsys.errors import InvalidInput, WrongPhase

MOST_OPTIONS = 8
"""On a telephone 9 and 0 are the ways out."""
LONGEST_TITLE = 100
LONGEST_OPTION = 60
MOST_YUAN = 10_000_000_000
WRONG_A_HOUSEHOLD: Final = 5
"""Wrong PINs for one household from one address within `GUESSED_WITHIN`.

Whoever knows the codes of households must not be able to shut them out: only the address that
guessed is shut out, and not for good.
"""
WRONG_IN_ALL: Final = 50
"""Wrong PINs for one household from anywhere within `GUESSED_WITHIN`: a PIN has 10^8 values."""
GUESSED_WITHIN: Final = timedelta(hours=1)
WRONG_AN_ADDRESS: Final = 15
"""Wrong ones from one address within `TRIED_WITHIN`, whatever the household."""
TRIED_WITHIN: Final = timedelta(minutes=15)
_OPTION = re.compile(r"(?P<title>.+?)[\s,，]+(?P<cost>[0-9][0-9,]*)\s*元?")


class PollStage(StrEnum):
    """The four stages, in their order."""

    CHOOSE = "choose"
    """建设内容群众点菜."""
    SUPERVISE = "supervise"
    """建设过程群众监督: is it being built as promised?"""
    APPRAISE = "appraise"
    """建设成效群众评议: from 1 (worst) to 5."""
    MAINTAIN = "maintain"
    """建设成果群众管护: does the household take part?"""


class Voiced(StrEnum):
    """How a voice came in."""

    PAGE = "page"
    PHONE = "phone"
    """Somebody of the county wrote down what the household said with its PIN."""
    CALL = "call"
    """The household pressed a key when it was called, or called back."""
    LINK = "link"
    """It opened the link of a short message."""


ANSWERS: Mapping[PollStage, tuple[str, ...]] = {
    PollStage.CHOOSE: (),
    PollStage.SUPERVISE: ("yes", "no", "unsure"),
    PollStage.APPRAISE: ("5", "4", "3", "2", "1"),
    PollStage.MAINTAIN: ("yes", "no"),
}
"""What may be answered; of the choice, the numbers of the options."""


@dataclass(frozen=True, slots=True)
class Option:
    """A project that may be chosen, and what it costs."""

    title: str
    yuan: int


@dataclass(frozen=True, slots=True)
class Span:
    """The days of a stage, both included."""

    stage: PollStage
    opens: date
    closes: date


@dataclass(frozen=True, slots=True)
class Plan:
    """A poll as somebody asks for it; it never changes."""

    title: str
    grid: str
    yuan: int
    """What there is to spend."""
    options: tuple[Option, ...]
    spans: tuple[Span, ...]

    def answers(self, stage: PollStage) -> tuple[str, ...]:
        """Return what may be answered in a stage."""
        if stage is PollStage.CHOOSE:
            return tuple(str(n) for n in range(1, len(self.options) + 1))
        return ANSWERS[stage]

    def span(self, stage: PollStage) -> Span:
        """Return the days of a stage."""
        return next(one for one in self.spans if one.stage is stage)

    def running(self, day: date) -> Span | None:
        """Return the stage of a day, if one runs."""
        return next((one for one in self.spans if one.opens <= day <= one.closes), None)


@dataclass(frozen=True, slots=True)
class StageResult:
    """What a stage that is over came to."""

    span: Span
    eligible: int
    voices: int
    counts: Mapping[str, int] | None
    """By answer; absent while it runs, and where it would tell what single households said."""
    is_unanimous: bool = False
    ways: Mapping[Voiced, int] = field(default_factory=dict)
    """How many voices came in by which way; together all of them."""

    @property
    def is_hidden(self) -> bool:
        """Whether there are voices whose numbers are not told."""
        return self.counts is None


def read_options(text: str) -> tuple[Option, ...]:
    """Read options, one a line: what, and what it costs in whole yuan.

    Raises:
        InvalidInput: names the line that cannot be read.
    """
    options = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        found = _OPTION.fullmatch(line.strip())
        if found is None:
            raise InvalidInput(
                f"看不出项目和造价：“{line.strip()[:30]}”。",
                remedy="每行一个项目，名称后空格写造价（元），如：硬化村东路 300000。",
                place=f"备选项目第 {number} 行",
            )
        title = one_line(found["title"], f"备选项目第 {number} 行", longest=LONGEST_OPTION)
        options.append(Option(title, int(found["cost"].replace(",", ""))))
    return tuple(options)


def check_plan(plan: Plan, today: date) -> Plan:
    """Return a plan that can be carried out.

    Raises:
        InvalidInput: lists everything that is wrong.
    """
    problems = [*_option_problems(plan), *_span_problems(plan, today)]
    if not 1 <= len(plan.title) <= LONGEST_TITLE:
        problems.insert(0, f"名称为 1 到 {LONGEST_TITLE} 字")
    if problems:
        raise InvalidInput("；".join(problems) + "。", remedy="请改正后重新提交。", place="poll")
    return plan


def _option_problems(plan: Plan) -> Iterator[str]:
    if not 0 < plan.yuan <= MOST_YUAN:
        yield "没有写可用资金"
    if not 2 <= len(plan.options) <= MOST_OPTIONS:
        yield f"备选项目要有 2 到 {MOST_OPTIONS} 个，现有 {len(plan.options)} 个"
    titles = [one.title for one in plan.options]
    if len(set(titles)) < len(titles):
        yield "备选项目有重名"
    for one in plan.options:
        if not 0 < one.yuan <= plan.yuan:
            yield f"“{one.title}”的造价不在可用资金之内"


def _span_problems(plan: Plan, today: date) -> Iterator[str]:
    if [one.stage for one in plan.spans] != list(PollStage):
        yield "四个阶段都要有，次序为点菜、监督、评议、管护"
        return
    for one in plan.spans:
        if one.closes < one.opens:
            yield f"{STAGE_WORDS[one.stage]}的截止日早于开始日"
    for former, later in zip(plan.spans, plan.spans[1:], strict=False):
        if later.opens <= former.closes:
            yield f"{STAGE_WORDS[later.stage]}在{STAGE_WORDS[former.stage]}截止之前就开始"
    if plan.spans[0].opens < today:
        yield "点菜的开始日已经过去"


STAGE_WORDS: Mapping[PollStage, str] = {
    PollStage.CHOOSE: "群众点菜",
    PollStage.SUPERVISE: "群众监督",
    PollStage.APPRAISE: "群众评议",
    PollStage.MAINTAIN: "群众管护",
}


def check_voice(plan: Plan, stage: PollStage, answer: str, day: date) -> None:
    """Insist that a household may say this today.

    Raises:
        WrongPhase: the stage does not run.
        InvalidInput: it is no answer of the stage.
    """
    running = plan.running(day)
    if running is None or running.stage is not stage:
        now = "现在没有阶段进行" if running is None else f"现在是{STAGE_WORDS[running.stage]}"
        span = plan.span(stage)
        raise WrongPhase(
            f"{STAGE_WORDS[stage]}从 {span.opens} 到 {span.closes}，{now}。",
            remedy="请刷新页面，按现在的阶段回答。",
        )
    if answer not in plan.answers(stage):
        raise InvalidInput("没有选，或选的不在其中。", remedy="请选一项。", place="回答")


def results(
    plan: Plan,
    eligible: int,
    voices: Mapping[PollStage, Mapping[Voiced, int]],
    counts: Mapping[PollStage, Mapping[str, int]],
    day: date,
    hide_below: int,
) -> tuple[StageResult, ...]:
    """Tell every stage: numbers when it is over, from `hide_below` voices on.

    Where everybody said the same of a stage that judges, each would be known to have said it;
    the choice is told all the same, since it has to be carried out.
    """
    told = []
    for span in plan.spans:
        ways, found = voices.get(span.stage, {}), counts.get(span.stage, {})
        n = sum(ways.values())
        alike = len(found) == 1 and span.stage is not PollStage.CHOOSE
        is_shown = day > span.closes and n >= hide_below and not alike
        shown = {each: found.get(each, 0) for each in plan.answers(span.stage)}
        is_unanimous = alike and day > span.closes and n >= hide_below
        counted = shown if is_shown else None
        told.append(StageResult(span, eligible, n, counted, is_unanimous, ways))
    return tuple(told)


def chosen(plan: Plan, choice: StageResult) -> Sequence[int]:
    """Return the numbers of the projects that are built: the most wanted first, while money lasts.

    Of equally wanted ones the one that is listed first goes first. None before the choice is told.
    """
    if choice.counts is None:
        return ()
    counts, left, built = choice.counts, plan.yuan, []
    for number in sorted(range(1, len(plan.options) + 1), key=lambda n: (-counts[str(n)], n)):
        cost = plan.options[number - 1].yuan
        if counts[str(number)] and cost <= left:
            built.append(number)
            left -= cost
    return tuple(built)
