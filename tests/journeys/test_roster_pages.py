"""The roster's pages: the coverage at a glance, and who is behind each gap, without names."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from evalsys.domain.access import Role
from evalsys.store.database import Database
from tests.accounts import accounts
from tests.browser import NewPage, Screenshot
from tests.panel_hall import PASSWORD
from tests.processes import ServeApp
from tests.roster_papers import bring_in_papers, papers

pytestmark = pytest.mark.on_sqlite


def test_the_auditor_looks_at_the_coverage_and_at_one_gap(
    database: Database,
    tmp_path: Path,
    serve_app: ServeApp,
    new_page: NewPage,
    screenshot: Screenshot,
) -> None:
    bring_in_papers(database, tmp_path, papers())
    accounts(database).add("shen-ji", Role.AUDITOR, PASSWORD, actor="cli:admin")
    url = serve_app(database)
    page = new_page(width=1366, height=768)
    page.goto(f"{url}/roster/")
    expect(page.get_by_label("用户名")).to_be_focused()
    page.keyboard.type("shen-ji")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="覆盖情况")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("全覆盖、无遗漏")
    expect(page.get_by_role("row", name="与别户共用电话的户 2")).to_be_visible()
    screenshot(page, "roster-coverage")

    page.get_by_role("link", name="鱼鳞图").click()
    expect(page.locator("#map")).to_have_attribute("data-drawn", "1")
    for below in ("马站镇", "第一工作片", "柴山村"):
        page.get_by_role("link", name=below, exact=True).click()
    expect(page.locator("#map")).to_have_attribute("data-drawn", "2")
    expect(page.get_by_role("row", name="一号 王建国 县水利局局长 1 3")).to_be_visible()
    screenshot(page, "responsibility-map")
    with page.expect_download() as taken:
        page.get_by_role("link", name="导出 CSV").click()
    lines = taken.value.path().read_text("utf-8-sig").splitlines()
    assert lines[0].startswith("编码,名称,")
    assert lines[1].startswith("G1,一号,,王建国（县水利局局长）,1,3,3.0,")

    phone = new_page(width=390, height=844)
    phone.goto(f"{url}/directory/V1")
    expect(phone.get_by_text("县水利局科员")).to_be_visible()
    expect(phone.locator("main")).not_to_contain_text("154000")
    screenshot(phone, "directory-phone")

    page.goto(f"{url}/roster/")
    page.get_by_role("link", name="与别户共用电话的户").click()
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(page.locator("tbody")).to_contain_text("37130005")
    expect(page.locator("main")).not_to_contain_text("钱七")
    expect(page.locator("main")).not_to_contain_text("15400000005")
    screenshot(page, "roster-gap")

    missing = page.goto(f"{url}/roster/gaps/nothing")
    assert missing is not None
    assert missing.status == 404
