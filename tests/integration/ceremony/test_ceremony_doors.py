"""The ceremony's doors with the application's clock as an argument: every refusal says why.

Rounds and signatures are drand's own; the relay is real HTTP on the loopback.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from evalsys.domain.live import events_ceremony as ec
from evalsys.domain.transcript import bytes_to_sign
from evalsys.ids import LiveId
from tests.builders_beacon import forged
from tests.ceremony_hall import MASTER, time_of
from tests.ceremony_stand import DICE, PULSES, Stand, refused
from tests.live_ceremony import WitnessDevice
from tests.visitor import Visitor

# What is refused is decided before anything is written: it is tried on one database.

# --- the beacon -------------------------------------------------------------------------


def test_a_round_is_fetched_from_whatever_relay_has_it(stand_with_relays: Stand) -> None:
    stand = stand_with_relays
    stand.plan()
    stand.until_bound()
    stand.rooms.ceremony.fetch_due()
    assert stand.view()["phase"] == "ceremony"  # it does not exist yet: nobody was asked
    stand.now[0] = time_of(MASTER)
    stand.rooms.ceremony.fetch_due()
    view = stand.view()
    assert view["phase"] == "seeded"
    assert view["ceremony"]["bound"]["randomness"] == PULSES[MASTER].randomness
    assert stand.rooms.ceremony.silence(LiveId(stand.live)) is None


def test_relays_that_are_away_are_told_of_and_a_typed_signature_goes_on(stand: Stand) -> None:
    stand.plan()
    stand.until_bound()
    stand.now[0] = time_of(MASTER)
    stand.rooms.ceremony.fetch_due()
    told = stand.operator.ask(f"/console/{stand.live}/house.json").get_json()["beacon"]
    assert str(MASTER) in told["what"]
    assert "手工录入" in told["remedy"]
    answer = stand.type_signature(PULSES[MASTER].signature)
    assert answer["phase"] == "seeded"
    house = stand.operator.ask(f"/console/{stand.live}/house.json").get_json()
    assert house["beacon"] is None


@pytest.mark.on_sqlite
def test_every_signature_that_must_be_rejected_is(stand: Stand) -> None:
    stand.plan()
    stand.until_bound()
    stand.now[0] = time_of(MASTER)
    for why, pulse in forged():
        refused(stand.type_signature(pulse.signature), 400, "重新取得或录入")
        assert stand.view()["phase"] == "ceremony", why


@pytest.mark.on_sqlite
def test_another_rounds_genuine_signature_is_refused(stand: Stand) -> None:
    stand.plan()
    stand.until_bound()
    stand.now[0] = time_of(MASTER)
    refused(stand.type_signature(PULSES[1000].signature), 400, f"第 {MASTER} 轮")


@pytest.mark.on_sqlite
def test_a_genuine_signature_has_one_spelling(stand: Stand) -> None:
    stand.plan()
    stand.until_bound()
    stand.now[0] = time_of(MASTER)
    genuine = PULSES[MASTER].signature
    for spelling in (genuine.upper(), f" {genuine}", f"{genuine}\n", f"{genuine}00"):
        refused(stand.type_signature(spelling), 400, "规范编码")


@pytest.mark.on_sqlite
def test_a_signature_before_its_time_shows_that_the_servers_clock_is_slow(stand: Stand) -> None:
    stand.plan()
    stand.until_bound()
    refused(stand.type_signature(PULSES[MASTER].signature), 409, "服务器的时钟慢了")


def test_there_is_no_second_bind_and_no_late_one(stand: Stand) -> None:
    stand.plan()
    stand.until_rolled()
    stand.all_sign()
    stand.now[0] = time_of(MASTER) - timedelta(seconds=9)
    refused(stand.do("bind"), 409, "绑定太晚", "中止")
    stand.now[0] = time_of(MASTER) - timedelta(seconds=10)
    assert stand.do("bind")["status"] == 200
    refused(stand.do("bind"), 409, "不得再绑定")


@pytest.mark.on_sqlite
def test_nobody_falls_back_to_dice_or_takes_up_a_beacon_that_the_manifest_lacks(
    stand: Stand,
) -> None:
    stand.plan()
    stand.until_bound()
    stand.now[0] = time_of(MASTER)
    stand.type_signature(PULSES[MASTER].signature)
    refused(stand.do("call_cups"), 409, "不掷骰")
    refused(stand.do("draw_next"), 409, "信标轮次")


@pytest.mark.on_sqlite
def test_a_session_with_dice_alone_takes_no_beacon(stand: Stand) -> None:
    stand.plan(beacon="none")
    stand.until_rolled()
    stand.all_sign()
    refused(stand.do("bind"), 409, "没有约定随机信标")
    refused(stand.type_signature(PULSES[MASTER].signature), 409, "没有等待揭晓")


# --- witnesses --------------------------------------------------------------------------


@pytest.mark.on_sqlite
@pytest.mark.parametrize("ahead_s", [300, -300])
def test_five_minutes_between_servers_and_witnesses_clocks_stop_dice_and_bind(
    stand: Stand, ahead_s: int
) -> None:
    stand.plan()
    stand.until_rolled()
    stand.all_sign()
    theirs = (stand.now[0] + timedelta(seconds=ahead_s)).isoformat()
    for visitor, _ in stand.devices:
        assert stand.post(visitor, "clock", clock=theirs) == {"ahead_s": ahead_s, "status": 200}
    refused(stand.do("bind"), 409, "300 秒", "校准")
    for visitor, _ in stand.devices:
        stand.post(visitor, "clock")
    assert stand.do("bind")["status"] == 200


@pytest.mark.on_sqlite
def test_dice_wait_for_clocks_that_agree(stand: Stand) -> None:
    stand.plan()
    stand.do("freeze")
    for i in range(3):
        stand.enrol(i)
    stand.do("publish")
    stand.do("open_ceremony")
    for visitor, _ in stand.devices[:2]:
        stand.post(visitor, "clock", clock=(stand.now[0] + timedelta(minutes=5)).isoformat())
    refused(stand.do("roll_master"), 409, "300 秒")


@pytest.mark.on_sqlite
def test_nothing_follows_before_a_majority_signed(stand: Stand) -> None:
    stand.plan()
    stand.until_rolled()
    stand.sign(0)
    refused(stand.do("bind"), 409, "要 2 名，现有 1 名")


@pytest.mark.on_sqlite
def test_an_older_line_a_strangers_key_and_another_lines_signature_are_refused(
    stand: Stand,
) -> None:
    stand.plan()
    stand.until_rolled()
    refused(stand.sign(0, WitnessDevice(9)), 400, "不是见证人 W01")
    refused(stand.sign(0, line=1), 409, "只能签最后一行")
    refused(stand.sign(0, line=99), 409, "只能签最后一行")
    refused(stand.sign(0, signature="00" * 64), 400, "不是见证人")
    refused(stand.sign(0, signature="zz"), 400, "十六进制")
    signed = stand.devices[0][1].sign(bytes_to_sign(stand.lines()[1].encode()))
    refused(stand.sign(0, signature=signed), 400, "不是见证人")
    assert stand.sign(0)["status"] == 200


@pytest.mark.on_sqlite
def test_a_clerks_device_signs_nothing_and_a_witnesss_types_nothing(stand: Stand) -> None:
    stand.plan()
    stand.until_rolled()
    line = {"line": 2, "signature": "00" * 64}
    refused(stand.post(stand.clerks[0], "sign", **line), 403, "记录员 A")
    refused(stand.post(stand.devices[0][0], "dice", digits=DICE), 403, "见证人 W01")
    refused(stand.post(Visitor(stand.app), "clock"), 403, "没有登记")


@pytest.mark.on_sqlite
def test_nobody_joins_as_a_witness_after_the_manifest(stand: Stand) -> None:
    stand.plan()
    stand.do("freeze")
    for i in range(2):
        stand.enrol(i)
    stand.do("publish")
    refused(stand.enrol(2), 409, "已经公布，不能再登记")


@pytest.mark.on_sqlite
def test_a_key_that_is_none_or_not_held_is_refused(stand: Stand) -> None:
    stand.plan()
    stand.do("freeze")
    visitor, device = stand.devices[0]
    for key in ("00" * 32, "01" + "00" * 31, device.key):
        refused(stand.post(visitor, "enrol", key=key, proof="00" * 64), 400, "Ed25519")
    refused(stand.post(visitor, "enrol", key="A" * 64, proof="00" * 64), 400, "十六进制")


@pytest.mark.on_sqlite
def test_a_manifest_that_promises_witnesses_is_not_published_without_any(stand: Stand) -> None:
    stand.plan()
    stand.do("freeze")
    refused(stand.do("publish"), 409, "还没有一名见证人登记")


def test_a_witnesss_card_is_not_replaced_once_its_key_is_recorded(stand: Stand) -> None:
    stand.plan()
    stand.do("freeze")
    stand.enrol(0)
    page = stand.operator.post(f"/ceremony/{stand.live}/witness/1/reissue")
    assert page.status_code == 409
    assert "只在原来那台设备上" in page.text
    assert stand.operator.post(f"/ceremony/{stand.live}/witness/2/reissue").status_code == 303
    refused(stand.post(stand.devices[1][0], "clock"), 403, "卡已换发")


def test_a_lost_tablet_is_told_of_and_holds_nobody_up(stand: Stand) -> None:
    stand.plan()
    stand.until_rolled()
    stand.wait(31)
    for visitor, _ in stand.devices[:2]:
        stand.post(visitor, "clock")
    house = stand.operator.ask(f"/console/{stand.live}/house.json").get_json()
    fresh = {one["name"]: one["fresh"] for one in house["attendants"] if one["name"][0] == "W"}
    assert fresh == {"W01": True, "W02": True, "W03": False}
    stand.sign(0)
    stand.sign(1)
    assert stand.view()["ceremony"]["line"]["missing"] == 0


# --- clerks -----------------------------------------------------------------------------


def test_two_clerks_who_press_at_once_agree_or_differ_but_nothing_is_lost(
    stand: Stand,
) -> None:
    stand.plan(beacon="none", witnesses=0)
    for command in ("freeze", "publish", "open_ceremony", "call_cups"):
        assert stand.do(command)["status"] == 200
    stand.wait(6)
    for typed in ((DICE, DICE[:-1] + "5"), (DICE, DICE)):
        with ThreadPoolExecutor(2) as pool:
            answers = list(
                pool.map(
                    lambda pair: stand.post(pair[0], "dice", digits=pair[1]),
                    zip(stand.clerks, typed, strict=True),
                )
            )
        assert [answer["status"] for answer in answers] == [200, 200]
    events = [one.event for one in stand.rooms.live.events(LiveId(stand.live))]
    assert sum(isinstance(one, ec.DiceTyped) for one in events) == 4
    assert sum(isinstance(one, ec.DiceTypedAgain) for one in events) == 1
    assert stand.do("confirm_dice")["master_digits"] == DICE


@pytest.mark.on_sqlite
def test_digits_typed_wrongly_are_refused_at_the_clerks_door(stand: Stand) -> None:
    stand.plan(beacon="none", witnesses=0)
    for command in ("freeze", "publish", "open_ceremony"):
        stand.do(command)
    refused(stand.post(stand.clerks[0], "dice", digits=DICE), 409, "还没有揭开")
    stand.do("call_cups")
    refused(stand.post(stand.clerks[0], "dice", digits=DICE), 409, "还没有揭开")
    stand.wait(6)
    for digits, wrong in (
        (DICE + " ", "第 25 位是空格"),
        (" " + DICE, "第 1 位是空格"),
        (DICE[:-1], "少 1 位"),
        ("\uff13" + DICE[1:], "第 1 位"),
        (DICE[:5] + "x" + DICE[6:], "第 6 位“x”"),
        (314, "文本"),
        (None, "文本"),
    ):
        refused(stand.post(stand.clerks[0], "dice", digits=digits), 400, wrong)
    assert stand.post(stand.clerks[0], "dice", digits=DICE)["status"] == 200


@pytest.mark.on_sqlite
def test_one_clerks_digits_reach_no_screen(stand: Stand) -> None:
    stand.plan(beacon="none", witnesses=0)
    for command in ("freeze", "publish", "open_ceremony", "call_cups"):
        stand.do(command)
    stand.wait(6)
    stand.post(stand.clerks[0], "dice", digits=DICE)
    for address in (
        f"/console/{stand.live}/view.json",
        f"/live/{stand.live}/view.json",
        f"/live/{stand.live}/transcript.jsonl",
        f"/ceremony/{stand.live}/lines.json",
    ):
        for visitor in (stand.operator, stand.clerks[1]):
            assert DICE[:12] not in visitor.ask(address).text


@pytest.mark.on_sqlite
def test_lines_are_asked_for_by_number(stand: Stand) -> None:
    stand.plan(witnesses=1)
    for line in ("-1", "1.0", "x", "9" * 40):
        answer = stand.devices[0][0].ask(f"/ceremony/{stand.live}/lines.json?after={line}")
        assert answer.status_code == 400, line


@pytest.mark.on_sqlite
def test_a_clock_is_told_with_its_zone(stand: Stand) -> None:
    stand.plan(witnesses=1)
    for clock in ("", "now", "2026-12-01T12:00:00", None, 5):
        refused(stand.post(stand.devices[0][0], "clock", clock=clock), 400, "ISO 8601")
