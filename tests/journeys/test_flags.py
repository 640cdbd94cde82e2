"""Signs for review on the page: what was seen, in words, and a conclusion with its reason."""

import pytest
from playwright.sync_api import expect

from evalsys.clock import utc_now
from evalsys.domain.access import Role
from evalsys.domain.canonical import Json
from evalsys.domain.flags import Flag, FlagKind
from evalsys.store import flags
from evalsys.store.database import Database
from tests.accounts import accounts
from tests.browser import NewPage, Screenshot
from tests.journeys.test_comments import sign_in
from tests.panel_hall import NAME, PASSWORD, a_county, an_operator
from tests.processes import ServeApp

pytestmark = pytest.mark.on_sqlite


def test_discipline_inspection_reviews_signs_and_the_operator_does_not(
    database: Database, serve_app: ServeApp, new_page: NewPage, screenshot: Screenshot
) -> None:
    a_county(database)
    accounts(database).add("ji-wei", Role.DISCIPLINE, PASSWORD, actor="test")
    url = serve_app(database)
    live = an_operator(url).live
    place = f"{live}/1"
    waits: list[Json] = [9, 7, 11, 8]
    homes = ["371323001001", "371323001044"]
    jump: dict[str, Json] = {"from": 28, "from_place": place, "to": 46, "place": place}
    hasty: dict[str, Json] = {"place": place, "calls": 3, "of": 5}
    alike: dict[str, Json] = {"place": place, "calls": 4, "of": 5, "half_seconds": waits}
    found = (
        Flag(FlagKind.SHARED_NUMBER, homes[0], {"households": [*homes]}),
        Flag(FlagKind.OFFICIAL_NUMBER, "371323002017", {"cadres": ["00004211"]}),
        Flag(FlagKind.SAME_RHYTHM, "00004211", alike),
        Flag(FlagKind.FASTER_THAN_PROMPT, "00000317", hasty),
        Flag(FlagKind.JUMP, "00000317", jump),
    )
    with database.write() as db:
        flags.add(db, found, utc_now())

    page = new_page(width=1366, height=900)
    sign_in(page, url, "ji-wei")
    page.get_by_role("link", name="异常提示").first.click()
    expect(page.get_by_text("待核查 5 条")).to_be_visible()
    expect(page.locator("article")).to_have_count(5)
    rhythm = page.locator("article", has_text="4.5、3.5、5.5、4.0 秒")
    rhythm.get_by_text("作出结论").click()
    rhythm.locator("[name=reason]").fill("三户同住一院，由同一人代按")
    screenshot(page, "flags")
    rhythm.get_by_role("button", name="属实").click()
    expect(page.get_by_text("待核查 4 条")).to_be_visible()
    expect(page.get_by_text("三户同住一院，由同一人代按")).to_be_visible()
    page.get_by_role("button", name="重新核对").click()
    expect(page.get_by_text("新发现 0 条")).to_be_visible()

    desk = new_page()
    sign_in(desk, url, NAME)
    refused = desk.goto(f"{url}/flags/")
    assert refused is not None
    assert refused.status == 403
