"""The personnel department's way from the county's list to a recorded decision, in a browser."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from evalsys.clock import utc_now
from evalsys.domain.access import Role
from evalsys.exports.rulesheet import write_rule_workbook
from evalsys.store.database import Database
from evalsys.store.rulebooks import shipped_rule_set
from tests import small_county
from tests.accounts import accounts
from tests.browser import NewPage, Screenshot
from tests.panel_hall import PASSWORD
from tests.processes import ServeApp

pytestmark = pytest.mark.on_sqlite


@pytest.fixture
def url(database: Database, serve_app: ServeApp) -> str:
    """An application with a small county and somebody of the personnel department."""
    small_county.settle(database, year=utc_now().year)
    for name in ("zuzhi", "fuhe"):
        accounts(database).add(name, Role.PERSONNEL, PASSWORD, actor="cli:admin")
    return serve_app(database)


@pytest.fixture
def page(url: str, new_page: NewPage) -> Page:
    """A browser on the county's list, signed in."""
    page = new_page(width=1366, height=768)
    page.goto(f"{url}/personnel/")
    page.get_by_label("用户名").fill("zuzhi")
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="晋升资格")).to_be_visible()
    return page


def test_from_the_list_to_a_recorded_decision(page: Page, screenshot: Screenshot) -> None:
    screenshot(page, "personnel-county")
    page.get_by_role("link", name="不予提拔").first.click()
    expect(page.locator(".people tbody tr")).to_have_count(1)
    page.get_by_role("link", name="李红").click()
    page.get_by_label("选拔任用").check()
    page.get_by_role("button", name="继续查阅").click()
    expect(page.locator(".conclusion")).to_contain_text("不予提拔")
    expect(page.get_by_text("考核等次“不合格”的干部，一律不予提拔")).to_be_visible()
    screenshot(page, "personnel-person")
    page.get_by_role("link", name="改选").click()
    page.get_by_label("选拔任用").check()
    page.get_by_role("button", name="继续查阅").click()

    page.get_by_label("不予提拔").check()
    page.get_by_label("理由").fill("年度考核不合格，按规定不予提拔。")
    page.get_by_role("button", name="记录决定").click()
    expect(page.get_by_role("status")).to_contain_text("决定已记录")
    expect(page.locator(".decision")).to_contain_text("zuzhi")


def test_the_other_lists(page: Page, screenshot: Screenshot) -> None:
    for tab, name in (
        ("单位后果", ""),
        ("会议结果", "personnel-sessions"),
        ("规则集", "personnel-rules"),
        ("提拔程序", ""),
        ("谈话约谈", ""),
        ("调查办理", "personnel-investigations"),
        ("曝光与表彰", ""),
    ):
        page.get_by_role("link", name=tab).click()
        expect(page.get_by_role("link", name=tab)).to_have_attribute("aria-current", "page")
        if name:  # the others are taken where somebody is on them, see test_every_place
            screenshot(page, name)


def test_the_export_button_gives_the_list_on_screen(page: Page, tmp_path: Path) -> None:
    page.get_by_label("姓名或编号").fill("李")
    page.get_by_role("button", name="筛选").click()
    expect(page.locator(".people tbody tr")).to_have_count(1)
    with page.expect_download() as download:
        page.get_by_role("link", name="导出 CSV").click()
    saved = tmp_path / "decisions.csv"
    download.value.save_as(saved)
    assert [line.split(",")[1] for line in saved.read_text("utf-8-sig").splitlines()] == [
        "姓名",
        "李红",
    ]


def test_the_pages_fit_a_narrow_window(page: Page, url: str) -> None:
    page.set_viewport_size({"width": 800, "height": 900})
    rooms = ("promotions/", "talks/", "investigations/", "listings/")
    for path in ("", "units", "sessions", "rules", f"cadres/{small_county.ON_PROBATION}", *rooms):
        page.goto(f"{url}/personnel/{path}")
        overflow = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not page.evaluate(overflow), path


def test_a_rule_set_from_upload_to_approval(
    page: Page, new_page: NewPage, tmp_path: Path, screenshot: Screenshot
) -> None:
    good, bad = (_rules(tmp_path / name, mark) for name, mark in RULE_FILES)
    page.get_by_role("link", name="规则版本").click()
    page.get_by_label("名称").fill("县规则")
    page.get_by_label("工作簿").set_input_files(bad)
    page.get_by_role("button", name="编译并提交").click()
    expect(page.get_by_role("alert")).to_contain_text("规则!L2")
    screenshot(page, "personnel-rule-faults")
    page.get_by_label("工作簿").set_input_files(good)
    page.get_by_role("button", name="编译并提交").click()
    expect(page.get_by_text("您是提出这一版本的人")).to_be_visible()
    version = page.url
    page.get_by_role("link", name="试算全县").click()
    expect(page.locator(".people tbody tr")).to_have_count(1)
    screenshot(page, "personnel-what-if")

    second = new_page(width=1366, height=768)
    second.goto(version)
    second.get_by_label("用户名").fill("fuhe")
    second.get_by_label("密码").fill(PASSWORD)
    second.keyboard.press("Enter")
    expect(second.get_by_role("button", name="批准")).to_be_visible()
    screenshot(second, "personnel-rule-version")
    second.get_by_role("button", name="批准").click()
    expect(second.get_by_text("适用中")).to_be_visible()
    second.get_by_role("link", name="规则版本").click()
    screenshot(second, "personnel-rule-versions")


RULE_FILES = (("good.xlsx", "不合格"), ("bad.xlsx", "不及格"))


def _rules(path: Path, mark: str) -> Path:
    """Write 沂水2013 with a milder consequence for those who fail, marked by `mark`."""
    tables = shipped_rule_set("沂水2013")
    tables["规则"][1][11:13] = [mark, "程序中止"]
    for row in tables["样例"][1:]:
        row[-2] = "程序中止" if row[0] == "不合格" else row[-2]
    with path.open("wb") as out:
        write_rule_workbook(tables, out, made_at=utc_now())
    return path
