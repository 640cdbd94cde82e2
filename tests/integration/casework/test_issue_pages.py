"""The pages of common issues: an analyst's way through the work list, and what the public sees."""

import json
import re

import pytest
from flask import Flask

from evalsys.domain.access import Role
from evalsys.store.database import Database
from evalsys.web.rooms import rooms
from tests import complaining
from tests.complaining import Learner
from tests.visitor import Visitor

pytestmark = pytest.mark.on_sqlite


@pytest.fixture
def analyst(app: Flask, database: Database) -> Visitor:
    complaining.settle(database, 120, issues=(30, 38))
    with app.app_context():
        rooms().issues.work._learner = Learner()
    return Visitor(app).sign_in_as(Role.RECORDER)


def test_from_the_work_list_to_the_public_page(app: Flask, analyst: Visitor) -> None:
    work = "/casework/issues/work"
    assert "没有待归的小类" in analyst.get(work).text
    refused = analyst.post(f"{work}/learn")
    assert refused.status_code == 409
    assert "还没有任何标注" in refused.text
    assert analyst.post(f"{work}/cluster").status_code == 303
    heaps = re.findall(rf'action="{work}/(\d+)"', analyst.get(work).text)
    first, second = heaps[:2]
    assert analyst.post(f"{work}/{first}", name="村庄道路").status_code == 303
    assert "已归入“村庄道路”" in analyst.get(work).text
    page = analyst.get(f"{work}/{second}").text
    (code, *_) = re.findall(r'name="request" value="(R\d+)"', page)
    assert analyst.post(f"{work}/{second}", issue="1").status_code == 303
    assert analyst.post(f"{work}/{second}", issue="1").status_code == 409
    moved = analyst.post("/casework/issues/1/requests", request=code, name="农田灌溉")
    assert moved.status_code == 303
    assert code in analyst.get("/casework/issues/2/requests").text
    assert analyst.post(f"{work}/learn").status_code == 303
    assert "有把握" in analyst.get(work).text

    said = {"name": "村庄道路", "question": "何时修路？", "lead": "U001", "budget": "两千万元"}
    half = analyst.post("/casework/issues/1", **said, measure="修路")
    assert half.status_code == 400
    assert "可衡量的目标" in half.text
    assert "两千万元" in half.text
    pledge = {"measure": "两年修完", "what": "道路", "amount": "8", "unit": "公里"}
    kept = analyst.post("/casework/issues/1", **said, **pledge, deadline="2030-01-01")
    assert kept.status_code == 303
    progress = {"day": "2026-01-05", "done": "2", "note": "第一段验收"}
    assert analyst.post("/casework/issues/1/progress", **progress).status_code == 303
    page = analyst.get("/casework/issues/1").text
    assert "第一段验收" in page
    figures = json.loads(analyst.ask("/casework/issues/1/figures.json").text)
    assert figures["towns"][0]["name"] == "龙家圈街道"
    merged = analyst.post("/casework/issues/2/merge", into="1")
    assert merged.headers["Location"].endswith("/casework/issues/1")
    assert analyst.get("/casework/issues/2").status_code == 404
    assert "村庄道路" in analyst.get("/casework/issues/").text
    assert analyst.get("/casework/issues/agenda.csv").text.count("\r\n") == 2
    assert analyst.get("/casework/issues/issues.xlsx").status_code == 200

    everybody = Visitor(app)
    public = everybody.get("/issues/").text
    assert "两年修完" in public
    assert "第一段验收" in public
    for hidden in ("两千万元", "R0", "柴山村", "石湾村"):
        assert hidden not in public
    assert everybody.get("/casework/issues/").status_code == 302
    auditor = Visitor(app).sign_in_as(Role.AUDITOR)
    assert auditor.get("/casework/issues/1/requests").status_code == 200
    assert auditor.get(work).status_code == 403
    assert auditor.post("/casework/issues/1/merge", into="2").status_code == 403
    assert "查看共性问题的诉求" in auditor.get("/audit").text
