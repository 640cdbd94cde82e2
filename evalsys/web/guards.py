"""Who may pass each route: declared on the view, checked before every request (deny by default).

    @blueprint.get("/console/<live>")
    @allow(Role.OPERATOR)
    def console(live: str) -> str: ...

The mark sits directly on the view function, under the route. The application refuses
to start while any route carries none (`check_every_route_declares`).
"""

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, current_app, g, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFProtect
from werkzeug.routing import IntegerConverter, Map

from evalsys.domain.access import Door, Entrance, Person, Role
from evalsys.domain.live.screen_kinds import RULES, ScreenKind
from evalsys.errors import InvalidInput, NotAllowed, NotSignedIn
from evalsys.ids import LiveId
from evalsys.web.rooms import rooms
from evalsys.web.words import role_name

_LARGEST = 2**31 - 1
_MARK = "evalsys_door"
_KINDS = "evalsys_screen_kinds"

View = TypeVar("View", bound=Callable[..., object])

csrf = CSRFProtect()


def public(view: View) -> View:
    """Open this route to everybody. Listed by name in the tests."""
    return _mark(view, Door(Entrance.PUBLIC))


def allow(*roles: Role) -> Callable[[View], View]:
    """Open this route to people signed in with one of `roles`."""
    door = Door.for_roles(roles)
    return lambda view: _mark(view, door)


def by_carrier(view: View) -> View:
    """Leave this route to its handler, which verifies the carrier's signature."""
    return _mark(view, Door(Entrance.CARRIER))


def by_program(view: View) -> View:
    """Leave this route to its handler, which verifies a program's key."""
    return _mark(view, Door(Entrance.PROGRAM))


def by_household(view: View) -> View:
    """Leave this route to its handler, which verifies that a household got in by its code."""
    return _mark(view, Door(Entrance.HOUSEHOLD))


def by_seat(view: View) -> View:
    """Leave this route to its handler, which verifies the panel device's token."""
    return _mark(view, Door(Entrance.SEAT))


def by_screen(*kinds: ScreenKind) -> Callable[[View], View]:
    """Open this route to a screen with a signed link to one of `kinds`, or to their roles."""
    roles = frozenset(role for kind in kinds for role in RULES[kind].roles)

    def mark(view: View) -> View:
        setattr(view, _KINDS, kinds)
        return _mark(view, Door(Entrance.SCREEN, roles))

    return mark


def door_of(view: object) -> Door | None:
    """Return what a view declares, or nothing when it declares nothing."""
    door = getattr(view, _MARK, None)
    return door if isinstance(door, Door) else None


def check_every_route_declares(app: Flask) -> None:
    """Refuse to start with a route that does not say who may use it.

    Raises:
        RuntimeError: names every route without any of the marks above.
    """
    silent = sorted(
        {
            f"{rule.rule} ({rule.endpoint})"
            for rule in app.url_map.iter_rules()
            if door_of(app.view_functions[rule.endpoint]) is None
        }
    )
    if silent:
        raise RuntimeError(f"routes that do not declare who may use them: {', '.join(silent)}")


def visitor() -> Person | None:
    """Return who is signed in on this request, or nobody."""
    if "visitor" not in g:
        token = request.cookies.get(current_app.config["LOGIN_COOKIE"], "")
        g.visitor = rooms().access.person(token) if token else None
    found: Person | None = g.visitor
    return found


def signed_in() -> Person:
    """Return who is signed in.

    Raises:
        NotSignedIn: nobody is.
    """
    person = visitor()
    if person is None:
        raise NotSignedIn(_("请先登录。"), remedy=_("登录后会回到这一页。"))
    return person


class _Number(IntegerConverter):
    """A number in an address: what no table can hold leads nowhere, rather than to an error."""

    def __init__(self, numbers_of: Map, *, max: int = _LARGEST, min: int = 0) -> None:  # noqa: A002 - as addresses write it
        super().__init__(numbers_of, min=min, max=max)


def guard_requests(app: Flask) -> None:
    """Check the door, and the CSRF token of what is posted, before every request."""
    app.url_map.converters["int"] = _Number
    app.config.update(
        WTF_CSRF_CHECK_DEFAULT=False,  # `_check_door` asks, except of the carrier
        WTF_CSRF_TIME_LIMIT=None,  # a console stays open all day; the token ends with the login
        WTF_CSRF_SSL_STRICT=False,  # it wants a Referer, and our pages send none
    )
    csrf.init_app(app)
    app.before_request(_check_door)


def _check_door() -> None:
    if request.endpoint is None:
        return  # no such page: the router's 404 or 405 follows
    view = current_app.view_functions[request.endpoint]
    door = door_of(view)
    if door is None:
        raise NotAllowed(_("这个地址没有说明谁可以使用。"), remedy=_("请联系系统管理员。"))
    by_role = door.entrance in {Entrance.SIGNED_IN, Entrance.SCREEN}
    if not _has_link(view) and not door.admits(visitor() if by_role else None):
        live = LiveId((request.view_args or {}).get("live", ""))
        refuse_revoked_link(live, *getattr(view, _KINDS, ()))
        signed_in()  # nobody at all: asks to sign in instead
        needed = _("、").join(role_name(role) for role in Role if role in door.roles)
        raise NotAllowed(
            _("这一页需要角色：%(roles)s。", roles=needed),
            remedy=_("请用有此角色的账号登录，或联系管理员调整角色。"),
        )
    if door.entrance is Entrance.CARRIER:
        return
    if door.entrance is not Entrance.PROGRAM:  # a program has no form of ours that holds a token
        csrf.protect()
    _refuse_nul()


def _has_link(view: object) -> bool:
    """Whether this request comes from a screen whose signed link opens `view`."""
    kinds: tuple[ScreenKind, ...] = getattr(view, _KINDS, ())
    if not kinds:
        return False
    live = LiveId((request.view_args or {}).get("live", ""))
    name, key = request.args.get("screen", ""), request.args.get("key", "")
    return rooms().links.opened_by(live, name, key) in kinds


def refuse_revoked_link(live: LiveId, *kinds: ScreenKind) -> None:
    """Say to a screen whose link was taken back that it was.

    Raises:
        NotAllowed: it was.
    """
    name, key = request.args.get("screen", ""), request.args.get("key", "")
    if key and any(rooms().links.is_revoked(live, kind, name, key) for kind in kinds):
        raise NotAllowed(
            _("这块屏幕的链接已被收回。"), remedy=_("请向会场技术员要一条新链接，再打开它。")
        )


def is_in_the_hall(live: LiveId) -> bool:
    """Whether whoever asks may be ahead of the web: signed in, by a screen's link, by a device."""
    given = request.args
    if visitor() is not None or rooms().links.admits_to_hall(live, given.get("hall", "")):
        return True
    name, key = given.get("screen", ""), given.get("key", "")
    return rooms().links.opened_by(live, name, key) is not None


def _refuse_nul() -> None:
    """Let no NUL in: no text of ours has one, and PostgreSQL can keep none."""
    views = (request.view_args or {}).values()
    typed = (value for values in request.values.listvalues() for value in values)
    if any("\0" in str(value) for value in (*views, *typed)):
        raise InvalidInput(
            _("内容里有不能使用的控制字符。"), remedy=_("请删去不可见的字符后重新输入。")
        )


def _mark(view: View, door: Door) -> View:
    if door_of(view) is not None:
        raise ValueError(f"{view!r} declares who may use it twice")
    setattr(view, _MARK, door)
    return view
