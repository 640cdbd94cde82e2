"""Signed links for screens on which nobody signs in: a wall, a playout machine, a prompter."""

import hmac
from base64 import b32encode
from dataclasses import replace

from evalsys.domain.live.commands_control import IssueScreenLink, RevokeScreenLink
from evalsys.domain.live.control import IssuedLink
from evalsys.domain.live.screen_kinds import ScreenKind
from evalsys.domain.live.words import Phase
from evalsys.errors import NotFound
from evalsys.ids import LiveId
from evalsys.services.live_session import LiveSessions

_KEY_LETTERS = 26
"""130 bits: nobody guesses one."""
_HALL = "hall"


class ScreenLinks:
    """Makes and checks the key in a screen's address: one kind of screen of one session."""

    def __init__(self, key: bytes, live_sessions: LiveSessions) -> None:
        """Sign with `key`; with another key every link that was given out is worth nothing.

        The record of a session says which of its links were taken back.
        """
        self._key = key
        self._live = live_sessions

    def issue(self, live: LiveId, kind: ScreenKind, name: str, *, by: str) -> str:
        """Return the key of the screen called `name`: the same until it is taken back.

        Raises:
            NotFound: there is no such session.
        """
        if self._live.state(live).phase is not Phase.SEALED:  # a sealed record takes no note
            self._live.tell(live, IssueScreenLink(kind, name), actor=by)
        return self.key(live, kind, name)

    def revoke(self, live: LiveId, kind: ScreenKind, name: str, *, by: str) -> None:
        """Let the key open nothing any more.

        Raises:
            NotFound: there is no such session, or no link was given to this screen.
            WrongPhase: the record is sealed.
        """
        self._live.state(live)
        self._live.tell(live, RevokeScreenLink(kind, name), actor=by)

    def issued(self, live: LiveId) -> dict[tuple[ScreenKind, str], IssuedLink]:
        """List what was given out, by kind and name of the screen.

        Raises:
            NotFound: there is no such session.
        """
        return dict(self._live.state(live).control.links)

    def key(self, live: LiveId, kind: ScreenKind, name: str) -> str:
        """Return the newest key of the screen called `name`.

        Raises:
            NotFound: there is no such session.
        """
        return self._key_of(live, kind, name, self.issued(live).get((kind, name)))

    def admits(self, live: LiveId, kind: ScreenKind, name: str, key: str) -> bool:
        """Say whether `key` is that of this screen, and was not taken back."""
        return self.opened_by(live, name, key) is kind

    def opened_by(self, live: LiveId, name: str, key: str) -> ScreenKind | None:
        """Say which kind of screen `key` opens for the screen called `name`, if any."""
        if not key:
            return None
        try:
            issued = self.issued(live)
        except NotFound:
            return None
        for kind in ScreenKind:
            known = issued.get((kind, name))
            if _same(self._key_of(live, kind, name, known), key):
                return None if known and known.revoked_by else kind
        return None

    def is_revoked(self, live: LiveId, kind: ScreenKind, name: str, key: str) -> bool:
        """Say whether `key` was this screen's once, and was taken back."""
        if not key:
            return False
        try:
            known = self.issued(live).get((kind, name))
        except NotFound:
            return False
        if known is None:
            return False
        former = (replace(known, n=n) for n in range(known.n + bool(known.revoked_by)))
        return any(_same(self._key_of(live, kind, name, one), key) for one in former)

    def hall_key(self, live: LiveId) -> str:
        """Return the key of the devices of the ceremony, whose holders are known otherwise."""
        return self._mark(live, _HALL, "")

    def admits_to_hall(self, live: LiveId, key: str) -> bool:
        """Say whether `key` is that of a session's devices in the hall."""
        return _same(self.hall_key(live), key)

    def _key_of(self, live: LiveId, kind: ScreenKind, name: str, link: IssuedLink | None) -> str:
        return self._mark(live, kind, name, *([str(link.n)] if link and link.n else []))

    def _mark(self, *words: str) -> str:
        mark = hmac.digest(self._key, "|".join(words).encode(), "sha256")
        return b32encode(mark).decode().lower()[:_KEY_LETTERS]


def _same(ours: str, given: str) -> bool:
    return hmac.compare_digest(ours.encode(), given.encode())
