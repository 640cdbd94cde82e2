"""The ceremony of an unattended session: witnesses with their keys, and the beacon's rounds."""

import time
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from evalsys.cli.demo_people import Answer, Operator, Visitor
from evalsys.clock import Clock
from evalsys.domain.transcript import bytes_to_sign
from evalsys.errors import OutsideFailure

ROUND_WITHIN_S = 180
LOOK_EVERY_S = 0.5


class Device(Visitor):
    """The device of somebody who serves: it joins with a card, and tells its clock each time."""

    def __init__(self, url: str, live: str, card: Mapping[str, Any], now: Clock) -> None:
        """Take the place of a card."""
        super().__init__(url)
        self.name: str = card["name"]
        self._live = live
        self._now = now
        self.see(f"/ceremony/join/{card['code']}")
        self.send(f"/ceremony/join/{card['code']}", {})
        self.see(f"/ceremony/{live}/desk")

    def post(self, door: str, **fields: object) -> Answer:
        """Send what the script of the device's page would."""
        body = {"clock": self._now().isoformat(), **fields}
        return self.tell(f"/ceremony/{self._live}/{door}", body)


class Witness(Device):
    """A witness's device, with a key of its own."""

    def __init__(self, url: str, live: str, card: Mapping[str, Any], now: Clock) -> None:
        """Take the place, and make a key."""
        super().__init__(url, live, card, now)
        self._key = Ed25519PrivateKey.generate()

    def sign_bytes(self, data: bytes) -> str:
        """Sign anything, 128 hex."""
        return self._key.sign(data).hex()

    def enrol(self) -> None:
        """Bring the key's public half."""
        key = self._key.public_key().public_bytes_raw().hex()
        claim = f"evalsys-witness|{self._live}|{self.name}|{key}"
        self.post("enrol", key=key, proof=self.sign_bytes(claim.encode()))

    def lines(self) -> list[str]:
        """Fetch the transcript as the page does."""
        found: list[str] = self.see(f"/ceremony/{self._live}/lines.json").json()["lines"]
        return found

    def sign(self) -> Answer:
        """Sign the last line, as it stands."""
        lines = self.lines()
        signature = self.sign_bytes(bytes_to_sign(lines[-1].encode()))
        return self.post("sign", line=len(lines) - 1, signature=signature)


class ScriptedCeremony:
    """Plays the ceremony that the operator's plan asks for, with whom it invites."""

    def __init__(self, operator: Operator, now: Clock) -> None:
        """Serve in the operator's session."""
        self._operator = operator
        self._now = now
        self.witnesses: list[Witness] = []

    def enrol(self) -> None:
        """Let witnesses join and bring their keys: after the freeze, before the manifest."""
        operator = self._operator
        if not operator.view["ceremony"]["invited"]:
            return
        cards = operator.tell(f"/ceremony/{operator.live}/cards", {})["cards"]
        for card in cards:
            if card["service"] == "witness":
                self.witnesses.append(Witness(operator.url, operator.live, card, self._now))
                self.witnesses[-1].enrol()
        operator.look()

    def seed(self) -> None:
        """Roll the master dice, and wait for their round of the beacon."""
        self._operator.do("roll_master")
        self._sign()
        self._bind()

    def draw(self) -> None:
        """Draw the next number, with its own dice or its own round."""
        self._bind()
        self._operator.do("draw_next")
        self._sign()
        if self._operator.view["ceremony"]["act"] == "draw":  # the dice had to be signed first
            self._operator.do("draw_next")

    def order(self) -> None:
        """Wait for the round that orders the households of whoever is on stage."""
        self._sign()
        bound = self._operator.look()["ceremony"]["bound"]
        if bound is not None and not bound["randomness"]:
            self._wait()

    def _bind(self) -> None:
        if self._operator.view["ceremony"]["act"] != "bind":
            return
        self._operator.do("bind")
        self._sign()
        self._wait()

    def _sign(self) -> None:
        line = self._operator.look()["ceremony"]["line"]
        if line is None or not line["missing"]:
            return
        for witness in self.witnesses:
            witness.sign()
        self._operator.look()

    def _wait(self) -> None:
        deadline = time.monotonic() + ROUND_WITHIN_S
        while not self._operator.look()["ceremony"]["bound"]["randomness"]:
            if time.monotonic() > deadline:
                number = self._operator.view["ceremony"]["bound"]["round"]
                raise OutsideFailure(
                    f"{ROUND_WITHIN_S} 秒内没有取得信标第 {number} 轮。",
                    remedy="请设置 EVALSYS_BEACON_RELAYS 为可达的中继，或不用 --beacon。",
                )
            time.sleep(LOOK_EVERY_S)
