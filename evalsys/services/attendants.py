"""The people who serve a ceremony: cards with one-time codes, devices, and what their clocks say.

A device that joined holds a token; a witness's device also made a key, whose public half stands
in the session's record.
"""

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from evalsys.clock import Clock
from evalsys.domain.live import commands_ceremony as cc
from evalsys.domain.live.attendants import Attendant, Service, fresh_clocks
from evalsys.domain.live.state import LiveState
from evalsys.domain.live.words import Clerk
from evalsys.domain.panel import CODE_ALPHABET, CODE_LENGTH, read_code
from evalsys.ed25519 import is_signed
from evalsys.errors import InvalidInput, NotFound, RuleViolation
from evalsys.ids import LiveId, new_id
from evalsys.services.live_session import LiveSessions
from evalsys.store import attendants, audit
from evalsys.store.database import Database

_MOST_AHEAD_S = 10**9
_REMEDY = "请核对仪式卡；仍不行请找工作人员。"


class Attendants:
    """Clerks and witnesses of every session."""

    def __init__(self, database: Database, live_sessions: LiveSessions, now: Clock) -> None:
        """Keep places in `database`."""
        self._database = database
        self._live = live_sessions
        self._now = now

    def issue(self, live: LiveId, *, actor: str) -> tuple[Attendant, ...]:
        """Make the places that the plan asks for, two clerks and its witnesses; harmless to repeat.

        Raises:
            NotFound: there is no such session.
        """
        state = self._live.state(live)
        with self._database.write() as db:
            known = {(one.service, one.number) for one in attendants.every(db, live)}
            added = [one for one in _places(live, state) if (one.service, one.number) not in known]
            attendants.add(db, added)
            audit.record(
                db, self._now(), actor, "attendants.issue", f"live:{live}", {"added": len(added)}
            )
            return attendants.every(db, live)

    def of(self, live: LiveId) -> tuple[Attendant, ...]:
        """List the places of a session."""
        with self._database.read() as db:
            return attendants.every(db, live)

    def with_codes(self, live: LiveId, *, actor: str) -> tuple[Attendant, ...]:
        """List the places for showing their cards; that the codes were seen is audited."""
        with self._database.write() as db:
            audit.record(db, self._now(), actor, "attendants.show", f"live:{live}")
            return attendants.every(db, live)

    def reissue(self, live: LiveId, service: Service, number: int, *, actor: str) -> Attendant:
        """Give a place a new card; the old card and the old device are worth nothing any more.

        Raises:
            NotFound: there is no such place.
            RuleViolation: a witness's key is recorded already; another device cannot have it.
        """
        state = self._live.state(live)
        with self._database.write() as db:
            old = attendants.numbered(db, live, service, number)
            if any(one.id == old.name for one in state.ceremony.witnesses):
                raise RuleViolation(
                    f"见证人 {old.name} 的钥匙已经登记，只在原来那台设备上，不能换发。",
                    remedy="请找回原设备；找不回的，其余过半数见证人签名即可继续。",
                )
            fresh = replace(old, code=_new_code(), issue=old.issue + 1, joined_at=None)
            attendants.save(db, fresh, None)
            audit.record(db, self._now(), actor, "attendant.reissue", _subject(fresh))
            return fresh

    def for_code(self, typed: str) -> Attendant:
        """Return the place that a card's code is for, taken or not.

        Raises:
            InvalidInput: this can not be a code.
            NotFound: no card with this code is valid.
        """
        with self._database.read() as db:
            return _found(attendants.with_code(db, read_code(typed)))

    def join(self, typed: str, token: str) -> Attendant:
        """Let the device that holds `token` take the place of a card, once; harmless to repeat.

        Raises:
            InvalidInput: this can not be a code.
            NotFound: no card with this code is valid.
            RuleViolation: another device has this place, or this device has another place.
        """
        code = read_code(typed)
        with self._database.read() as db:
            live = _found(attendants.with_code(db, code)).live
        with self._live.step(live, actor="system:attendants") as step:
            taken = self._take(step.db, code, _hash(token))
            if taken.service is Service.CLERK and taken.clerk not in step.state.ceremony.clerks:
                step.tell(cc.SeatClerk(taken.clerk))
            return taken

    def by_token(self, token: str) -> Attendant | None:
        """Return the place of the device that holds `token`; nothing once its card was replaced."""
        with self._database.read() as db:
            return attendants.of_device(db, _hash(token)) if token else None

    def enrol(self, one: Attendant, key: str, proof: str, clock: datetime) -> LiveState:
        """Record the key that a witness's device made; `proof` is its signature over its claim.

        Raises:
            InvalidInput: the key is none, or the device does not hold its private half.
            RuleViolation: the manifest is published already, or this witness has another key.
        """
        self.hear(one, clock)
        if not is_signed(key, claim_of(one, key), proof):
            raise InvalidInput(
                "这不是一把可用的 Ed25519 公钥，或设备没有它的私钥。",
                remedy="请刷新见证页面，让设备重新生成钥匙。",
                place="key",
            )
        command = cc.EnrolWitness(one.name, key)
        return self._live.tell(one.live, command, actor=f"witness:{one.name}")

    def hear(self, one: Attendant, clock: datetime) -> int:
        """Keep that a device was heard; return by how many seconds its clock is ahead."""
        now = self._now()
        ahead = round((clock - now) / timedelta(seconds=1))
        ahead = max(-_MOST_AHEAD_S, min(ahead, _MOST_AHEAD_S))
        with self._database.write() as db:
            attendants.hear(db, one, now, ahead)
        return ahead

    def is_heard(self, one: Attendant) -> bool:
        """Say whether a device was heard of late."""
        return one.is_fresh(self._now())

    def clocks(self, live: LiveId) -> tuple[int, ...]:
        """Give the seconds by which each witness heard of late is ahead of our clock."""
        return fresh_clocks(self.of(live), self._now())

    def _take(self, db: Session, code: str, token_sha256: str) -> Attendant:
        one = _found(attendants.with_code(db, code))
        held = attendants.of_device(db, token_sha256)
        if held is not None and held.id == one.id:
            return held
        if held is not None and held.live == one.live:
            raise RuleViolation(
                "这台设备已经担任本场仪式的另一个角色，一台设备只能担任一个。",
                remedy="两位记录员、各位见证人请各用一台设备。",
            )
        if one.is_taken:
            raise RuleViolation(
                "这张仪式卡已在另一台设备上用过。",
                remedy="请用原来那台设备；它不在手边时，请工作人员换发新卡。",
            )
        if held is not None:
            attendants.save(db, held, None)  # this device served another session before
        taken = replace(one, joined_at=self._now())
        attendants.save(db, taken, token_sha256)
        audit.record(db, self._now(), f"attendant:{one.name}", "attendant.join", _subject(one))
        return taken


def claim_of(one: Attendant, key: str) -> bytes:
    """Write what a witness's device signs to show that it holds the key."""
    return f"evalsys-witness|{one.live}|{one.name}|{key}".encode()


def _places(live: LiveId, state: LiveState) -> Iterator[Attendant]:
    wanted = state.plan.witnesses if state.plan else 0
    for service, n in ((Service.CLERK, len(Clerk)), (Service.WITNESS, wanted)):
        for number in range(1, n + 1):
            yield Attendant(new_id(), live, service, number, _new_code(), 1)


def _found(one: Attendant | None) -> Attendant:
    if one is None:
        raise NotFound("没有这个入座码，或者这张仪式卡已经换发。", remedy=_REMEDY)
    return one


def _new_code() -> str:
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _subject(one: Attendant) -> str:
    return f"attendant:{one.live}/{one.name}"
