"""A campaign over a small county: application, carrier on the wire, and a clock of its own."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from wsgiref.types import WSGIApplication

from flask import Flask
from sqlalchemy import select
from typing_extensions import override
from werkzeug.test import TestResponse

from evalsys.app import create_app
from evalsys.domain.campaign.plan import Kind
from evalsys.domain.campaign.policy import Contact
from evalsys.domain.campaign.wanted import Wanted
from evalsys.ids import CampaignId
from evalsys.services.campaign_calls import CampaignCalls
from evalsys.services.campaign_dialler import CampaignDialler
from evalsys.services.campaign_inbound import CampaignInbound
from evalsys.services.campaign_links import CampaignLinks
from evalsys.services.campaign_outcomes import CampaignOutcomes
from evalsys.services.campaign_recordings import CampaignRecordings
from evalsys.services.campaigns import Campaigns, Status
from evalsys.services.casework_desk import CaseworkDesk
from evalsys.services.interview_scripts import InterviewScripts
from evalsys.services.rooms import CampaignRoom, Rooms
from evalsys.services.roster_import import RosterImport
from evalsys.store.ballot_box import BallotSlot
from evalsys.store.casework_policy import shipped_policy
from evalsys.store.database import Database
from evalsys.store.phone_box import PhoneBox
from evalsys.store.schema.campaigns import (
    CampaignAttempt,
    CampaignBallot,
    CampaignContact,
    CampaignMember,
    CampaignPending,
)
from evalsys.telephony.gateway import TwilioGateway
from evalsys.telephony.scripts import interview_scripts
from evalsys.web.rooms import install_rooms
from tests.accounts import rooms_of
from tests.builders import some_settings
from tests.calling import Carrier, fill_county, posted
from tests.roster_papers import Tables, papers, write_csv

TEN = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
"""10:00 in Shanghai, a Tuesday."""


@dataclass
class Watch:
    """A clock that a test moves."""

    at: datetime = TEN

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **span: float) -> None:
        self.at += timedelta(**span)


class Field:
    """An application with campaigns, whose calls a test's carrier takes."""

    def __init__(self, database: Database, data_dir: Path, **settings: str) -> None:
        address = database.engine.url.render_as_string(hide_password=False)
        self.settings = replace(some_settings(address, data_dir), **settings)  # type: ignore[arg-type]  # tests name fields
        self.database = database
        self.watch = Watch()
        self.fill()
        self.app: Flask = create_app(self.settings)
        self.rooms: Rooms = rooms_of(self.app)
        self.room = self._own_room()
        install_rooms(self.app, replace(self.rooms, campaign=self.room))
        self.campaign = CampaignId("")

    def fill(self) -> None:
        """Write the county: two cadres of six households."""
        fill_county(self.database, self.settings)

    def _own_room(self) -> CampaignRoom:
        """The same services as the application's, on the test's clock."""
        settings, database, zone = self.settings, self.database, self.settings.zone
        scripts = InterviewScripts(database, interview_scripts(), self.watch)
        slot = BallotSlot(settings.tally_public_key)
        box = PhoneBox(settings.phone_key, settings.index_key)
        calls = CampaignCalls(
            database,
            self.rooms.score,
            slot,
            scripts,
            settings.index_key,
            self.watch,
            zone,
            CaseworkDesk(database, shipped_policy(), self.watch, zone),
        )
        gateway = TwilioGateway(settings)
        dialler = CampaignDialler(database, calls, gateway, box, self.watch, zone)
        links = CampaignLinks(database, calls, gateway, box, settings.public_url, self.watch)
        recordings = CampaignRecordings(database, calls, gateway)
        plans = Campaigns(database, scripts, self.watch, zone)
        outcomes = CampaignOutcomes(database, self.watch, zone)
        inbound = CampaignInbound(database, calls, box, self.watch)
        return CampaignRoom(plans, calls, inbound, dialler, links, recordings, outcomes)

    def plan(self, kind: Kind = Kind.ANNUAL, **wanted: object) -> CampaignId:
        """Plan a campaign and start it."""
        asked = replace(Wanted(kind, "年度评议"), **wanted)  # type: ignore[arg-type]  # tests name fields
        self.campaign = self.room.plans.plan(asked, actor="op")[0].id
        self.room.plans.start(self.campaign, actor="op")
        return self.campaign

    @property
    def status(self) -> Status:
        return self.room.plans.status(self.campaign)

    def tick(self) -> int:
        return self.room.dialler.tick(self.watch.at)

    def member(self, household: str) -> CampaignMember:
        """A household's case as the table holds it."""
        with self.database.read() as db:
            mine = select(CampaignMember).where(
                CampaignMember.campaign == self.campaign, CampaignMember.household == household
            )
            found = db.scalars(mine).one()
            db.expunge_all()
            return found

    def contacts(self, household: str) -> list[Contact]:
        with self.database.read() as db:
            found = db.scalars(
                select(CampaignContact.contact)
                .where(CampaignContact.member == self.member(household).id)
                .order_by(CampaignContact.n)
            )
            return [Contact(each) for each in found]

    def attempts(self) -> list[CampaignAttempt]:
        with self.database.read() as db:
            ordered = select(CampaignAttempt).order_by(CampaignAttempt.placed_at)
            found = list(db.scalars(ordered))
            db.expunge_all()
            return found

    def count(self, table: type[CampaignBallot] | type[CampaignPending]) -> int:
        with self.database.read() as db:
            return len(db.scalars(select(table)).all())

    def pin_of(self, household: str) -> str:
        return self.room.calls.pins.pin_of(self.campaign, household, 6)

    def close(self) -> None:
        self.rooms.calls._database.close()


