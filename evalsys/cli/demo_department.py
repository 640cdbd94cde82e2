"""What the made-up county's personnel department did this year, and whom it asked by telephone."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Protocol

from evalsys.app import build_tally
from evalsys.domain.access import Person
from evalsys.domain.campaign.plan import Kind
from evalsys.domain.campaign.policy import Contact, Tried
from evalsys.domain.campaign.wanted import Electorate, Wanted
from evalsys.domain.component_scores import Subject
from evalsys.domain.cycles import CycleCode
from evalsys.domain.disputes import Channel, Dispute
from evalsys.domain.interview import Topic
from evalsys.domain.listings import ListingKind
from evalsys.domain.live.words import TeamCategory
from evalsys.domain.personnel_county import Assessed, Evaluation
from evalsys.domain.personnel_decisions import Choice
from evalsys.domain.promotion_events import ObjectorKind, PromotionKind
from evalsys.domain.rulebook import Conclusion, SideResult
from evalsys.domain.standby import TEAM_NAMES
from evalsys.domain.statement import StatementKind
from evalsys.ids import CampaignId
from evalsys.services.campaign_cases import close_contact
from evalsys.services.personnel import Seen
from evalsys.services.promotions import Proposal
from evalsys.services.rooms import Rooms
from evalsys.settings import Settings
from evalsys.store import campaign_queue, campaigns, demo_year
from evalsys.store.ballot_box import BallotSlot
from evalsys.store.campaign_answers import seal_pending
from evalsys.store.database import Database

PERSONNEL: Final = "demo-personnel"
DISCIPLINE: Final = "demo-discipline"
OPERATOR: Final = "demo-operator"
_POSTS: Final = ("县水利局副局长", "县民政局副局长", "某镇党委副书记", "县乡村振兴局副局长")
_HEARD: Final = 600
"""About so many households a campaign asks: a demo is not to be waited for."""
_SCORED: Final = 200
_STANDBY: Final = (
    (TeamCategory.DISCIPLINE, "赵明", "县纪委监委"),
    (TeamCategory.DISCIPLINE, "孙丽", "县纪委监委"),
    (TeamCategory.PEOPLES_DEPUTY, "钱国强", "县人大"),
    (TeamCategory.PEOPLES_DEPUTY, "周芳", "县人大"),
    (TeamCategory.CPPCC_MEMBER, "吴静", "县政协"),
    (TeamCategory.CPPCC_MEMBER, "郑涛", "县政协"),
    (TeamCategory.MASS_REPRESENTATIVE, "冯桂兰", "沂城街道"),
    (TeamCategory.MASS_REPRESENTATIVE, "陈大勇", "许家湖镇"),
)


_STATED: Final = (
    (
        240,
        StatementKind.PLEDGE,
        "每季度把联系的户都走一遍，当面听意见。\n10 月底前修好村东机井，年底前给村里装上路灯。",
    ),
    (
        4,
        StatementKind.REPORT,
        (
            "联系的户都走到了。路灯已经装好；机井修了一次又坏，换泵的钱还没有落实，群众等了半个月，"
            "这件事没有办好。\n下一步：找县水利局一起到现场看，把换泵的日子定下来。"
        ),
    ),
)


class Turned(Protocol):
    """A clock that can be turned back."""

    def __call__(self) -> datetime:
        """Tell the time."""

    def days_ago(self, days: int) -> None:
        """Turn it back to the same hour some days ago."""


def fill_department(rooms: Rooms, settings: Settings, tally_key: bytes, clock: Turned) -> None:
    """Hold a campaign, open the year, and let procedures stand where procedures stand."""
    database = Database(settings.database_url)
    _campaigns(rooms, settings, tally_key, clock, database)
    _year(rooms, database)
    _procedures(rooms)
    lines = ("\t".join((name, TEAM_NAMES[category], unit)) for category, name, unit in _STANDBY)
    faults = rooms.follow_ups.read_standby(
        "\n".join(("姓名\t类别\t单位", *lines)), actor=DISCIPLINE
    )
    assert not faults  # noqa: S101 - our own table
    database.close()


def state_year(rooms: Rooms, clock: Turned, cadre: Person) -> None:
    """Hand in a cadre's own pledge and self-report; the year has been opened."""
    today = rooms.cycles.today()
    code, begun = CycleCode(f"{today.year}"), today.timetuple().tm_yday - 1
    for days, statement, text in _STATED:
        clock.days_ago(min(days, begun))
        rooms.statements.state(cadre, "", code, statement, text)
    clock.days_ago(0)


def _campaigns(
    rooms: Rooms, settings: Settings, tally_key: bytes, clock: Turned, database: Database
) -> None:
    """One campaign is over and counted, one is planned."""
    plans = rooms.campaign.plans
    with database.read() as db:
        (first, name), (second, other) = demo_year.busy_units(db, _HEARD, 2)
    clock.days_ago(21)
    asked = Wanted(Kind.ANNUAL, f"{name}干部群众评议（试点）", Electorate(units=(first,)))
    held = plans.plan(asked, actor=OPERATOR)[0].id
    plans.start(held, actor=OPERATOR)
    clock.days_ago(18)
    _answer(settings, database, held, clock())
    plans.stop(held, actor=OPERATOR)
    clock.days_ago(0)
    tally = build_tally(settings, tally_key)
    tally.campaigns.open(held)
    tally.close()
    wanted = Wanted(Kind.ANNUAL, f"{other}年度群众评议", Electorate(units=(second,)))
    plans.plan(wanted, actor=OPERATOR)


