"""The SIP user agent as a process of its own: `python -m evalsys.exchange.sip.child`.

It reads orders from its standard input and tells what happens on its standard output, one
JSON object a line; the first line is the trunk. It ends when its input does, so it never
outlives the exchange. A fault in the stack, which is written in C, ends only this process.
"""

import asyncio
import base64
import json
import os
import signal
import sys
import time
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import numpy as np
from baresip import (
    Account,
    AudioNotActive,
    AudioRestarted,
    BaresipError,
    Call,
    Config,
    Event,
    Runtime,
    StackEvent,
    UserAgent,
)

from evalsys.exchange.company import Cushion
from evalsys.exchange.sip.leg import LIFTING_ROUNDS, Leg
from evalsys.exchange.sip.media import (
    FRAME_SAMPLES,
    FRAME_SECONDS,
    SILENCE,
    Samples,
    beep,
    read_wave,
)

_FRAMES_A_ROUND = 5
_LONGEST_LINE = 1 << 20
_GONE_AFTER_SECONDS = 60
"""A telephone that sent no sound this long has vanished without a goodbye."""
_SOUND_PORTS = "10000-20000"
_REGISTER_EVERY_SECONDS = 600
_WAIT_KEY = "w"
_GOODBYE_SECONDS = 0.5

Order = Mapping[str, object]


class _Audio:
    """A call's sound, which comes and goes with the call."""

    def __init__(self, call: Call) -> None:
        self._audio = call.audio

    def read(self, most: int) -> bytes:
        try:
            return bytes(self._audio.read(most))
        except (AudioNotActive, AudioRestarted):
            return b""

    def write(self, pcm: bytes) -> int:
        try:
            return int(self._audio.write(pcm))
        except (AudioNotActive, AudioRestarted):
            return 0

    def flush(self) -> None:
        try:
            self._audio.flush_tx()
        except (AudioNotActive, AudioRestarted):
            return

    def waiting(self) -> int:
        try:
            return int(self._audio.info().tx_buffered)
        except (AudioNotActive, AudioRestarted):
            return 0


