"""A small county for the personnel room: two units, five cadres on the roster, one of them gone."""

from datetime import date

from sqlalchemy.orm import Session

from evalsys.domain.personnel import InvestigationReport
from evalsys.domain.roster import YISHUI_LEVELS
from evalsys.ids import CadreNumber
from evalsys.store.assessment import add_report, save_inputs
from evalsys.store.database import Database
from evalsys.store.schema import roster
from tests.builders import a_year_of

PRINCIPAL, ON_PROBATION, TEACHER, NOT_ENTERED, GONE = (CadreNumber(f"{i:08d}") for i in range(1, 6))


def report(database: Database, made: InvestigationReport) -> None:
    """Keep an investigation's report as the room of investigations does at its end."""
    with database.write() as db:
        add_report(db, made)


def settle(database: Database, year: int = 2026) -> None:
    """Fill the roster, and one year for all but `NOT_ENTERED`; `ON_PROBATION` fails."""
    with database.write() as db:
        db.add_all(
            roster.GridLevel(
                depth=level.depth,
                name=level.name,
                head_count=level.head_count,
                head_min_rank=level.head_min_rank,
                holds_households=level.holds_households,
                holds_cadres=level.holds_cadres,
            )
            for level in YISHUI_LEVELS
        )
        db.flush()
        for code, name, depth, parent in (
            ("371323", "沂水县", 1, None),
            ("371323001", "龙家圈街道", 2, "371323"),
            ("371323001001", "第一工作片", 3, "371323001"),
            ("371323001001001", "柴山村", 4, "371323001001"),
        ):
            db.add(roster.Grid(code=code, name=name, depth=depth, parent=parent, grid_class=""))
            db.flush()
        db.add_all(
            roster.Unit(code=code, name=name)
            for code, name in (("U001", "县水利局"), ("U002", "县教育局"))
        )
        db.flush()
        db.add_all(
            (
                _cadre(PRINCIPAL, "王建国", "U001", "局长", "正科级"),
                _cadre(ON_PROBATION, "李红", "U001", "副局长", "副科级", on_probation=True),
                _cadre(TEACHER, "赵敏", "U002", "股长", "管理九级", staff_type="事业"),
                _cadre(NOT_ENTERED, "孙立", "U002", "科员", "科员"),
                _cadre(GONE, "周平", "U002", "科员", "科员", left_on=date(2026, 5, 1)),
            )
        )
        db.flush()
        db.add(roster.UnitPrincipal(unit="U001", cadre=PRINCIPAL))
        save_inputs(
            db,
            [
                a_year_of(PRINCIPAL, year=year),
                a_year_of(ON_PROBATION, year=year, household_score_tenths=310),
                a_year_of(TEACHER, year=year, inspection_tenths=None),
            ],
            on=date(2026, 1, 1),
        )


def _cadre(
    number: CadreNumber, name: str, unit: str, post: str, rank: str, **different: object
) -> roster.Cadre:
    usual: dict[str, object] = {
        "staff_type": "公务员",
        "grid": "371323001001001",
        "on_probation": False,
        "left_reason": "",
    }
    return roster.Cadre(
        number=number, name=name, unit=unit, post=post, rank=rank, **(usual | different)
    )


def add_to_water_bureau(db: Session, number: CadreNumber) -> None:
    """Put one more cadre into the first unit."""
    db.add(_cadre(number, "钱进", "U001", "科员", "科员"))
    db.flush()
