"""What households said reaches discipline inspection together, in no order, and nobody else."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from evalsys.app import build_tally
from evalsys.clock import utc_now
from evalsys.domain.access import Role
from evalsys.ids import CadreNumber, LiveId
from evalsys.services.score import Scores
from evalsys.store.ballot_box import BoxKey
from evalsys.store.database import Database
from tests.accounts import accounts
from tests.browser import NewPage, Screenshot
from tests.builders import TALLY_KEY
from tests.panel_hall import NAME, PASSWORD, a_county, an_operator
from tests.processes import ServeApp, settings_on_port
from tests.tallying import READERS

pytestmark = pytest.mark.on_sqlite

SAID = (
    "老王来过好几趟，水渠修好了。",
    "说好春天修路，到现在没有动静。",
    "去年来登记过一次，再没见过人。",
    "电话一打就接，办不了的也讲清楚。",
    "还行，就是来得少。",
)


def sign_in(page: Page, url: str, name: str) -> None:
    page.goto(f"{url}/login")
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_url(f"{url}/")


def test_discipline_inspection_reads_a_rounds_comments_and_the_operator_does_not(
    database: Database,
    tmp_path: Path,
    serve_app: ServeApp,
    new_page: NewPage,
    screenshot: Screenshot,
) -> None:
    a_county(database)
    accounts(database).add("ji-wei", Role.DISCIPLINE, PASSWORD, actor="test")
    url = serve_app(database)
    live = LiveId(an_operator(url).live)
    scores = Scores(database, BoxKey(TALLY_KEY).slot, READERS, utc_now)
    tally = build_tally(settings_on_port(database, tmp_path, 1), TALLY_KEY)
    cadre = CadreNumber("00000001")
    with database.write() as db:
        for text in SAID:
            scores.keep_comment_in(db, live, 1, cadre=cadre, text=text, recording="")
        tally.open_in(db, live, 1, cadre=cadre, committed=())
    tally.release_comments()
    tally.close()

    page = new_page()
    sign_in(page, url, "ji-wei")
    page.goto(f"{url}/comments/")
    page.get_by_role("heading", name="现场直播调查大会").click()
    expect(page.locator(".columns article")).to_have_count(len(SAID))
    assert sorted(page.locator(".columns article p").all_inner_texts()) == sorted(SAID)
    screenshot(page, "comments")

    desk = new_page()
    sign_in(desk, url, NAME)
    refused = desk.goto(f"{url}/comments/{live}")
    assert refused is not None
    assert refused.status == 403
