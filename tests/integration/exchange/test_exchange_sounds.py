"""Which sounds the exchange fetches: those of the application, never those of a stranger."""

from collections.abc import Iterator

import pytest
from flask import Response

from evalsys.exchange.sounds import WAVE_TYPE, spoken_stand_in
from tests.exchange_rig import Application, StartExchange, a_truth
from tests.processes import free_port


@pytest.fixture
def stranger() -> Iterator[Application]:
    """Run somebody else's server."""
    app = Application(free_port())
    app.start()
    app.says("/sound", lambda: Response(spoken_stand_in("声音", 1.0), content_type=WAVE_TYPE))
    yield app
    app.stop()


def test_a_sound_of_the_application_is_fetched_and_that_of_a_stranger_is_not(
    application: Application, stranger: Application, start_exchange: StartExchange
) -> None:
    application.says(
        "/sound", lambda: Response(spoken_stand_in("声音", 1.0), content_type=WAVE_TYPE)
    )
    application.says(
        "/voice",
        f"<Play>/sound</Play><Play>{stranger.url('/sound')}</Play><Redirect>/end</Redirect>",
    )
    application.says("/end", "<Hangup/>")
    rig = start_exchange([a_truth()])
    assert rig.finish(rig.dial(application)) == "completed"
    assert len(application.sent_to("/sound")) == 1
    assert len(application.sent_to("/end")) == 1
    assert stranger.hooks == []


def test_a_named_application_is_the_only_place_for_sounds(
    application: Application, stranger: Application, start_exchange: StartExchange
) -> None:
    application.says("/voice", "<Play>/sound</Play><Redirect>/end</Redirect>")
    application.says("/end", f"<Play>{stranger.url('/sound')}</Play>")
    rig = start_exchange([a_truth()], more=["--application-url", stranger.url("")])
    assert rig.finish(rig.dial(application)) == "completed"
    assert application.sent_to("/sound") == []
    assert len(stranger.sent_to("/sound")) == 1
