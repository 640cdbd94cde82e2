"""Screens of a session: they subscribe as an audience, and get whole pictures when it changes."""

import logging
from collections.abc import Callable, Collection, Mapping

from flask import Response, request
from flask_socketio import SocketIO
from typing_extensions import override

from evalsys.clock import utc_now
from evalsys.domain.access import Role
from evalsys.domain.live.screen_kinds import RULES, ScreenKind
from evalsys.domain.live.views import View
from evalsys.errors import InvalidInput, NotAllowed, NotFound
from evalsys.ids import LiveId, is_id
from evalsys.ports import Broadcaster
from evalsys.realtime.fanout import Fanout
from evalsys.realtime.guards import Message, Pushes, push_public
from evalsys.realtime.stream import Own, Streams
from evalsys.services.screen_links import ScreenLinks
from evalsys.services.screens import AIRED, OUTSIDE, VIEWS, Screens

HEAD_EVERY_S = 2
"""How often every screen is told how far the record has come, so that a deaf one notices."""

DUE_EVERY_S = 0.5
"""How late, beyond its delay, something may come to those who look on from outside."""

FOLLOW_EVERY_S = 1
"""How soon screens show what another process recorded, the tally for one."""

Publish = Callable[[LiveId], None]
Login = Callable[[], object]
"""Says who is signed in, as often as it is asked."""
Told = Callable[[LiveId, str, int], None]
"""Hears which picture which audience was shown."""
_STAFF = tuple(kind for kind, rule in RULES.items() if rule.audience == "console")
_CONSOLE_ROLES = {Role.OPERATOR, Role.HOST, Role.AUDITOR}
_log = logging.getLogger(__name__)


def _nowhere(_live: LiveId) -> None:
    """Nobody publishes before `attach`."""


def _nobody() -> None:
    """Nobody is signed in before `attach`."""


