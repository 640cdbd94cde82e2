"""Calls on stage over the real exchange: telephones that ring, a conference, who hears whom."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from evalsys.app import create_app
from evalsys.domain.access import Role
from evalsys.domain.draw import household_order, household_seed
from evalsys.domain.live import events_air as a
from evalsys.domain.live.air import AirStatus
from evalsys.domain.live.commands_air import ReleaseAir
from evalsys.domain.live.decide_air import next_for_air
from evalsys.domain.live.words import AirEnd, CallStatus, Presence, StageRole
from evalsys.domain.manifest import FinalCode
from evalsys.domain.transcript import AbortReason
from evalsys.errors import InvalidInput, NotAllowed, RuleViolation
from evalsys.services.stage import Stage
from evalsys.store import audit, event_log
from evalsys.store.database import Database
from evalsys.store.phone_box import KEY_VERSION, PhoneBox
from evalsys.store.schema.roster import Phone
from evalsys.web.rooms import rooms
from evalsys.web.stage_commands import HOSTS_MAY, steer
from tests.calling import CADRES, HOUSEHOLDS, Carrier, Hall, fill_county, on_the_wire, truth_of
from tests.exchange_process import Exchange, Living
from tests.live_play import a_plan
from tests.processes import free_port
from tests.roster_rows import code_of, number_of, phone_of
from tests.telephone import Telephone, until

KEYS = {
    "愿意继续": "1",
    "户主姓": "1",
    "走访过": "2",
    "是不是解决了": "1",
    "反映的事情": "1",
    "打分": "2",
}
"""What a household presses that answers by key."""
AGREES = {"愿意上直播": "1"} | KEYS
DECLINES = {"愿意上直播": "2"} | KEYS
DELAYED = ("--delayed", "client:feed=8")
CADRE_PHONE = "+8613900990099"
# The whole way is gone on both databases; each way off it, which is kept alike, on one of them.


class Theatre:
    """A session with its exchange, and the hall's own telephone."""

    def __init__(self, database: Database, folder: Path) -> None:
        truth = [truth_of(i, h) for i in range(CADRES) for h in range(HOUSEHOLDS)]
        self.exchange, port = Exchange(folder, truth, speed=40, more=DELAYED), free_port()
        url = f"http://127.0.0.1:{port}"
        self.hall = Hall(database, folder, telephony_url=self.exchange.url, public_url=url)
        fill_county(database, self.hall.settings)
        self.exchange.start(self.hall.settings)
        self.living = Living(self.hall, port)
        self.telephones: list[Telephone] = []
        self.desk = self.telephone("client:hall", {})

    @property
    def stage(self) -> Stage:
        return self.hall.rooms.stage

    def telephone(self, number: str, keys: dict[str, str]) -> Telephone:
        self.telephones.append(Telephone(self.exchange.url, number, keys))
        return self.telephones[-1]

    def open(
        self, *keys: dict[str, str], presence: Presence = Presence.IN_PERSON
    ) -> list[Telephone]:
        """Bring a session to its calls with the hall's line there and the offer made.

        The first households of the drawn order hold telephones with these `keys`.
        """
        hall = self.hall
        hall.until_answering({"target": 6, "parallel": 3}, presence)
        self.stage.look()
        self.stage.call_line(hall.live, StageRole.HALL, actor="op")
        until(lambda: self.line(StageRole.HALL) is CallStatus.IN_PROGRESS, "the hall's line")
        self.stage.offer(hall.live, actor="op")
        i = next(i for i in range(CADRES) if number_of(i) == hall.round.cadre)
        seed = household_seed(hall.round.seed, hall.round.cadre)
        order = household_order(seed, HOUSEHOLDS)
        homes = {code_of(i, h): phone_of(i, h) for h in range(HOUSEHOLDS)}
        found = [
            self.telephone(homes[hall.code(k)], one)
            for k, one in zip(order[: len(keys)], keys, strict=True)
        ]
        hall.rooms.show.open_calls(hall.operator)
        return found

    def line(self, role: StageRole) -> CallStatus | None:
        lines = [one for one in self.hall.state.stage_lines.values() if one.role is role]
        return lines[-1].status if lines else None

    def k(self, place: int) -> int:
        return self.hall.round.order[place]

    def air(self, place: int) -> AirStatus | None:
        leg = self.hall.round.air.legs.get(self.k(place))
        return leg.status if leg else None

    def final(self, place: int) -> FinalCode | None:
        return self.hall.position(self.k(place)).final

    def take(self, place: int) -> None:
        """Put the household at a place of the order on stage."""
        until(lambda: self.air(place) is AirStatus.WILLING, "consent")
        until(lambda: next_for_air(self.hall.round) == self.k(place), "its turn")
        self.stage.take(self.hall.live, self.k(place), actor="op")
        until(lambda: self.air(place) is AirStatus.ON_AIR, "on air")

    def events(self) -> list[object]:
        with self.hall.database.read() as db:
            return [record.event for record in event_log.read(db, self.hall.live)]

    def close(self) -> None:
        for telephone in self.telephones:
            telephone.put_away()
        self.living.stop()
        self.hall.close()
        self.exchange.stop()


