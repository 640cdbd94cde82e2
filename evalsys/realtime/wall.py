"""The engineer's wall 屏幕墙: screens tell their names, and are identified and loaded anew."""

from datetime import timedelta

from flask import request
from flask_socketio import SocketIO, join_room

from evalsys.clock import Clock
from evalsys.domain.access import Person, Role
from evalsys.domain.canonical import Json
from evalsys.domain.live.screen_kinds import RULES, ScreenKind
from evalsys.domain.live.screens import Report, Screen, may_identify, screen_name
from evalsys.domain.live.views_control import is_screen_dark
from evalsys.errors import InvalidInput, NotAllowed, RuleViolation
from evalsys.ids import LiveId, is_id
from evalsys.realtime.guards import Message, Pushes, push_allow, push_by_screen
from evalsys.realtime.registry import Registry
from evalsys.services.live_session import LiveSessions
from evalsys.services.screen_links import ScreenLinks

IDENTIFY_S = 8
WALL_EVERY_S = 1
_MOST = 2**53 - 1
"""The largest whole number that a page can tell."""
_LACKS_SHOWN = 20
"""So many missing characters are enough to see what is wrong."""
_REMEDY = "请刷新这一页。"


class ScreenWall:
    """Hears screens and shows them to engineers."""

    def __init__(
        self, socket: SocketIO, links: ScreenLinks, live_sessions: LiveSessions, now: Clock
    ) -> None:
        """Speak over `socket`; `links` says which screens may tell their names."""
        self._socket = socket
        self._links = links
        self._live = live_sessions
        self._now = now
        self._registry = Registry(now)
        self._dark: dict[LiveId, frozenset[tuple[ScreenKind, str]]] = {}
        """Which single screens of each session were told that they are black."""
        self.told = self._registry.tell

    def attach(self, pushes: Pushes) -> None:
        """Let screens and engineers speak through `pushes`."""

        @push_by_screen
        def screen(message: Message) -> Message:
            return self._enter(message, pushes.caller())

        @push_by_screen
        def beat(message: Message) -> Message:
            seq, hidden = _count(message, "seq"), message.get("hidden") is True
            known = self._registry.hear(_sid(), seq, hidden=hidden)
            return {"known": known is not None, **({"dark": self._is_dark(known)} if known else {})}

        @push_allow(Role.ENGINEER, Role.OPERATOR)
        def wall(message: Message) -> Message:
            live = _read_live(message)
            join_room(_room(live))
            return self._told(live)

        @push_allow(Role.ENGINEER, Role.OPERATOR)
        def screen_do(message: Message) -> Message:
            return self._do(message)

        for handler in (screen, beat, wall, screen_do):
            pushes.on(handler.__name__, handler)
        pushes.on_gone(self._registry.leave)

    def screens_of(self, live: LiveId) -> tuple[Screen, ...]:
        """List the screens of a session that are there now."""
        return tuple(one for one in self._registry.of(live) if not one.gone)

    def show(self) -> None:
        """Show every wall its screens as they are now; the hall's staff hear of sub-venues."""
        for live in self._registry.sessions():
            self._socket.emit("screens", self._told(live), to=_room(live))
            venues = [_venue(one) for one in self._registry.of(live) if not one.gone]
            told = {"live": live, "venues": [venue for venue in venues if venue]}
            self._socket.emit("venues", told, to=_staff_room(live))

    def obey(self, live: LiveId) -> None:
        """Tell single screens at once that they were darkened or lit, and the wall with them."""
        dark, before = self._live.state(live).control.dark_screens, self._dark.get(live)
        if dark == before:
            return
        self._dark[live] = dark
        for kind, name in dark ^ (before or frozenset()):
            for sid in self._registry.sockets_of(live, kind, name):
                self._socket.emit("dark", {"dark": (kind, name) in dark}, to=sid)
        self._socket.emit("screens", self._told(live), to=_room(live))

    def _is_dark(self, screen: Screen) -> bool:
        return is_screen_dark(self._live.state(screen.live), screen.kind, screen.name)

    def _told(self, live: LiveId) -> Message:
        """Give the wall its screens, and those that are dark and not there."""
        there = {(one.kind, one.name) for one in self._registry.of(live)}
        absent = sorted(self._live.state(live).control.dark_screens - there)
        return {
            "live": live,
            "screens": self._screens(live),
            "dark": [{"kind": kind.value, "name": name} for kind, name in absent],
        }

    def _enter(self, message: Message, caller: Person | None) -> Message:
        live, kind = _read_live(message), _read_kind(message)
        name, key = screen_name(message.get("name")), message.get("key")
        by_link = isinstance(key, str) and self._links.admits(live, kind, name, key)
        if not by_link and (caller is None or caller.role not in (RULES[kind].roles or Role)):
            raise NotAllowed(
                "这块屏幕没有有效的链接，不能登记。", remedy="请从屏幕墙取得它的链接后打开。"
            )
        self._live.state(live)
        now = self._now()
        screen = Screen(
            live=live,
            kind=kind,
            name=name,
            build=str(message.get("build", ""))[:16],
            width=_count(message, "width"),
            height=_count(message, "height"),
            since=now,
            heard_at=now,
            lacks=_read_lacks(message),
            report=_read_report(message) if kind is ScreenKind.SUBVENUE_DESK else None,
        )
        if RULES[kind].audience == "console":
            join_room(_staff_room(live))
        entered = self._registry.enter(_sid(), screen)
        return {"id": entered.id, "dark": self._is_dark(entered)}

    def _do(self, message: Message) -> Message:
        live, act, number = _read_live(message), message.get("act"), message.get("id")
        if act == "identify" and number is None:
            for one in self._registry.of(live):
                if not one.gone and self._may_identify(one):
                    self._identify(one)
            return {}
        chosen = next((one for one in self._registry.of(live) if one.id == number), None)
        if chosen is None or act not in {"identify", "reload", "forget"}:
            raise InvalidInput("没有这块屏幕，或没有这个操作。", remedy=_REMEDY, place="screen_do")
        if act == "forget":
            self._registry.forget(live, chosen.id)
        elif act == "reload":
            self._socket.emit("reload", {}, to=self._registry.socket_of(live, chosen.id))
        elif self._may_identify(chosen):
            self._identify(chosen)
        else:
            raise RuleViolation(
                "正在播出：观众看得到的画面上不能显示屏幕名称。",
                remedy="请在会前、会后或彩排时辨认；现在可看墙上的尺寸和延迟。",
            )
        return {}

    def _may_identify(self, screen: Screen) -> bool:
        state = self._live.state(screen.live)
        rehearsal = bool(state.plan and state.plan.rehearsal)
        return may_identify(state.phase, on_air=RULES[screen.kind].on_air, rehearsal=rehearsal)

    def _identify(self, screen: Screen) -> None:
        shown = {"name": screen.name, "kind": screen.kind.value, "for_s": IDENTIFY_S}
        self._socket.emit("identify", shown, to=self._registry.socket_of(screen.live, screen.id))

    def _screens(self, live: LiveId) -> list[Json]:
        now, state = self._now(), self._live.state(live)
        shown: list[Json] = []
        for one in self._registry.of(live):
            head = self._registry.head_of(one)
            shown.append(
                {
                    "id": one.id,
                    "kind": one.kind.value,
                    "name": one.name,
                    "build": one.build,
                    "size": [one.width, one.height],
                    "seq": one.seq,
                    "head": head.seq if head else one.seq,
                    "lag_ms": one.lag(head, now) // timedelta(milliseconds=1),
                    "standing": one.standing(head, now).value,
                    "silent_s": (now - one.heard_at) // timedelta(seconds=1),
                    "on_air": RULES[one.kind].on_air,
                    "darkens": RULES[one.kind].output,
                    "dark": is_screen_dark(state, one.kind, one.name),
                    "lacks": one.lacks,
                    "venue": _venue(one),
                }
            )
        return shown