def _answer(settings: Settings, database: Database, campaign: CampaignId, at: datetime) -> None:
    slot = BallotSlot(settings.tally_public_key)
    with database.write() as db:
        found = campaigns.campaign(db, campaign)
        for n, (member, about) in enumerate(demo_year.members(db, campaign)):
            case = campaign_queue.case_of(db, member)
            contact = _CONTACTS[n % len(_CONTACTS)]
            if contact is Contact.COMPLETE:
                score = "5443545325"[n % 10]
                seal_pending(db, slot, case.id, Topic.SCORE, score, about)
            tried = Tried(contact, at + timedelta(seconds=40 * n))
            close_contact(db, found, case, tried, "system:demo", settings.zone)


_CONTACTS: Final = (
    *[Contact.COMPLETE] * 13,
    Contact.BUSY,
    Contact.NO_ANSWER,
    Contact.NO_ANSWER,
    Contact.REFUSED,
    Contact.MACHINE,
)


def _year(rooms: Rooms, database: Database) -> None:
    """Open the year's cycle and bring scores of inspections in, as a spreadsheet would."""
    today = rooms.cycles.today()
    code = CycleCode(f"{today.year}")
    cadres = [one.cadre.number for one in rooms.personnel.evaluate(by=PERSONNEL).assessed]
    with database.read() as db:
        units = demo_year.units(db).values()
    rows = [
        (number, component, f"{today.year}", _score(n * 7 + m), paper, today.isoformat())
        for n, number in enumerate(cadres[:_SCORED])
        for m, (component, paper) in enumerate(_INSPECTED)
    ]
    head = ("考核项目", "考核周期", "得分", "依据文件", "测评日期")
    other = [
        (unit, component, f"{today.year}", _score(n * 5 + m), paper, today.isoformat())
        for n, unit in enumerate(units)
        for m, (component, paper) in enumerate(_SAMPLED)
    ]
    with TemporaryDirectory() as folder:
        for name, first, lines in (("cadres", "干部编号", rows), ("units", "单位编码", other)):
            file = Path(folder) / f"{name}.csv"
            file.write_text(_sheet((first, *head), lines), encoding="utf-8")
            rooms.cycles.take(file, file.name, by=PERSONNEL, dry_run=False)
    rooms.disputes.enter(
        Dispute(
            id=0,
            subject=Subject.CADRE,
            code=cadres[3],
            cycle=code,
            component=None,
            text="暗访当天本人在外培训，有通知和签到表，请复核。",
            channel=Channel.WRITTEN,
            received_on=max(today - timedelta(days=3), date(today.year, 1, 1)),
            due_on=today,
            entered_by=PERSONNEL,
            entered_at=rooms.campaign.plans.now(),
        )
    )


_INSPECTED: Final = (("明察", "督查通报 9 号"), ("暗访", "督查通报 11 号"))
_SAMPLED: Final = (("部门抽查", "联系办通报 6 号"), ("第三方测评", "测评报告 2 号"))


def _score(n: int) -> str:
    return f"{78 + n * 37 % 200 / 10:.1f}"


def _sheet(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows((head, *rows))
    return out.getvalue()


def _procedures(rooms: Rooms) -> None:
    """Propose, talk, honour and decide, each so far that a second person has something to do."""
    evaluation = rooms.personnel.evaluate(by=PERSONNEL)
    fit = _with(evaluation, Conclusion.ELIGIBLE)
    cases = rooms.promotions.open(
        [Proposal(one.cadre.number, post) for one, post in zip(fit, _POSTS, strict=False)],
        kind=PromotionKind.PROMOTION,
        document="县委组织部动议 2026 年第 7 号",
        by=PERSONNEL,
    )
    for case in cases[:3]:
        rooms.promotions.start_publicity(case, where="县政府公告栏、政府网站", by=PERSONNEL)
    rooms.promotions.receive_objection(
        cases[1], objector=ObjectorKind.COLLEAGUE, words="反映其分管工程结算拖延。", by=PERSONNEL
    )
    rooms.promotions.call_appraisals(cases[2:3], by=PERSONNEL)
    for owed in rooms.talks.owed(evaluation)[:2]:
        if owed.principal is not None:
            talk = rooms.talks.order_admonition(evaluation, owed.principal.number, by=PERSONNEL)
            rooms.talks.serve(
                talk, document="诫字 1 号", served_on=rooms.talks.today(), by=PERSONNEL
            )
    case = rooms.talks.order_petition_talk(
        fit[5].cadre.number, "县访 2026-0412", knew=True, accompanied=False, by=PERSONNEL
    )
    rooms.talks.serve(case, document="约字 3 号", served_on=rooms.talks.today(), by=PERSONNEL)
    rooms.talks.hold(
        case,
        held_by="县委组织部副部长",
        held_on=rooms.talks.today(),
        record="谈了初访情况和一周内上门答复的打算。",
        by=PERSONNEL,
    )
    notable = [
        one for one in evaluation.assessed if SideResult.PREFERRED in one.verdict.side_results
    ]
    for n, one in enumerate(notable[:3]):
        listed = rooms.listings.propose(
            evaluation,
            one.cadre.number,
            kind=ListingKind.HONOUR,
            finding="联系群众工作实绩突出",
            basis="年度考核通报",
            by=PERSONNEL,
        )
        if n:
            today = rooms.listings.today()
            rooms.listings.rule(listed, approved=True, reason="", publish_on=today, by=DISCIPLINE)
    seen = Seen(evaluation.run, evaluation.as_of, evaluation.year)
    for one in _with(evaluation, Conclusion.BARRED)[:3]:
        rooms.personnel.decide(
            one.cadre.number,
            Choice.REFUSE,
            reason="年度考核不合格，按规定不予提拔。",
            by=PERSONNEL,
            seen=seen,
        )


def _with(evaluation: Evaluation, conclusion: Conclusion) -> list[Assessed]:
    return [one for one in evaluation.assessed if one.verdict.conclusion is conclusion]
