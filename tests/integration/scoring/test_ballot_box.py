"""Household ballots and comments: sealed, opened once together, and then untraceable."""

import contextlib
import hashlib
from collections.abc import Sequence

import pytest
from nacl.public import PrivateKey
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from evalsys.domain.scoring import Band, Release
from evalsys.errors import AlreadyScored, InvalidInput, Tampered
from evalsys.ids import AttemptId, CadreNumber, LiveId
from evalsys.services.score import MOST_COMMENT_CHARACTERS, Scores
from evalsys.store import audit
from evalsys.store.ballot_box import TallyKey
from evalsys.store.database import Database
from evalsys.store.schema.scoring import BallotReceipt, HouseholdComment
from tests.builders import NOON

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


def released(scores: Scores, database: Database, committed: Sequence[str]) -> Release:
    with database.write() as db:
        return scores.release_in(db, LIVE, 1, cadre=CADRE, committed=committed)


def boxes(database: Database) -> list[bytes | None]:
    with database.read() as db:
        return list(db.scalars(select(BallotReceipt.sealed).order_by(BallotReceipt.k)))


def comment(scores: Scores, database: Database, texts: Sequence[str], j: int = 1) -> None:
    with database.write() as db:
        for text in texts:
            scores.keep_comment_in(db, LIVE, j, cadre=CADRE, text=text, recording="")


def read(scores: Scores, *, over: bool = False) -> list[str]:
    return [found.text for found in scores.read_comments(LIVE, reader="ji-wei", over=over)]


def close(scores: Scores, database: Database) -> None:
    with database.write() as db:
        scores.close_in(db, LIVE)


def test_the_release_gives_the_mean_and_destroys_every_box(
    scores: Scores, database: Database
) -> None:
    committed = score(scores, database, [5, 4, 4, 3, 5, 5])
    assert released(scores, database, committed) == Release(6, 43, Band.MEAN)
    assert boxes(database) == [None] * 6
    assert scores.released(LIVE, 1) == Release(6, 43, Band.MEAN)


def test_a_second_release_is_the_first(scores: Scores, database: Database) -> None:
    committed = score(scores, database, [5, 4, 4, 3, 5])
    assert released(scores, database, committed) == released(scores, database, committed)


def test_four_answers_are_too_few_and_five_alike_are_a_band(
    scores: Scores, database: Database
) -> None:
    four = score(scores, database, [5, 4, 4, 3])
    assert released(scores, database, four) == Release(4, None, Band.TOO_FEW)
    with database.write() as db:
        sealed = [
            scores.seal_score_in(db, LIVE, 2, k, 2, cadre=CADRE, attempt=AttemptId(f"{k:032d}"))
            for k in range(5)
        ]
        low = scores.release_in(db, LIVE, 2, cadre=CADRE, committed=sealed)
    assert low == Release(5, None, Band.UNANIMOUS_LOW)


def test_a_release_that_is_not_committed_leaves_the_ballots_as_they_were(
    scores: Scores, database: Database
) -> None:
    committed = score(scores, database, [5, 4, 4, 3, 5])
    with contextlib.suppress(PowerCutError), database.write() as db:
        scores.release_in(db, LIVE, 1, cadre=CADRE, committed=committed)
        raise PowerCutError
    assert None not in boxes(database)
    assert released(scores, database, committed).n == 5


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


def test_the_first_score_of_a_household_holds(scores: Scores, database: Database) -> None:
    first = score(scores, database, [1, 2, 2, 2, 2])
    with database.write() as db:
        assert score_in(scores, db, 1, 5) == first[0]  # the webhook came twice
    with pytest.raises(AlreadyScored), database.write() as db:
        score_in(scores, db, 1, 5, attempt="f" * 32)
    assert released(scores, database, first) == Release(5, 18, Band.MEAN)


def test_a_score_after_the_release_is_late_kept_as_a_receipt_and_not_counted(
    scores: Scores, database: Database
) -> None:
    committed = score(scores, database, [5, 4, 4, 3, 5])
    before = released(scores, database, committed)
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
    scores: Scores, database: Database
) -> None:
    committed = score(scores, database, [5, 4, 4, 3, 5])
    with pytest.raises(Tampered, match="校验值"):
        released(scores, database, committed[:-1])
    with pytest.raises(Tampered, match="校验值"):
        released(scores, database, [*committed, "0" * 64])
    assert None not in boxes(database)


