"""How long a recorder needs for each of the three forms, by the keyboard alone."""

from collections.abc import Iterator
from statistics import median

from playwright.sync_api import BrowserContext, Page

from evalsys.domain.live.words import TeamCategory
from evalsys.domain.standby import STANDBY, TEAM_NAMES
from scripts.benches.figure import Figure
from scripts.benches.live_evening import NOW, WAITS_MS, Evening, evening

CHARACTER_MS = 360
"""A practised clerk types a Chinese character with three keys, eight of them a second."""
ENTERED_WITHIN_S = 10.0
_FORMS = {
    "promise": ("F7", "七日内逐户走访，说明路灯何时修"),
    "team": ("F8", "走访日期与三户说法不一"),
    "referral": ("F9", "四户否认走访，签名疑似代签"),
}
"""The key that leads to each form, and what is typed over its first field."""


def run(repeat: int) -> list[Figure]:
    """Enter a promise and a team `repeat` times; a round is referred once."""
    taken: dict[str, list[float]] = {}
    with evening() as opened:
        _judge(opened)
        staff = opened.staff()
        _list_people(opened, staff)
        for form in [*("promise", "team") * repeat, "referral"]:
            taken.setdefault(form, []).append(_enter(opened, staff, form))
    return list(_figures(taken))


def _figures(taken: dict[str, list[float]]) -> Iterator[Figure]:
    for form, seconds in taken.items():
        name = f"recorder enters a {form}, {len(_FORMS[form][1])} characters"
        yield Figure("live", name, median(seconds), "s", target=ENTERED_WITHIN_S)


def _judge(opened: Evening) -> None:
    """Bring the round to a finding from which all three may follow."""
    hall = opened.hall
    hall.operator.look()
    hall.operator.do("record_presence", presence="in_person")
    hall.operator.do("open_calls")
    hall.operator.do("stop_dialling")
    hall.wait(lambda view: bool(view["round"]["calls_end"]))
    for command in ("open_vote", "close_vote"):
        hall.operator.do(command)
    hall.operator.do("give_verdict", verdict="faked_suspected")


def _list_people(opened: Evening, staff: BrowserContext) -> None:
    header = "\t".join(column.header for column in STANDBY.columns)
    people = (f"张志强{i}\t{TEAM_NAMES[one]}\t某单位{i}" for i, one in enumerate(TeamCategory))
    page = staff.new_page()
    page.goto(f"{opened.hall.settings.public_url}/followups/standby")
    page.fill("[name=list]", "\n".join([header, *people]))
    page.click("main form button[type=submit]")
    page.close()


def _enter(opened: Evening, staff: BrowserContext, form: str) -> float:
    """Press the form's key, type, press Enter; give seconds until the page says that it is kept."""
    key, words = _FORMS[form]
    page = staff.new_page()
    page.goto(f"{opened.hall.settings.public_url}/followups/{opened.hall.operator.live}")
    began: float = page.evaluate(NOW)
    page.keyboard.press(key)
    page.keyboard.type(words, delay=CHARACTER_MS)
    page.keyboard.press("Enter")
    kept = _kept_at(page)
    page.close()
    return (kept - began) / 1000


def _kept_at(page: Page) -> float:
    page.wait_for_url("**saved=1**", timeout=WAITS_MS)
    return float(page.evaluate(NOW))
