"""Signed links for screens on which nobody signs in: a wall, a playout machine, a prompter."""

import hmac
from base64 import b32encode

from evalsys.domain.live.screen_kinds import ScreenKind
from evalsys.ids import LiveId

_KEY_LETTERS = 26
"""130 bits: nobody guesses one."""


class ScreenLinks:
    """Makes and checks the key in a screen's address: one kind of screen of one session."""

    def __init__(self, key: bytes) -> None:
        """Sign with `key`; with another key every link that was given out is worth nothing."""
        self._key = key

    def key(self, live: LiveId, kind: ScreenKind, name: str) -> str:
        """Return the key of the screen called `name`."""
        mark = hmac.digest(self._key, f"{live}|{kind}|{name}".encode(), "sha256")
        return b32encode(mark).decode().lower()[:_KEY_LETTERS]

    def admits(self, live: LiveId, kind: ScreenKind, name: str, key: str) -> bool:
        """Say whether `key` is that of this screen."""
        return hmac.compare_digest(self.key(live, kind, name).encode(), key.encode())