class Imported(Field):
    """An application whose county came in by files."""

    @override
    def fill(self) -> None:
        hand_in(self, self.settings.data_dir, self.tables())

    def tables(self) -> Tables:
        """What the county hands in."""
        return papers()


def hand_in(field: Field, folder: Path, tables: Tables) -> None:
    """Import tables through CSV files, on the field's clock."""
    box = PhoneBox(field.settings.phone_key, field.settings.index_key)
    importing = RosterImport(field.database, box, field.watch, field.settings.zone)
    report = importing.run(write_csv(folder, tables), actor="test")
    assert report.committed, report.problems


@dataclass
class Phone:
    """The carrier's side of one call of a campaign."""

    field: Field
    attempt: str
    sid: str
    household: str
    door: WSGIApplication | None = None
    """Where it delivers, in place of the whole application."""

    def hook(self, name: str, *, query: str = "", **form: str) -> TestResponse:
        """Deliver any webhook of this call, signed."""
        given = {"CallSid": self.sid} | form
        app, settings = self.door or self.field.app, self.field.settings
        return posted(app, settings, self.address(name), given, query=query)

    def address(self, name: str) -> str:
        return f"/voice/campaign/{self.attempt}/{name}"

    def status(self, word: str, **more: str) -> TestResponse:
        return self.hook("status", CallStatus=word, **more)

    def pick_up(self) -> TestResponse:
        for word in ("initiated", "ringing", "in-progress"):
            assert self.status(word).status_code == 204
        return self.hook("answer", CallStatus="in-progress")

    def press(self, topic: str, key: str, tries: int = 1) -> TestResponse:
        return self.hook(f"step/{topic}/{tries}", Digits=key)

    def prove(self) -> TestResponse:
        """Agree, and type the right PIN."""
        self.press("consent", "1")
        return self.press("pin", self.field.pin_of(self.household))

    def answer_all(self) -> TestResponse:
        """Answer everything up to the comment with the first key."""
        self.pick_up()
        said = self.prove()
        while (topic := asked(said)) != "comment":
            said = self.press(topic, "1")
        return said

    def hang_up(self) -> TestResponse:
        return self.status("completed", CallDuration="42")


def asked(said: TestResponse) -> str:
    """The topic that an answer asks about; empty when it says good-bye."""
    for word in said.text.split('"'):
        if "/step/" in word:
            return word.split("/step/")[1].split("/")[0]
    return ""


def phones(field: Field, carrier: Carrier) -> dict[str, Phone]:
    """The carrier's side of every call under way, by household."""
    sids = {urlsplit(call["Url"]).path.split("/")[3]: call["sid"] for call in carrier.calls}
    return {
        row.household: Phone(field, row.id, sids.get(row.id, "CA1"), row.household)
        for row in field.attempts()
        if row.ended_at is None
    }
