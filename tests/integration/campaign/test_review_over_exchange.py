"""A household hears its own comment over the local exchange: app, wire and sounds are all real."""

import json
from collections.abc import Iterable
from pathlib import Path
from threading import Thread
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from sqlalchemy import select
from werkzeug.serving import make_server

from evalsys.errors import NotFound
from evalsys.store.database import Database
from evalsys.store.schema.campaigns import CampaignAnswer, CampaignAttempt
from evalsys.telephony.gateway import TwilioGateway
from tests.calling import HOUSEHOLDS, truth_of
from tests.campaigning import Field
from tests.exchange_process import Exchange
from tests.living import until
from tests.processes import free_port
from tests.roster_rows import code_of


@pytest.mark.on_sqlite
def test_the_comment_is_fetched_played_kept_and_erased(database: Database, tmp_path: Path) -> None:
    exchange, port = Exchange(tmp_path, [], speed=20), free_port()
    public_url = f"http://127.0.0.1:{port}"
    field = Field(database, tmp_path, telephony_url=exchange.url, public_url=public_url)
    played: list[str] = []

    def listening(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        def noted(status: str, headers: list[tuple[str, str]], *more: object) -> object:
            if "/comment/" in environ["PATH_INFO"] and environ["REQUEST_METHOD"] == "GET":
                played.append(status)
            return start(status, headers, *more)  # type: ignore[arg-type]  # passed on as it came

        return field.app(environ, noted)  # type: ignore[arg-type]  # the same

    server = make_server("127.0.0.1", port, listening, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        field.plan()
        truth = [
            truth_of(0, h, pin=field.pin_of(code_of(0, h)), behaviour="usual")
            for h in range(HOUSEHOLDS)
        ]
        (tmp_path / "truth.jsonl").write_text("\n".join(map(json.dumps, truth)))
        exchange.start(field.settings)
        field.watch.forward(seconds=1)
        field.tick()
        until(lambda: _reviewed(field) != "", 90)
        recording = _reviewed(field)
        gateway = TwilioGateway(field.settings)
        assert gateway.recording(recording).startswith(b"RIFF")
        gateway.erase(recording)
        gateway.erase(recording)
        with pytest.raises(NotFound):
            gateway.recording(recording)
        assert set(played) == {"200 OK"}
    finally:
        exchange.stop()
        server.shutdown()
        thread.join()
        server.server_close()
        field.close()


def _reviewed(field: Field) -> str:
    """Name the recording of a household that heard it and pressed a key."""
    answered = select(CampaignAnswer.attempt).where(CampaignAnswer.asked.like("review/%"))
    query = select(CampaignAttempt.recording).where(
        CampaignAttempt.id.in_(answered), CampaignAttempt.recording != ""
    )
    with field.database.read() as db:
        return db.scalars(query.limit(1)).first() or ""
