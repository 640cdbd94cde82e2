"""Every place that the navigation leads to, in the demo's county, on a desk and on a telephone."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect
from sqlalchemy import func, select

from evalsys.cli.demo_house import USERS
from evalsys.cli.demo_year import fill_year
from evalsys.clock import utc_now
from evalsys.county.generate import Wanted, generate
from evalsys.domain.access import Role
from evalsys.store.database import Database
from evalsys.store.schema.casework import CaseworkRequest
from evalsys.store.schema.roster import HouseholdLink
from tests.accounts import accounts
from tests.browser import NewPage, Screenshot
from tests.builders import TALLY_KEY, some_settings
from tests.panel_hall import PASSWORD
from tests.processes import ServeApp
from tests.roster_papers import bring_in

pytestmark = pytest.mark.on_sqlite

DESK: ViewportSize = {"width": 1366, "height": 768}
ONE_LINE_PX = 60
PHONE: ViewportSize = {"width": 390, "height": 844}
CADRES, HOUSEHOLDS = 40, 450
BUSIEST = (Role.OFFICE, Role.CADRE, Role.PERSONNEL, Role.DISCIPLINE, Role.OPERATOR, Role.RECORDER)
"""Between them they have every place of the navigation."""
BEHIND = {
    Role.OFFICE: (("/polls/1", "poll"),),
    Role.PERSONNEL: (
        ("/personnel/promotions/", "personnel-promotions"),
        ("/personnel/talks/", "personnel-talks"),
        ("/personnel/listings/", "personnel-listings"),
        ("/personnel/annual/", "personnel-annual"),
        ("/personnel/unit-years/", "personnel-unit-years"),
        ("/personnel/units", "personnel-units"),
        ("/personnel/cycles/", "personnel-cycles"),
        ("/personnel/disputes/", "personnel-disputes"),
        ("/personnel/inactive/", "personnel-inactive"),
        ("/personnel/papers/", "personnel-papers"),
        ("/personnel/papers/issued/", "personnel-issued"),
        ("/roster/handovers/", "roster-handovers"),
    ),
    Role.OPERATOR: (("/followups/standby", "standby"),),
}
"""Pages behind the places, and what their pictures are called."""


@pytest.fixture
def url(database: Database, serve_app: ServeApp, tmp_path: Path) -> str:
    """An application with the demo's county, its year, and its account for each role."""
    wanted = Wanted(CADRES, HOUSEHOLDS, 7, date(2026, 11, 1))
    _, files = generate(wanted, tmp_path, csv=True, xlsx=False, progress=lambda _done, _all: None)
    report = bring_in(database, files, now=utc_now)
    assert report.committed, report.problems[:3]
    room = accounts(database)
    for name, role in USERS.items():
        room.add(name, role, PASSWORD, actor="test")
    address = database.engine.url.render_as_string(hide_password=False)
    fill_year(some_settings(address, tmp_path), TALLY_KEY)
    return serve_app(database)


def test_every_place_fits_a_desk_and_a_telephone_in_both_languages(
    url: str, database: Database, new_page: NewPage, screenshot: Screenshot
) -> None:
    seen: set[str] = set()
    unfit: list[str] = []
    for role in BUSIEST:
        page = new_page(**DESK)
        for place in _sign_in(page, url, role):
            if place in seen:
                continue
            if role is Role.OPERATOR and place == "/console/":
                _plan_a_session(page, url)
            seen.add(place)
            name = "place-" + (place.strip("/").replace("/", "-"))
            page.set_viewport_size(DESK)
            unfit += _faults(page, f"{url}{place}?lang=zh")
            screenshot(page, name)
            page.set_viewport_size(PHONE)
            unfit += _faults(page, f"{url}{place}?lang=en")
        for path, name in BEHIND.get(role, ()):
            page.set_viewport_size(DESK)
            unfit += _faults(page, f"{url}{path}?lang=zh")
            screenshot(page, name)
        if role is Role.CADRE:
            _notes_requests_without_a_network(page, url, database)
    assert unfit == []
    assert len(seen) > len(BUSIEST)