def test_a_box_that_an_insider_exchanged_stops_the_release(
    scores: Scores, database: Database
) -> None:
    committed = score(scores, database, [5, 4, 4, 3, 5])
    slot = TallyKey(bytes(range(1, 33))).slot
    forged = slot.seal({"cadre": CADRE, "nonce": "0" * 32, "score": 1}, 96)
    with database.write() as db:
        fix = {"sealed": forged, "sha256": hashlib.sha256(forged).hexdigest()}
        db.execute(update(BallotReceipt).where(BallotReceipt.k == 1).values(fix))
    with pytest.raises(Tampered):
        released(scores, database, committed)


def test_a_ballot_about_somebody_else_stops_the_release(scores: Scores, database: Database) -> None:
    committed = score(scores, database, [5, 4, 4, 3, 5])
    with pytest.raises(Tampered, match="别人"), database.write() as db:
        scores.release_in(db, LIVE, 1, cadre=CadreNumber("00000001"), committed=committed)


def test_boxes_do_not_open_with_another_key(scores: Scores, database: Database) -> None:
    committed = score(scores, database, [5, 4, 4, 3, 5])
    stranger = Scores(database, TallyKey(bytes(PrivateKey.generate())), lambda: NOON)
    with pytest.raises(Tampered, match="计票密钥"):
        released(stranger, database, committed)


def test_personnel_reads_the_suppressed_view(scores: Scores, database: Database) -> None:
    released(scores, database, score(scores, database, [5, 5, 5, 5, 5]))
    with database.read() as db:
        (only,) = scores.session_scores(db)
    assert (only.cadre, only.j, only.release.band) == (CADRE, 1, Band.UNANIMOUS_HIGH)
    assert only.release.mean_tenths is None


def test_comments_wait_until_five_of_the_round_are_there(
    scores: Scores, database: Database
) -> None:
    five = ["常来", "修了路", "没来过", "说话算数", "还行"]
    comment(scores, database, five[:4])
    assert read(scores) == []
    comment(scores, database, five[4:])
    assert read(scores) == []  # calls go on: the sixth might be added to five known ones
    released(scores, database, [])
    assert sorted(read(scores)) == sorted(five)


def test_the_last_comments_are_released_when_the_session_is_over(
    scores: Scores, database: Database
) -> None:
    comment(scores, database, ["好"], j=1)
    comment(scores, database, ["不好"], j=2)
    released(scores, database, [])
    assert read(scores) == []
    assert read(scores, over=True) == ["好", "不好"]
    comment(scores, database, ["转写晚到"], j=2)
    assert sorted(read(scores, over=True)) == sorted(["好", "不好", "转写晚到"])


def test_a_comment_that_comes_after_the_first_five_waits_for_company(
    scores: Scores, database: Database
) -> None:
    comment(scores, database, ["一", "二", "三", "四", "五"])
    released(scores, database, [])
    assert len(read(scores)) == 5
    comment(scores, database, ["六", "七", "八", "九"])
    assert len(read(scores)) == 5
    comment(scores, database, ["十"])
    assert len(read(scores)) == 10


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


def test_a_recording_is_kept_by_its_name(scores: Scores, database: Database) -> None:
    with database.write() as db:
        scores.keep_comment_in(db, LIVE, 1, cadre=CADRE, text="", recording="RE1")
    (found,) = scores.read_comments(LIVE, reader="ji-wei", over=True)
    assert (found.text, found.recording, found.cadre) == ("", "RE1", CADRE)


@pytest.mark.parametrize("text", ["", "  ", "长" * (MOST_COMMENT_CHARACTERS + 1)])
def test_an_empty_or_endless_comment_is_refused(
    scores: Scores, database: Database, text: str
) -> None:
    with pytest.raises(InvalidInput):
        comment(scores, database, [text])


def test_every_reading_of_comments_is_audited(scores: Scores, database: Database) -> None:
    comment(scores, database, ["好"])
    read(scores, over=True)
    with database.read() as db:
        (line,) = [line for line in audit.entries(db) if line.action == "comments.read"]
    assert (line.actor, line.subject, line.detail) == ("ji-wei", f"live:{LIVE}", '{"comments":1}')


def test_closing_destroys_boxes_of_a_round_that_was_never_released(
    scores: Scores, database: Database
) -> None:
    score(scores, database, [5, 4])
    close(scores, database)
    assert boxes(database) == [None, None]
