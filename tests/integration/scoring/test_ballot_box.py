"""Household ballots and comments: sealed, opened once together, and then untraceable."""

import contextlib
import hashlib
from collections.abc import Sequence

import pytest
from nacl.public import PrivateKey
from sqlalchemy import select, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from evalsys.domain.scoring import Band, Release
from evalsys.errors import AlreadyScored, InvalidInput, Tampered
from evalsys.ids import AttemptId, CadreNumber, LiveId
from evalsys.services.score import MOST_COMMENT_CHARACTERS, Scores
from evalsys.services.tally import Tally
from evalsys.store import audit
from evalsys.store.ballot_box import BoxKey
from evalsys.store.database import Database
from evalsys.store.schema.scoring import BallotReceipt, HouseholdComment
from tests.builders import TALLY_KEY
from tests.tallying import a_tally

LIVE = LiveId("1" * 32)
CADRE = CadreNumber("00004211")


class PowerCutError(Exception):
    pass


def score_in(scores: Scores, db: Session, k: int, score: int, *, attempt: str = "") -> str:
    attempt_id = AttemptId(attempt or f"{k:032d}")
    return scores.seal_score_in(db, LIVE, 1, k, score, cadre=CADRE, attempt=attempt_id)


def score(scores: Scores, database: Database, given: Sequence[int]) -> list[str]:
    with database.write() as db:
        return [score_in(scores, db, k, points) for k, points in enumerate(given, start=1)]


def released(tally: Tally, database: Database, committed: Sequence[str]) -> Release:
    with database.write() as db:
        return tally.open_in(db, LIVE, 1, cadre=CADRE, committed=committed)


def boxes(database: Database) -> list[bytes | None]:
    with database.read() as db:
        return list(db.scalars(select(BallotReceipt.sealed).order_by(BallotReceipt.k)))


def comment(scores: Scores, database: Database, texts: Sequence[str], j: int = 1) -> None:
    with database.write() as db:
        for text in texts:
            scores.keep_comment_in(db, LIVE, j, cadre=CADRE, text=text, recording="")


def read(scores: Scores, tally: Tally, *, over: bool = False) -> list[str]:
    tally.release_comments_of(LIVE, over=over)
    return [found.text for found in scores.read_comments(LIVE, reader="ji-wei")]


def test_the_release_gives_the_mean_and_destroys_every_box(
    scores: Scores, tally: Tally, database: Database
) -> None:
    committed = score(scores, database, [5, 4, 4, 3, 5, 5])
    assert released(tally, database, committed) == Release(6, 43, Band.MEAN)
    assert boxes(database) == [None] * 6
    assert scores.released(LIVE, 1) == Release(6, 43, Band.MEAN)


def test_a_second_release_is_the_first(scores: Scores, tally: Tally, database: Database) -> None:
    committed = score(scores, database, [5, 4, 4, 3, 5])
    assert released(tally, database, committed) == released(tally, database, committed)


def test_four_answers_are_too_few_and_five_alike_are_a_band(
    scores: Scores, tally: Tally, database: Database
) -> None:
    four = score(scores, database, [5, 4, 4, 3])
    assert released(tally, database, four) == Release(4, None, Band.TOO_FEW)
    with database.write() as db:
        sealed = [
            scores.seal_score_in(db, LIVE, 2, k, 2, cadre=CADRE, attempt=AttemptId(f"{k:032d}"))
            for k in range(5)
        ]
        low = tally.open_in(db, LIVE, 2, cadre=CADRE, committed=sealed)
    assert low == Release(5, None, Band.UNANIMOUS_LOW)


def test_a_release_that_is_not_committed_leaves_the_ballots_as_they_were(
    scores: Scores, tally: Tally, database: Database
) -> None:
    committed = score(scores, database, [5, 4, 4, 3, 5])
    with contextlib.suppress(PowerCutError), database.write() as db:
        tally.open_in(db, LIVE, 1, cadre=CADRE, committed=committed)
        raise PowerCutError
    assert None not in boxes(database)
    assert released(tally, database, committed).n == 5


