"""A finished campaign: personnel enters its published result, discipline inspection reads."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from evalsys.app import build_campaigns, build_tally
from evalsys.clock import utc_now
from evalsys.domain.access import Role
from evalsys.domain.campaign.plan import Kind
from evalsys.domain.campaign.policy import Contact, Tried
from evalsys.domain.campaign.wanted import Wanted
from evalsys.domain.interview import Topic
from evalsys.ids import CadreNumber, LiveId, MemberId
from evalsys.services.campaign_cases import close_contact
from evalsys.services.score import Scores
from evalsys.store import campaign_queue as queue
from evalsys.store.ballot_box import BoxKey
from evalsys.store.campaign_answers import seal_pending
from evalsys.store.database import Database
from evalsys.store.schema.campaigns import CampaignMember
from tests.accounts import accounts
from tests.browser import NewPage, Screenshot
from tests.builders import TALLY_KEY, some_settings
from tests.calling import fill_county
from tests.panel_hall import PASSWORD
from tests.processes import ServeApp, settings_on_port
from tests.tallying import READERS

pytestmark = pytest.mark.on_sqlite

GIVEN = {"00000001": "543545", "00000002": "555555"}
SAID = ("水渠修好了，谢谢。", "来得少，话说得多。", "电话一打就接。", "路还没修。", "办事公道。")


def _hold(database: Database, folder: Path) -> None:
    """Hold a campaign in which twelve households scored and five spoke."""
    settings = some_settings(database.engine.url.render_as_string(hide_password=False), folder)
    fill_county(database, settings)
    plans = build_campaigns(settings, database).plans
    campaign, _ = plans.plan(Wanted(Kind.ANNUAL, "2026 年度群众评议"), actor="op")
    plans.start(campaign.id, actor="op")
    slot = BoxKey(TALLY_KEY).slot
    scores, now = Scores(database, slot, READERS, utc_now), utc_now()
    with database.write() as db:
        for about, given in GIVEN.items():
            members = db.scalars(select(CampaignMember).where(CampaignMember.about == about)).all()
            for row, score in zip(members, given, strict=True):
                case = queue.case_of(db, MemberId(row.id))
                seal_pending(db, slot, case.id, Topic.SCORE, score, about)
                done = Tried(Contact.COMPLETE, now)
                close_contact(db, campaign, case, done, "test", settings.zone)
        for said in SAID:
            cadre = CadreNumber("00000001")
            scores.keep_comment_in(db, LiveId(campaign.id), 0, cadre=cadre, text=said, recording="")
    plans.stop(campaign.id, actor="op")
    tally = build_tally(settings_on_port(database, folder, 1), TALLY_KEY)
    assert tally.look() == ""
    tally.close()


def _sign_in(page: Page, url: str, name: str) -> None:
    page.goto(f"{url}/login")
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_url(f"{url}/")


def test_a_result_goes_to_personnel_and_comments_to_discipline_inspection(
    database: Database,
    tmp_path: Path,
    serve_app: ServeApp,
    new_page: NewPage,
    screenshot: Screenshot,
) -> None:
    _hold(database, tmp_path)
    access = accounts(database)
    access.add("zu-zhi", Role.PERSONNEL, PASSWORD, actor="test")
    access.add("ji-wei", Role.DISCIPLINE, PASSWORD, actor="test")
    url = serve_app(database)

    desk = new_page(width=1366, height=768)
    _sign_in(desk, url, "zu-zhi")
    desk.goto(f"{url}/campaigns/")
    desk.get_by_role("link", name="2026 年度群众评议").click()
    desk.get_by_role("link", name="评议结果").click()
    expect(desk.get_by_role("row", name="00000001")).to_contain_text("4.3")
    expect(desk.get_by_role("row", name="00000002")).to_contain_text("全部评为 4 分以上")
    screenshot(desk, "campaign-results")
    desk.get_by_role("button", name="登记到组织部").click()
    expect(desk.get_by_text("2 名干部的结果有变化")).to_be_visible()

    inspector = new_page(width=1366, height=768)
    _sign_in(inspector, url, "ji-wei")
    inspector.goto(f"{url}/comments/")
    inspector.get_by_role("heading", name="2026 年度群众评议").click()
    expect(inspector.locator(".columns article")).to_have_count(len(SAID))
    screenshot(inspector, "campaign-comments")
