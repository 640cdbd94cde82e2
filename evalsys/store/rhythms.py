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
from evalsys.store.prepared import Prepared
from evalsys.store.schema.calls import CallAttempt
from evalsys.store.schema.flags import CallRhythm

_KEPT_APART = Prepared(insert(CallRhythm))
_CHARACTERS_A_SECOND = 4.5
"""How fast Mandarin is spoken on the telephone."""
OF_CAMPAIGN = 0
"""The round of what was heard in a campaign: it has none."""
_MOST = 60
"""Half seconds that a wait is counted to at most."""


def note(db: Session, attempt: AttemptId, now: datetime, *, keyed: bool, says: str) -> None:
    """Count the key that came now, if one did, and remember that `says` is being said."""
    known = db.scalar(select(CallAttempt.rhythm).where(CallAttempt.id == attempt)) or ""
    _keep(db, attempt, noted(known, now, keyed=keyed, says=says))


def noted(known: str, now: datetime, *, keyed: bool, says: str) -> str:
    """Return the rhythm `known` so far with the key that came now, while `says` is being said."""
    kept = json.loads(known) if known else {"waits": [], "prompts": [], "at": None, "says": 0}
    if keyed and kept["at"] is not None:
        waited = (now - datetime.fromisoformat(kept["at"])).total_seconds()
        kept["waits"].append(max(0, min(_MOST, round(2 * waited))))
        kept["prompts"].append(kept["says"])
    kept["at"], kept["says"] = now.isoformat(), round(2 * len(says) / _CHARACTERS_A_SECOND)
    return json.dumps(kept, separators=(",", ":"))


def cut_loose(db: Session, call: Attempt) -> None:
    """Keep the rhythm of a call that has ended under a random name, and forget it here."""
    known = db.scalar(select(CallAttempt.rhythm).where(CallAttempt.id == call.id)) or ""
    _keep(db, call.id, "")
    keep_apart(db, known, call.live, call.j, call.cadre)


def keep_apart(db: Session, known: str, place: str, j: int, cadre: str) -> None:
    """Keep a rhythm under a random name; `place` is a session with its round, or a campaign."""
    kept = json.loads(known) if known else {"waits": []}
    if kept["waits"]:
        _KEPT_APART.run(
            db,
            id=new_id(),
            live=place,
            j=j,
            cadre=cadre,
            waits=",".join(map(str, kept["waits"])),
            prompts=",".join(map(str, kept["prompts"])),
        )


def by_round(db: Session) -> Mapping[Occasion, list[Rhythm]]:
    """Read every rhythm, by the round of a session, or the campaign, in which it was heard."""
    found: dict[Occasion, list[Rhythm]] = {}
    for row in db.scalars(select(CallRhythm).order_by(CallRhythm.id)):
        place = row.live if row.j == OF_CAMPAIGN else f"{row.live}/{row.j}"
        occasion = Occasion(place, row.cadre)
        found.setdefault(occasion, []).append(Rhythm(_numbers(row.waits), _numbers(row.prompts)))
    return found


def _keep(db: Session, attempt: AttemptId, rhythm: str) -> None:
    db.execute(update(CallAttempt).where(CallAttempt.id == attempt).values(rhythm=rhythm))


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in text.split(","))
