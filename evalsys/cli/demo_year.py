"""What the made-up county did all year, so that no room of the demo is empty.

Everything goes through the services, as if people had typed it, on a clock that is moved back to
the day on which they would have. Names, texts and numbers are fictitious.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Final

from evalsys.app import build_rooms
from evalsys.cli.demo_department import fill_department, state_year
from evalsys.clock import utc_now
from evalsys.county.agenda import asked
from evalsys.domain.access import Person, Role
from evalsys.domain.casework.intake import Intake
from evalsys.domain.casework.route import COUNTY_LEVEL
from evalsys.domain.casework.words import (
    Channel,
    CloseReason,
    Confirmation,
    Party,
    PartyKind,
    RequestKind,
)
from evalsys.domain.grid_change import ChangeKind, GridChange
from evalsys.domain.household_page import WishKind
from evalsys.domain.issues import Statement, Target
from evalsys.domain.link_stage import LinkStage
from evalsys.domain.office_contact import OfficeContact
from evalsys.domain.polls import Option, Plan, PollStage, Span
from evalsys.domain.ruling import Ruling
from evalsys.domain.taxonomy import Catalogue
from evalsys.services.access import in_turn
from evalsys.services.casework_handling import CaseworkHandling
from evalsys.services.rooms import Rooms
from evalsys.services.tally import Elsewhere
from evalsys.services.taxonomy import Intake as Version
from evalsys.settings import Settings
from evalsys.store import casework_people, demo_year, household_form, roster
from evalsys.store.database import Database

OFFICE: Final = Person("demo-office", Role.OFFICE)
CADRE: Final = Person("demo-cadre", Role.CADRE)
RECORDER: Final = "demo-recorder"
_OFFICE: Final = OfficeContact(
    "0539-0000000",  # nobody's
    "工作日 8:30-12:00，14:00-17:30",
    "县委办公楼一层，县联系群众工作办公室（虚构）",
    "每月 28 日各村驻点也可以找联系干部。",
)
_FRESH: Final = (
    ("村东机井的水泵坏了半个月，果园浇不上水", Channel.VISIT, RequestKind.PROBLEM),
    ("门口的路灯不亮，晚上老人出门不方便", Channel.PHONE, RequestKind.PROBLEM),
    ("桥头护栏断了一截，放学路上孩子多", Channel.HANDHELD, RequestKind.PROBLEM),
    ("想在村文化广场添两副健身器材", Channel.WEB, RequestKind.SUGGESTION),
    ("邻居翻盖西屋，滴水淌到我家院里", Channel.VISIT, RequestKind.DISPUTE),
    ("低保材料交了两个月没有回音", Channel.SMS, RequestKind.PROBLEM),
    ("联系干部帮忙联系了合作社，桃子都卖出去了", Channel.BOX, RequestKind.GOOD_DEED),
    ("自来水一早一晚没有水压", Channel.PHONE, RequestKind.PROBLEM),
)
_FORMS: Final = (
    {"people": "4", "members": "老伴，68岁，在家务农；儿子在外务工", "away": "1", "pupils": "1"},
    {"people": "2", "members": "老两口，都是72岁", "away": "0", "pupils": "0"},
    {"people": "5", "members": "夫妻二人，父母同住，女儿上小学", "away": "0", "pupils": "1"},
)
_POLLS: Final = (
    ("今年村里先办哪几件事", -75, 400_000),
    ("水库移民后扶资金怎么用", -12, 300_000),
    ("明年美丽乡村建设先建什么", 6, 600_000),
)
_OPTIONS: Final = (
    Option("硬化村东生产路", 220_000),
    Option("安装太阳能路灯 60 盏", 96_000),
    Option("打机井一眼并配套管道", 130_000),
    Option("整修文化广场", 84_000),
)
_SAID: Final[Mapping[PollStage, tuple[str, ...]]] = {
    PollStage.CHOOSE: ("1", "2", "1", "3", "2", "1", "4"),
    PollStage.SUPERVISE: ("yes", "yes", "yes", "no", "unsure"),
    PollStage.APPRAISE: ("5", "4", "5", "3", "5", "4", "2"),
    PollStage.MAINTAIN: ("yes", "yes", "no"),
}
_VOICES: Final = 60
_VILLAGE: Final = 4
_TOWNSHIP: Final = 2
_BUSY: Final = (12, 60)
"""So many households the cadre has whose page the demo shows."""
"""The level of villages in the made-up county's grid."""
_WORDS: Final = {
    "村内道路硬化": "生产路",
    "饮水安全": "自来水",
    "医保报销": "医",
    "低保审核": "低保",
    "果品销路": "桃子",
    "宅基地确权": "宅基地",
    "河道污染": "河沟",
    "人力资源和社会保障局": "工作",
    "农村厕所改造": "危房",
    "学校取暖": "上学",
    "拖欠工资": "电焊",
    "残疾人辅具": "残疾",
}
"""What the made-up county's requests say of the issues that its assembly hears."""
_STAGE_DAYS: Final = 10
_STAGE_EVERY: Final = 25


