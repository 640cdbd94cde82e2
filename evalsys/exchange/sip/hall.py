"""Everybody who is on the line, and who hears whom: the sound of all calls, served in time."""

import asyncio
import base64
import time
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np

from evalsys.exchange.company import Cushion
from evalsys.exchange.sip.leg import LIFTING_ROUNDS, Leg, Tell, Wire
from evalsys.exchange.sip.media import (
    FRAME_SAMPLES,
    FRAME_SECONDS,
    SILENCE,
    Samples,
    beep,
    read_wave,
)

_FRAMES_A_ROUND = 5
_MOST_FRAMES_LATE = 10
_FED = "/"
"""Stands in the names of those who are not on the trunk: the exchange feeds their voices."""

Order = Mapping[str, object]


class Hall:
    """The legs of all answered calls."""

    def __init__(self, tell: Tell) -> None:
        """Tell the exchange what happens with `tell`."""
        self._tell = tell
        self._legs: dict[str, Leg] = {}
        self._has_legs = asyncio.Event()
        self._company: dict[str, tuple[str, ...]] = {}
        self._taps: set[str] = set()
        self._feeds: dict[str, Cushion] = {}

    def enter(self, name: str, wire: Wire) -> bool:
        """Let a call in that was answered; return whether it is new."""
        if name in self._legs:
            return False
        self._legs[name] = Leg(
            wire, lambda what, **more: self._tell(what, call=name, **more), LIFTING_ROUNDS
        )
        self._has_legs.set()
        self._arrange()
        return True

    def leave(self, name: str) -> None:
        """Let a call out; what it said to the end is still told."""
        leg = self._legs.pop(name, None)
        if leg is not None:
            leg.stop_recording()
            leg.keep_voice(is_on=False)
        if not self._legs:
            self._has_legs.clear()
        self._taps.discard(name)
        self._company.pop(name, None)
        self._arrange()

    def obey(self, name: str, order: Order) -> None:
        """Carry out an order about sound; one for a call that is gone is none."""
        leg = self._legs.get(name)
        match order["do"]:
            case "feed":
                if name in self._feeds:
                    self._feeds[name].put(base64.b64decode(str(order["pcm"])))
            case "tap":
                (self._taps.add if order["on"] else self._taps.discard)(name)
                self._arrange()
            case "hear":
                self._company[name] = tuple(str(order["others"]).split())
                self._arrange()
            case _ if leg is not None:
                self._order(leg, name, order)
            case _:
                pass

    def _order(self, leg: Leg, name: str, order: Order) -> None:
        match order["do"]:
            case "play":
                leg.play(int(str(order["prompt"])), _sound(str(order["file"])))
            case "hush":
                leg.hush()
            case "record":
                leg.record(float(str(order["silence"])), beeps=bool(order["beep"]))
            case "stop_recording":
                leg.stop_recording()
                self._tell("recorded", call=name)
            case "delay":
                leg.delay(float(str(order["seconds"])))
            case "keep_voice":
                leg.keep_voice(is_on=bool(order["on"]))
                if not order["on"]:
                    self._tell("recorded", call=name)
            case _:
                pass

    def _arrange(self) -> None:
        """Note who is heard by whom."""
        companies = {name: self._company.get(name, ()) for name in self._legs}
        heard = {each for company in companies.values() for each in company} | self._taps
        for name, leg in self._legs.items():
            leg.arrange(companies[name], is_heard=name in heard)
        self._feeds = {name: self._feeds.get(name) or Cushion() for name in heard if _FED in name}

    async def serve(self) -> None:
        """Serve every leg in time: live ones with each frame, the others now and then."""
        due, frame = time.monotonic(), 0
        while True:
            await self._has_legs.wait()
            due = max(due + FRAME_SECONDS, time.monotonic() - _MOST_FRAMES_LATE * FRAME_SECONDS)
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            self._serve_live()
            frame += 1
            if frame % _FRAMES_A_ROUND == 0:
                for leg in list(self._legs.values()):
                    leg.serve()

    def _serve_live(self) -> None:
        live = {name: leg for name, leg in self._legs.items() if leg.is_live}
        if not live:
            return
        for leg in live.values():
            leg.take_frame()
        frames = {name: leg.frame for name, leg in live.items()} | self._fed()
        for leg in live.values():
            leg.give_frame([frames[each] for each in leg.company if each in frames])
        for name in self._taps & live.keys():
            self._tell("frame", call=name, pcm=live[name].frame.tobytes())

    def _fed(self) -> dict[str, Samples]:
        return {
            name: np.frombuffer(cushion.take(2 * FRAME_SAMPLES), np.int16)
            for name, cushion in self._feeds.items()
        }


def _sound(file: str) -> Samples:
    """Return the sound of a file, or the beep that has none; nothing when it is no sound."""
    if not file:
        return beep()
    try:
        return _read(file, Path(file).stat().st_mtime_ns)
    except (OSError, ValueError):
        return SILENCE


@lru_cache(maxsize=64)
def _read(file: str, _changed_at: int) -> Samples:
    """Read a sound that many calls hear one after the other, once."""
    return read_wave(Path(file))
