"""The interview scripts of an installation: those of the software, and those of the county.

A script is kept byte by byte when it is first used, so that calls which began by it end by it
whatever becomes of its file; a file that was changed after its use asks nobody any more.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from evalsys.clock import Clock
from evalsys.domain.interview import Script
from evalsys.domain.interview_text import parse_script
from evalsys.errors import InvalidInput
from evalsys.ids import LiveId
from evalsys.store import audit, calls
from evalsys.store import interview_scripts as store
from evalsys.store.database import Database
from evalsys.store.interview_scripts import Kept

_OF_SESSIONS = frozenset({"live", "programme"})


class InterviewScripts:
    """Every script that households may be asked by."""

    def __init__(self, database: Database, shipped: tuple[Script, ...], now: Clock) -> None:
        """Offer the scripts that were `shipped`, by name and version, and those that are kept.

        Those of live sessions may be worded anew, but ask nothing else: on stage time is short.
        """
        self._database = database
        self._shipped = shipped
        self._known = {script.sha256: script for script in shipped}
        self._now = now

    @property
    def every_shipped(self) -> tuple[Script, ...]:
        """The scripts that come with the software, by name and version."""
        return self._shipped

    def every(self) -> tuple[Script, ...]:
        """Return all scripts, by name and version; of a version that was changed, both."""
        with self._database.read() as db:
            known = {each.script.sha256: each.script for each in store.kept(db)}
        known = {**known, **{script.sha256: script for script in self._shipped}}
        return tuple(sorted(known.values(), key=lambda script: (script.name, script.version)))

    def kept(self) -> tuple[Kept, ...]:
        """Return what was used or added, with when and by whom."""
        with self._database.read() as db:
            return store.kept(db)

    def of(self, sha256: str) -> Script | None:
        """Return the script with an identity, also when its file is gone."""
        if sha256 not in self._known:
            with self._database.read() as db:
                found = store.with_identity(db, sha256)
            if found is None:
                return None
            self._known[sha256] = found
        return self._known[sha256]

    def to_use(self, db: Session, name: str, actor: str) -> Script:
        """Return the newest script called `name`, kept from now on.

        Raises:
            InvalidInput: its file was changed after it was used.
        """
        found = [script for script in self._shipped if script.name == name]
        found += [each.script for each in store.kept(db) if each.script.name == name]
        newest = max(found, key=lambda script: script.version)
        before = store.identity_of(db, name, newest.version)
        if before is None:
            store.keep(db, newest, self._now(), actor)
        elif any(each.version == newest.version and each.sha256 != before for each in found):
            raise InvalidInput(
                f"访谈脚本 {name}-{newest.version} 已经用过，它的文件后来改动了。",
                remedy=f"请恢复原来的文件；新的说法写成 version = {newest.version + 1}，"
                "用 evalsys script add 加入。",
                place=f"{name}-{newest.version}",
            )
        return newest

    def add(self, raw: bytes, place: str, *, actor: str) -> Script:
        """Add a script that the county wrote; the next campaign of its kind asks by it.

        Raises:
            InvalidInput: it cannot be asked, no campaign is called like it, or its version is
                not above all that exist.
        """
        script = parse_script(raw, place)
        names = sorted({each.name for each in self._shipped})
        if script.name not in names:
            raise InvalidInput(
                f"没有名为“{script.name}”的评议活动或直播会议，这份脚本不会有人用。",
                remedy=f"name 请写成 {'、'.join(names)} 之一。",
                place=place,
            )
        if script.name in _OF_SESSIONS:
            self._check_for_the_stage(script, place)
        with self._database.write() as db:
            every = (*self._shipped, *(each.script for each in store.kept(db)))
            newest = max(each.version for each in every if each.name == script.name)
            if script.version <= newest:
                raise InvalidInput(
                    f"{script.name} 已经有第 {newest} 版。",
                    remedy=f"已有的版本不能改：请写 version = {newest + 1}。",
                    place=place,
                )
            now = self._now()
            store.keep(db, script, now, actor)
            subject = f"script:{script.name}-{script.version}"
            audit.record(db, now, actor, "script.add", subject, {"sha256": script.sha256})
        self._known[script.sha256] = script
        return script

    def _check_for_the_stage(self, script: Script, place: str) -> None:
        same = max(
            (each for each in self._shipped if each.name == script.name),
            key=lambda each: each.version,
        )
        topics = [question.topic for question in same.questions]
        ways_out = script.not_free_key or script.never_key
        if [question.topic for question in script.questions] == topics and not ways_out:
            return
        raise InvalidInput(
            f"直播会议的脚本 {script.name} 只能换说法，不能换问题，也不能有随时退出的键。",
            remedy=f"questions 请依次写 {'、'.join(topics)}；去掉 not_free_key 和 never_key。",
            place=place,
        )


def script_of_session(db: Session, live: LiveId, shipped: Script, *, until: datetime) -> Script:
    """Return the script by which a live session asks.

    The one of its first call; before that the newest that was there `until` it was opened, so
    that nothing that is added or shipped later changes how its households are asked.
    """
    used = calls.first_script(db, live)
    found = store.with_identity(db, used) if used else None
    if found is not None:
        return found
    added = (
        each.script
        for each in store.kept(db)
        if each.script.name == shipped.name and each.at <= until
    )
    return max((shipped, *added), key=lambda script: script.version)


def keep_used(db: Session, script: Script, now: Clock, *, actor: str) -> None:
    """Keep a script of a live session at its first call; one that was changed stays as it was.

    On stage nobody is refused for it: the calls know their script by its identity.
    """
    if store.identity_of(db, script.name, script.version) is None:
        store.keep(db, script, now(), actor)
