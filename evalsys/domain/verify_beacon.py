"""The beacon's lines of a transcript: rounds are bound first and revealed later (draw.md, 4-6)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from evalsys.domain.beacon import BeaconRules, Chain, CheckSignature, Pulse
from evalsys.domain.transcript import Body, TranscriptEntry, time_text
from evalsys.errors import InvalidInput


@dataclass(slots=True)
class BoundRound:
    """One `bind` line, and what its round turned out to be."""

    bind: Body
    pulse: Pulse | None = None
    """None until the `beacon` line."""

    @property
    def number(self) -> int:
        """The round."""
        number: int = self.bind["round"]
        return number


def randomness_of(bound: BoundRound | None) -> dict[str, str]:
    """Give the beacon's part of a seed by the names that the seeds of `draw` use.

    Empty without a beacon: a round that is needed has been revealed, or `follow` had refused.
    """
    if bound is None or bound.pulse is None:
        return {}
    return {"beacon_round": str(bound.number), "randomness": bound.pulse.randomness}


def bind_problem(rules: BeaconRules, entry: TranscriptEntry, rolled_at: datetime | None) -> str:
    """Say why this `bind` line breaks the rules by itself; empty when it does not.

    `rolled_at` is when the master dice were recorded, None for other purposes.
    """
    number = entry.body["round"]
    try:
        due = rules.chain.round_time(number)
    except InvalidInput as error:
        return error.what
    if entry.body["round_time"] != time_text(due):
        return f"第 {number} 轮在清单约定的信标链上应产生于 {time_text(due)}，不得改用另一条链"
    return rules.bind_problem(number, entry.at, rolled_at)


def pulse_of(entry: TranscriptEntry) -> Pulse:
    """Read the pulse of a `beacon` line."""
    body = entry.body
    return Pulse(body["round"], body["signature"], body.get("previous_signature", ""))


def reveal_problem(rules: BeaconRules, bound: BoundRound | None, entry: TranscriptEntry) -> str:
    """Say why this `beacon` line does not answer the bound round; empty when it does."""
    body = entry.body
    if bound is None:
        return "没有绑定过轮次，不得采用信标"
    if any(body[key] != bound.bind[key] for key in ("purpose", "j", "round")):
        return f"已绑定第 {bound.number} 轮，不得采用另一轮或另一用途的签名"
    if entry.at < rules.chain.round_time(bound.number):
        return "信标早于该轮产生的时刻：服务器的时钟慢了"
    pulse = pulse_of(entry)
    problem = rules.chain.pulse_problem(pulse)
    if not problem and body["randomness"] != pulse.randomness:
        return "随机数不是签名的 SHA-256"
    return problem


def revealed(bounds: Iterable[BoundRound | None]) -> list[Pulse]:
    """Give the pulses of those rounds that were revealed."""
    return [bound.pulse for bound in bounds if bound is not None and bound.pulse is not None]


def check_pulses(
    chain: Chain, pulses: Sequence[Pulse], check_signature: CheckSignature
) -> tuple[int, str]:
    """Check the signatures; gives how many there are, and the detail of the step.

    Raises InvalidInput at the first that the chain's key did not sign for exactly its round.
    """
    for pulse in pulses:
        if not check_signature(chain, pulse):
            raise InvalidInput(
                f"这不是信标链 {chain.name} 第 {pulse.round} 轮的签名", place="transcript.jsonl"
            )
    rounds = "、".join(str(pulse.round) for pulse in pulses)
    return len(pulses), f"信标链 {chain.name} 第 {rounds} 轮的签名无误"
