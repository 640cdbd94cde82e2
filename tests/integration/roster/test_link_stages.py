"""Stages of links on both databases: one step at a time, after a visit, by the link's own cadre."""

from datetime import date
from pathlib import Path

import pytest

from evalsys.domain.access import Role
from evalsys.domain.casework.words import Party, PartyKind
from evalsys.domain.link_stage import LinkStage
from evalsys.errors import EvalsysError, InvalidInput, NotFound, RuleViolation
from evalsys.services.link_stage import LinkStages
from evalsys.store import access
from evalsys.store.casework_people import set_scopes
from evalsys.store.database import Database
from evalsys.store.schema.roster import HouseholdLink
from tests.builders import NOON
from tests.roster_papers import CHINA, bring_in_papers, papers
from tests.visitor import Visitor

VISITED, NOT_VISITED = "37130001", "37130002"
DAY = date(2026, 3, 2)


def settle(database: Database, folder: Path, account: str = "wang") -> None:
    assert bring_in_papers(database, folder, papers()).committed
    with database.write() as db:
        if account == "wang":
            access.add_account(db, account, Role.CADRE, "x", NOON)
            set_scopes(db, account, [Party(PartyKind.CADRE, "00000001")])


def test_a_stage_is_claimed_one_step_at_a_time_and_ends_with_the_link(
    database: Database, tmp_path: Path
) -> None:
    settle(database, tmp_path)
    room = LinkStages(database, lambda: NOON, CHINA)
    first = room.own(account="wang")[0]
    assert (first.household, first.visits, first.stage) == (VISITED, 2, LinkStage.NONE)
    room.reach(VISITED, LinkStage.MET, DAY, account="wang")
    room.reach(VISITED, LinkStage.HELPED, DAY, account="wang")
    for household, stage, on, error, said in (
        (VISITED, LinkStage.SETTLED, DAY, RuleViolation, "一步"),
        (VISITED, LinkStage.CLOSE, date(2026, 3, 1), InvalidInput, "早于"),
        (VISITED, LinkStage.CLOSE, date(2100, 1, 1), InvalidInput, "还没有到"),
        (NOT_VISITED, LinkStage.MET, DAY, RuleViolation, "走访"),
        ("37130004", LinkStage.MET, DAY, InvalidInput, "不是您的联系户"),
    ):
        with pytest.raises(error, match=said) as refused:
            room.reach(household, stage, on, account="wang")
        assert isinstance(refused.value, EvalsysError)
    with pytest.raises(NotFound, match="哪一位干部"):
        room.own(account="nobody")
    assert room.own(account="wang")[0].stage is LinkStage.HELPED
    report = room.report(by_unit=True)
    assert [(line.name, line.links) for line in report.lines] == [("县教育局", 2), ("县水利局", 5)]
    assert report.total.by_stage[LinkStage.HELPED] == 1
    assert report.total.by_stage[LinkStage.NONE] == 6
    assert [line.name for line in room.report(by_unit=False).lines] == ["马站镇"]
    with database.write() as db:  # another cadre takes the household over: he begins anew
        link = db.get_one(HouseholdLink, (VISITED, "00000001", date(2012, 3, 1)))
        link.until = DAY
        db.add(HouseholdLink(household=VISITED, cadre="00000003", since=DAY, until=None, reason=""))
    assert room.report(by_unit=True).total.by_stage[LinkStage.HELPED] == 0


@pytest.mark.on_sqlite
def test_a_cadre_claims_on_his_page_and_the_report_counts(
    visitor: Visitor, database: Database, tmp_path: Path
) -> None:
    settle(database, tmp_path, "")
    cadre = visitor.sign_in_as(Role.CADRE)
    with database.write() as db:
        set_scopes(db, Role.CADRE.value, [Party(PartyKind.CADRE, "00000001")])
    page = cadre.get("/stages/mine").text
    assert "登记为“走访见面”" in page
    assert "张三" not in page  # codes only
    form = {"household": VISITED, "stage": "1", "on": "2026-03-02"}
    assert cadre.post("/stages/mine", **{**form, "stage": "9"}).status_code == 400
    assert cadre.post("/stages/mine", **form).status_code == 303
    assert cadre.get("/stages/").status_code == 403
    staff = Visitor(visitor.app).sign_in_as(Role.PERSONNEL)
    assert "县水利局" in staff.get("/stages/", by="unit").text
    sent = staff.get("/stages/report.csv", by="unit").data.decode("utf-8-sig")
    assert "县水利局,5,4,1,0,0,0" in sent
