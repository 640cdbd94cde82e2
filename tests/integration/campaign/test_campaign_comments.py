"""Comments of a campaign reach discipline inspection at its end, five about a cadre or none."""

import pytest

from evalsys.app import build_tally
from evalsys.domain.access import Role
from evalsys.ids import CadreNumber, LiveId
from evalsys.store import audit
from tests.builders import TALLY_KEY
from tests.campaigning import Field
from tests.roster_rows import number_of
from tests.visitor import Visitor


@pytest.fixture
def spoken(field: Field) -> Field:
    """Six households spoke about the first cadre, four about the second."""
    campaign = LiveId(field.plan())
    with field.database.write() as db:
        for i, n in ((0, 6), (1, 4)):
            for k in range(n):
                said = f"评语{i}-{k}"
                cadre = CadreNumber(number_of(i))
                field.rooms.score.keep_comment_in(
                    db, campaign, 0, cadre=cadre, text=said, recording=""
                )
    return field


def _look(field: Field) -> None:
    tally = build_tally(field.settings, TALLY_KEY)
    assert tally.look() == ""
    tally.close()


def test_nothing_is_read_before_the_end_and_never_fewer_than_five(spoken: Field) -> None:
    _look(spoken)
    inspector = Visitor(spoken.app).sign_in_as(Role.DISCIPLINE)
    path = f"/comments/campaigns/{spoken.campaign}"
    assert inspector.get(path).status_code == 404
    assert "年度评议" not in inspector.get("/comments/").text
    spoken.room.plans.stop(spoken.campaign, actor="op")
    _look(spoken)
    page = inspector.get(path).text
    assert all(f"评语0-{k}" in page for k in range(6))
    assert "评语1-" not in page
    assert "另有 4 条仍密封" in page
    assert number_of(0) in page
    assert "年度评议" in inspector.get("/comments/").text


def test_a_late_comment_waits_for_four_others(spoken: Field) -> None:
    spoken.room.plans.stop(spoken.campaign, actor="op")
    _look(spoken)
    with spoken.database.write() as db:
        spoken.rooms.score.keep_comment_in(
            db,
            LiveId(spoken.campaign),
            0,
            cadre=CadreNumber(number_of(1)),
            text="第五条",
            recording="",
        )
    _look(spoken)
    page = (
        Visitor(spoken.app)
        .sign_in_as(Role.DISCIPLINE)
        .get(f"/comments/campaigns/{spoken.campaign}")
    )
    assert "第五条" in page.text
    assert "仍密封" not in page.text


def test_reading_is_audited_and_other_roles_are_refused(spoken: Field) -> None:
    spoken.room.plans.stop(spoken.campaign, actor="op")
    _look(spoken)
    path = f"/comments/campaigns/{spoken.campaign}"
    for role in set(Role) - {Role.DISCIPLINE}:
        assert Visitor(spoken.app).sign_in_as(role).get(path).status_code == 403
    Visitor(spoken.app).sign_in_as(Role.DISCIPLINE).get(path)
    with spoken.database.read() as db:
        lines = [line for line in audit.latest(db, 50) if line.action == "comments.read"]
    assert [line.subject for line in lines] == [f"campaign:{spoken.campaign}"]
