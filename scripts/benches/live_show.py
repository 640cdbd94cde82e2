"""From the operator's click to a frame, and how soon every output is dark."""

from collections.abc import Iterator
from statistics import median, quantiles

from playwright.sync_api import BrowserContext, Page

from scripts.benches.figure import Figure
from scripts.benches.live_evening import (
    COVERED_SINCE,
    NOW,
    PAINTED_SINCE,
    WAITS_MS,
    Evening,
    evening,
)

CLICKS = 24
SLOWEST_CLICK_MS = 60.0
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
IS_RIGHT = "(word) => document.getElementById('phase').textContent === word"


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


def _clicks(opened: Evening, staff: BrowserContext) -> Iterator[float]:
    """Note how the cadre answers, take it back, and so on; give the milliseconds to the frame."""
    hall = opened.hall
    console, overlay = staff.new_page(), opened.output("overlay")
    console.goto(f"{hall.settings.public_url}/console/{hall.operator.live}")
    for turn in range(CLICKS):
        word, phase = ("到场", "已抽中") if turn % 2 == 0 else ("撤回", "干部作答")
        # The overlay may be quicker than the console, which would press a button of before.
        console.wait_for_function(IS_RIGHT, arg=phase, timeout=WAITS_MS)
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
