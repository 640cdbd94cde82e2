"""Who may send each socket message: declared on the handler, checked at every message.

    @push_allow(Role.OPERATOR)
    def take_over(data: Message) -> Message: ...

    pushes.on("take_over", take_over)

Flask's `before_request` does not run for socket messages, so the check sits around each
handler; the application refuses to start with a handler that has none.
"""

import logging
import secrets
from collections.abc import Callable, Mapping
from functools import wraps

from flask import request
from flask_socketio import SocketIO
from socketio import Server

from evalsys.domain.access import Door, Entrance, Person, Role
from evalsys.errors import EvalsysError, NotAllowed, NotSignedIn
from evalsys.services.access import Access
from evalsys.store.faults import refusal_of

Message = Mapping[str, object]
"""JSON object of a message or its acknowledgement; a refusal is `{"error": {code, what ...}}`."""
Handler = Callable[[Message], Message]
Told = Callable[[EvalsysError], dict[str, str]]

_MARK = "evalsys_door"
_GUARDED = "evalsys_guarded"
_log = logging.getLogger(__name__)


def push_public(handler: Handler) -> Handler:
    """Let everybody send this message. Listed by name in the tests."""
    return _mark(handler, Door(Entrance.PUBLIC))


def push_allow(*roles: Role) -> Callable[[Handler], Handler]:
    """Let people who are signed in with one of `roles` send this message."""
    door = Door.for_roles(roles)
    return lambda handler: _mark(handler, door)


def push_by_screen(handler: Handler) -> Handler:
    """Leave this message to its handler, which verifies the screen's signed link."""
    return _mark(handler, Door(Entrance.SCREEN))


class Pushes:
    """The socket handlers of one application, and the logins behind its open sockets."""

    def __init__(
        self, socket: SocketIO, access: Access, login_cookie: str, told: Told = EvalsysError.to_json
    ) -> None:
        """Guard the handlers of `socket` by the login in the handshake's cookies.

        `told` says a refusal in the language of whoever sent the message.
        """
        self._told = told
        self._socket = socket
        self._access = access
        self._login_cookie = login_cookie
        self._tokens: dict[str, str] = {}
        self._farewells: list[Callable[[str], object]] = []
        socket.on("connect")(_guarded(self._connected))
        socket.on("disconnect")(_guarded(self._disconnected))

    def on(self, name: str, handler: Handler) -> None:
        """Call `handler` for messages called `name` from those whom it admits.

        Raises:
            RuntimeError: the handler does not declare who may send the message.
        """
        door = door_of_push(handler)
        if door is None:
            raise RuntimeError(f"socket handler {name!r} does not declare who may use it")

        @wraps(handler)
        def answer(data: object = None, *_more: object) -> Message:
            try:
                self._check(door)
                return handler(data if isinstance(data, dict) else {})
            except EvalsysError as error:
                return {"error": self._told(error)}
            except Exception as error:  # noqa: BLE001 - the screen must hear that it failed
                if known := refusal_of(error):
                    return {"error": self._told(known)}
                incident = secrets.token_hex(4)
                _log.exception("incident %s in socket message %s", incident, name)
                return {"error": {**self._told(_internal()), "incident": incident}}

        self._socket.on(name)(_guarded(answer))

    def on_gone(self, farewell: Callable[[str], object]) -> None:
        """Call `farewell` with the identity of every socket that closes."""
        self._farewells.append(farewell)

    def caller(self) -> Person | None:
        """Return who is signed in on the socket whose message is being handled, or nobody."""
        return self.login()()

    def login(self) -> Callable[[], Person | None]:
        """Return who says, at any later moment, whether the asking person is still signed in."""
        token = request.cookies.get(self._login_cookie, "")
        return lambda: self._access.person(token) if token else None

    def hang_up(self, sid: str, last_word: str) -> None:
        """Send one last message without content, and disconnect."""
        self._socket.emit(last_word, {}, to=sid)
        _server(self._socket).disconnect(sid, namespace="/")

    def drop_ended_logins(self) -> None:
        """Disconnect the sockets of people who signed out, expired or were disabled."""
        for token in set(self._tokens.values()):
            if self._access.person(token) is not None:
                continue
            for sid in [sid for sid, known in self._tokens.items() if known == token]:
                self._tokens.pop(sid, None)
                _server(self._socket).disconnect(sid, namespace="/")

    def _check(self, door: Door) -> None:
        if door.entrance is Entrance.SCREEN:
            return  # its handler looks for the signed link
        person = self.caller() if door.entrance is Entrance.SIGNED_IN else None
        if door.admits(person):
            return
        if person is None:
            raise NotSignedIn("登录已失效。", remedy="请重新登录后再打开这一页。")
        raise NotAllowed("您的角色不能这样做。", remedy="请用有权限的账号登录。")

    def _connected(self, _auth: object = None) -> None:
        if self.caller() is not None:
            self._tokens[request.sid] = request.cookies[self._login_cookie]  # type: ignore[attr-defined]  # Flask-SocketIO sets it

    def _disconnected(self, _reason: object = None) -> None:
        sid: str = request.sid  # type: ignore[attr-defined]  # Flask-SocketIO sets it
        self._tokens.pop(sid, None)
        for farewell in self._farewells:
            farewell(sid)


def check_every_push_declares(socket: SocketIO) -> None:
    """Refuse to start with a socket handler that nothing guards.

    Raises:
        RuntimeError: names every such handler.
    """
    silent = sorted(
        f"{namespace} {name}"
        for namespace, handlers in _server(socket).handlers.items()
        for name, handler in handlers.items()
        if not getattr(handler, _GUARDED, False)
    )
    if silent:
        raise RuntimeError(f"socket handlers that nothing guards: {', '.join(silent)}")


def door_of_push(handler: object) -> Door | None:
    """Return what a registered handler declares; connect and disconnect declare nothing."""
    door = getattr(handler, _MARK, None)
    return door if isinstance(door, Door) else None


def _server(socket: SocketIO) -> Server:
    if socket.server is None:
        raise RuntimeError("attach the socket to an application first")
    server: Server = socket.server
    return server


def _guarded(handler: Callable[..., object]) -> Callable[..., object]:
    @wraps(handler)
    def guarded(*args: object) -> object:
        return handler(*args)

    setattr(guarded, _GUARDED, True)
    return guarded


def _mark(handler: Handler, door: Door) -> Handler:
    setattr(handler, _MARK, door)
    return handler


class _InternalError(EvalsysError):
    """Something that nobody foresaw; the log has it under the incident's number."""

    code = "internal"


def _internal() -> EvalsysError:
    return _InternalError(
        "系统内部出错，您的操作可能没有完成。",
        remedy="请刷新后核对，再决定是否重做；并把事件编号告诉管理员。",
    )
