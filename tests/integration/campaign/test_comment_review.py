"""A spoken comment is played back to who spoke it, who keeps it, speaks anew or drops it."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from dataclasses import field as dataclass_field

import pytest
from flask import Flask
from sqlalchemy import select
from typing_extensions import override
from werkzeug.test import TestResponse

from evalsys.domain.access import Role
from evalsys.domain.campaign.policy import Contact
from evalsys.settings import Settings
from evalsys.store import campaign_queue
from evalsys.store.schema.scoring import HouseholdComment
from tests.calling import Carrier
from tests.campaigning import Field, Phone, asked, phones
from tests.heard import said
from tests.visitor import Visitor

SOUND = b"RIFF\x00\xff\xfe of a village \x80"


@dataclass
class Recorder(Carrier):
    """A carrier that has recordings."""

    sounds: dict[str, bytes] = dataclass_field(default_factory=dict)

    @override
    def answer(
        self, method: str, path: str, form: dict[str, list[str]]
    ) -> tuple[int, object] | None:
        if "/Recordings/" not in path or self.mood != "takes":
            return super().answer(method, path, form)
        sid = path.rpartition("/")[2].rpartition(".")[0]
        if sid not in self.sounds:
            return 404, {"code": 20404, "message": "not found", "status": 404}
        return (200, self.sounds[sid]) if method == "GET" else (204, self.sounds.pop(sid)[:0])


@pytest.fixture
def carrier() -> Recorder:
    return Recorder(sounds={f"RE{n}": SOUND + bytes([n]) for n in (1, 2, 3)})


@pytest.fixture
def phone(field: Field, carrier: Recorder) -> Phone:
    """A call that stands before its comment."""
    field.plan()
    field.watch.forward(seconds=1)
    field.tick()
    call = next(iter(phones(field, carrier).values()))
    call.answer_all()
    return call


def _speak(phone: Phone, take: int = 1, **more: str) -> TestResponse:
    spoken = {"RecordingSid": f"RE{take}", "RecordingDuration": "4"} | more
    phone.hook("recording" if take == 1 else f"recording/{take}", **spoken)
    return phone.hook(f"step/comment/{take}", **spoken)


def fetched(app: Flask, settings: Settings, path: str, *, method: str = "GET") -> TestResponse:
    """Ask an application for a sound as its carrier does, its address signed."""
    signed, secret = f"{settings.public_url}{path}", settings.webhook_secret.encode()
    signature = base64.b64encode(hmac.digest(secret, signed.encode(), hashlib.sha1)).decode()
    headers = {"X-Twilio-Signature": signature}
    return app.test_client().open(path, method=method, headers=headers)


def _play(phone: Phone, take: int = 1, method: str = "GET") -> TestResponse:
    path = f"/voice/campaign/{phone.attempt}/comment/{take}"
    return fetched(phone.field.app, phone.field.settings, path, method=method)


def _comments(field: Field) -> int:
    with field.database.read() as db:
        return len(db.scalars(select(HouseholdComment)).all())


def _dropped(field: Field) -> tuple[str, ...]:
    with field.database.read() as db:
        return campaign_queue.dropped(db, limit=9)


def _handed_on(field: Field) -> int:
    field.watch.forward(minutes=3)
    field.room.calls.hand_on_waiting_comments()
    return _comments(field)


def test_the_household_hears_itself_and_keeps_it(phone: Phone) -> None:
    heard = _speak(phone)
    assert asked(heard) == "review"
    assert "/comment/1</Play>" in heard.text
    sound = _play(phone)
    assert (sound.data, sound.mimetype) == (SOUND + b"\x01", "audio/x-wav")
    assert sound.headers["Cache-Control"] == "no-store"
    assert "已经记下" in said(phone.press("review", "1"))
    assert _play(phone).status_code == 404
    phone.hang_up()
    assert phone.field.contacts(phone.household) == [Contact.COMPLETE]
    assert _handed_on(phone.field) == 1


def test_it_speaks_anew_twice_and_only_the_last_words_stay(phone: Phone, carrier: Recorder) -> None:
    _speak(phone)
    assert asked(phone.press("review", "2")) == "comment"
    assert _play(phone).status_code == 404
    phone.hook("recording", RecordingSid="RE1", RecordingDuration="4")  # late, of what is dropped
    _speak(phone, 2)
    assert _play(phone, 1).status_code == 404
    assert _play(phone, 2).data == SOUND + b"\x02"
    phone.press("review", "2", 5)
    _speak(phone, 3)
    third = phone.press("review", "2", 9)
    assert asked(third) == "review"
    assert "不在选项里" in said(third)
    phone.press("review", "1", 10)
    phone.hang_up()
    assert _handed_on(phone.field) == 1
    phone.field.room.recordings.erase_dropped()
    assert list(carrier.sounds) == ["RE3"]


def test_what_is_dropped_is_erased_and_reaches_nobody(phone: Phone, carrier: Recorder) -> None:
    _speak(phone)
    phone.hook("transcription", RecordingSid="RE1", TranscriptionText="他常来")
    phone.press("review", "3")
    for late in ("recording", "transcription"):
        phone.hook(late, RecordingSid="RE1", RecordingDuration="4", TranscriptionText="他常来")
    phone.hang_up()
    assert phone.field.contacts(phone.household) == [Contact.COMPLETE]
    assert _handed_on(phone.field) == 0
    left = next(a for a in phone.field.attempts() if a.id == phone.attempt)
    assert (left.recording, left.words) == ("", None)
    phone.field.room.recordings.erase_dropped()
    assert "RE1" not in carrier.sounds


def test_words_that_come_during_the_review_wait_sealed(phone: Phone) -> None:
    _speak(phone)
    phone.hook("transcription", RecordingSid="RE1", TranscriptionText="路灯修好了")
    kept = next(a.words for a in phone.field.attempts() if a.id == phone.attempt)
    assert kept is not None
    assert "路灯".encode() not in kept
    assert _comments(phone.field) == 0
    phone.press("review", "1")
    phone.hang_up()
    assert _handed_on(phone.field) == 1


@pytest.mark.parametrize("key", ["", "hang up"])
def test_silence_and_a_hang_up_keep_it(phone: Phone, key: str) -> None:
    _speak(phone)
    if not key:
        phone.press("review", key)
    phone.hang_up()
    contact = Contact.PARTIAL if key else Contact.COMPLETE
    assert phone.field.contacts(phone.household) == [contact]
    assert _handed_on(phone.field) == 1


def test_key_nine_while_listening_throws_everything_away(phone: Phone, carrier: Recorder) -> None:
    _speak(phone)
    phone.press("review", "9")
    phone.hang_up()
    assert phone.field.contacts(phone.household) == [Contact.NOT_FREE]
    assert _handed_on(phone.field) == 0
    phone.field.room.recordings.erase_dropped()
    assert "RE1" not in carrier.sounds


def test_nobody_else_hears_it(phone: Phone, carrier: Recorder) -> None:
    field = phone.field
    _speak(phone)
    path = f"/voice/campaign/{phone.attempt}/comment/1"
    for role in Role:
        assert Visitor(field.app).sign_in_as(role).ask(path).status_code == 403
    assert field.app.test_client().get(path).status_code == 403
    forged = {"X-Twilio-Signature": "AAAA"}
    assert field.app.test_client().get(path, headers=forged).status_code == 403
    assert _play(phone, method="HEAD").status_code in {400, 403}
    other = next(p for p in phones(field, carrier).values() if p.attempt != phone.attempt)
    assert _play(other).status_code == 404
    assert _play(phone, 2).status_code == 404
    live = f"/voice/{phone.attempt}/comment/1"
    assert fetched(field.app, field.settings, live).status_code == 404
    assert fetched(field.app, field.settings, f"{path}?x=1").status_code == 400
    assert _play(phone).status_code == 200


def test_a_carrier_that_is_away_neither_plays_nor_erases_and_nothing_is_lost(
    phone: Phone, carrier: Recorder
) -> None:
    field = phone.field
    _speak(phone)
    carrier.mood = "busy"
    assert _play(phone).status_code == 503
    phone.press("review", "3")
    field.room.recordings.erase_dropped()
    assert _dropped(field) == ("RE1",)
    carrier.mood = "takes"
    field.room.recordings.erase_dropped()
    assert _dropped(field) == ()
