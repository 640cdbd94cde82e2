"""Recording what several lines say: each voice is kept by its line, and mixed at the end."""

import time
from collections.abc import Callable
from datetime import datetime

from evalsys.exchange.calls import Recording, Target
from evalsys.exchange.database import Callback
from evalsys.exchange.line import Line
from evalsys.exchange.reports import recorded_params, recording_params
from evalsys.exchange.sounds import SAMPLES_A_SECOND, WAVE_TYPE, mixed
from evalsys.exchange.verbs import Conference as Terms
from evalsys.exchange.wire import new_sid


class Recorder:
    """Records a conference from its first member on, or what is said on a call put through."""

    def __init__(
        self,
        account: str,
        public_url: str,
        terms: Terms,
        conference_sid: str,
        new_sid_of: Callable[[str], str],
    ) -> None:
        """Record as `terms` say; without a conference, two calls put through to each other."""
        self._new_sid_of = new_sid_of
        self._account = account
        self._public_url = public_url
        self._terms = terms
        self._conference_sid = conference_sid
        self._began = time.monotonic()
        self._lines: dict[str, tuple[Line, float]] = {}
        self._voices: list[tuple[float, bytes]] = []

    def joined(self, call_sid: str, line: Line) -> None:
        """Keep the voice of a call that came in."""
        line.keep_voice(is_on=True)
        self._lines[call_sid] = (line, time.monotonic() - self._began)

    def left(self, call_sid: str) -> None:
        """Take the voice of a call that goes."""
        line, since = self._lines.pop(call_sid, (None, 0.0))
        audio = line.keep_voice(is_on=False) if line is not None else None
        if audio is not None:
            self._voices.append((since, audio.media))

    def finish(self, now: datetime) -> tuple[Recording, list[Callback]]:
        """Return the recording of the whole, and the callbacks that report it."""
        for call_sid in list(self._lines):
            self.left(call_sid)
        seconds = time.monotonic() - self._began
        media = mixed(self._voices, int(seconds * SAMPLES_A_SECOND))
        conference_sid = self._conference_sid
        call_sid = "" if conference_sid else self._terms.name
        recording = Recording(
            sid=self._new_sid_of("RE"),
            call_sid=call_sid,
            created_at=now,
            seconds=max(1, round(seconds)),
            media=media,
            media_type=WAVE_TYPE,
            conference_sid=conference_sid,
            source="Conference" if conference_sid else "DialVerb",
        )
        if not self._terms.recording_callback:
            return recording, []
        target = Target(self._terms.recording_callback, self._terms.recording_method)
        params = {
            "AccountSid": self._account,
            **({"ConferenceSid": conference_sid} if conference_sid else {"CallSid": call_sid}),
            **recording_params(self._account, self._public_url, recording),
            **recorded_params(recording),
        }
        sid = conference_sid or call_sid
        return recording, [Callback(sid, target.url, target.method, params, new_sid("IT"))]
