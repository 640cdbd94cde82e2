"""A real headless Chromium for journeys; nothing it asks for may leave this machine."""

import os
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    WebSocket,
    expect,
    sync_playwright,
)

SCREENS = Path(__file__).parents[1] / "docs" / "screens"
"""Pictures for the documentation; written only when EVALSYS_SCREENS=1, or each run dirties them."""

CHROMIUM = next(
    (each for each in map(shutil.which, ("chromium-headless-shell", "chromium")) if each),
    "/usr/bin/chromium-headless-shell",
)
"""The same engine without the windows around it opens a page for a fourth of the work."""
FLAGS = (
    "--no-sandbox",  # the tests may run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Nothing leaves this machine. The browser sees to it: a route would be answered by the test,
    # which may be waiting for what the browser asked for.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
PATIENCE_MS = 15_000
"""So long a page may take to show something: other tests keep the machine busy beside it."""
HERE = frozenset({"127.0.0.1", "localhost"})

_IMAGES_ARE_THERE = "() => [...document.images].every(one => one.complete)"

NewPage = Callable[..., Page]
Screenshot = Callable[[Page, str], None]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium once for each test process."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[NewPage]:
    """Open a page as one more person: own cookies; `new_page(width=1920, height=1080)`.

    At the end the test fails if any page asked for something that is not on this machine,
    threw an error that nobody caught, or broke the content security policy.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def note(asked: Request) -> None:
        if not _is_here(asked.url):
            complaints.append(f"asked another machine: {asked.url}")

    def overhear(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            complaints.append(message.text)

    def open_page(*, width: int = 1280, height: int = 800, locale: str = "zh-CN") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale=locale, timezone_id="Asia/Shanghai"
        )
        contexts.append(context)
        context.on("request", note)
        context.on("weberror", lambda error: complaints.append(f"{error.page}: {error.error}"))
        context.on("console", overhear)
        context.on("page", partial(_eavesdrop, complaints))
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """One person's page of 1280 by 800."""
    return new_page()


@pytest.fixture
def microphone_page(browser: Browser) -> Iterator[Page]:
    """Open a page in a browser that has a microphone, which hears a test tone."""
    flags = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    hearing = browser.browser_type.launch(executable_path=CHROMIUM, args=[*FLAGS, *flags])
    yield hearing.new_context(viewport={"width": 390, "height": 844}).new_page()
    hearing.close()


@pytest.fixture
def screenshot() -> Screenshot:
    """Take `screenshot(page, "stage")` into docs/screens, where EVALSYS_SCREENS=1 asks for it."""
    is_asked_for = os.environ.get("EVALSYS_SCREENS") == "1"

    def take(page: Page, name: str) -> None:
        if is_asked_for:
            page.wait_for_function(_IMAGES_ARE_THERE)
            page.screenshot(path=SCREENS / f"{name}.png", animations="disabled")

    return take


def _eavesdrop(complaints: list[str], page: Page) -> None:
    def hear(socket: WebSocket) -> None:
        if not _is_here(socket.url):
            complaints.append(socket.url)

    page.on("websocket", hear)


def _is_here(url: str) -> bool:
    address = urlsplit(url)
    return address.scheme in {"data", "blob", "file"} or address.hostname in HERE
