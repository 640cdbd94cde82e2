"""What somebody wants to plan: which households a campaign asks, about whom, under which rules."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from evalsys.domain.campaign.plan import Kind, Rules
from evalsys.errors import InvalidInput

LONGEST_TITLE = 100
LONGEST_PLEDGE = 120


@dataclass(frozen=True, slots=True)
class Electorate:
    """Which linked households are asked; what is empty does not narrow."""

    cadres: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    townships: tuple[str, ...] = ()

    @property
    def is_narrowed(self) -> bool:
        """Whether it is less than the whole county."""
        return bool(self.cadres or self.units or self.townships)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A campaign as somebody asks for it."""

    kind: Kind
    title: str
    electorate: Electorate = field(default_factory=Electorate)
    rules: Rules = field(default_factory=Rules)
    department: str = ""
    """Code of the unit that is judged, in a spot check."""
    about: str = ""
    """What is judged in a spot check, as spoken: "县水利局今年的农村饮水工程"."""
    pledge: str = ""
    sample: int = 0
    """How many households are drawn for a spot check; of a callback, 0 means all that are due."""
    poll: int = 0
    """Number of the project poll whose running stage is asked about."""


def check_wanted(wanted: Wanted) -> None:
    """Insist that a plan can be meant.

    Raises:
        InvalidInput: lists everything that is missing.
    """
    problems = [*_text_problems(wanted), *_kind_problems(wanted), *_poll_problems(wanted)]
    if problems:
        raise InvalidInput("；".join(problems) + "。", remedy="请补全后重试。", place="plan")


def _text_problems(wanted: Wanted) -> Iterator[str]:
    if not 1 <= len(wanted.title.strip()) <= LONGEST_TITLE:
        yield f"活动名称为 1 到 {LONGEST_TITLE} 字"
    if len(wanted.about.strip()) > LONGEST_TITLE:
        yield f"被评的工作不超过 {LONGEST_TITLE} 字"
    if len(wanted.pledge.strip()) > LONGEST_PLEDGE:
        yield f"承诺内容不超过 {LONGEST_PLEDGE} 字"


def _kind_problems(wanted: Wanted) -> Iterator[str]:
    match wanted.kind:
        case Kind.APPOINTMENT if not wanted.electorate.cadres:
            yield "任前评议须指明干部编号"
        case Kind.PLEDGE if not (wanted.electorate.cadres and wanted.pledge.strip()):
            yield "承诺回访须指明干部编号和承诺内容"
        case Kind.DEPARTMENT:
            if not (wanted.department and wanted.about.strip() and wanted.sample > 0):
                yield "部门抽查须指明单位代码、被评的工作和抽取户数"
            if wanted.electorate.is_narrowed:
                yield "部门抽查从全县住户中抽取，不能限定干部、单位或第二级网格"
        case Kind.CALLBACK if wanted.department or wanted.about.strip() or wanted.pledge.strip():
            yield "办结回访问的是已办结的诉求，不填单位代码、被评的工作和承诺内容"
        case _:
            pass


def _poll_problems(wanted: Wanted) -> Iterator[str]:
    if (wanted.kind is Kind.POLL) is not bool(wanted.poll):
        yield "群众点菜须指明项目编号，别的活动没有项目编号"
    if wanted.poll and (wanted.electorate.is_narrowed or wanted.sample):
        yield "群众点菜问的是项目所在网格的全部住户，不能限定或抽取"
