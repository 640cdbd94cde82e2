"""From the operator's click to the stage's frame, and how soon all is right after a kill."""

import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

import requests
from playwright.sync_api import Browser, Page, sync_playwright

from evalsys.cli.demo_people import Operator
from evalsys.domain.live.fold import replay
from evalsys.domain.live.words import Phase
from evalsys.errors import OutsideFailure
from evalsys.store import migrate
from evalsys.store.database import Database
from scripts.benches.figure import Figure
from tests.browser import CHROMIUM, FLAGS
from tests.live_hall import NAME, PASSWORD, Hall
from tests.processes import Process, free_port, settings_on_port

CLICKS = 60
SLOWEST_CLICK_MS = 60.0
KILLS = 20
RIGHT_WITHIN_S = 3.0
_WAITS_MS = 60_000

_NOTE_FRAMES = """() => {
  window.frames_of_steps = [];
  new MutationObserver(() => requestAnimationFrame(() => requestAnimationFrame(() =>
    window.frames_of_steps.push(performance.timeOrigin + performance.now()))))
    .observe(document.body, { subtree: true, childList: true, characterData: true });
}"""
_CLICK = """(word) => {
  const buttons = [...document.querySelectorAll("#next button")];
  const button = buttons.find((one) => one.textContent.includes(word));
  if (!button || button.disabled) return null;
  const now = performance.timeOrigin + performance.now();
  button.click();
  return now;
}"""
_IS_RIGHT = "(word) => document.getElementById('phase').textContent === word"
_FIRST_FRAME_SINCE = "(t) => window.frames_of_steps.find((frame) => frame > t) ?? null"


def run(repeat: int) -> list[Figure]:
    """Click sixty times a run; kill twenty times in all."""
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        with _an_evening(Path(folder)) as hall:
            hall.until_drawn()
            console, stage = _pages(chromium, hall)
            clicks = [each for _ in range(repeat) for each in _clicks(console, stage)]
            console.close()
            words = _words(hall, stage)
            kills = [_kill(hall, stage, words, 0.05 * n / KILLS) for n in range(KILLS)]
        chromium.close()
    p95 = quantiles(clicks, n=20)[18]
    return [
        Figure("live", "click to the stage's frame, p50", median(clicks), "ms"),
        Figure("live", "click to the stage's frame, p95", p95, "ms", target=SLOWEST_CLICK_MS),
        Figure("live", f"screens right after kill -9, median of {KILLS}", median(kills), "s"),
        Figure(
            "live",
            f"screens right after kill -9, slowest of {KILLS}",
            max(kills),
            "s",
            target=RIGHT_WITHIN_S,
        ),
    ]


def _words(hall: Hall, stage: Page) -> dict[Phase, str]:
    """Learn what the stage calls the two phases between which the kills happen."""
    words = {}
    for phase, command in ((Phase.DRAWN, "record_presence"), (Phase.ANSWERING, "take_back")):
        hall.operator.look()
        stage.wait_for_timeout(1000)
        words[phase] = stage.inner_text("#phase")
        more = {"presence": "in_person"} if phase is Phase.DRAWN else {}
        hall.operator.do(command, **more)
    return words


@contextmanager
def _an_evening(folder: Path) -> Iterator[Hall]:
    database = Database(f"sqlite:///{folder}/evalsys.db")
    migrate.upgrade(database)
    settings = replace(
        settings_on_port(database, folder, free_port()),
        telephony_url=f"http://127.0.0.1:{free_port()}",
    )
    hall = Hall(database, folder, settings)
    try:
        hall.open()
        yield hall
    finally:
        hall.close()
        database.close()


def _pages(chromium: Browser, hall: Hall) -> tuple[Page, Page]:
    url, live = hall.settings.public_url, hall.operator.live
    desk = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    console = desk.new_page()
    console.goto(f"{url}/login?next=/console/{live}")
    console.fill("[name=name]", NAME)
    console.fill("[name=password]", PASSWORD)
    console.click("button[type=submit]")
    console.wait_for_selector("#next button", timeout=_WAITS_MS)
    wall = chromium.new_context(viewport={"width": 1920, "height": 1080}, locale="zh-CN")
    stage = wall.new_page()
    stage.goto(f"{url}/stage/{live}?motion=off")
    stage.wait_for_function(
        "document.getElementById('scene').childElementCount > 0", timeout=_WAITS_MS
    )
    stage.evaluate(_NOTE_FRAMES)
    return console, stage


def _clicks(console: Page, stage: Page) -> Iterator[float]:
    """Note how the cadre answers, take it back, and so on; give milliseconds from click to frame.

    All pages are of one machine, so of one clock.
    """
    for turn in range(CLICKS):
        word = "到场" if turn % 2 == 0 else "撤回"
        clicked = console.wait_for_function(_CLICK, arg=word, timeout=_WAITS_MS).json_value()
        frame = stage.wait_for_function(_FIRST_FRAME_SINCE, arg=clicked, timeout=_WAITS_MS)
        yield frame.json_value() - clicked
        stage.wait_for_timeout(150)


def _kill(hall: Hall, stage: Page, words: Mapping[Phase, str], moment_s: float) -> float:
    """Kill the application around a step, start it again; give the seconds until all is right.

    Right: the record has the step whole or not at all, and surely when it was acknowledged; the
    console takes the next one, and the stage, which nobody touched, shows it.
    """
    before = len(hall.events())
    operator = hall.an_operator()
    operator.live = hall.operator.live
    phase = operator.look()["phase"]
    with ThreadPoolExecutor(1) as hand:
        step = hand.submit(_press, operator, phase)
        time.sleep(moment_s)
        _app(hall).kill()
        is_acknowledged = step.result()
    began = time.perf_counter()
    hall.start_app()
    after = hall.events()
    if len(after) - before not in ((1,) if is_acknowledged else (0, 1)):
        raise RuntimeError("a step was lost or doubled")
    phase = operator.look()["phase"]
    if not _press(operator, phase):
        raise RuntimeError("the step after the start was refused")
    shown = words[replay(hall.events()).phase]
    stage.wait_for_function(_IS_RIGHT, arg=shown, timeout=_WAITS_MS, polling=20)
    return time.perf_counter() - began


def _press(operator: Operator, phase: str) -> bool:
    """Take the step that is possible; say whether it was acknowledged."""
    try:
        if phase == Phase.DRAWN:
            operator.do("record_presence", presence="in_person")
        else:
            operator.do("take_back")
    except (requests.RequestException, OutsideFailure):
        return False
    return True


def _app(hall: Hall) -> Process:
    if hall.app is None:
        raise RuntimeError("the application was never started")
    return hall.app