@pytest.fixture
def theatre(database: Database, tmp_path: Path) -> Iterator[Theatre]:
    built = Theatre(database, tmp_path)
    yield built
    built.close()


def test_the_earliest_who_agrees_is_heard_in_the_hall_and_scores_afterwards_in_private(
    theatre: Theatre,
) -> None:
    first, second, third = theatre.open(DECLINES, AGREES, AGREES)
    until(lambda: theatre.air(2) is AirStatus.WILLING, "the third agrees too")
    theatre.take(1)
    until(lambda: theatre.desk.company == 1, "the hall hears the household")
    until(lambda: second.company == 1, "the household hears the hall")
    until(lambda: theatre.final(0) is FinalCode.COMPLETED, "the first answers by key")
    until(lambda: theatre.final(2) is FinalCode.COMPLETED, "the third answers by key")
    assert third.has_heard("已经安排好了")
    assert first.has_heard("不会播出")
    assert not second.has_heard("打分，按一个数字键"), "no score is asked on stage"

    theatre.stage.cut(theatre.hall.live, dump=True, actor="host")
    until(lambda: theatre.desk.company == 0, "nobody is heard")
    theatre.stage.resume(theatre.hall.live, actor="op")
    until(lambda: theatre.desk.company == 1, "heard again")
    theatre.stage.release(theatre.hall.live, actor="op")
    until(lambda: theatre.final(1) is FinalCode.COMPLETED, "the staged household scores")
    assert second.has_heard("您已经离开会场")
    assert theatre.desk.company == 0
    assert not any("打分" in text for text in theatre.desk.said), "no key reached the hall"
    agreed = [event for event in theatre.events() if isinstance(event, a.AirConsented)]
    (consent,) = [event for event in agreed if event.k == theatre.k(1)]
    assert consent.text == theatre.stage.script.label
    assert consent.sid == theatre.hall.attempt(theatre.k(1)).sid


@pytest.mark.on_sqlite
def test_what_is_dumped_never_reaches_the_transmitter(theatre: Theatre) -> None:
    before, dumped, after = 1111, 2222, 3333
    (household,) = theatre.open(AGREES)
    live, stage = theatre.hall.live, theatre.stage
    feed = theatre.telephone("client:feed", {})
    stage.call_line(live, StageRole.FEED, actor="op")
    until(lambda: theatre.line(StageRole.FEED) is CallStatus.IN_PROGRESS, "the feed's line")
    theatre.take(0)
    until(lambda: feed.company == 2, "the feed hears hall and household")
    until(lambda: stage.delay_s(live) == 8, "the console knows the delay")
    assert theatre.desk.company == 1, "nobody hears the feed"
    with feed.listening() as aired, theatre.desk.listening() as in_hall:
        household.says(before)
        until(lambda: before in in_hall, "the hall hears it at once")
        assert before not in aired
        until(lambda: before in aired, "the transmitter hears it later")
        household.says(dumped)
        until(lambda: dumped in in_hall, "the hall hears what must not go out")
        stage.cut(live, dump=True, actor="host")
        until(lambda: theatre.desk.company == 0, "cut")
        stage.resume(live, actor="op")
        until(lambda: theatre.desk.company == 1, "heard again")
        household.says(after)
        until(lambda: after in aired, "the transmitter hears what came afterwards")
    assert dumped not in aired


@pytest.mark.on_postgresql
def test_the_star_key_leaves_the_air_at_once(theatre: Theatre) -> None:
    (first,) = theatre.open(AGREES)
    theatre.take(0)
    until(lambda: theatre.desk.company == 1, "on stage")
    first.press("*")
    until(lambda: theatre.desk.company == 0, "off the stage")
    until(lambda: theatre.final(0) is FinalCode.COMPLETED, "the rest by key")
    assert theatre.hall.round.air.legs[theatre.k(0)].end is AirEnd.WITHDRAWN


@pytest.mark.on_sqlite
def test_who_hangs_up_on_stage_is_off_and_its_place_is_broken_off(theatre: Theatre) -> None:
    (first,) = theatre.open(AGREES)
    theatre.take(0)
    first.hang_up()
    until(lambda: theatre.air(0) is AirStatus.OFF, "off")
    until(lambda: theatre.final(0) is FinalCode.BROKEN_OFF, "broken off")
    with pytest.raises(RuleViolation):
        theatre.stage.cut(theatre.hall.live, dump=False, actor="op")


@pytest.mark.on_sqlite
def test_who_waits_while_the_operator_stops_asking_answers_by_key(theatre: Theatre) -> None:
    (first,) = theatre.open(AGREES)
    until(lambda: theatre.air(0) is AirStatus.WILLING, "consent")
    theatre.stage.end_offer(theatre.hall.live, actor="op")
    until(lambda: theatre.final(0) is FinalCode.COMPLETED, "by key")
    assert first.has_heard("已经安排好了")


