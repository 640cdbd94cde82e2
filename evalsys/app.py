"""Wiring: settings in, a Flask application out, and nothing else."""

from flask import Flask

from evalsys.assets import assets_root
from evalsys.clock import utc_now
from evalsys.services.access import Access
from evalsys.services.audit import AuditTrail
from evalsys.services.rooms import Rooms
from evalsys.settings import Settings
from evalsys.store.database import Database
from evalsys.web.guards import check_every_route_declares, guard_requests, public
from evalsys.web.headers import protect_answers
from evalsys.web.rooms import install_rooms


def build_rooms(settings: Settings) -> Rooms:
    """Build every service of one installation."""
    database = Database(settings.database_url)
    return Rooms(access=Access(database, utc_now), audit=AuditTrail(database))


def create_app(settings: Settings) -> Flask:
    """Build the application of one installation.

    Raises:
        RuntimeError: a route does not declare who may use it.
    """
    root = assets_root()
    app = Flask(
        "evalsys", template_folder=str(root / "templates"), static_folder=str(root / "static")
    )
    app.secret_key = settings.secret_key
    app.config.update(LOGIN_COOKIE="__Host-login" if settings.secure_cookies else "login")
    install_rooms(app, build_rooms(settings))
    protect_answers(app, https=settings.secure_cookies)
    guard_requests(app)
    public(app.view_functions["static"])
    check_every_route_declares(app)
    return app
