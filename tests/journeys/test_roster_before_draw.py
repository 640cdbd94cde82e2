"""The days before a draw on real screens: counts, one's own line, an objection, the manifest."""

import csv
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from evalsys.cli.demo_people import Operator
from evalsys.domain.access import Role
from evalsys.store.database import Database
from evalsys.store.phone_box import PhoneBox
from evalsys.store.schema.roster import Cadre, Grid, Unit
from tests.accounts import accounts
from tests.browser import NewPage, Screenshot
from tests.panel_hall import PASSWORD
from tests.processes import ServeApp
from tests.roster_rows import fill_roster, number_of

pytestmark = pytest.mark.on_sqlite

PHONE = {"width": 390, "height": 844}
CONSOLE = {"width": 1366, "height": 768}
WALL = {"width": 1920, "height": 1080}
UNITS = ("县水利局", "县教育体育局", "县交通运输局", "县农业农村局", "县民政局")
CADRES = 190


def settle(database: Database) -> None:
    """A county whose townships and units have names, with an operator and an inspector."""
    townships = Path(__file__).parents[2] / "evalsys" / "county" / "townships.csv"
    with townships.open(encoding="utf-8") as file:
        names = [row["name"] for row in csv.DictReader(file)]
    box = PhoneBox(bytes(range(64)), bytes(range(32)))
    with database.write() as db:
        fill_roster(db, box, [30 + i % 7 for i in range(CADRES)])
        for i, name in enumerate(names[:19]):
            grid = update(Grid).where(Grid.code == f"T{i:02d}")
            db.execute(grid.values(name=name, grid_class="ABC"[i % 3]))
        for i, name in enumerate(UNITS, start=2):
            db.add(Unit(code=f"U{i}", name=name))
        db.flush()
        for i in range(CADRES):
            unit = f"U{2 + i % len(UNITS)}"
            db.execute(update(Cadre).where(Cadre.number == number_of(i)).values(unit=unit))
    access = accounts(database)
    access.add("dao-bo", Role.OPERATOR, PASSWORD, actor="test")
    access.add("ji-wei", Role.DISCIPLINE, PASSWORD, actor="test")


def signed_in(page: Page, url: str, name: str) -> Page:
    page.goto(f"{url}/login")
    page.get_by_label("用户名").fill(name)
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="退出")).to_be_visible()
    return page


def fits(page: Page) -> None:
    """Nothing reaches over the right edge of a narrow screen."""
    over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert over <= 0


def planned(desk: Page, url: str, screenshot: Screenshot) -> str:
    """Plan a session in the form, freeze its roster, and give its identity."""
    desk.goto(f"{url}/console/")
    desk.get_by_label("抽签分层").select_option("township")
    desk.get_by_label("名册异议期（小时）").fill("1")
    desk.get_by_label("两次间隔（秒）").fill("1")
    desk.get_by_text("加权：某些类别多持几张签").click()
    desk.get_by_label("加权依据").select_option("grid_class")
    desk.get_by_label("A类（重点网格）").fill("3")
    screenshot(desk, "console-plan")
    desk.get_by_role("button", name="新建会议").click()
    live = desk.url.rpartition("/")[2]
    desk.get_by_role("button", name="冻结名册").click()
    expect(desk.get_by_text("名册异议期：")).to_be_visible()
    return live


def looked_up(home: Page, wide: Page, url: str, live: str, screenshot: Screenshot) -> None:
    """A cadre looks at the counts and at the own line, on a phone and at a desk."""
    home.goto(f"{url}/draw/{live}")
    expect(home.get_by_role("row", name="县水利局")).to_contain_text("38")
    fits(home)
    screenshot(home, "roster-counts-phone")
    wide.goto(f"{url}/draw/{live}")
    screenshot(wide, "roster-counts")

    home.get_by_role("link", name="查我的一行").first.click()
    home.get_by_label("干部编号").fill("00000042")
    home.get_by_role("button", name="查询").click()
    expect(home.locator("#proof")).to_contain_text("一个字节不差")
    fits(home)
    screenshot(home, "roster-line-phone")
    home.get_by_text("自己动手核对").click()
    expect(home.locator("#by-hand li")).to_have_count(9)
    fits(home)
    wide.goto(f"{url}/draw/{live}/line?cadre=00000042")
    wide.get_by_text("自己动手核对").click()
    screenshot(wide, "roster-line")


