"""A small evening for the benches of the show: the programs, an operator, pages of one browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from evalsys.store import migrate
from evalsys.store.database import Database
from tests.browser import CHROMIUM, FLAGS
from tests.live_hall import NAME, PASSWORD, Hall
from tests.processes import free_port, settings_on_port

WAITS_MS = 15_000
"""The longest that anything may take before a bench gives it up."""
DESK: ViewportSize = {"width": 1366, "height": 768}
WALL: ViewportSize = {"width": 1920, "height": 1080}
NOW = "() => performance.timeOrigin + performance.now()"
_IS_PAINTED = "() => document.documentElement.dataset.seq > 0"
PAINTED_SINCE = """(t) => {
  const marks = performance.getEntriesByName("painted");
  const mark = marks.find(({ startTime }) => performance.timeOrigin + startTime > t);
  return mark ? performance.timeOrigin + mark.startTime : null;
}"""
"""When a screen had painted its first picture after moment `t`; all pages have one clock."""
COVERED_SINCE = PAINTED_SINCE.replace('"painted"', '"covered"')
"""When its curtain was first on screen after moment `t`."""


@dataclass(frozen=True, slots=True)
class Evening:
    """The programs of an evening, and a browser."""

    hall: Hall
    chromium: Browser

    def staff(self) -> BrowserContext:
        """Sign the operator in, in a browser of their own."""
        context = self.chromium.new_context(viewport=DESK, locale="zh-CN")
        page = context.new_page()
        page.goto(f"{self.hall.settings.public_url}/login")
        page.fill("[name=name]", NAME)
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url("**/")
        page.close()
        return context

    def output(self, kind: str, context: BrowserContext | None = None) -> Page:
        """Open an output of the session, and wait for its first picture."""
        page = (context or self.chromium.new_context(viewport=WALL, locale="zh-CN")).new_page()
        page.goto(f"{self.hall.settings.public_url}/{kind}/{self.hall.operator.live}?motion=off")
        page.wait_for_function(_IS_PAINTED, timeout=WAITS_MS)
        return page


@contextmanager
def evening(address: str = "") -> Iterator[Evening]:
    """Open an evening as far as the first drawn cadre; stop its programs at the end.

    It runs on the empty PostgreSQL database at `address`, else on SQLite.
    """
    with TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        database = Database(address or f"sqlite:///{folder}/evalsys.db")
        migrate.upgrade(database)
        settings = replace(
            settings_on_port(database, folder, free_port()),
            telephony_url=f"http://127.0.0.1:{free_port()}",
        )
        hall = Hall(database, folder, settings)
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        try:
            hall.open()
            hall.until_drawn()
            yield Evening(hall, chromium)
        finally:
            chromium.close()
            hall.close()
            database.close()
