"""An operator plans a campaign in the browser, starts it, and watches it."""

import hashlib
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from evalsys.app import build_campaigns
from evalsys.clock import utc_now
from evalsys.domain.access import Role
from evalsys.domain.campaign.plan import Kind
from evalsys.domain.campaign.wanted import Wanted
from evalsys.ids import HouseholdCode, MemberId
from evalsys.services.campaign_links import GOOD_FOR
from evalsys.store import campaign_links
from evalsys.store.database import Database
from evalsys.store.schema.campaigns import CampaignMember
from tests.accounts import accounts
from tests.browser import NewPage, Screenshot
from tests.builders import some_settings
from tests.calling import fill_county
from tests.panel_hall import PASSWORD
from tests.processes import ServeApp

pytestmark = pytest.mark.on_sqlite


@pytest.fixture
def url(database: Database, serve_app: ServeApp, tmp_path: Path) -> str:
    """An application with twelve households and an operator; its line is dead."""
    address = database.engine.url.render_as_string(hide_password=False)
    fill_county(database, some_settings(address, tmp_path))
    accounts(database).add("op", Role.OPERATOR, PASSWORD, actor="cli:admin")
    return serve_app(database)


@pytest.fixture
def page(url: str, new_page: NewPage) -> Page:
    """An operator's browser on the list of campaigns."""
    page = new_page(width=1366, height=768)
    page.goto(f"{url}/campaigns/")
    page.get_by_label("用户名").fill("op")
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="电话评议活动")).to_be_visible()
    return page


def test_a_campaign_from_its_plan_to_its_end(page: Page, screenshot: Screenshot) -> None:
    expect(page.get_by_text("还没有活动")).to_be_visible()
    page.get_by_label("节假日表").fill("2027-01-01 元旦\n2027-02-17 春节")
    page.get_by_role("button", name="保存节假日表").click()
    page.get_by_label("活动名称").fill("2026 年度群众评议")
    screenshot(page, "campaigns")
    page.get_by_role("button", name="计划活动").click()
    expect(page.get_by_role("heading", name="2026 年度群众评议")).to_be_visible()
    expect(page.get_by_text("预计拨打 24 次，27 条线路")).to_be_visible()
    screenshot(page, "campaign-planned")
    page.get_by_role("button", name="开始拨打").click()
    expect(page.get_by_text("进行中").first).to_be_visible()
    page.get_by_role("button", name="暂停").click()
    page.get_by_role("button", name="继续拨打").click()
    # A page without a socket says that its line is dead, and is right again by itself.
    page.route("**/figures", lambda route: route.abort())
    expect(page.get_by_text("与服务器的连接中断已")).to_be_visible()
    page.unroute("**/figures")
    expect(page.get_by_text("与服务器的连接中断已")).to_be_hidden()
    page.locator("main").get_by_role("link", name="干部", exact=True).first.click()
    expect(page.get_by_role("cell", name="00000001")).to_be_visible()
    screenshot(page, "campaign-rates")
    page.get_by_role("link", name="返回活动").click()
    page.get_by_role("button", name="停止，不再继续").click()
    expect(page.get_by_text("活动已结束。")).to_be_visible()
    expect(page.get_by_role("button", name="暂停")).to_have_count(0)


def test_what_cannot_be_meant_is_refused_with_its_reason(page: Page) -> None:
    page.get_by_label("活动名称").fill("任前评议")
    page.get_by_label("类别").select_option(label="任前群众评议")
    page.get_by_role("button", name="计划活动").click()
    expect(page.get_by_text("任前评议须指明干部编号")).to_be_visible()


def test_a_script_is_read_as_text(page: Page, screenshot: Screenshot) -> None:
    page.get_by_role("link", name="访谈脚本").click()
    page.get_by_role("link", name="annual-4").click()
    page.get_by_role("link", name="沂蒙话").click()
    expect(page.get_by_text("恁瞧瞧俺寄到恁家的信")).to_be_visible()
    expect(page.get_by_text("您好！想听普通话，请按4。")).to_be_visible()
    page.get_by_role("link", name="普通话").click()
    expect(page.get_by_text("您家是{cadre}的联系户")).to_be_visible()
    expect(page.get_by_text("另一种问法，随机选用").first).to_be_visible()
    screenshot(page, "campaign-script")


def test_the_interview_on_a_telephones_screen(
    database: Database, url: str, tmp_path: Path, new_page: NewPage, screenshot: Screenshot
) -> None:
    address = database.engine.url.render_as_string(hide_password=False)
    settings = some_settings(address, tmp_path)
    room = build_campaigns(settings, database)
    campaign, _ = room.plans.plan(Wanted(Kind.ANNUAL, "年度评议"), actor="op")
    # It is not started: the running application would call the very households of the links.
    with database.write() as db:
        member = next(iter(db.scalars(select(CampaignMember))))
        household = HouseholdCode(member.household)
        token = "a-token-that-was-sent"  # noqa: S105 - of one test
        hashed = hashlib.sha256(token.encode()).hexdigest()
        campaign_links.add(db, hashed, MemberId(member.id), utc_now() + GOOD_FOR)
    page = new_page(width=390, height=844)
    page.goto(f"{url}/i/{token}")
    screenshot(page, "interview-phone")
    page.get_by_role("button", name="1 愿意继续").click()
    page.get_by_label("信中的密码").fill(room.calls.pins.pin_of(campaign.id, household, 6))
    screenshot(page, "interview-phone-pin")
    page.get_by_role("button", name="继续").click()
    screenshot(page, "interview-phone-question")
    for _ in range(3):
        expect(page.locator(".ask-option").first).to_be_visible()
        page.locator('.ask-keys [value="1"]').click()
    page.get_by_label("您的评语").fill("他常来看我们。")
    page.get_by_role("button", name="完成").click()
    expect(page.get_by_text("谢谢您的评议")).to_be_visible()
    screenshot(page, "interview-phone-thanks")
