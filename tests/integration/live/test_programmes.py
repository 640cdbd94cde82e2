"""A session of programmes through services and signed webhooks, on both databases (Y36-Y39)."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from evalsys.clock import utc_now
from evalsys.domain.live.words import CallsEnd, NamedBy, Phase
from evalsys.domain.panel import SeatCategory
from evalsys.domain.scoring import Band
from evalsys.domain.verify import Bundle, verify_bundle
from evalsys.domain.verify_steps import Finding
from evalsys.errors import InvalidInput, RuleViolation
from evalsys.ids import CadreNumber, ProgrammeNumber
from evalsys.services.programme_import import ProgrammeImport
from evalsys.store.database import Database
from tests.calling import Caller, Carrier, Hall, callers, fill_county, on_the_wire
from tests.heard import asks, said
from tests.live_play import a_plan
from tests.roster_rows import code_of

HEADER = ["项目编号", "项目名称", "单位编码", "户编码", "服务事项", "办理日期"]
CARE = ProgrammeNumber("90000001")
WATER = ProgrammeNumber("90000002")


@pytest.fixture
def carrier() -> Carrier:
    return Carrier()


@pytest.fixture
def hall(database: Database, tmp_path: Path, carrier: Carrier) -> Iterator[Hall]:
    """Two programmes: one served six households of two cadres, one served two."""
    with on_the_wire(carrier.answer) as address:
        hall = Hall(database, tmp_path, telephony_url=address)
        fill_county(database, hall.settings)
        care = [CARE, "城乡低保申请办理", "U1"]
        water = [WATER, "农村饮水安全工程", "U1"]
        homes = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)]
        rows = [
            *([*care, code_of(i, h), "低保复核", "2026-05-20"] for i, h in homes),
            *([*water, code_of(0, h), "抢修", "2026-06-01"] for h in (0, 5)),
        ]
        path = tmp_path / "services.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([HEADER, *rows])
        report = ProgrammeImport(database, utc_now, date(2026, 11, 26)).run([path], actor="test")
        assert report.committed, report.problems
        yield hall
        hall.close()


def until_calling(hall: Hall, *numbers: ProgrammeNumber, **plan: object) -> None:
    show = hall.rooms.show
    usual: dict[str, object] = {"programmes": numbers, "target": 6, "parallel": 6, "gap_s": 1}
    hall.live = show.plan(a_plan(**(usual | plan)), actor="op")
    for step in (show.freeze, show.publish, show.open_ceremony):
        step(hall.operator)
    hall.rooms.ceremony.rehearse_dice(hall.operator)
    on_stage(hall)


def on_stage(hall: Hall) -> None:
    hall.rooms.ceremony.rehearse_dice(hall.operator)
    hall.rooms.ceremony.draw_next(hall.operator)
    hall.rooms.show.open_calls(hall.operator)
    hall.tick()


def answer_everything(caller: Caller, score: str, content: str = "1") -> None:
    caller.pick_up()
    heard = caller.hook("answer", CallStatus="in-progress")
    for key in ("1", "1", content, score):
        heard = caller.reply(heard, key)
        assert heard.status_code == 200
    caller.hang_up()


def test_the_households_that_were_served_are_called_and_asked_about_the_programme(
    hall: Hall, carrier: Carrier
) -> None:
    until_calling(hall, CARE)
    assert (hall.round.cadre, hall.round.stratum) == (CARE, "P01")
    assert len(carrier.calls) == len(hall.round.order) == 6
    k, caller = next(iter(callers(hall, carrier).items()))
    opened = said(caller.pick_up())
    assert "县水利局的城乡低保申请办理" in opened
    asked = caller.press("consent", "1")
    assert "户主姓" in said(asked)
    asked = caller.press("identity", "1")
    assert asks(asked) == "satisfied/1"
    assert "2026年5月20日为您家办理过“低保复核”这件事" in said(asked)
    asked = caller.reply(asked, "2")
    assert asks(asked) == "score/1"
    caller.reply(asked, "1")
    caller.hang_up()
    position = hall.position(k)
    assert position.score_sha256 is not None
    assert not position.contradicts


def test_a_hearing_ends_with_a_score_for_the_unit_and_a_bundle_that_verifies(
    hall: Hall, carrier: Carrier
) -> None:
    until_calling(hall, CARE, WATER)
    for i, caller in enumerate(callers(hall, carrier).values()):
        answer_everything(caller, str(1 + i % 5), "2" if i == 0 else "1")
    assert hall.state.phase is Phase.JUDGED
    hall.tally.open_round(hall.live, hall.round.j)
    released = hall.round.released
    assert released is not None
    assert (released.answered, released.band) == (6, Band.MEAN)
    view = hall.rooms.screens.view(hall.live, "public")
    assert view["kind"] == "programme"
    shown = view["round"]
    assert isinstance(shown, dict)
    assert (shown["name"], shown["unit"]) == ("城乡低保申请办理", "县水利局")
    assert shown["satisfied"] == {"yes": 5, "no": 1, "unsure": 0}

    on_stage(hall)
    second = callers(hall, carrier)
    assert len(second) == 2
    for caller in second.values():
        answer_everything(caller, "5")
    ends = [past.calls_end for past in hall.state.rounds]
    assert ends == [CallsEnd.TARGET_REACHED, CallsEnd.LIST_EXHAUSTED]
    hall.tally.open_round(hall.live, hall.round.j)
    show = hall.rooms.show
    show.close(hall.operator)
    show.seal(hall.operator)
    files = show.bundle(hall.live)
    bundle = Bundle(files["manifest.json"], files["roster.jsonl"], files["transcript.jsonl"])
    assert verify_bundle(bundle).finding is Finding.GOOD

    care, water = hall.rooms.programmes.results(hall.now().astimezone(hall.settings.zone).year)
    assert (care.result.called, care.result.answered, care.result.mean_tenths) == (6, 6, 27)
    assert care.result.satisfied == 5
    assert (water.result.answered, water.result.mean_tenths) == (2, None)
    assert (water.result.band, water.result.satisfied) == (Band.TOO_FEW, None)
    assert water.programme is not None
    assert water.programme.unit_name == "县水利局"
    assert list(hall.rooms.personnel._findings()) == []


def test_what_was_not_brought_in_cannot_be_planned_and_seats_propose_nothing(hall: Hall) -> None:
    show = hall.rooms.show
    with pytest.raises(InvalidInput, match="没有导入过项目 90000009"):
        show.plan(a_plan(programmes=(CARE, ProgrammeNumber("90000009"))), actor="op")
    hall.live = show.plan(a_plan(programmes=(CARE,)), actor="op")
    show.freeze(hall.operator)
    show.publish(hall.operator)
    show.open_ceremony(hall.operator)
    hall.rooms.ceremony.rehearse_dice(hall.operator)
    seats = hall.rooms.score.create_seats(hall.live, {SeatCategory.MEDIA: 1}, actor="op")
    seat = hall.rooms.score.join(seats[0].code, "device", holds_leading_post=False)
    with pytest.raises(RuleViolation, match="不点名"):
        hall.rooms.namings.propose(seat, CARE, "想听听")
    with pytest.raises(RuleViolation, match="不点名"):
        show.name_cadre(hall.operator, CARE, NamedBy.CHAIR, who="主持人", reason="想听听")


def test_a_later_list_cannot_reach_what_was_frozen(hall: Hall, tmp_path: Path) -> None:
    until_calling(hall, WATER)
    before = hall.rooms.draw.roster_jsonl(hall.live)
    path = tmp_path / "later.csv"
    row = [WATER, "农村饮水安全工程", "U1", code_of(1, 3), "抢修", "2026-06-02"]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, row])
    ProgrammeImport(hall.database, utc_now, date(2026, 11, 26)).run([path], actor="test")
    assert hall.rooms.draw.roster_jsonl(hall.live) == before
    with hall.database.read() as db:
        assert len(hall.rooms.draw.households_of(db, hall.live, CadreNumber(WATER))) == 2


@pytest.mark.on_sqlite
def test_the_pages_about_the_frozen_roster_say_programmes(hall: Hall) -> None:
    until_calling(hall, CARE)
    asks_for = hall.app.test_client().get
    told = asks_for(f"/draw/{hall.live}").text
    assert "个项目在名册中" in told
    assert "按项目" in told
    assert "城乡低保申请办理" in told
    assert "名干部在名册中" not in told
    line = asks_for(f"/draw/{hall.live}/line?cadre={CARE}")
    assert line.status_code == 200
    assert "项目编号" in line.text
    for page in ("stage", "live"):
        assert asks_for(f"/{page}/{hall.live}").status_code == 200
