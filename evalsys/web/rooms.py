"""The services of this application, for views: `rooms().roster`, `rooms().live` and so on."""

from flask import Flask, current_app

from evalsys.services.rooms import Rooms

_KEY = "evalsys_rooms"


def install_rooms(app: Flask, rooms: Rooms) -> None:
    """Give an application its services, once, when it is built."""
    app.extensions[_KEY] = rooms


def rooms() -> Rooms:
    """Return the services of the application that answers this request."""
    return rooms_of(current_app)


def rooms_of(app: Flask) -> Rooms:
    """Return the services of an application."""
    found = app.extensions[_KEY]
    assert isinstance(found, Rooms)  # noqa: S101 - set once by install_rooms, for the type checker
    return found
