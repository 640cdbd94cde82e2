"""Telephones for tests, a SIP user agent of their own: `python -m tests.sip_phones CONFIG.json`.

Each number does what its entry says: `answers` (else it rings on), `rings` seconds, `says`
(hertz of a tone that it speaks all the time), `keys` (pairs of seconds after the answer and
the keys pressed then),
`hangs_up` after so many seconds, `records` (a raw file of what it hears, from the answer on).
`calls` is an address that it calls as soon as the file `when` is there.
Everything noticed is printed, one JSON object a line.
"""

import asyncio
import json
import sys
import time
from collections.abc import Mapping
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

RATE = 8000


def note(what: str, number: str, **more: object) -> None:
    sys.stdout.write(json.dumps({"what": what, "number": number, "at": time.time(), **more}) + "\n")  # noqa: TID251 - a test's own clock
    sys.stdout.flush()


class Telephone:
    """One number and what it does when it is called."""

    def __init__(self, number: str, habits: Mapping[str, object]) -> None:
        self.number = number
        self.habits = habits
        self._tasks: set[asyncio.Task[None]] = set()

    def called(self, call: Call) -> None:
        note("called", self.number, caller=call.peer)
        call.on(lambda event: self.happened(call, event))
        call.on_dtmf(lambda pressed: note("key", self.number, key=pressed.digit))
        if self.habits.get("answers", True):
            self._spawn(self._answer(call))

    def happened(self, call: Call, event: StackEvent) -> None:
        if event.event is Event.CALL_ESTABLISHED:
            note("established", self.number)
            self._spawn(self._talk(call))
        elif event.event is Event.CALL_CLOSED:
            note("closed", self.number)

    def stand_by(self, agent: UserAgent) -> None:
        if "calls" in self.habits:
            self._spawn(
                self._call(agent, str(self.habits["calls"]), Path(str(self.habits["when"])))
            )

    async def _call(self, agent: UserAgent, address: str, when: Path) -> None:
        while not when.exists():  # noqa: ASYNC110, ASYNC240 - another process makes the file
            await asyncio.sleep(0.05)
        call = await agent.dial(address)
        call.on(lambda event: self.happened(call, event))

    async def _answer(self, call: Call) -> None:
        await asyncio.sleep(float(str(self.habits.get("rings", 0.1))))
        await call.answer()

    async def _talk(self, call: Call) -> None:
        for after, keys in self.habits.get("keys", ()):  # type: ignore[attr-defined] # a test's own JSON
            self._spawn(self._press(call, float(after), str(keys)))
        hertz, said = float(str(self.habits.get("says", 0))), 0
        target = Path(str(self.habits.get("records", "/dev/null")))
        ends = time.monotonic() + float(str(self.habits.get("hangs_up", 1e6)))
        with target.open("wb") as heard:  # noqa: ASYNC230 - a file of this machine
            while time.monotonic() < ends:
                await asyncio.sleep(0.05)
                try:
                    heard.write(call.audio.read(1 << 16))
                    heard.flush()
                    waiting = call.audio.info().tx_buffered
                    if hertz and waiting < RATE // 2:
                        at = (said + np.arange(RATE // 10)) / RATE
                        said += RATE // 10
                        call.audio.write(
                            (6000 * np.sin(2 * np.pi * hertz * at)).astype(np.int16).tobytes()
                        )
                except AudioRestarted:
                    continue
                except AudioNotActive:
                    return
        await call.hangup()

    async def _press(self, call: Call, after: float, keys: str) -> None:
        await asyncio.sleep(after)
        await call.send_dtmf(keys)

    def _spawn(self, work: object) -> None:
        task = asyncio.get_running_loop().create_task(_quietly(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _quietly(work: object) -> None:
    try:
        await work  # type: ignore[misc] # any coroutine
    except BaresipError:
        return


async def main(config: Mapping[str, object]) -> None:
    port = config["port"]
    runtime = Runtime()
    await runtime.start(
        Config(
            net_interface="127.0.0.1",
            max_concurrent_calls=None,
            extra_config_text=f"sip_listen 127.0.0.1:{port}\n",
        )
    )
    for number, habits in dict(config["phones"]).items():  # type: ignore[call-overload] # a test's own JSON
        account = Account(
            user=number,
            domain="127.0.0.1",
            password="",
            reg_interval=0,
            audio_codecs=("pcma", "pcmu"),
        )
        agent = await UserAgent.create(runtime, account)
        telephone = Telephone(number, habits)
        agent.on_incoming(telephone.called)
        telephone.stand_by(agent)
    note("ready", "")
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(json.loads(Path(sys.argv[1]).read_text())))
