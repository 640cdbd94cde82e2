"""An editor changes calendar, limits and routes from a day on; what runs keeps its time."""

from datetime import date, timedelta

import pytest

from evalsys.clock import utc_now
from evalsys.domain.access import Role
from evalsys.domain.casework.rule_changes import read_days
from evalsys.domain.taxonomy import Catalogue
from evalsys.errors import InvalidInput
from evalsys.services.taxonomy import Intake, Taxonomies
from evalsys.store import casework
from evalsys.store.database import Database
from tests.casework_county import MONDAY, ZONE, County
from tests.visitor import Visitor

TODAY = MONDAY.date()


def due(county: County, code: str) -> date:
    with county.database.read() as db:
        clocks = county.room.desk.clocks(db)
        file = casework.load(db, code, clocks.days.day_of)
        at = clocks.clock(file).due_at
    return (at.astimezone(ZONE) - timedelta(seconds=1)).date()


def test_a_new_limit_holds_from_its_day_on_and_never_before(database: Database) -> None:
    county = County(database)
    rules = county.room.rules
    before = county.register()
    assert due(county, before) == date(2026, 11, 9)  # five working days after Monday
    rules.set_value("limit.default", 3, date(2026, 11, 3), "县办〔2026〕8号", by="office")
    assert due(county, before) == date(2026, 11, 9)
    county.later(days=1)
    after = county.register("村口的路灯不亮了")
    assert due(county, after) == date(2026, 11, 6)
    rules.set_value("limit.default", 4, date(2026, 11, 3), "更正", by="office")
    assert due(county, after) == date(2026, 11, 9)
    page = rules.page()
    assert [dated.value for dated in page.numbers["limit.default"].values] == [5, 4]
    assert [one.value for one in page.values] == [4, 3]

    make_up = {date(2026, 11, 7): "调休"}  # a Saturday
    assert rules.set_calendar({date(2026, 11, 4): "县庆"}, make_up, by="office")
    assert not rules.set_calendar({date(2026, 11, 4): "县庆"}, make_up, by="office")
    assert due(county, after) == date(2026, 11, 9)  # a day lost, a day won
    assert due(county, before) == date(2026, 11, 9)
    assert county.room.clock.tick().refreshed == 2
    assert [len(one.holidays) for one in rules.page().versions] == [1]


@pytest.mark.parametrize(
    ("name", "value", "since", "document", "place"),
    [
        ("limit.nothing", 3, TODAY, "文", "项目"),
        ("limit.default", 0, TODAY, "文", "数值"),
        ("number.yellow_percent", 101, TODAY, "文", "数值"),
        ("pause.court", 401, TODAY, "文", "数值"),
        ("limit.default", 3, TODAY - timedelta(days=1), "文", "生效日"),
        ("limit.default", 3, date(2031, 1, 1), "文", "生效日"),
        ("limit.default", 3, TODAY, " ", "依据"),
    ],
)
@pytest.mark.on_sqlite
def test_a_value_that_cannot_be_is_refused_with_its_field(
    database: Database, name: str, value: int, since: date, document: str, place: str
) -> None:
    rules = County(database).room.rules
    with pytest.raises(InvalidInput) as refused:
        rules.set_value(name, value, since, document, by="office")
    assert refused.value.place == place
    assert rules.page().values == ()


def test_a_class_goes_to_another_unit_from_a_day_on(database: Database) -> None:
    county = County(database)
    rules = county.room.rules
    taxonomies = Taxonomies(database, lambda: county.at, ZONE)
    taxonomies.take_shipped(Intake(Catalogue.CLASSES, "", date(2026, 1, 1), "office"))
    with county.database.read() as db:
        tree = county.room.desk.classes(db).tree
        assert tree is not None
        code = next(one.code for one in tree.entries if one.parent)
    rules.set_route(code, "U001", date(2026, 11, 2), by="office")
    rules.set_route(code, "U002", date(2026, 11, 5), by="office")
    rules.set_route(code, "", date(2026, 11, 9), by="office")

    def unit() -> str | None:
        with county.database.read() as db:
            return county.room.desk.classes(db).unit(0, code)

    assert unit() == "U001"
    county.later(days=3)
    assert unit() == "U002"
    county.later(days=4)
    assert unit() is None
    for class_code, to, place in (("none", "U001", "分类编码"), (code, "U9", "单位")):
        with pytest.raises(InvalidInput) as refused:
            rules.set_route(class_code, to, county.at.date(), by="office")
        assert refused.value.place == place
    with pytest.raises(InvalidInput, match="只能从今天起"):
        rules.set_route(code, "U001", date(2026, 11, 8), by="office")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-11-04 县庆\n2026-13-01", "第2行"),
        ("2026-11-04\n2026-11-04", "重复"),
        ("x" * 30, "不是日期"),
    ],
)
def test_a_line_of_the_calendar_that_is_no_day_is_named(text: str, said: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_days(text, "节假日")
    assert said in str(refused.value)


@pytest.mark.on_sqlite
def test_the_page_is_the_office_s_and_keeps_what_was_typed(
    visitor: Visitor, database: Database
) -> None:
    County(database)
    office = visitor.sign_in_as(Role.OFFICE)
    refused = office.post("/casework/rules/calendar", holidays="", make_up="2026-11-04 调休")
    assert refused.status_code == 400
    assert "本来就上班" in refused.text
    assert "2026-11-04 调休" in refused.text
    both = office.post("/casework/rules/calendar", holidays="2026-11-07", make_up="2026-11-07")
    assert "又放假又上班" in both.text
    days = {"holidays": "2027-01-01 元旦", "make_up": "2027-02-20 春节调休"}
    assert office.post("/casework/rules/calendar", **days).status_code == 303
    assert "2027-02-20 春节调休" in office.get("/casework/rules/").text
    since = (utc_now() + timedelta(days=9)).date().isoformat()
    value = {"name": "limit.default", "value": "7", "since": since, "document": "县办文件"}
    assert office.post("/casework/rules/values", **value).status_code == 303
    assert office.post("/casework/rules/values", **{**value, "value": "many"}).status_code == 400
    assert "县办文件" in office.get("/casework/rules/").text
    route = {"class_code": "nothing", "unit": "", "since": since}
    assert office.post("/casework/rules/routes", **route).status_code == 400
    auditor = Visitor(visitor.app).sign_in_as(Role.AUDITOR)
    assert "保存日历" not in auditor.get("/casework/rules/").text
    assert auditor.post("/casework/rules/values", **value).status_code == 403