def test_from_the_freeze_over_an_objection_to_the_manifest(
    database: Database, serve_app: ServeApp, new_page: NewPage, screenshot: Screenshot
) -> None:
    settle(database)
    url = serve_app(database)
    desk = signed_in(new_page(**CONSOLE), url, "dao-bo")
    live = planned(desk, url, screenshot)

    home = new_page(**PHONE)
    looked_up(home, new_page(), url, live, screenshot)

    home.get_by_role("link", name="提出异议").click()
    expect(home.get_by_label("干部编号")).to_have_value("00000042")
    home.get_by_label("哪里不对").select_option("wrong_households")
    home.get_by_label("说明").fill("今年新分了三户，名册里没有")
    home.get_by_role("button", name="提出").click()
    expect(home.get_by_text("待处理")).to_be_visible()
    expect(home.locator("main")).not_to_contain_text("今年新分了三户")
    fits(home)
    screenshot(home, "objections-phone")

    expect(desk.get_by_text("1 件异议待处理")).to_be_visible()
    desk.get_by_role("button", name="公布抽签清单").click()
    expect(desk.locator("#trouble")).to_contain_text("1 件名册异议没有处理")
    desk.locator("summary", has_text="排除名单").click()
    desk.get_by_label("干部编号，每行一个").fill("00000007\n00000191")
    desk.get_by_role("button", name="登记排除").click()
    expect(desk.locator("#trouble")).to_contain_text("编号 00000191")
    desk.get_by_label("干部编号，每行一个").fill("00000007")
    desk.get_by_role("button", name="登记排除").click()
    expect(desk.get_by_text("00000007 请假")).to_be_visible()
    desk.evaluate("scrollTo(0, 0)")
    screenshot(desk, "console-objections")

    inspector = signed_in(new_page(), url, "ji-wei")
    inspector.goto(f"{url}/draw/{live}/objections")
    expect(inspector.locator("main")).to_contain_text("今年新分了三户")
    inspector.get_by_label("处理理由（公开）").fill("与联系户分配文件核对，确有遗漏")
    screenshot(inspector, "objections")
    inspector.get_by_role("button", name="成立：名册须重新冻结").click()
    expect(inspector.get_by_text("确有遗漏")).to_be_visible()
    desk.get_by_role("button", name="重新冻结名册").click()
    expect(desk.get_by_text("名册异议期：")).to_be_visible()

    wall = new_page(**WALL)
    wall.goto(f"{url}/stage/{live}")
    expect(wall.locator(".windows")).to_contain_text("彩排缩短了规定时间")
    screenshot(wall, "stage-objections")


def test_without_a_window_the_manifest_follows_at_once_and_says_so(
    database: Database, serve_app: ServeApp, new_page: NewPage, screenshot: Screenshot
) -> None:
    settle(database)
    url = serve_app(database)
    operator = Operator(url)
    operator.sign_in("dao-bo", PASSWORD)
    live = operator.plan(
        title="现场直播调查大会（彩排）",
        rehearsal=True,
        strata="grid_class",
        slots=3,
        target=5,
        attempts=2,
        gap_s=1,
        parallel=3,
    )
    operator.do("freeze")
    operator.do("publish")
    wall = new_page(**WALL)
    wall.goto(f"{url}/stage/{live}")
    expect(wall.locator(".windows")).to_contain_text("0 小时")
    screenshot(wall, "stage-published")
    page = new_page(**PHONE)
    page.goto(f"{url}/live/{live}")
    expect(page.locator(".windows")).to_contain_text("彩排缩短了规定时间")
    fits(page)
    screenshot(page, "public-before-phone")
    page.goto(f"{url}/draw/{live}?lang=en")
    expect(page.get_by_role("heading", name="Strata", exact=True)).to_be_visible()
    fits(page)
