"""Whether the beacon's pinned key signed a round: the one check for relays, people and files."""

from evalsys.domain.beacon import Chain, Pulse
from evalsys.errors import InvalidInput

try:
    from evalsys.beacon.by_blst import is_signed
except ImportError:  # no wheel of pyblst for this machine
    from evalsys.beacon.by_py_ecc import is_signed


def check_signature(chain: Chain, pulse: Pulse) -> bool:
    """Say whether `pulse` is the one and only spelling of the chain's signature on its round."""
    if chain.pulse_problem(pulse):
        return False
    try:
        return is_signed(chain, chain.message(pulse), bytes.fromhex(pulse.signature))
    except ValueError:
        return False


def checked_pulse(chain: Chain, number: int, signature: str, previous: str = "") -> Pulse:
    """Give the pulse of round `number` from what a relay said or a person typed.

    `signature`, and `previous` on a chained chain, are lower-case hex. Raises InvalidInput
    when they are not canonical, or not signed by the chain's key for exactly this round.
    """
    pulse = Pulse(number, signature, previous)
    problem = chain.pulse_problem(pulse)
    if not problem and not check_signature(chain, pulse):
        problem = f"这不是信标链 {chain.name} 第 {number} 轮的签名"
    if problem:
        raise InvalidInput(problem, remedy="请核对轮次后重新取得或录入。", place="signature")
    return pulse
