"""Which screens are there: by socket while they are connected, remembered when they are gone."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import count
from threading import Lock

from evalsys.clock import Clock
from evalsys.domain.live.screen_kinds import RULES, ScreenKind
from evalsys.domain.live.screens import MOST_SCREENS, Head, Screen
from evalsys.errors import NotFound, RuleViolation
from evalsys.ids import LiveId

Key = tuple[LiveId, str]
"""A session and an audience: each audience counts for itself."""


class Registry:
    """The screens of this process; a process that starts anew hears of them within seconds."""

    def __init__(self, now: Clock) -> None:
        """Read the time from `now`."""
        self._now = now
        self._lock = Lock()
        self._numbers = count(1)
        self._present: dict[str, Screen] = {}
        self._absent: dict[int, Screen] = {}
        self._heads: dict[Key, Head] = {}

    def tell(self, live: LiveId, audience: str, seq: int) -> None:
        """Keep that the screens of an audience were told of event `seq` now."""
        known = self._heads.get((live, audience))
        if known is None or seq > known.seq:
            self._heads[live, audience] = Head(seq, self._now())

    def head_of(self, screen: Screen) -> Head | None:
        """Return the newest event that a screen was told of since the start."""
        return self._heads.get((screen.live, RULES[screen.kind].audience))

    def enter(self, sid: str, screen: Screen) -> Screen:
        """Take a screen in; what was remembered of one with its name is forgotten.

        A screen that tells its name again on the same socket keeps its number.

        Raises:
            RuleViolation: the session has as many screens as there may be.
        """
        with self._lock:
            for number in [n for n, old in self._absent.items() if _same(old, screen)]:
                del self._absent[number]
            others = [one for s, one in self._present.items() if s != sid]
            if sum(one.live == screen.live for one in others) >= MOST_SCREENS:
                raise RuleViolation(
                    f"这场会议已有 {MOST_SCREENS} 块屏幕在线，不能再登记。",
                    remedy="请在屏幕墙上关掉不用的屏幕。",
                )
            before = self._present.get(sid)
            entered = replace(screen, id=before.id if before else next(self._numbers))
            self._present[sid] = entered
            return entered

    def hear(self, sid: str, seq: int, *, hidden: bool) -> Screen | None:
        """Keep that a screen painted event `seq`; nothing when it never told its name."""
        with self._lock:
            known = self._present.get(sid)
            if known is None:
                return None
            now, head = self._now(), self.head_of(known)
            took = known.took
            if head is not None and known.seq < head.seq <= seq:
                took = now - max(head.at, known.since)
            heard = replace(known, seq=seq, took=took, hidden=hidden, heard_at=now)
            self._present[sid] = heard
            return heard

    def leave(self, sid: str) -> Screen | None:
        """Remember a screen whose socket closed as gone."""
        with self._lock:
            left = self._present.pop(sid, None)
            if left is None:
                return None
            if not any(_same(one, left) for one in self._present.values()):
                self._absent[left.id] = replace(left, gone=True)
                self._forget_the_oldest(left.live)
            return left

    def of(self, live: LiveId) -> tuple[Screen, ...]:
        """List the screens of a session by kind and name, those that are gone too."""
        with self._lock:
            found = [s for s in (*self._present.values(), *self._absent.values()) if s.live == live]
        return tuple(sorted(found, key=lambda s: (s.kind, s.name, s.id)))

    def socket_of(self, live: LiveId, number: int) -> str:
        """Return the socket of a screen that is there.

        Raises:
            NotFound: there is none, or it is gone.
        """
        for sid, screen in tuple(self._present.items()):
            if screen.live == live and screen.id == number:
                return sid
        raise NotFound("这块屏幕不在线。", remedy="请检查它的网络和电源；它连上后会自己回到墙上。")

    def sockets_of(self, live: LiveId, kind: ScreenKind, name: str) -> tuple[str, ...]:
        """Return the sockets of every screen that is there under this name."""
        wanted = live, kind, name
        present = tuple(self._present.items())
        return tuple(sid for sid, one in present if (one.live, one.kind, one.name) == wanted)

    def forget(self, live: LiveId, number: int) -> None:
        """Take a screen that is gone off the wall."""
        with self._lock:
            if number in self._absent and self._absent[number].live == live:
                del self._absent[number]

    def sessions(self) -> frozenset[LiveId]:
        """Name the sessions that have screens."""
        with self._lock:
            return frozenset(one.live for one in self._everywhere())

    def _everywhere(self) -> Iterator[Screen]:
        yield from self._present.values()
        yield from self._absent.values()

    def _forget_the_oldest(self, live: LiveId) -> None:
        gone = [one for one in self._absent.values() if one.live == live]
        if len(gone) > MOST_SCREENS:
            del self._absent[min(gone, key=_heard).id]


def _same(one: Screen, other: Screen) -> bool:
    return (one.live, one.kind, one.name) == (other.live, other.kind, other.name)


def _heard(screen: Screen) -> datetime:
    return screen.heard_at