class Agent:
    """The calls on one trunk."""

    def __init__(self, trunk: Mapping[str, str | int | bool]) -> None:
        """Place calls through `trunk`, as `Trunk.as_json` writes it."""
        self._trunk = trunk
        self._runtime = Runtime()
        self._callers: dict[str, UserAgent] = {}
        self._calls: dict[str, Call] = {}
        self._names: dict[int, str] = {}
        self._has_legs = asyncio.Event()
        """Set while there is anybody to serve."""
        self._early: dict[int, list[StackEvent]] = {}
        self._released: set[str] = set()
        self._legs: dict[str, Leg] = {}
        self._company: dict[str, tuple[str, ...]] = {}
        self._taps: set[str] = set()
        self._feeds: dict[str, Cushion] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Bring the stack up, and register where the carrier wants it."""
        trunk = self._trunk
        await self._runtime.start(
            Config(
                net_interface=str(trunk["listen_host"]),
                max_concurrent_calls=int(trunk["channels"]),
                rtp_timeout=_GONE_AFTER_SECONDS,
                native_log_level="error",
                extra_config_text=(
                    f"sip_listen {trunk['listen_host']}:{trunk['listen_port']}\n"
                    f"rtp_ports {_SOUND_PORTS}\n"
                ),
            )
        )
        self._runtime.on_dead = lambda: os._exit(3)
        self._runtime.subscribe(self._happened)
        if trunk["register"]:
            agent = await self._agent(str(trunk["user"]), _REGISTER_EVERY_SECONDS)
            agent.on(self._registered)
            self._spawn(agent.register())
        self._spawn(self._serve())
        tell("ready")

    async def stop(self) -> None:
        """Hang up whatever is up: the exchange that wanted these calls is gone."""
        names = list(self._calls)
        await asyncio.gather(*(self._release(name) for name in names))
        # The goodbye, and its answer, are still on their way when the order is obeyed.
        await asyncio.sleep(_GOODBYE_SECONDS if names else 0)
        await self._runtime.close()

    def obey(self, order: Order) -> None:
        """Carry out one order of the exchange; one for a call that is gone is none."""
        name, what = str(order.get("call", "")), order["do"]
        leg = self._legs.get(name)
        match what:
            case "dial":
                self._spawn(self._dial(name, str(order["to"]), str(order["caller"])))
            case "release":
                self._spawn(self._release(name))
            case "keys":
                self._spawn(self._press(name, str(order["keys"]), int(str(order["prompt"]))))
            case "feed":
                self._feed(name, base64.b64decode(str(order["pcm"])))
            case "tap":
                (self._taps.add if order["on"] else self._taps.discard)(name)
                self._arrange()
            case _ if leg is not None:
                self._order(leg, order)
            case _:
                pass

    def _order(self, leg: Leg, order: Order) -> None:
        name = str(order["call"])
        match order["do"]:
            case "play":
                leg.play(int(str(order["prompt"])), _sound(str(order["file"])))
            case "hush":
                leg.hush()
            case "record":
                leg.record(float(str(order["silence"])), beeps=bool(order["beep"]))
            case "stop_recording":
                leg.stop_recording()
                tell("recorded", call=name)
            case "keep_voice":
                leg.keep_voice(is_on=bool(order["on"]))
                if not order["on"]:
                    tell("recorded", call=name)
            case "hear":
                self._company[name] = tuple(str(order["others"]).split())
                self._arrange()
            case _:
                pass

    # Calls

    async def _agent(self, user: str, register_every: int = 0) -> UserAgent:
        """Return the identity under which `user` calls."""
        if user not in self._callers:
            trunk = self._trunk
            account = Account(
                user=user,
                domain=f"{trunk['host']}:{trunk['port']}",
                password=str(trunk["password"]),
                auth_user=str(trunk["user"]) or None,
                reg_interval=register_every,
                transport="tcp" if trunk["transport"] == "tcp" else "udp",
                audio_codecs=("pcma", "pcmu"),
                dtmf_mode="rtpevent",
            )
            agent = await UserAgent.create(self._runtime, account, transfer_policy="reject")
            agent.on_incoming(lambda call: self._spawn(call.reject()))
            self._callers[user] = agent
        return self._callers[user]

    async def _dial(self, name: str, number: str, caller: str) -> None:
        trunk = self._trunk
        address = f"sip:{number}@{trunk['host']}:{trunk['port']};transport={trunk['transport']}"
        try:
            agent = await self._agent(caller)
            call = await agent.dial(address)
        except (BaresipError, ValueError):
            tell("closed", call=name, reason="")
            return
        self._calls[name], self._names[call.handle] = call, name
        for event in self._early.pop(call.handle, []):
            self._happened(event)
        if name in self._released:
            await self._release(name)

    async def _release(self, name: str) -> None:
        call = self._calls.get(name)
        if call is None:
            self._released.add(name)
            return
        try:
            await call.hangup()
        except BaresipError:
            return

    async def _press(self, name: str, keys: str, prompt: int) -> None:
        for key in keys:
            call = self._calls.get(name)
            if call is None:
                return
            if key == _WAIT_KEY:
                await asyncio.sleep(0.5)
            else:
                await call.send_dtmf(key)
                await asyncio.sleep(0.12)
        tell("heard", call=name, prompt=prompt)

    def _happened(self, event: StackEvent) -> None:
        """Tell the exchange what the network did."""
        if not event.call:
            return
        name = self._names.get(event.call)
        if name is None:
            # The call may be so fresh that nobody here knows its name yet.
            if event.event is not Event.CALL_INCOMING and len(self._early) < 1000:
                self._early.setdefault(event.call, []).append(event)
            return
        match event.event:
            case Event.CALL_RINGING | Event.CALL_PROGRESS:
                tell("ringing", call=name)
            case Event.CALL_ESTABLISHED:
                self._answered(name)
            case Event.CALL_DTMF_START:
                tell("key", call=name, key=(event.text or "")[:1])
            case Event.CALL_CLOSED:
                self._closed(name, event)
            case _:
                pass

    def _answered(self, name: str) -> None:
        if name not in self._legs:
            self._legs[name] = Leg(
                _Audio(self._calls[name]),
                lambda what, **more: tell(what, call=name, **more),
                LIFTING_ROUNDS,
            )
            tell("answered", call=name)
            self._has_legs.set()
            self._arrange()

    def _closed(self, name: str, event: StackEvent) -> None:
        del self._names[event.call], self._calls[name]
        self._released.discard(name)
        leg = self._legs.pop(name, None)
        if leg is not None:
            leg.stop_recording()
            leg.keep_voice(is_on=False)
        if not self._legs:
            self._has_legs.clear()
        self._taps.discard(name)
        self._company.pop(name, None)
        self._arrange()
        tell("closed", call=name, reason=event.text or "")

    def _registered(self, event: StackEvent) -> None:
        if event.event in {Event.REGISTER_OK, Event.REGISTER_FAIL}:
            is_ok = event.event is Event.REGISTER_OK
            tell("registered", ok=is_ok, reason="" if is_ok else (event.text or "")[:60])

    # Sound

    def _arrange(self) -> None:
        """Note who is heard by whom."""
        companies = {name: self._company.get(name, ()) for name in self._legs}
        heard = {each for company in companies.values() for each in company} | self._taps
        for name, leg in self._legs.items():
            leg.arrange(companies[name], is_heard=name in heard)
        self._feeds = {
            name: self._feeds.get(name) or Cushion() for name in heard if name.count("/")
        }

    def _feed(self, name: str, pcm: bytes) -> None:
        """Take sound of somebody who is not on this trunk."""
        if name in self._feeds:
            self._feeds[name].put(pcm)

    async def _serve(self) -> None:
        """Serve every leg in time: live ones with each frame, the others now and then."""
        due, frame = time.monotonic(), 0
        while True:
            await self._has_legs.wait()
            due = max(due + FRAME_SECONDS, time.monotonic() - 10 * FRAME_SECONDS)
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
            tell("frame", call=name, pcm=live[name].frame.tobytes())

    def _fed(self) -> dict[str, Samples]:
        return {
            name: np.frombuffer(cushion.take(2 * FRAME_SAMPLES), np.int16)
            for name, cushion in self._feeds.items()
        }

    def _spawn(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.get_running_loop().create_task(_quietly(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


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


async def _quietly(work: Coroutine[object, object, None]) -> None:
    """Do something that the other side may have made pointless meanwhile."""
    try:
        await work
    except BaresipError:
        return


def tell(what: str, *, pcm: bytes = b"", **more: object) -> None:
    """Tell the exchange something, at once."""
    fact = {"what": what, **more} | ({"pcm": base64.b64encode(pcm).decode()} if pcm else {})
    # Nobody reads any more once the exchange is gone; what is left is to hang up.
    with suppress(BrokenPipeError):
        _FACTS.write(json.dumps(fact) + "\n")
        _FACTS.flush()


async def _run() -> None:
    loop = asyncio.get_running_loop()
    orders = asyncio.StreamReader(limit=_LONGEST_LINE)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    agent = Agent(json.loads(await orders.readline()))
    try:
        await agent.start()
    except BaresipError as error:
        tell("failed", reason=str(error))
        return
    while line := await orders.readline():
        agent.obey(json.loads(line))
    await agent.stop()


_FACTS = sys.stdout
if __name__ == "__main__":
    # Whatever a library prints must not stand between the facts: it goes where errors go.
    _FACTS = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    # The exchange decides when to stop; a Ctrl-C in its terminal is not meant for the child.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asyncio.run(_run())
