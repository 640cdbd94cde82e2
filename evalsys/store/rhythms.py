"""The rhythm of a call's keys: gathered beside the call, then cut loose from it.

The score's key is never timed: how soon it comes after the scale is read would tell which it was.
"""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from evalsys.domain.flags import Occasion, Rhythm
from evalsys.ids import AttemptId, new_id
from evalsys.store.calls import Attempt
from evalsys.store.schema.calls import CallAttempt
from evalsys.store.schema.flags import CallRhythm

_CHARACTERS_A_SECOND = 4.5
"""How fast Mandarin is spoken on the telephone."""
_MOST = 60
"""Half seconds that a wait is counted to at most."""


def note(db: Session, attempt: AttemptId, now: datetime, *, keyed: bool, says: str) -> None:
    """Count the key that came now, if one did, and remember that `says` is being said."""
    known = db.scalar(select(CallAttempt.rhythm).where(CallAttempt.id == attempt)) or ""
    kept = json.loads(known) if known else {"waits": [], "prompts": [], "at": None, "says": 0}
    if keyed and kept["at"] is not None:
        waited = (now - datetime.fromisoformat(kept["at"])).total_seconds()
        kept["waits"].append(max(0, min(_MOST, round(2 * waited))))
        kept["prompts"].append(kept["says"])
    kept["at"], kept["says"] = now.isoformat(), round(2 * len(says) / _CHARACTERS_A_SECOND)
    _keep(db, attempt, json.dumps(kept, separators=(",", ":")))


def cut_loose(db: Session, call: Attempt) -> None:
    """Keep the rhythm of a call that has ended under a random name, and forget it here."""
    known = db.scalar(select(CallAttempt.rhythm).where(CallAttempt.id == call.id)) or ""
    kept = json.loads(known) if known else {"waits": []}
    _keep(db, call.id, "")
    if kept["waits"]:
        db.execute(
            insert(CallRhythm).values(
                id=new_id(),
                live=call.live,
                j=call.j,
                cadre=call.cadre,
                waits=",".join(map(str, kept["waits"])),
                prompts=",".join(map(str, kept["prompts"])),
            )
        )


def by_round(db: Session) -> Mapping[Occasion, list[Rhythm]]:
    """Read every rhythm, by the round in which it was heard."""
    found: dict[Occasion, list[Rhythm]] = {}
    for row in db.scalars(select(CallRhythm).order_by(CallRhythm.id)):
        occasion = Occasion(f"{row.live}/{row.j}", row.cadre)
        found.setdefault(occasion, []).append(Rhythm(_numbers(row.waits), _numbers(row.prompts)))
    return found


def _keep(db: Session, attempt: AttemptId, rhythm: str) -> None:
    db.execute(update(CallAttempt).where(CallAttempt.id == attempt).values(rhythm=rhythm))


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in text.split(","))