@pytest.mark.on_postgresql
def test_killed_in_mid_talk_the_next_process_takes_off_whom_the_record_has_off(
    theatre: Theatre,
) -> None:
    (first,) = theatre.open(AGREES)
    theatre.take(0)
    until(lambda: theatre.desk.company == 1, "on stage")
    # The record has it off, and the process dies before the carrier hears of it.
    theatre.hall.rooms.live.tell(theatre.hall.live, ReleaseAir(), actor="op")
    again = create_app(theatre.hall.settings)
    with again.app_context():
        second = rooms()
    theatre.hall.also_close(second)
    second.stage.look()
    until(lambda: theatre.final(0) is FinalCode.COMPLETED, "the rest by key")
    assert first.has_heard("您已经离开会场")
    asked = [e for e in theatre.events() if isinstance(e, a.AirConsented)]
    assert len([e for e in asked if e.k == theatre.k(0)]) == 1


@pytest.mark.on_sqlite
def test_the_drawn_cadre_is_called_into_the_same_conference(theatre: Theatre) -> None:
    box = PhoneBox(theatre.hall.settings.phone_key, theatre.hall.settings.index_key)
    with theatre.hall.database.write() as db:
        for i in range(CADRES):
            row = bytes([i]) * 16
            db.add(
                Phone(
                    id=row,
                    cadre=number_of(i),
                    position=1,
                    usable=True,
                    sealed=box.seal(CADRE_PHONE, row),
                    blind=box.blind(CADRE_PHONE),
                    key_version=KEY_VERSION,
                )
            )
    cadre = theatre.telephone(CADRE_PHONE, {"接进会场": "1"})
    theatre.open(AGREES, presence=Presence.BY_PHONE)
    theatre.stage.call_line(theatre.hall.live, StageRole.CADRE, actor="op")
    until(lambda: cadre.company == 1, "the cadre hears the hall")
    theatre.take(0)
    until(lambda: theatre.desk.company == 2, "the household and the cadre are both heard")
    with theatre.hall.database.read() as db:
        read = [one.subject for one in audit.entries(db) if one.action == "phone.read"]
    assert f"cadre:{theatre.hall.round.cadre}" in read
    theatre.stage.hang_up_line(theatre.hall.live, StageRole.CADRE, actor="op")
    until(lambda: theatre.line(StageRole.CADRE) is CallStatus.COMPLETED, "hung up")


@pytest.mark.on_postgresql
def test_a_session_that_is_aborted_leaves_nobody_on_air(theatre: Theatre) -> None:
    (first,) = theatre.open(AGREES)
    theatre.take(0)
    until(lambda: theatre.desk.company == 1, "on stage")
    theatre.hall.rooms.show.abort(theatre.hall.operator, AbortReason.POWER_FAILURE)
    until(lambda: first.company == 0, "off the stage")
    until(lambda: theatre.line(StageRole.HALL) is CallStatus.COMPLETED, "the hall's line is down")


def test_a_host_may_cut_and_nothing_else(database: Database, tmp_path: Path) -> None:
    hall = Hall(database, tmp_path, telephony_url="http://127.0.0.1:1")
    stage, live = hall.rooms.stage, hall.rooms.show.plan(a_plan(), actor="op")
    for action in ("take", "offer", "resume", "release", "hang_up", "call_line", "hang_up_line"):
        with pytest.raises(NotAllowed):
            steer(stage, live, {"action": action, "k": 1}, actor="host", role=Role.HOST)
    for action in HOSTS_MAY:
        with pytest.raises(RuleViolation, match="台上没有"):
            steer(stage, live, {"action": action}, actor="host", role=Role.HOST)
    for bad in ({}, {"action": "fly"}, {"action": "take"}, {"action": "call_line", "role": "me"}):
        with pytest.raises(InvalidInput):
            steer(stage, live, bad, actor="op", role=Role.OPERATOR)
    hall.close()


@pytest.mark.on_sqlite
def test_a_carrier_that_knows_no_conferences_leaves_the_keys(
    database: Database, tmp_path: Path
) -> None:
    carrier = Carrier()

    def answer(method: str, path: str, form: dict[str, list[str]]) -> tuple[int, object] | None:
        if "/Conferences" in path:
            return 404, {"code": 20404, "message": "not found", "status": 404}
        return carrier.answer(method, path, form)

    with on_the_wire(answer) as url:
        hall = Hall(database, tmp_path, telephony_url=url)
        fill_county(database, hall.settings)
        hall.until_answering({})
        assert hall.rooms.stage.trouble == ""
        hall.rooms.stage.look()
        assert hall.rooms.stage.trouble == "no_conferences"
        with pytest.raises(RuleViolation, match="不能直播连线"):
            hall.rooms.stage.offer(hall.live, actor="op")
        hall.close()


@pytest.mark.on_sqlite
def test_without_a_hall_line_or_conferences_there_are_keys_alone(
    database: Database, tmp_path: Path
) -> None:
    hall = Hall(database, tmp_path, hall_line="", telephony_url="http://127.0.0.1:1")
    assert hall.rooms.stage.trouble == "no_hall"
    with pytest.raises(RuleViolation, match="不能直播连线"):
        hall.rooms.stage.offer(hall.live, actor="op")
    hall.close()