def _never(_sid: str, _word: str) -> None:
    """Nobody is hung up on before `attach`."""


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
        self._curtains: dict[LiveId, object] = {}
        """The number of the curtain that the screens of each session were told of."""
        self._followed: Mapping[LiveId, int] | None = None
        self._publish: Publish = _nowhere
        self._told: Told = _unheard
        self._links: ScreenLinks | None = None
        self._login: Callable[[], Login] = lambda: _nobody
        self._hang_up: Callable[[str, str], object] = _never
        self._first: Publish = _nowhere
        self._late: set[LiveId] = set()
        self._by_link: dict[str, tuple[LiveId, Mapping[str, str]]] = {}
        """The screens that a link let in."""

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
        pushes.on_gone(self._gone)
        self._hang_up = pushes.hang_up
        self._login = pushes.login

    def tell_first(self, first: Publish) -> None:
        """Call `first` with each session whose record grew, before any picture of it is made."""
        self._first = first

    def stream(self, live: str) -> Response:
        """Answer with the public picture of a session, now and whenever it changes.

        Whoever is not known to be in the hall is given what the web may know.

        Raises:
            NotFound: there is no such session.
        """
        if self._screens is None or not is_id(live):
            raise NotFound("没有这场会议。", remedy="请从首页的会议列表进入。")
        screens, of, login, held = self._screens, LiveId(live), self._login(), {**request.args}
        near = OUTSIDE not in held and self._is_in_the_hall(of, held, login)
        audience = "public" if near else AIRED

        def own() -> Own:
            kind = self._opened_by(of, held)
            dark = None if kind is None else screens.is_dark(of, kind, held["screen"])
            return Own(not near or self._is_in_the_hall(of, held, login), dark)

        return self._streams.answer(_room(of, audience), self._view(screens, of, audience), own)

    @override
    def announce(self, live: LiveId, head_seq: int) -> None:
        self._announced[live] = head_seq
        if self._screens is None:
            return
        try:
            self._draw_curtain(self._screens, live)
            self._streams.look(_room(live, audience) for audience in ("public", AIRED))
            self._first(live)
            # What the hall and the broadcast look at comes before what staff work with.
            self._show_followed(self._screens, live, "public")
            self._air(self._screens, live)
            for audience in VIEWS.keys() - {"public"}:
                self._show_followed(self._screens, live, audience)
            self._publish(live)
            self._drop_revoked(live)
        except Exception:  # noqa: BLE001 - screens must never undo what was recorded
            # What is recorded stands; the next head tells the screens that they missed something.
            _log.exception("screens of session %s were not told of event %s", live, head_seq)

    def _draw_curtain(self, screens: Screens, live: LiveId) -> None:
        """Tell every screen at once what is dark or lit now, before any picture is made."""
        curtain = screens.curtain(live)
        if self._curtains.get(live) == curtain["n"]:
            return
        self._curtains[live] = curtain["n"]
        for audience in (*VIEWS, AIRED):
            self._fanout.send(_room(live, audience), "curtain", {"live": live, "control": curtain})

    def _show_followed(self, screens: Screens, live: LiveId, audience: str) -> None:
        if self._is_followed(live, audience):
            self._show(live, audience, screens.view(live, audience))

    def _is_followed(self, live: LiveId, audience: str) -> bool:
        room = _room(live, audience)
        return self._streams.is_followed(room) or self._fanout.is_followed(room)

    def _show(self, live: LiveId, audience: str, view: View) -> None:
        """Send a picture that its audience has not seen; what is hidden from it moves nothing.

        Two that are made at once come in either order; only the newer one stays.
        """
        seq = _seq(view)
        if self._shown.get((live, audience), 0) >= seq:
            return
        self._shown[live, audience] = seq
        self._told(live, audience, seq)
        self._fanout.send(_room(live, audience), "view", view)
        if audience in {"public", AIRED}:
            self._streams.tell(_room(live, audience), view)

    def show_due(self) -> None:
        """Show everybody outside what came out of the delay since the last look."""
        if self._screens is not None:
            for live in tuple(self._late):
                self._air(self._screens, live)

    def _air(self, screens: Screens, live: LiveId) -> None:
        self._late.discard(live)
        if self._is_followed(live, AIRED):
            self._show(live, AIRED, self._view(screens, live, AIRED))

    def _drop_revoked(self, live: LiveId) -> None:
        """Hang up on the screens whose link was taken back; loaded anew, they say so."""
        for sid, (of, held) in tuple(self._by_link.items()):
            if of == live and not self._has_link(live, held, RULES):
                self._by_link.pop(sid, None)
                self._fanout.leave(sid)
                self._hang_up(sid, "revoked")

    def _gone(self, sid: str) -> None:
        self._by_link.pop(sid, None)
        self._fanout.leave(sid)

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
            audience not in {*VIEWS, AIRED}
        ):
            raise InvalidInput("订阅的会议或身份不对。", remedy="请刷新这一页。", place="subscribe")
        by_link = self._has_link(LiveId(live), message, RULES)
        if audience == "public" and not self._is_in_the_hall(LiveId(live), message, pushes.login()):
            audience = AIRED
        if audience == "console" and not self._has_link(LiveId(live), message):
            caller = pushes.caller()
            if caller is None or caller.role not in _CONSOLE_ROLES:
                raise NotAllowed("您的角色不能看控制台。", remedy="请用操作员或主持人账号登录。")
        if by_link:
            held = {name: str(message[name]) for name in ("screen", "key")}
            self._by_link[request.sid] = LiveId(live), held  # type: ignore[attr-defined]  # Flask-SocketIO sets it
        return {"view": self._entered(screens, LiveId(live), audience)}

    def _entered(self, screens: Screens, live: LiveId, audience: str) -> View:
        """Let the asking screen follow, and give the picture that it begins with."""
        announced = self._announced.get(live)
        view = self._view(screens, live, audience)
        if not self._is_followed(live, audience):
            self._shown[live, audience] = _seq(view)  # of nothing before was anybody told
            self._told(live, audience, _seq(view))
        self._fanout.join(_room(live, audience), request.sid, request.environ)  # type: ignore[attr-defined]  # Flask-SocketIO sets it
        newest = self._shown.setdefault((live, audience), _seq(view))
        if newest > _seq(view) or self._announced.get(live) != announced:
            view = self._view(screens, live, audience)  # pushed while we looked, before it joined
        return view

    def _view(self, screens: Screens, live: LiveId, audience: str) -> View:
        if audience != AIRED:
            return screens.view(live, audience)
        view = screens.aired(live)
        if screens.is_late(live):
            self._late.add(live)
        return view

    def _is_in_the_hall(self, live: LiveId, held: Mapping[str, object], login: Login) -> bool:
        """Whether this screen may be ahead of the web: by a link, a key, or somebody signed in."""
        key = held.get("hall")
        if isinstance(key, str) and self._links and self._links.admits_to_hall(live, key):
            return True
        return self._has_link(live, held, RULES) or login() is not None

    def _has_link(
        self, live: LiveId, message: Mapping[str, object], of: Collection[ScreenKind] = _STAFF
    ) -> bool:
        return self._opened_by(live, message) in of

    def _opened_by(self, live: LiveId, message: Mapping[str, object]) -> ScreenKind | None:
        name, key = message.get("screen"), message.get("key")
        if self._links is None or not (isinstance(name, str) and isinstance(key, str)):
            return None
        return self._links.opened_by(live, name, key)


def _seq(view: View) -> int:
    seq = view["seq"]
    assert isinstance(seq, int)  # noqa: S101 - of every picture, for the type checker
    return seq


def _room(live: LiveId, audience: str) -> str:
    return f"{live}/{audience}"
