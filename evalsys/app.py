"""Wiring: settings in, a Flask application out, and nothing else."""

from flask import Flask

from evalsys.assets import assets_root
from evalsys.settings import Settings


def create_app(settings: Settings) -> Flask:
    """Build the application of one installation."""
    root = assets_root()
    app = Flask(
        "evalsys", template_folder=str(root / "templates"), static_folder=str(root / "static")
    )
    app.secret_key = settings.secret_key
    return app
