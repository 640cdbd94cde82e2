"""The doors of the request loop: the desk, a handheld, Open311."""

import re

from flask import Flask

from evalsys.domain.access import Role
from evalsys.domain.casework.words import Party, PartyKind
from evalsys.store import casework_people as people
from evalsys.store.database import Database
from evalsys.web.open311 import KEYS
from tests.casework_county import LINKED, UNLINKED, VILLAGE, settle
from tests.small_county import PRINCIPAL
from tests.visitor import Visitor


def test_a_cadre_s_day_at_the_desk(app: Flask, database: Database) -> None:
    settle(database)
    cadre, head = Visitor(app).sign_in_as(Role.CADRE), Visitor(app).sign_in_as(Role.OFFICE)
    with database.write() as db:
        parties = (Party(PartyKind.CADRE, PRINCIPAL), Party(PartyKind.GRID, VILLAGE))
        people.set_scopes(db, Role.CADRE.value, parties)
    form = {"kind": "problem", "channel": "visit", "household": LINKED, "text": "村口的路坏了"}
    refused = cadre.post("/casework/register", **(form | {"household": UNLINKED}))
    assert refused.status_code == 400
    assert "这一户没有联系干部" in refused.text
    assert "村口的路坏了" in refused.text  # what was typed stays
    taken = cadre.post("/casework/register", **form)
    assert taken.status_code == 303
    page = taken.location
    assert "村口的路坏了" in cadre.get(page).text
    for act, fields in (
        ("verify", {"genuine": "yes", "text": "现场看过，属实"}),
        ("reply", {"channel": "visit", "text": "已请人铺好", "explained": "on", "concluded": "on"}),
        ("close", {"reason": "policy", "text": "政策不允许占地"}),
    ):
        assert cadre.post(f"{page}/{act}", **fields).status_code == 303, act
    agreed = {"text": "同意按政策限制办结", "seen": "4"}
    assert 'name="seen" value="4"' in head.get(page).text
    assert cadre.post(f"{page}/approve", **agreed).status_code == 403
    told = cadre.post(f"{page}/interim", channel="phone", text="已告诉群众正在复核")
    assert told.status_code == 303
    for act in ("approve", "send-back", "approve-class"):  # none of them saw what came meanwhile
        stale = head.post(f"{page}/{act}", **agreed)
        assert (stale.status_code, "又有了新的记录" in stale.text) == (409, True), act
    assert head.post(f"{page}/approve", **(agreed | {"seen": "5"})).status_code == 303
    assert cadre.post(f"{page}/confirm", answer="no").status_code == 403
    assert head.post(f"{page}/confirm", answer="no").status_code == 303
    shown = head.get(page).text
    assert "群众说没有解决" in shown
    assert "政策限制" in shown
    assert "没有问过群众" not in head.get("/casework/mismatches").text
    for act, fields in (
        ("reopen", {"text": "群众说还没有解决"}),
        ("reply", {"channel": "visit", "text": "这次铺好了", "concluded": "on"}),
        ("close", {"reason": "solved", "text": "路已铺好"}),
    ):
        assert cadre.post(f"{page}/{act}", **fields).status_code == 303, act
    assert "还没有问过群众的有 1 件，其中 0 件" in head.get("/casework/mismatches").text
    assert "发现问题" in head.get(page, stages="three").text
    assert cadre.get("/casework/").status_code == 200
    assert "Verified and closed" in head.get(page, lang="en").text
    month = re.search(r"/casework/meetings/\d+/[0-9-]+", cadre.get("/casework/").text)
    assert month is not None
    lit = re.findall(r'aria-current="page">([^<]+)<', cadre.get(month[0]).text)
    assert "我的诉求" in lit
    assert "回访不一致" not in lit
    pack = cadre.get(f"{month[0]}/pack.xlsx")
    assert pack.data.startswith(b"PK")
    slips = cadre.post("/casework/box", slips=f"{LINKED} | 路灯不亮了\n999 | 井水发黄了")
    assert "没有受理" in slips.text
    assert "SQ" in slips.text


def test_a_handheld_sends_twice(app: Flask, database: Database) -> None:
    settle(database)
    cadre = Visitor(app).sign_in_as(Role.CADRE)
    with database.write() as db:
        people.set_scopes(db, Role.CADRE.value, (Party(PartyKind.CADRE, PRINCIPAL),))
    assert "config" in cadre.get("/casework/handheld/").text
    one = {
        "id": "a" * 32,
        "household": LINKED,
        "kind": "problem",
        "text": "井水发黄好几天了",
        "at": "2031-01-01T00:00:00+00:00",
    }
    bad = {**one, "id": "b" * 32, "household": "999"}
    first = cadre.send("/casework/handheld/sync", {"requests": [one, bad]}).get_json()["results"]
    again = cadre.send("/casework/handheld/sync", {"requests": [one]}).get_json()["results"]
    assert first[0]["code"] == again[0]["code"]
    assert (first[0]["new"], again[0]["new"]) == (True, False)
    assert first[1]["error"]["code"] == "invalid_input"
    assert cadre.send("/casework/handheld/sync", {"requests": "no"}).status_code == 400
    another = cadre.send("/casework/handheld/sync", {"who": "zhao", "requests": [one]})
    assert (another.status_code, another.get_json()["code"]) == (403, "not_allowed")
    # What cannot be read holds up none of the others, and is answered under its own name.
    broken = [
        {**one, "id": "c" * 32, "text": "路灯\0不亮"},
        {**one, "id": "d" * 32, "text": None},
        "nothing",
        # A clock that begins with the calendar loses nothing either.
        {**one, "id": "e" * 32, "text": "水渠堵住了好几天", "at": "0001-01-01T00:00:00+14:00"},
    ]
    told = cadre.send("/casework/handheld/sync", {"requests": broken}).get_json()["results"]
    assert [each["id"] for each in told] == ["c" * 32, "d" * 32, "", "e" * 32]
    assert ["error" in each for each in told] == [True, True, True, False]