@dataclass
class Calendar:
    """A clock that can be turned back."""

    back: timedelta = field(default_factory=timedelta)

    def __call__(self) -> datetime:
        """Tell the time."""
        return utc_now() - self.back

    def days_ago(self, days: int) -> None:
        """Turn it back to the same hour some days ago."""
        self.back = timedelta(days=days)


def fill_year(settings: Settings, tally_key: bytes) -> None:
    """Let the county have had its year; `demo-cadre` acts for one of its cadres from then on.

    Raises:
        EvalsysError: a service refused something, which is a fault of this module.
    """
    clock = Calendar()
    rooms = build_rooms(settings, Elsewhere(), aside=in_turn, now=clock)
    database = Database(settings.database_url)
    with database.read() as db:
        cadre, homes = demo_year.busiest(db, *_BUSY)
    with database.write() as db:
        casework_people.set_scopes(db, CADRE.name, [Party(PartyKind.CADRE, cadre)])
    rooms.casework.contact.change(_OFFICE, by=OFFICE.name)
    _classes(rooms, clock)
    _requests(rooms, clock, homes)
    _household(rooms, homes, database, clock)
    _grid(rooms, clock, database)
    _polls(rooms, clock, database)
    _issues(rooms, clock, database)
    fill_department(rooms, settings, tally_key, clock)
    state_year(rooms, clock, CADRE)
    database.close()


def _classes(rooms: Rooms, clock: Calendar) -> None:
    since = rooms.taxonomies.today() - timedelta(days=300)
    for catalogue in Catalogue:
        rooms.taxonomies.take_shipped(Version(catalogue, "", since, OFFICE.name))
    clock.days_ago(0)


def _requests(rooms: Rooms, clock: Calendar, homes: Sequence[str]) -> None:
    """Bring requests in over three weeks, each as far in the loop as its age allows."""
    hands = rooms.casework.handling
    codes = []
    for n, (text, channel, kind) in enumerate(_FRESH):
        clock.days_ago(20 - 2 * n)
        intake = Intake(kind, channel, text, household=homes[n % len(homes)])
        codes.append(rooms.casework.intake.register(intake, person=CADRE).code)
    clock.days_ago(18)
    for code in codes[:6]:
        hands.verify(code, CADRE, genuine=True, finding="现场看过，情况属实")
    clock.days_ago(9)
    hands.reply_interim(codes[0], CADRE, "水泵已经订货，周四到", Channel.VISIT)
    later = rooms.taxonomies.today() + timedelta(days=14)
    hands.pause(codes[4], CADRE, "household", later, "住户外出，约定下月回来再看")
    for code, done in ((codes[1], "已换灯泡和线路，当晚亮灯"), (codes[2], "护栏已焊好")):
        hands.reply(code, CADRE, done, Channel.VISIT, (True, True))
        hands.close(code, CADRE, CloseReason.SOLVED, done)
    clock.days_ago(5)
    hands.escalate(codes[0], CADRE, "换泵的钱村里凑不齐")
    hands.accept(codes[0], OFFICE)
    _send_up(hands, codes[5], _TOWNSHIP, "材料卡在乡镇民政所")
    _send_up(hands, codes[7], COUNTY_LEVEL, "主管道老化，要县里统一改造")
    clock.days_ago(3)
    hands.confirm(codes[1], Confirmation.YES, "phone")
    hands.confirm(codes[2], Confirmation.NO, "phone")
    clock.days_ago(0)


def _send_up(hands: CaseworkHandling, code: str, level: int, reason: str) -> None:
    """Bring a request up to a level, so that the monthly meetings have something to decide."""
    by = CADRE
    while hands.escalate(code, by, reason).level > level:
        hands.accept(code, OFFICE)
        by = OFFICE
    hands.accept(code, OFFICE)