def test_the_hash_is_that_of_the_box(scores: Scores, database: Database) -> None:
    (committed,) = score(scores, database, [5])
    (box,) = boxes(database)
    assert box is not None
    assert hashlib.sha256(box).hexdigest() == committed


def test_boxes_look_alike_whatever_they_hold(scores: Scores, database: Database) -> None:
    score(scores, database, [1, 5, 3, 3])
    sealed = boxes(database)
    assert len({len(box or b"") for box in sealed}) == 1
    assert len(set(sealed)) == 4


def test_the_first_score_of_a_household_holds(
    scores: Scores, tally: Tally, database: Database
) -> None:
    first = score(scores, database, [1, 2, 2, 2, 2])
    with database.write() as db:
        assert score_in(scores, db, 1, 5) == first[0]  # the webhook came twice
    with pytest.raises(AlreadyScored), database.write() as db:
        score_in(scores, db, 1, 5, attempt="f" * 32)
    assert released(tally, database, first) == Release(5, 18, Band.MEAN)


def test_a_score_after_the_release_is_late_kept_as_a_receipt_and_not_counted(
    scores: Scores, tally: Tally, database: Database
) -> None:
    committed = score(scores, database, [5, 4, 4, 3, 5])
    before = released(tally, database, committed)
    with database.write() as db:
        late = score_in(scores, db, 6, 1)
        assert score_in(scores, db, 6, 1) == late
    assert boxes(database) == [None] * 6
    assert scores.released(LIVE, 1) == before


@pytest.mark.parametrize("points", [0, 6, -1])
def test_a_score_outside_one_to_five_is_not_sealed(
    scores: Scores, database: Database, points: int
) -> None:
    with pytest.raises(InvalidInput):
        score(scores, database, [points])
    assert boxes(database) == []


def test_a_box_that_is_not_in_the_record_stops_the_release(
    scores: Scores, tally: Tally, database: Database
) -> None:
    committed = score(scores, database, [5, 4, 4, 3, 5])
    with pytest.raises(Tampered, match="校验值"):
        released(tally, database, committed[:-1])
    with pytest.raises(Tampered, match="校验值"):
        released(tally, database, [*committed, "0" * 64])
    assert None not in boxes(database)


def test_a_box_that_an_insider_exchanged_stops_the_release(
    scores: Scores, tally: Tally, database: Database
) -> None:
    committed = score(scores, database, [5, 4, 4, 3, 5])
    slot = BoxKey(TALLY_KEY).slot
    forged = slot.seal({"cadre": CADRE, "nonce": "0" * 32, "score": 1}, 96)
    with database.write() as db:
        fix = {"sealed": forged, "sha256": hashlib.sha256(forged).hexdigest()}
        db.execute(update(BallotReceipt).where(BallotReceipt.k == 1).values(fix))
    with pytest.raises(Tampered):
        released(tally, database, committed)


def test_a_ballot_about_somebody_else_stops_the_release(
    scores: Scores, tally: Tally, database: Database
) -> None:
    committed = score(scores, database, [5, 4, 4, 3, 5])
    with pytest.raises(Tampered, match="别人"), database.write() as db:
        tally.open_in(db, LIVE, 1, cadre=CadreNumber("00000001"), committed=committed)


def test_boxes_do_not_open_with_another_key(scores: Scores, database: Database) -> None:
    committed = score(scores, database, [5, 4, 4, 3, 5])
    stranger = a_tally(database, BoxKey(bytes(PrivateKey.generate())))
    with pytest.raises(Tampered, match="计票密钥"):
        released(stranger, database, committed)


def test_personnel_reads_the_suppressed_view(
    scores: Scores, tally: Tally, database: Database
) -> None:
    released(tally, database, score(scores, database, [5, 5, 5, 5, 5]))
    with database.read() as db:
        (only,) = scores.session_scores(db)
    assert (only.cadre, only.j, only.release.band) == (CADRE, 1, Band.UNANIMOUS_HIGH)
    assert only.release.mean_tenths is None


