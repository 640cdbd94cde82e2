"""The SIP user agent as a process of its own: `python -m evalsys.exchange.sip.child`.

It reads orders from its standard input and tells what happens on its standard output, one
JSON object a line; the first line is the trunk. It ends when its input does, so it never
outlives the exchange. A fault in the stack, which is written in C, ends only this process.
"""

import asyncio
import base64
import json
import os
import re
import signal
import sys
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from itertools import count
from urllib.parse import unquote

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

from evalsys.exchange.sip.hall import Hall, Order

_LONGEST_LINE = 1 << 20
_GONE_AFTER_SECONDS = 60
"""A telephone that sent no sound this long has vanished without a goodbye."""
_SOUND_PORTS = "10000-20000"
_CUSHIONS = """audio_jitter_buffer_type adaptive
audio_jitter_buffer_ms 20-160
audio_buffer 20-160
"""
"""As little delay as the network allows: the stack's own choice is a tenth of a second more."""
_REGISTER_EVERY_SECONDS = 600
_WAIT_KEY = "w"
_ANYBODY = "evalsys"
_GOODBYE_SECONDS = 0.5


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
        self._early: dict[int, list[StackEvent]] = {}
        self._released: set[str] = set()
        self._rung = count(1)
        self._hall = Hall(tell)
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
                expose_headers=("To",),
                extra_config_text=(
                    f"sip_listen {trunk['listen_host']}:{trunk['listen_port']}\n"
                    f"rtp_ports {_SOUND_PORTS}\n{_CUSHIONS}"
                ),
            )
        )
        self._runtime.on_dead = lambda: os._exit(3)
        self._runtime.subscribe(self._happened)
        if trunk["register"]:
            agent = await self._agent(str(trunk["user"]), _REGISTER_EVERY_SECONDS)
            agent.on(self._registered)
            self._spawn(agent.register())
        # Whatever number of ours is called: the carrier sends us no other.
        await self._agent(_ANYBODY, 0, "catchall=yes")
        self._spawn(self._hall.serve())
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
        match what:
            case "dial":
                self._spawn(self._dial(name, str(order["to"]), str(order["caller"])))
            case "answer":
                self._spawn(self._answer(name))
            case "release":
                self._spawn(self._release(name))
            case "keys":
                self._spawn(self._press(name, str(order["keys"]), int(str(order["prompt"]))))
            case _:
                self._hall.obey(name, order)

    # Calls

    async def _agent(self, user: str, register_every: int = 0, *more: str) -> UserAgent:
        """Return the identity under which `user` calls; it takes what is called by that name."""
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
                extra_params=more,
            )
            agent = await UserAgent.create(self._runtime, account, transfer_policy="reject")
            agent.on_incoming(self._rings)
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

    def _rings(self, call: Call) -> None:
        """Tell of a call that comes in; what is to become of it, the exchange says."""
        name = f"in{next(self._rung)}"
        self._calls[name], self._names[call.handle] = call, name
        caller, called = _user_of(call.peer or ""), _user_of(call.headers.get("To", ""))
        tell("incoming", call=name, caller=caller, called=called)

    async def _answer(self, name: str) -> None:
        call = self._calls.get(name)
        if call is not None:
            await call.answer()

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
        if self._hall.enter(name, _Audio(self._calls[name])):
            tell("answered", call=name)

    def _closed(self, name: str, event: StackEvent) -> None:
        del self._names[event.call], self._calls[name]
        self._released.discard(name)
        self._hall.leave(name)
        tell("closed", call=name, reason=event.text or "")

    def _registered(self, event: StackEvent) -> None:
        if event.event in {Event.REGISTER_OK, Event.REGISTER_FAIL}:
            is_ok = event.event is Event.REGISTER_OK
            tell("registered", ok=is_ok, reason="" if is_ok else (event.text or "")[:60])

    def _spawn(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.get_running_loop().create_task(_quietly(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _user_of(address: str) -> str:
    """Return the name or number in an address such as `"A" <sip:139@10.0.0.1;user=phone>`."""
    found = re.search(r"(?:sips?|tel):([^@;>]*)", address)
    return unquote(found[1]) if found else ""


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