def _household(rooms: Rooms, homes: Sequence[str], database: Database, clock: Calendar) -> None:
    """Fill household forms in, let households wish, and claim stages of the link."""
    with database.read() as db:  # two households of every cadre brought theirs with the county
        open_ = [home for home in homes if not household_form.count(db, home)]
    for n, home in enumerate(open_[:16]):
        clock.days_ago(30 - n)
        rooms.households.forms.write(home, OFFICE, _FORMS[n % len(_FORMS)], expect=0)
    clock.days_ago(2)
    pages = rooms.households.pages
    pages.wish(homes[0], WishKind.CORRECT, "家里现在是四口人，花名册上写的是三口")
    pages.wish(homes[1], WishKind.CORRECT, "户主的名字写错了一个字")
    clock.days_ago(0)
    today = rooms.grid.stages.today()
    with database.read() as db:
        visited = demo_year.first_visits(db, homes, today)
    for n, (home, first) in enumerate(visited):
        for stage in islice((LinkStage.MET, LinkStage.HELPED, LinkStage.CLOSE), n % 4):
            on = min(today, first + timedelta(days=20 * (stage - 1)))
            rooms.grid.stages.reach(home, stage, on, account=CADRE.name)


def _grid(rooms: Rooms, clock: Calendar, database: Database) -> None:
    """Change the grid: one renaming holds, new bounds wait for a second person."""
    with database.read() as db:
        villages = demo_year.grids(db, _VILLAGE, 2)
    changes, soon = rooms.grid.changes, rooms.grid.changes.today() + timedelta(days=30)
    paper = "县委办、县政府办会议纪要〔2026〕12 号"
    first = changes.propose(
        GridChange(ChangeKind.RENAME, villages[0], changes.today(), paper, name="新合村"),
        by=OFFICE.name,
    )
    changes.rule(first, Ruling.ACCEPTED, "", by="demo-personnel")
    bounds = "东至汶河，南至兖石路，西至村西大沟，北至 229 省道"
    changes.propose(
        GridChange(ChangeKind.BOUNDS, villages[1], soon, paper, bounds=bounds), by=OFFICE.name
    )
    clock.days_ago(0)


def _polls(rooms: Rooms, clock: Calendar, database: Database) -> None:
    """Ask three villages: one has judged what was built, one chooses, one will."""
    with database.read() as db:
        villages = demo_year.largest(db, len(_POLLS), _VOICES)
    clock.days_ago(0)
    today = rooms.polls.today()
    for (title, starts, yuan), (grid, homes) in zip(_POLLS, villages.items(), strict=False):
        clock.days_ago(max(0, -starts))
        first = today + timedelta(days=starts)
        spans = tuple(
            Span(
                stage,
                first + timedelta(days=_STAGE_EVERY * n),
                first + timedelta(days=_STAGE_EVERY * n + 2 * _STAGE_DAYS),
            )
            for n, stage in enumerate(PollStage)
        )
        poll = rooms.polls.plan(Plan(title, grid, yuan, _OPTIONS, spans), OFFICE)
        for span in spans:
            if span.opens > today:
                break
            clock.days_ago((today - span.opens).days)
            for n, home in enumerate(homes):
                answers = _SAID[span.stage]
                pin = rooms.polls.pin_of(poll, home)
                rooms.polls.speak(poll, home, pin, span.stage, answers[n % len(answers)])
    clock.days_ago(0)


def _issues(rooms: Rooms, clock: Calendar, database: Database) -> None:
    """Heap the county's requests, name the largest issues, and let their units pledge."""
    clock.days_ago(40)
    rooms.issues.work.cluster(by=RECORDER)
    with database.read() as db:
        heads = roster.principals(db)
        units = demo_year.units(db)
        texts = demo_year.request_texts(db)
    today = rooms.issues.list.today()
    for n, one in enumerate(asked(heads, len(_WORDS))):
        word = _WORDS.get(one.issue.title)
        if word is None:
            continue
        about = [code for code, text in texts if word in text]
        if not about:
            continue
        number = rooms.issues.list.open(one.issue.title, one.issue.question, by=RECORDER)
        rooms.issues.work.give(about, number, by=RECORDER)
        said = Statement(
            one.issue.title,
            one.issue.question,
            lead=units[one.issue.unit],
            budget="县级财政统筹，列入年度预算",
            measure=one.measure,
            target=Target(one.target.what, one.target.amount, one.target.unit),
            deadline=today + timedelta(days=one.days),
        )
        rooms.issues.list.say(number, said, by=RECORDER)
        if n % 3 != 2:
            done = str(Decimal(one.target.amount) * (n % 5 + 1) / 8).split(".", maxsplit=1)[0]
            rooms.issues.list.follow(
                number, today, done or "0", "第一批已验收，验收单存档", by=RECORDER
            )
    clock.days_ago(0)
