"""From the operator's click to a frame, how soon all is right after a kill, and dark outputs."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from statistics import median, quantiles

import requests
from playwright.sync_api import BrowserContext, Page
from playwright.sync_api import TimeoutError as TookTooLong

from evalsys.cli.demo_people import Operator
from evalsys.domain.live.fold import replay
from evalsys.domain.live.words import Phase
from evalsys.errors import OutsideFailure
from scripts.benches.figure import Figure
from scripts.benches.live_evening import (
    COVERED_SINCE,
    NOW,
    PAINTED_SINCE,
    WAITS_MS,
    Evening,
    evening,
)
from tests.processes import Process

CLICKS = 24
SLOWEST_CLICK_MS = 60.0
KILLS = 20
RIGHT_WITHIN_S = 3.0
BLACKOUTS = 8
DARK_WITHIN_MS = 500.0
OUTPUTS = ("stage", "led", "overlay", "subvenue", "monitor", "press")

_CLICK = """(word) => {
  const buttons = [...document.querySelectorAll("#next button")];
  const button = buttons.find((one) => one.textContent.includes(word));
  if (!button || button.disabled || document.querySelector("#next[aria-busy]")) return null;
  const now = performance.timeOrigin + performance.now();
  button.click();
  return now;
}"""
_IS_RIGHT = "(word) => document.getElementById('phase').textContent === word"


def run_clicks(repeat: int) -> list[Figure]:
    """Click some times a run."""
    with evening() as opened:
        staff = opened.staff()
        clicks = [each for _ in range(repeat) for each in _clicks(opened, staff)]
        staff.close()
    name, slow = "click to the overlay's frame", quantiles(clicks, n=20)[18]
    return [
        Figure("live", f"{name}, p50", median(clicks), "ms"),
        Figure("live", f"{name}, p95", slow, "ms", target=SLOWEST_CLICK_MS),
    ]


def run_blackouts(repeat: int) -> list[Figure]:
    """Darken and light every output some times a run."""
    with evening() as opened:
        staff = opened.staff()
        dark = [each for _ in range(repeat) for each in _blackouts(opened, staff)]
        staff.close()
    name = f"blackout to the last of {len(OUTPUTS)} outputs"
    return [
        Figure("live", f"{name}, p50", median(dark), "ms"),
        Figure("live", f"{name}, slowest", max(dark), "ms", target=DARK_WITHIN_MS),
    ]


def run_kills(_repeat: int) -> list[Figure]:
    """Kill the application twenty times, whatever `_repeat` says; each within a clear limit."""
    with evening() as opened:
        kills = list(_kills(opened))
    name = "screens right after kill -9"
    return [
        Figure("live", f"{name}, median of {KILLS}", median(kills), "s"),
        Figure("live", f"{name}, slowest of {KILLS}", max(kills), "s", target=RIGHT_WITHIN_S),
    ]


def _clicks(opened: Evening, staff: BrowserContext) -> Iterator[float]:
    """Note how the cadre answers, take it back, and so on; give the milliseconds to the frame."""
    hall = opened.hall
    console, overlay = staff.new_page(), opened.output("overlay")
    console.goto(f"{hall.settings.public_url}/console/{hall.operator.live}")
    for turn in range(CLICKS):
        word, phase = ("到场", "已抽中") if turn % 2 == 0 else ("撤回", "干部作答")
        # The overlay may be quicker than the console, which would press a button of before.
        console.wait_for_function(_IS_RIGHT, arg=phase, timeout=WAITS_MS)
        clicked = console.wait_for_function(_CLICK, arg=word, timeout=WAITS_MS).json_value()
        yield _painted(overlay, clicked) - clicked
        overlay.wait_for_timeout(100)
    console.close()
    overlay.context.close()


def _blackouts(opened: Evening, staff: BrowserContext) -> Iterator[float]:
    """Darken everything at the desk's door, light it again; give milliseconds to the last."""
    wall = opened.output("stage").context
    pages = [opened.output(kind, staff if kind == "monitor" else wall) for kind in OUTPUTS]
    act = f"/desk/{opened.hall.operator.live}/act"
    for _ in range(BLACKOUTS):
        asked = pages[0].evaluate(NOW)
        opened.hall.operator.tell(act, {"act": "darken", "outputs": "all"})
        yield max(_covered(page, asked) for page in pages) - asked
        opened.hall.operator.tell(act, {"act": "light", "outputs": "all"})
        pages[0].wait_for_timeout(300)
    for page in pages:
        page.close()
    wall.close()


def _painted(page: Page, since: float) -> float:
    moment = page.wait_for_function(PAINTED_SINCE, arg=since, timeout=WAITS_MS, polling=20)
    return float(moment.json_value())


def _covered(page: Page, since: float) -> float:
    moment = page.wait_for_function(COVERED_SINCE, arg=since, timeout=WAITS_MS, polling=20)
    return float(moment.json_value())


def _kills(opened: Evening) -> Iterator[float]:
    hall = opened.hall
    stage = opened.output("stage")
    words = {}
    for phase, command in ((Phase.DRAWN, "record_presence"), (Phase.ANSWERING, "take_back")):
        hall.operator.look()
        stage.wait_for_timeout(500)
        words[phase.value] = stage.inner_text("#phase")
        hall.operator.do(command, **({"presence": "in_person"} if phase is Phase.DRAWN else {}))
    for n in range(KILLS):
        yield _kill(opened, stage, words, 0.05 * n / KILLS)


def _kill(opened: Evening, stage: Page, words: dict[str, str], moment_s: float) -> float:
    """Kill the application around a step, start it again; give the seconds until all is right.

    Right: the record has the step whole or not at all, and surely when it was acknowledged; the
    console takes the next one, and the stage, which nobody touched, shows it. A stage that is
    never right counts with the limit, and is loaded anew for the next kill.
    """
    hall, operator = opened.hall, opened.hall.operator
    before = len(hall.events())
    phase = operator.look()["phase"]
    with ThreadPoolExecutor(1) as hand:
        step = hand.submit(_press, operator, phase)
        time.sleep(moment_s)
        _app(opened).kill()
        is_acknowledged = step.result()
    began = time.perf_counter()
    hall.start_app()
    after = hall.events()
    if len(after) - before not in ((1,) if is_acknowledged else (0, 1)):
        raise RuntimeError("a step was lost or doubled")
    if not _press(operator, operator.look()["phase"]):
        raise RuntimeError("the step after the start was refused")
    shown = words[replay(hall.events()).phase.value]
    try:
        stage.wait_for_function(_IS_RIGHT, arg=shown, timeout=WAITS_MS, polling=20)
    except TookTooLong:
        stage.reload()
        return WAITS_MS / 1000
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


def _app(opened: Evening) -> Process:
    if opened.hall.app is None:
        raise RuntimeError("the application was never started")
    return opened.hall.app
