"""Single rooms for commands that need no more of the application than these."""

from evalsys.clock import utc_now
from evalsys.services.agenda import Agendas
from evalsys.services.aired import Aired
from evalsys.services.followups import FollowUps
from evalsys.services.household_form import HouseholdForms
from evalsys.services.household_room import forms_room
from evalsys.services.live_session import LiveSessions
from evalsys.services.pledges import Pledges
from evalsys.services.tally import Elsewhere
from evalsys.settings import Settings
from evalsys.store.database import Database


def pledges(settings: Settings, database: Database) -> Pledges:
    """Build the pledge room over sessions of which nobody is told."""
    live = LiveSessions(database, utc_now, Elsewhere())
    return Pledges(database, live, Aired(database, live, utc_now), settings.zone, utc_now)


def followed_up(database: Database) -> tuple[LiveSessions, FollowUps]:
    """Build the sessions, and the room that knows who was on stage."""
    live = LiveSessions(database, utc_now, Elsewhere())
    return live, FollowUps(database, live, Aired(database, live, utc_now), utc_now)


def household_forms(settings: Settings, database: Database) -> HouseholdForms:
    """Build the household forms."""
    return forms_room(database, settings.phone_key, utc_now, settings.zone)


def agendas(settings: Settings, database: Database) -> Agendas:
    """Build the agenda room; whoever serves hears of a change from the record."""
    live = LiveSessions(database, utc_now, Elsewhere())
    return Agendas(database, live, pledges(settings, database), utc_now)