def _venue(screen: Screen) -> Json:
    if screen.report is None:
        return None
    report = screen.report
    return {
        "name": screen.name,
        "present": report.present,
        "picture": report.picture,
        "sound": report.sound,
        "asks": report.asks,
    }


def _read_live(message: Message) -> LiveId:
    live = message.get("live")
    if not (isinstance(live, str) and is_id(live)):
        raise InvalidInput("没有说明是哪场会议。", remedy=_REMEDY, place="live")
    return LiveId(live)


def _read_kind(message: Message) -> ScreenKind:
    try:
        return ScreenKind(str(message.get("kind")))
    except ValueError:
        raise InvalidInput("没有这种画面。", remedy=_REMEDY, place="kind") from None


def _read_report(message: Message) -> Report:
    told = message.get("report")
    if not isinstance(told, dict):
        return Report()
    present = _count(told, "present")
    return Report(present, *(told.get(sign) is True for sign in ("picture", "sound", "asks")))


def _read_lacks(message: Message) -> str | None:
    told = message.get("lacks")
    return told[:_LACKS_SHOWN] if isinstance(told, str) else None


def _count(message: Message, name: str) -> int:
    value = message.get(name, 0)
    if type(value) is not int or not 0 <= value <= _MOST:
        raise InvalidInput("应为非负整数。", remedy=_REMEDY, place=name)
    return value


def _sid() -> str:
    sid: str = request.sid  # type: ignore[attr-defined]  # Flask-SocketIO sets it
    return sid


def _room(live: LiveId) -> str:
    return f"{live}/wall"


def _staff_room(live: LiveId) -> str:
    return f"{live}/staff"