def _notes_requests_without_a_network(page: Page, url: str, database: Database) -> None:
    """Cut the network: what is typed stays through a reload, in every tab, and is sent once."""
    household = _household_of(database)
    page.set_viewport_size(PHONE)
    page.goto(f"{url}/?lang=zh")
    page.goto(f"{url}/casework/handheld/")
    expect(page.locator("[data-part=kept]")).to_have_text("没有网络也能用")
    page.context.set_offline(True)
    # The device's clock is four years behind.
    page.clock.set_system_time(datetime(2022, 1, 1, tzinfo=UTC))
    _note(page, household, "村口的桥栏杆断了一截")
    _note(page, "999", "井水发黄好几天了")
    expect(page.get_by_role("status")).to_contain_text("没有网络")
    page.reload()
    expect(page.locator(".waiting li")).to_have_count(2)
    other = page.context.new_page()
    other.goto(f"{url}/casework/handheld/")
    expect(other.locator(".waiting li")).to_have_count(2)
    _note(other, household, "路灯不亮好几天了")
    expect(page.locator(".waiting li")).to_have_count(3)  # told by the other tab
    page.context.set_offline(False)
    expect(page.get_by_text("已受理，编号")).to_have_count(2)
    page.get_by_role("button", name="改正").click()
    expect(page.get_by_label("诉求内容")).to_have_value("井水发黄好几天了")
    expect(page.locator(".waiting li")).to_have_count(2)
    other.close()
    with database.read() as db:
        counted = select(func.count()).where(CaseworkRequest.channel == "handheld")
        texts = ("村口的桥栏杆断了一截", "路灯不亮好几天了")
        assert db.scalar(counted.where(CaseworkRequest.text.in_(texts))) == len(texts)


def _note(page: Page, household: str, words: str) -> None:
    page.get_by_label("户编码").fill(household)
    page.get_by_label("诉求内容").fill(words)
    page.get_by_role("button", name="登记").click()


def _household_of(database: Database) -> str:
    with database.read() as db:
        found = db.scalar(select(HouseholdLink.household).where(HouseholdLink.until.is_(None)))
    assert found is not None
    return found


def _sign_in(page: Page, url: str, role: Role) -> list[str]:
    """Sign in, say why one reads where it is asked, and list the home page's places."""
    page.goto(f"{url}/login?lang=zh")
    page.get_by_label("用户名").fill(f"demo-{role.value}")
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name=f"demo-{role.value}")).to_be_visible()
    page.goto(f"{url}/?lang=en")
    nav = page.locator(".topbar nav").first
    assert nav.evaluate("one => one.offsetHeight") < ONE_LINE_PX, f"the places of {role} wrap"
    page.goto(f"{url}/?lang=zh")
    links = page.locator("main a.card[href]")
    return [str(link.get_attribute("href")) for link in links.all()]


def _plan_a_session(page: Page, url: str) -> None:
    """Let the console, the walls and the recorder have something to show."""
    page.goto(f"{url}/console/?lang=zh")
    page.get_by_role("button", name="新建会议").click()
    expect(page.locator("#next button").first).to_be_visible()


def _faults(page: Page, address: str) -> list[str]:
    """Open a page and tell what is wrong with it at this width."""
    answer = page.goto(address)
    if page.get_by_role("button", name="继续查阅").count():
        page.get_by_role("radio").first.check()
        page.get_by_role("button", name="继续查阅").click()
    width = page.viewport_size["width"] if page.viewport_size else 0
    said = []
    if answer is None or answer.status != 200:
        said.append(f"{address}: {answer and answer.status}")
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        said.append(f"{address}: wider than {width}")
    if page.locator("h1").count() != 1:
        said.append(f"{address}: {page.locator('h1').count()} headings")
    return said
