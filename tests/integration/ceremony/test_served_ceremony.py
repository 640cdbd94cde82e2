"""A ceremony with beacon and witnesses on a served application: real HTTP, real rounds, kill -9."""

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from evalsys.cli.verify import command
from evalsys.domain.beacon import QUICKNET
from evalsys.domain.live import events_ceremony as ec
from tests.ceremony_hall import HOUSEHOLDS, MASTER, SLOT, OpenCeremonyHall, time_of
from tests.relays import Start, publishes

DELAY_S, MARGIN_S = 15, 4
A_PERIOD = timedelta(seconds=QUICKNET.period_s)
DICE = "314159265358979323846264"


@pytest.mark.on_postgresql
def test_a_power_cut_between_beacon_and_draw_changes_nothing_and_the_bundle_verifies(
    open_ceremony: OpenCeremonyHall, relay: Start, tmp_path: Path
) -> None:
    hall = open_ceremony(time_of(MASTER) - timedelta(hours=1), relays=(relay(publishes(QUICKNET)),))
    hall.plan(beacon="quicknet", witnesses=3, min_delay_s=DELAY_S, bind_margin_s=MARGIN_S)
    hall.until_open()
    operator = hall.operator

    # The dice are recorded within the three seconds whose round is one of the real ones.
    dice_at = time_of(MASTER) - timedelta(seconds=DELAY_S)
    hall.pass_to(dice_at - timedelta(seconds=25))
    operator.look()
    operator.do("call_cups")
    hall.pass_to(hall.now() + timedelta(seconds=6))
    for clerk in hall.clerks:
        clerk.post("dice", digits=DICE)
    operator.look()
    hall.pass_to(dice_at - timedelta(seconds=2))
    operator.do("confirm_dice")
    hall.all_sign()
    operator.look()
    bound = operator.do("bind")["ceremony"]["bound"]
    assert (bound["round"], bound["randomness"]) == (MASTER, "")
    hall.all_sign()
    hall.pass_to(time_of(MASTER) + A_PERIOD)
    hall.wait_for(lambda view: view["phase"] == "seeded")

    # The slot's round is bound in time, witnessed, and fetched from the relay.
    hall.pass_to(time_of(SLOT) - timedelta(seconds=MARGIN_S + 2))
    operator.look()
    assert operator.do("bind")["ceremony"]["bound"]["round"] == SLOT
    for witness in hall.witnesses[:2]:  # one tablet is lost: the majority goes on
        witness.sign()
    hall.pass_to(time_of(SLOT) + A_PERIOD)
    hall.wait_for(lambda view: view["ceremony"]["act"] == "draw")
    before = operator.view["ceremony"]["bound"]

    # Killed between beacon and draw; back two weeks later, when the next real round is near.
    hall.restart(time_of(HOUSEHOLDS) - timedelta(seconds=MARGIN_S + 2))
    assert operator.look()["ceremony"]["bound"] == before
    drawn = operator.do("draw_next")
    hall.all_sign()
    hall.pass_to(time_of(HOUSEHOLDS) + A_PERIOD)
    hall.wait_for(lambda view: bool(view["ceremony"]["bound"]["randomness"]))
    operator.do("record_presence", presence="in_person")
    operator.do("open_calls")
    operator.look()
    if operator.view["round"]["calls_end"] is None:
        operator.do("stop_dialling")
    for step in ("open_vote", "close_vote"):
        operator.do(step)
    operator.do("give_verdict", verdict="not_done")
    for step in ("close", "seal"):
        operator.do(step)

    revealed = [one for one in hall.events() if isinstance(one, ec.BeaconRevealed)]
    assert [one.round for one in revealed] == [MASTER, SLOT, HOUSEHOLDS]
    for name in ("manifest.json", "roster.jsonl", "transcript.jsonl"):
        data = operator.see(f"/live/{operator.live}/bundle/{name}").content
        (tmp_path / name).write_bytes(data)
    shown = CliRunner().invoke(command, [str(tmp_path), "--head", operator.look()["head"]])
    assert shown.exit_code == 0, shown.output
    assert "3 名见证人" in shown.output
    assert drawn["round"]["cadre"] in (tmp_path / "transcript.jsonl").read_text("utf-8")
