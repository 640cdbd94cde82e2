"""The pages of campaigns: who may see and do what, and what bad input is answered with."""

import pytest

from evalsys.domain.access import Role
from evalsys.domain.campaign.policy import Contact
from tests.calling import Carrier
from tests.campaigning import Field, phones
from tests.visitor import Visitor

# Decided before any database is asked, or alike in both.


def _as(field: Field, role: Role) -> Visitor:
    return Visitor(field.app).sign_in_as(role)


def test_a_campaign_is_planned_and_run_by_forms(field: Field, carrier: Carrier) -> None:
    operator = _as(field, Role.OPERATOR)
    sent = {"title": "年度评议", "kind": "annual", "attempts": "6", "windows": "09:00-12:00"}
    planned = operator.post("/campaigns/plan", **sent)
    assert planned.status_code == 303
    page = planned.headers["Location"]
    assert operator.post(f"{page}/do", action="start").status_code == 303
    field.tick()
    assert len(carrier.calls) == 5
    shown = operator.get(page).text
    assert "进行中" in shown
    assert "5 / 27" in operator.get(f"{page}/figures").text
    for by in ("township", "unit", "about"):
        assert "0/12" in operator.get(f"{page}/rates", by=by).text or by != "unit"
    for wanted in ("cadres", "visits", "letters"):
        for form in ("csv", "xlsx"):
            assert operator.get(f"{page}/export/{wanted}.{form}").status_code == 200
    assert operator.post(f"{page}/do", action="pause").status_code == 303
    assert operator.post(f"{page}/do", action="stop").status_code == 303
    assert operator.post(f"{page}/do", action="start").status_code == 409


@pytest.mark.parametrize("role", [Role.PERSONNEL, Role.AUDITOR])
def test_others_watch_and_change_nothing_and_get_no_names(field: Field, role: Role) -> None:
    campaign = field.plan()
    visitor = _as(field, role)
    page = f"/campaigns/{campaign}"
    assert visitor.get("/campaigns/").status_code == 200
    assert "停止" not in visitor.get(page).text
    assert visitor.get(f"{page}/export/cadres.csv").status_code == 200
    assert visitor.get(f"{page}/export/letters.csv").status_code == 404
    assert visitor.get(f"{page}/export/visits.csv").status_code == 404
    for path in (f"{page}/do", f"{page}/by-hand", "/campaigns/plan", "/campaigns/lines"):
        assert visitor.post(path, action="stop").status_code == 403


@pytest.mark.on_sqlite
def test_bad_input_is_refused_with_its_reason(field: Field) -> None:
    for path, form, says in (
        ("plan", {"kind": "annual", "attempts": "6"}, "活动名称"),
        ("plan", {"kind": "none", "title": "x", "attempts": "6"}, "没有这种活动"),
        ("plan", {"kind": "annual", "title": "x", "attempts": "九"}, "不是整数"),
        ("plan", {"kind": "annual", "title": "x", "attempts": "9"}, "每户最多拨打"),
        ("plan", {"kind": "annual", "title": "x", "attempts": "3", "windows": "x"}, "不是时段"),
        ("plan", {"kind": "annual", "title": "x", "attempts": "3", "cadres": "7"}, "名册中没有"),
        ("lines", {"channels": "3", "reserved": "3", "calls_a_second": "1"}, "预留"),
        ("lines", {"channels": "3", "reserved": "0", "calls_a_second": "1/0"}, "不是数字"),
        ("lines", {"channels": "3", "reserved": "0", "calls_a_second": "1e999999999"}, "不是数字"),
        ("lines", {"channels": "3", "reserved": "0", "calls_a_second": "0"}, "大于 0"),
        ("holidays", {"days": "2027-01-01 元旦\nsoon"}, "第 2 行"),
        ("wish", {"household": "nobody"}, "没有这一户"),
    ):
        refused = _as(field, Role.OPERATOR).post(f"/campaigns/{path}", **form)
        assert refused.status_code == 400, path
        assert says in refused.text, path


def test_what_is_not_there_is_not_found(field: Field) -> None:
    campaign = field.plan()
    operator = _as(field, Role.OPERATOR)
    for path in (
        "0" * 32, "nix", f"{campaign}/export/nix.csv", f"{campaign}/export/cadres.pdf",
        "scripts/nix",
    ):  # fmt: skip
        assert operator.get(f"/campaigns/{path}").status_code == 404
    assert operator.get(f"/campaigns/{campaign}/rates", by="nix").status_code == 404


def test_a_person_notes_what_a_refusing_household_said(field: Field, carrier: Carrier) -> None:
    campaign = field.plan()
    field.tick()
    phone = next(iter(phones(field, carrier).values()))
    phone.pick_up()
    phone.press("consent", "2")
    phone.hang_up()
    operator = _as(field, Role.OPERATOR)
    path = f"/campaigns/{campaign}/by-hand"
    assert operator.post(path, household=phone.household, contact="nix").status_code == 400
    assert operator.post(path, household=phone.household, contact="complete").status_code == 400
    assert operator.post(path, household=phone.household, contact="agreed").status_code == 303
    assert operator.post(path, household=phone.household, contact="agreed").status_code == 409
    assert field.contacts(phone.household) == [Contact.REFUSED, Contact.AGREED]


def test_every_script_can_be_read_in_both_languages(field: Field) -> None:
    operator = _as(field, Role.OPERATOR)
    for script in field.room.calls.scripts.every():
        path = f"/campaigns/scripts/{script.name}-{script.version}"
        assert script.questions[0].say.strip()[:10] in operator.get(path).text
        assert operator.get(path, lang="en").status_code == 200