def test_open311_takes_requests_with_a_key_and_tells_nothing_personal(
    app: Flask, database: Database
) -> None:
    settle(database)
    app.config[KEYS] = ("k1",)
    program = app.test_client()
    (service,) = program.get("/open311/v2/services.json").get_json()
    given = {
        "service_code": service["service_code"],
        "description": "桥栏杆断了一截，很危险",
        "address_string": "东桥",
        "lat": "35.8",
        "long": "118.6",
        "device_id": "d1",
        "api_key": "k1",
        "first_name": "张三",
        "phone": "13900000001",
    }
    refused = program.post("/open311/v2/requests.json", data={**given, "api_key": "no"})
    assert (refused.status_code, refused.get_json()[0]["code"]) == (403, 403)
    taken = program.post("/open311/v2/requests.xml", data=given)
    assert taken.status_code == 201
    code = _element(taken.text, "service_request_id")
    again = program.post("/open311/v2/requests.json", data=given).get_json()
    assert again[0]["service_request_id"] == code
    (told,) = program.get(f"/open311/v2/requests/{code}.json").get_json()
    assert (told["status"], told["address"], told["lat"]) == ("open", "东桥", 35.8)
    for path in ("requests.json", "requests.xml", f"tokens/{code}.xml"):
        text = program.get(f"/open311/v2/{path}").text
        assert "张三" not in text
        assert "13900000001" not in text
        assert "桥栏杆" not in text
    wrong = program.post("/open311/v2/requests.xml", data={**given, "lat": "north"})
    assert wrong.status_code == 400
    assert "lat" in _element(wrong.text, "description")
    assert program.get("/open311/v2/requests.json?status=perhaps").status_code == 400
    # GeoReport: lists by commas, a number overrides the rest, a place and a service are needed.
    for query, n in (
        ("status=open,closed", 1),
        ("status=closed", 0),
        (f"service_request_id={code},none&status=closed&start_date=2001-01-01T00:00:00Z", 1),
        (f"service_code={service['service_code']},none", 1),
        ("service_code=none", 0),
        ("start_date=2001-01-01T00:00:00Z", 0),
        ("end_date=9999-12-31T00:00:00Z", None),
        ("start_date=0001-01-01T00:00:00%2B14:00", None),
        ("end_date=2100-01-01T00:00:00+08:00", 0),
        ("start_date=2026-11-02T00:00:00Z&end_date=2026-11-01T00:00:00Z", None),
        (f"service_request_id={'x,' * 101}", None),
    ):
        listed = program.get(f"/open311/v2/requests.json?{query}")
        said = len(listed.get_json()) if listed.status_code == 200 else None
        assert (listed.status_code, said) == (200 if said is not None else 400, n), query
    nowhere = {name: given[name] for name in ("service_code", "description", "api_key")}
    assert program.post("/open311/v2/requests.json", data=nowhere).status_code == 400
    unnamed = program.post("/open311/v2/requests.json", data={**given, "service_code": ""})
    assert unnamed.status_code == 400
    unknown = program.post("/open311/v2/requests.json", data={**given, "service_code": "zz"})
    assert unknown.status_code == 404
    for place in ({"long": ""}, {"lat": "nan"}, {"lat": "91"}):
        wrong_place = {**given, "device_id": "d2", **place}
        assert program.post("/open311/v2/requests.json", data=wrong_place).status_code == 400, place
    assert program.get("/open311/v2/requests/none.json").status_code == 404
    statuses = [
        program.post("/open311/v2/requests.json", data=given).status_code for _ in range(12)
    ]
    assert 429 in statuses
    # The same words of another place are another request; what nobody asks for is refused.
    program.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    elsewhere = program.post("/open311/v2/requests.json", data={**given, "lat": "35.9"}).get_json()
    assert elsewhere[0]["service_request_id"] != code
    # GeoReport: a description may be left out, or be 4,000 characters long.
    for words, status in (("", 201), ("坏", 201), ("桥" * 4000, 201), ("桥" * 4001, 400)):
        sent = program.post(
            "/open311/v2/requests.json", data={**given, "device_id": "d3", "description": words}
        )
        assert sent.status_code == status, words[:2]
    extra = program.post("/open311/v2/requests.xml", data={**given, "attribute[depth]": "3"})
    assert (extra.status_code, "attribute[depth]" in extra.text) == (400, True)
    for jurisdiction, status in (("371323", 200), ("127.0.0.1", 200), ("elsewhere.example", 404)):
        asked = program.get(f"/open311/v2/services.json?jurisdiction_id={jurisdiction}")
        assert asked.status_code == status, jurisdiction


def _element(text: str, name: str) -> str:
    found = re.search(f"<{name}>([^<]+)</{name}>", text)
    assert found is not None
    return found[1]
