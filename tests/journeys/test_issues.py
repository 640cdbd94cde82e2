"""Common issues on the screen: from the work list to the pledge that everybody can read."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from evalsys.domain.access import Role
from evalsys.services.issue_room import issue_room
from evalsys.store.database import Database
from tests import complaining
from tests.accounts import accounts
from tests.browser import NewPage, Screenshot
from tests.builders import NOON, some_settings
from tests.panel_hall import PASSWORD
from tests.processes import ServeApp

pytestmark = pytest.mark.on_sqlite


def test_an_analyst_names_a_heap_and_everybody_reads_what_is_pledged(
    database: Database,
    tmp_path: Path,
    serve_app: ServeApp,
    new_page: NewPage,
    screenshot: Screenshot,
) -> None:
    complaining.settle(database, 400, issues=(30, 33, 38, 60))
    zone = some_settings("sqlite://", tmp_path).zone
    room = issue_room(database, complaining.Learner(), lambda: NOON, zone)
    room.work.cluster(by="x")
    (first, *_), _ = room.work.work_list(skip=0, most=1)
    room.work.give_heap(first.number, "农田灌溉", by="x")
    accounts(database).add("fen-xi", Role.RECORDER, PASSWORD, actor="cli:admin")
    url = serve_app(database)
    page = new_page(width=1366, height=768)
    page.goto(f"{url}/casework/issues/work")
    page.get_by_label("用户名").fill("fen-xi")
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="工作清单")).to_be_visible()
    screenshot(page, "issue-work")
    page.get_by_role("button", name="重新归小类").click()  # in a process beside the real server
    expect(page.get_by_role("status")).to_contain_text("400 件诉求归成", timeout=60_000)

    row = page.locator("tbody tr").first
    row.get_by_label("新的名称").fill("村庄道路硬化")
    row.get_by_role("button", name="归入").click()
    expect(page.get_by_role("status")).to_contain_text("已归入“村庄道路硬化”")
    page.get_by_role("link", name="共性问题").last.click()
    page.get_by_role("link", name="村庄道路硬化").click()
    expect(page.locator("#places")).to_have_attribute("data-drawn", "yes")
    page.get_by_label("牵头单位").select_option(label="县水利局")
    page.get_by_label("群众怎样问").fill("什么时候修到我们村？")
    page.get_by_label("承诺措施").fill("两年内分批硬化通户道路")
    page.get_by_label("目标", exact=True).fill("硬化道路")
    page.get_by_label("数量", exact=True).fill("80")
    page.get_by_label("计量单位").fill("公里")
    page.get_by_label("完成期限").fill("2030-12-31")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("status")).to_contain_text("已保存")
    page.get_by_text("记录进展").click()
    page.get_by_label("累计完成数量").fill("20")
    page.get_by_label("做了什么，以什么为证").fill("第一批 41 个村完工，验收单 31 号")
    page.get_by_role("button", name="记录", exact=True).click()
    expect(page.get_by_text("20 / 80 公里")).to_be_visible()
    expect(page.locator("#months")).to_have_attribute("data-drawn", "yes")
    screenshot(page, "issue")

    phone = new_page(width=390, height=844)
    phone.goto(f"{url}/issues/")
    expect(phone.get_by_text("两年内分批硬化通户道路")).to_be_visible()
    expect(phone.locator("article")).to_have_count(1)
    screenshot(phone, "issues-public-phone")
