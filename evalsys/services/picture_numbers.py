"""Numbers of the pictures that an audience is shown: dense, whatever happens out of its sight.

The record's own numbers would tell everybody that something happened which they may not see. An
audience counts its own pictures instead. A picture has the epoch of the leading process in front,
so that numbers grow over restarts and take-overs.
"""

from collections.abc import Callable
from dataclasses import dataclass

from evalsys.domain.live.views import View
from evalsys.ids import LiveId

Reached = tuple[int, ...]
"""How far each thing had come of which a picture was made, the record first: none goes back."""
IN_AN_EPOCH = 1 << 24
"""More pictures than any process makes of a session; JavaScript still counts exactly."""
_ALWAYS_NEW = frozenset({"seq", "server_time"})


@dataclass(frozen=True, slots=True)
class _Picture:
    reached: Reached
    n: int
    view: View


class PictureNumbers:
    """Remembers the last picture of each session and audience."""

    def __init__(self, epoch: Callable[[], int]) -> None:
        """Put the number of the present `epoch` in front."""
        self._epoch = epoch
        self._last: dict[tuple[LiveId, str], _Picture] = {}

    def numbered(self, live: LiveId, audience: str, reached: Reached, view: View) -> View:
        """Give `view` its number.

        The same picture keeps its number. One that was overtaken while it was made is not shown
        any more: the newer one is returned instead.
        """
        last = self._last.get((live, audience))
        if last is not None and reached < last.reached:
            return last.view
        is_new = last is None or _content(last.view) != _content(view)
        n = (last.n if last else 0) + is_new
        shown = {**view, "seq": self._epoch() * IN_AN_EPOCH + n}
        self._last[live, audience] = _Picture(reached, n, shown)
        return shown


def _content(view: View) -> View:
    return {name: value for name, value in view.items() if name not in _ALWAYS_NEW}
