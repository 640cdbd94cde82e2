"""A hall for journeys of the panel: a small county, an operator, a session ready for the vote."""

from typing import Any

from sqlalchemy import update

from evalsys.cli.demo_people import Operator
from evalsys.domain.access import Role
from evalsys.store.database import Database
from evalsys.store.phone_box import PhoneBox
from evalsys.store.schema.roster import Cadre, Phone, Unit
from tests.accounts import accounts
from tests.roster_rows import fill_roster

NAME, PASSWORD = "dao-bo", "correct horse battery"
PLAN: dict[str, object] = {
    "title": "2026 年第四季度现场直播调查大会",
    "rehearsal": True,
    "strata": "uniform",
    "slots": 2,
    "target": 2,
    "attempts": 1,
    "gap_s": 1,
    "parallel": 3,
}


def a_county(database: Database) -> None:
    """Thirty cadres whose households have no telephone, so that no line is needed."""
    box = PhoneBox(bytes(range(64)), bytes(range(32)))
    with database.write() as db:
        fill_roster(db, box, [2] * 30)
        db.execute(update(Phone).values(usable=False))
        db.execute(update(Unit).values(name="沂水县水利局"))
        db.execute(update(Cadre).values(name="王建国", post="河道管理股股长", rank="副科级"))
    accounts(database).add(NAME, Role.OPERATOR, PASSWORD, actor="test")


def an_operator(url: str) -> Operator:
    """An operator who is signed in and has planned a session."""
    operator = Operator(url)
    operator.sign_in(NAME, PASSWORD)
    operator.plan(**PLAN)
    return operator


def cards(operator: Operator, **counts: int) -> list[dict[str, Any]]:
    """Bring the panel up to so many seats a category, and return their cards."""
    found: list[dict[str, Any]] = operator.tell(f"/seats/{operator.live}", counts)["seats"]
    return found


def until_called(operator: Operator) -> None:
    """Go on to the point where the panel can vote on the next cadre."""
    if operator.view["phase"] == "planned":
        operator.do("freeze")
        operator.do("publish")
        operator.do("open_ceremony")
        operator.do("roll_master", digits="", again="")
    operator.do("draw_next", digits="", again="")
    operator.do("record_presence", presence="in_person")
    operator.do("open_calls")
    operator.do("stop_dialling")  # there is no line
