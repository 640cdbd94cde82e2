"""The whole way: the application's dialler, the exchange, SIP and telephones that press keys."""

import pytest

from evalsys.domain.live.words import CallsEnd
from evalsys.domain.manifest import FinalCode
from tests.calling import CADRES, HOUSEHOLDS
from tests.living import Live, everybody, until
from tests.roster_rows import phone_of
from tests.sip_rig import StartTelephones, free_sip_port, needs_sip

pytestmark = [needs_sip, pytest.mark.on_sqlite]

# Consent, identity, two claims, four points: each key cuts its question short. Then
# the end of the comment, which is not asked for by keys and heard to its end.
ANSWERS = [[2.0, "1"], [4.5, "1"], [7.0, "2"], [9.5, "1"], [12.0, "4"]]
ANSWERS += [[after, "#"] for after in (26.0, 30.0, 34.0, 38.0)]


def test_a_household_answers_an_interview_on_a_real_telephone(
    live: Live, start_telephones: StartTelephones
) -> None:
    numbers = [phone_of(i, h) for i in range(CADRES) for h in range(HOUSEHOLDS)]
    phones = start_telephones({number: {"says": 300, "keys": ANSWERS} for number in numbers})
    trunk = ("--sip-trunk", f"127.0.0.1:{phones.port}")
    listen = ("--sip-listen", f"127.0.0.1:{free_sip_port()}")
    hall, _ = live(everybody(), more=["--lines", "sip", *trunk, *listen])
    hall.open_calls(parallel=1, target=1)
    until(lambda: hall.round.calls_end is not None)
    assert hall.round.calls_end is CallsEnd.TARGET_REACHED
    (position,) = hall.round.positions.values()
    assert position.final is FinalCode.COMPLETED
    claims = position.attempts[-1].asks.split()[2:4]
    for word, no_key in zip(claims, (True, False), strict=True):
        says_no = no_key != word.endswith("!")
        assert position.replies[word.rstrip("!")].reply == ("no" if says_no else "yes")
    assert hall.round.comments == 1
