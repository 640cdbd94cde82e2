"""A cadre's page on both engines: what is his, and nothing of who said what."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import update

from evalsys.clock import utc_now
from evalsys.domain.access import Role
from evalsys.domain.campaign.result import result_of
from evalsys.domain.casework.words import Party, PartyKind
from evalsys.services.casework_board_export import table_of
from evalsys.store import audit, campaign_results
from evalsys.store import casework_people as people
from evalsys.store.database import Database
from evalsys.store.grid_preset import shipped_preset
from evalsys.store.schema.campaigns import CampaignRow
from evalsys.store.schema.grid import GridPresetTaken
from evalsys.store.schema.roster import Grid
from tests.accounts import rooms_of
from tests.casework_county import LINKED, MONDAY, OTHERS, VILLAGE, settle
from tests.small_county import ON_PROBATION, PRINCIPAL
from tests.visitor import Visitor


def _released(database: Database, campaign: str, cadre: str, scores: str) -> None:
    with database.write() as db:
        db.add(
            CampaignRow(
                id=campaign,
                kind="annual",
                title=f"评议{campaign}",
                state="done",
                script="annual-2",
                rules="{}",
                about="",
                pledge="",
                members=len(scores),
                planned_at=MONDAY - timedelta(days=int(campaign)),
            )
        )
        db.flush()
        result = result_of(cadre, [("score", one) for one in scores])
        campaign_results.save(db, campaign, result)  # type: ignore[arg-type]  # a plain identity


def test_a_cadre_s_own_work(app: Flask, database: Database) -> None:
    settle(database)
    cadre = Visitor(app).sign_in_as(Role.CADRE)
    assert "还没有绑定干部编号" in cadre.get("/mine/").text
    with database.write() as db:
        people.set_scopes(db, Role.CADRE.value, (Party(PartyKind.CADRE, PRINCIPAL),))
    for campaign, about, scores in (
        ("1", PRINCIPAL, "13455"),
        ("2", PRINCIPAL, "1345"),
        ("3", ON_PROBATION, "22222"),
    ):
        _released(database, campaign, about, scores)
    taken = cadre.post(
        "/casework/register", kind="problem", channel="phone", household=LINKED, text="村口的路坏了"
    )
    assert taken.status_code == 303
    visit = {"cadre": PRINCIPAL, "household": LINKED, "day": "2026-03-02", "note": "看了果园"}
    visit["kind"] = "基层夜话"
    assert cadre.post("/mine/visits", **visit).status_code == 303
    refused = cadre.post("/mine/visits", **(visit | {"note": "再记一次"}))
    assert refused.status_code == 409
    assert "再记一次" in refused.text  # what was typed stays
    assert cadre.post("/mine/visits", **(visit | {"household": OTHERS})).status_code == 409
    assert cadre.post("/mine/visits", **(visit | {"cadre": ON_PROBATION})).status_code == 404
    page = cadre.get("/mine/").text
    for words in ("王建国", LINKED, "村口的路坏了", "看了果园", "<b>3.6</b>", "作答不足五户"):
        assert words in page, words
    assert f"{LINKED} · 基层夜话" in page
    assert "0 / 1" in page  # one request, and none has come full circle
    for others in (OTHERS, "评议3", ON_PROBATION):
        assert others not in page, others
    assert "本季走访" not in page  # Yishui's preset has no classes
    preset = shipped_preset("yuelu")
    with database.write() as db:
        db.add(
            GridPresetTaken(
                preset=preset.name, sha256=preset.sha256, taken_at=utc_now(), taken_by="jia"
            )
        )
        db.execute(update(Grid).where(Grid.code == VILLAGE).values(grid_class="A"))
    today = rooms_of(app).households.forms.today.isoformat()
    assert cadre.post("/mine/visits", **(visit | {"day": today})).status_code == 303
    assert "应走访 3 次，还差 2 次" in cadre.get("/mine/").text
    paid = rooms_of(app).casework_boards.board().frequency
    assert paid is not None
    assert (paid.households, paid.required, paid.paid, paid.left) == (3, 9, 1, 8)
    assert paid.unvisited == 2
    office = Visitor(app).sign_in_as(Role.OFFICE)
    board = office.get("/casework/board/", period="quarter").text
    assert "按网格类别走访" in board
    told = table_of(rooms_of(app).casework_boards.board(), rooms_of(app).zone).lines[-1]
    assert "应走访 9 次，已走访 1 次，还差 8 次" in told
    assert "My work" in cadre.get("/mine/", lang="en").text
    assert cadre.get("/mine/", cadre=ON_PROBATION).status_code == 404
    with database.read() as db:
        lines = list(audit.entries(db, subject=f"cadre:{PRINCIPAL}"))
    assert {one.action for one in lines} == {"cadre_page.read"}
    assert "走访服务" in lines[0].detail