def test_comments_wait_until_five_of_the_round_are_there(
    scores: Scores, tally: Tally, database: Database
) -> None:
    five = ["常来", "修了路", "没来过", "说话算数", "还行"]
    comment(scores, database, five[:4])
    assert read(scores, tally) == []
    comment(scores, database, five[4:])
    assert read(scores, tally) == []  # calls go on: the sixth might be added to five known ones
    released(tally, database, [])
    assert sorted(read(scores, tally)) == sorted(five)


def test_the_last_comments_are_released_when_the_session_is_over(
    scores: Scores, tally: Tally, database: Database
) -> None:
    comment(scores, database, ["好"], j=1)
    comment(scores, database, ["不好"], j=2)
    released(tally, database, [])
    assert read(scores, tally) == []
    assert read(scores, tally, over=True) == ["好", "不好"]
    comment(scores, database, ["转写晚到"], j=2)
    assert sorted(read(scores, tally, over=True)) == sorted(["好", "不好", "转写晚到"])


def test_a_comment_that_comes_after_the_first_five_waits_for_company(
    scores: Scores, tally: Tally, database: Database
) -> None:
    comment(scores, database, ["一", "二", "三", "四", "五"])
    released(tally, database, [])
    assert len(read(scores, tally)) == 5
    comment(scores, database, ["六", "七", "八", "九"])
    assert len(read(scores, tally)) == 5
    comment(scores, database, ["十"])
    assert len(read(scores, tally)) == 10


def test_a_comment_is_sealed_and_bears_no_mark_of_who_or_when(
    scores: Scores, database: Database
) -> None:
    comment(scores, database, ["常来", "常" * 300])
    assert set(HouseholdComment.__table__.columns.keys()) == {
        "id",
        "live",
        "j",
        "cadre",
        "sealed",
        "released",
    }
    with database.read() as db:
        sealed = list(db.scalars(select(HouseholdComment.sealed)))
    assert len({len(box) for box in sealed}) == 1
    assert not any("常".encode() in box for box in sealed)


def test_a_recording_is_kept_by_its_name(scores: Scores, tally: Tally, database: Database) -> None:
    with database.write() as db:
        scores.keep_comment_in(db, LIVE, 1, cadre=CADRE, text="", recording="RE1")
    tally.release_comments_of(LIVE, over=True)
    (found,) = scores.read_comments(LIVE, reader="ji-wei")
    assert (found.text, found.recording, found.cadre) == ("", "RE1", CADRE)


@pytest.mark.parametrize("text", ["", "  ", "长" * (MOST_COMMENT_CHARACTERS + 1)])
def test_an_empty_or_endless_comment_is_refused(
    scores: Scores, database: Database, text: str
) -> None:
    with pytest.raises(InvalidInput):
        comment(scores, database, [text])


def test_every_reading_of_comments_is_audited(
    scores: Scores, tally: Tally, database: Database
) -> None:
    comment(scores, database, ["好"])
    read(scores, tally, over=True)
    with database.read() as db:
        (line,) = [line for line in audit.entries(db) if line.action == "comments.read"]
    assert (line.actor, line.subject, line.detail) == ("ji-wei", f"live:{LIVE}", '{"comments":1}')


def test_a_round_whose_calls_never_closed_leaves_no_box(scores: Scores, database: Database) -> None:
    score(scores, database, [5, 4])
    with database.write() as db:
        scores.forget_in(db, LIVE, 1)
    assert boxes(database) == [None, None]


@pytest.mark.on_sqlite
def test_no_row_number_tells_the_order_of_arrival(database: Database) -> None:
    with database.read() as db, pytest.raises(OperationalError, match="rowid"):
        db.execute(text("SELECT rowid FROM ballot_receipts"))
