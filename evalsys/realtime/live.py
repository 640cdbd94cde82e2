"""Screens of a session: they subscribe as an audience, and get whole pictures when it changes."""

import logging
from collections.abc import Callable, Mapping

from flask import Response, request
from flask_socketio import SocketIO
from typing_extensions import override

from evalsys.clock import utc_now
from evalsys.domain.access import Role
from evalsys.domain.live.screen_kinds import RULES
from evalsys.domain.live.views import View
from evalsys.errors import InvalidInput, NotAllowed, NotFound
from evalsys.ids import LiveId, is_id
from evalsys.ports import Broadcaster
from evalsys.realtime.fanout import Fanout
from evalsys.realtime.guards import Message, Pushes, push_public
from evalsys.realtime.stream import Streams
from evalsys.services.screen_links import ScreenLinks
from evalsys.services.screens import VIEWS, Screens

HEAD_EVERY_S = 2
"""How often every screen is told how far the record has come, so that a deaf one notices."""

FOLLOW_EVERY_S = 1
"""How soon screens show what another process recorded, the tally for one."""

Publish = Callable[[LiveId], None]
Told = Callable[[LiveId, str, int], None]
"""Hears which picture which audience was shown."""
_CONSOLE_ROLES = {Role.OPERATOR, Role.HOST, Role.AUDITOR}
_log = logging.getLogger(__name__)


def _nowhere(_live: LiveId) -> None:
    """Nobody publishes before `attach`."""


def _unheard(_live: LiveId, _audience: str, _seq: int) -> None:
    """Nobody keeps count before `attach`."""


class LiveScreens(Broadcaster):
    """The sockets of all screens; a lost push is repaired by the next head."""

    def __init__(self, socket: SocketIO) -> None:
        """Push over `socket`; nobody is told anything before `attach`."""
        self._fanout = Fanout(socket)
        self._streams = Streams()
        self._screens: Screens | None = None
        self._announced: dict[LiveId, int] = {}
        self._shown: dict[tuple[LiveId, str], int] = {}
        """The number of the last picture that each audience was sent."""
        self._followed: Mapping[LiveId, int] | None = None
        self._publish: Publish = _nowhere
        self._told: Told = _unheard
        self._links: ScreenLinks | None = None

    def attach(
        self, screens: Screens, pushes: Pushes, publish: Publish, links: ScreenLinks, told: Told
    ) -> None:
        """Take the pictures from `screens` and let screens subscribe through `pushes`.

        `publish` hears of each session whose record grew, after the screens; `links` admits
        screens that nobody signs in on; `told` hears what was shown to whom.
        """
        self._screens, self._publish = screens, publish
        self._links, self._told = links, told

        @push_public
        def subscribe(message: Message) -> Message:
            return self._subscribe(screens, pushes, message)

        pushes.on("subscribe", subscribe)
        pushes.on_gone(self._fanout.leave)

    def stream(self, live: str) -> Response:
        """Answer with the public picture of a session, now and whenever it changes.

        Raises:
            NotFound: there is no such session.
        """
        if self._screens is None or not is_id(live):
            raise NotFound("没有这场会议。", remedy="请从首页的会议列表进入。")
        return self._streams.answer(LiveId(live), self._screens.view(LiveId(live), "public"))

    @override
    def announce(self, live: LiveId, head_seq: int) -> None:
        self._announced[live] = head_seq
        if self._screens is None:
            return
        try:
            for audience in VIEWS:
                if self._is_followed(live, audience):
                    self._show(live, audience, self._screens.view(live, audience))
            self._publish(live)
        except Exception:  # noqa: BLE001 - screens must never undo what was recorded
            # What is recorded stands; the next head tells the screens that they missed something.
            _log.exception("screens of session %s were not told of event %s", live, head_seq)

    def _is_followed(self, live: LiveId, audience: str) -> bool:
        is_streamed = audience == "public" and self._streams.is_followed(live)
        return is_streamed or self._fanout.is_followed(_room(live, audience))

    def _show(self, live: LiveId, audience: str, view: View) -> None:
        """Send a picture that its audience has not seen; what is hidden from it moves nothing."""
        seq = _seq(view)
        if self._shown.get((live, audience)) == seq:
            return
        self._shown[live, audience] = seq
        self._told(live, audience, seq)
        self._fanout.send(_room(live, audience), "view", view)
        if audience == "public":
            self._streams.tell(live, view)

    def follow(self, heads: Callable[[], Mapping[LiveId, int]]) -> None:
        """Tell the screens of every session that another process wrote to since the last look."""
        before, self._followed = self._followed, heads()
        if before is None:
            return  # whoever subscribes gets a whole picture
        for live, seq in self._followed.items():
            if seq > max(before.get(live, 0), self._announced.get(live, 0)):
                self.announce(live, seq)

    def send_heads(self) -> None:
        """Tell the screens of every session that is followed which picture is the newest."""
        for (live, audience), seq in tuple(self._shown.items()):
            head = {"live": live, "seq": seq, "server_time": utc_now().isoformat()}
            self._fanout.send(_room(live, audience), "head", head)

    def _subscribe(self, screens: Screens, pushes: Pushes, message: Message) -> Message:
        live, audience = message.get("live"), message.get("audience")
        if not (isinstance(live, str) and is_id(live) and isinstance(audience, str)) or (
            audience not in VIEWS
        ):
            raise InvalidInput("订阅的会议或身份不对。", remedy="请刷新这一页。", place="subscribe")
        if audience == "console" and not self._has_link(LiveId(live), message):
            caller = pushes.caller()
            if caller is None or caller.role not in _CONSOLE_ROLES:
                raise NotAllowed("您的角色不能看控制台。", remedy="请用操作员或主持人账号登录。")
        return {"view": self._entered(screens, LiveId(live), audience)}

    def _entered(self, screens: Screens, live: LiveId, audience: str) -> View:
        """Let the asking screen follow, and give the picture that it begins with."""
        announced = self._announced.get(live)
        view = screens.view(live, audience)
        if not self._is_followed(live, audience):
            self._shown[live, audience] = _seq(view)  # of nothing before was anybody told
            self._told(live, audience, _seq(view))
        self._fanout.join(_room(live, audience), request.sid, request.environ)  # type: ignore[attr-defined]  # Flask-SocketIO sets it
        newest = self._shown.setdefault((live, audience), _seq(view))
        if newest > _seq(view) or self._announced.get(live) != announced:
            view = screens.view(live, audience)  # pushed while we looked, before it joined
        return view

    def _has_link(self, live: LiveId, message: Message) -> bool:
        name, key = message.get("screen"), message.get("key")
        if self._links is None or not (isinstance(name, str) and isinstance(key, str)):
            return False
        kinds = [kind for kind, rule in RULES.items() if rule.audience == "console"]
        return any(self._links.admits(live, kind, name, key) for kind in kinds)


def _seq(view: View) -> int:
    seq = view["seq"]
    assert isinstance(seq, int)  # noqa: S101 - of every picture, for the type checker
    return seq


def _room(live: LiveId, audience: str) -> str:
    return f"{live}/{audience}"
