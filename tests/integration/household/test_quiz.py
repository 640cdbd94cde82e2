"""Questions about households, on both engines: who agreed, what the desk and screens show."""

from pathlib import Path

from evalsys.domain.access import Person, Role
from evalsys.domain.draw_roster import parse_roster
from evalsys.domain.live.events_quiz import QuizSet
from evalsys.domain.quiz import quiz_questions
from evalsys.domain.verify import MANIFEST, ROSTER, TRANSCRIPT, Bundle, verify_bundle
from evalsys.domain.verify_steps import Mark
from evalsys.store import audit, draws
from evalsys.store.database import Database
from tests.calling import CADRES, HOUSEHOLDS, Hall, fill_county
from tests.roster_rows import code_of
from tests.visitor import Visitor

OFFICE = Person("office", Role.OFFICE)
AGREED = range(3)
"""Of six households each: these agreed, the next one filled the form and did not."""


def test_a_cadre_is_asked_what_his_households_agreed_to(database: Database, tmp_path: Path) -> None:
    hall = Hall(database, tmp_path)
    fill_county(database, hall.settings)
    forms = hall.rooms.households.forms
    for cadre in range(CADRES):
        for n in range(HOUSEHOLDS - 2):
            answers = {"people": str(n + 1), "income": "养殖", "members": "三叔"}
            answers |= {"quiz": "是" if n in AGREED else "否"}
            forms.write(code_of(cadre, n), OFFICE, answers, expect=0)
    hall.until_answering({})
    drawn = hall.rooms.live.state(hall.live).rounds[-1].cadre
    with database.read() as db:
        kept = draws.quiz_of(db, hall.live, drawn)
    assert kept is not None
    files = hall.rooms.show.bundle(hall.live)
    lines = {one.cadre: one for one in parse_roster(files[ROSTER]).cadres}
    assert lines[drawn].quiz == kept.leaf.digest  # it stood there before any die fell
    # Whoever takes the consent back is not asked, whatever the roster committed to.
    forms.write(kept.households[0], OFFICE, {"quiz": "否"}, expect=4)
    desk = Visitor(hall.app).sign_in_as(Role.RECORDER)
    host = Visitor(hall.app).sign_in_as(Role.HOST)
    page = f"/quiz/{hall.live}"
    assert "还没有抽题" in host.get(page).text
    assert host.post(f"{page}/set", count="2").status_code == 403
    assert desk.post(f"{page}/set", count="9").status_code == 400
    assert desk.post(f"{page}/set", count="2").status_code == 303
    assert desk.post(f"{page}/set", count="2").status_code == 409
    recorded = (one.event for one in hall.rooms.live.events(hall.live))
    (event,) = (one for one in recorded if isinstance(one, QuizSet))
    assert {one.field for one in event.offered} == {"people", "income"}  # plain ones alone
    assert {len(one.positions) for one in event.offered} == {len(AGREED)}
    assert {one.k for one in event.withdrawn} == {1}
    pairs = [(k, one.field) for one in event.offered for k in one.positions if k != 1]
    assert [(one.k, one.field) for one in event.asked] == list(quiz_questions(event.seed, pairs, 2))
    sheet = host.get(page).text
    assert "养殖" in sheet
    assert "三叔" not in sheet
    assert "Household quiz" in host.get(page, lang="en").text
    assert desk.post(f"{page}/1", mark="partly").status_code == 303
    assert desk.post(f"{page}/1", mark="well").status_code == 400
    shown = Visitor(hall.app).ask(f"/live/{hall.live}/view.json").json
    assert shown is not None
    assert [one["mark"] for one in shown["round"]["quiz"]] == ["partly", ""]
    assert "养殖" not in str(shown)
    with database.read() as db:
        reads = [one for one in audit.entries(db) if one.action == "quiz.read"]
    assert {one.actor for one in reads} == {Role.HOST.value, Role.RECORDER.value}
    assert all("现场提问" in one.detail for one in reads)
    files = hall.rooms.show.bundle(hall.live)
    report = verify_bundle(Bundle(files[MANIFEST], files[ROSTER], files[TRANSCRIPT]))
    assert [step.mark for step in report.steps if step.name == "quiz"] == [Mark.OK]
    assert not any(code.encode() in files[TRANSCRIPT] for code in kept.households)
    assert "养殖".encode() not in files[TRANSCRIPT]
    hall.close()
