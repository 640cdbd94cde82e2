"""The parts of the exchange, put together as its options say."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask import Blueprint

from evalsys.exchange.api import Api
from evalsys.exchange.conference_api import ConferenceApi
from evalsys.exchange.fault_switch import FaultSwitch
from evalsys.exchange.faults import Faults
from evalsys.exchange.handsets import Handsets
from evalsys.exchange.households import Directory, Invented, TruthFile
from evalsys.exchange.meetings import Meetings
from evalsys.exchange.message_api import MessageApi
from evalsys.exchange.outbox import Outbox
from evalsys.exchange.pace import OwnTime, Pace
from evalsys.exchange.pages import Pages
from evalsys.exchange.postbox import Postbox
from evalsys.exchange.rooms import AllLines, HandsetLines, LineSource, ScriptedLines
from evalsys.exchange.sounds import Sounds
from evalsys.exchange.store import Store
from evalsys.exchange.switchboard import Switchboard
from evalsys.exchange.voice import Voice
from evalsys.exchange.webhooks import Webhooks

LINE_KINDS = ("handset", "scripted")


@dataclass(frozen=True, slots=True)
class Options:
    """How one exchange is run."""

    host: str
    port: int
    account: str
    token: str
    public_url: str
    """The address at which applications and handsets reach the exchange, no final slash."""
    seed: int
    truth: Path | None
    speed: float
    webhook_secret: str
    data_dir: Path
    lines: tuple[str, ...]
    """Of which kinds, in this order: what `LINE_KINDS` names."""
    virtual_clock: bool
    """Whether each scripted call has a time of its own that never waits."""
    templates: Path
    static: Path
    faults: str = ""
    """What the fault switch deals; see `faults`."""
    prompts: Path | None = None
    """Folder of recorded prompts."""
    dialect: str = ""


class Machine:
    """One exchange: its switchboard, and the doors to it."""

    def __init__(self, options: Options, now: Callable[[], datetime]) -> None:
        """Put it together in `options.data_dir`, which nobody else works in.

        Raises:
            FaultSpecError: the faults cannot be read.
            PromptSetError: the recorded prompts cannot be used.
            TruthFileError: the truth file cannot be used.
        """
        self._options = options
        self._now = now
        account, public_url = options.account, options.public_url
        self._directory: Directory = (
            TruthFile(options.truth) if options.truth else Invented(options.seed)
        )
        self.faults = Faults(options.faults, seed=options.seed, speed=options.speed)
        self._voice = Voice(options.data_dir / "clips", options.prompts, options.dialect)
        self._store = store = Store(options.data_dir / "exchange.db")
        webhooks = Webhooks(options.webhook_secret, self.faults)
        self._sounds = Sounds(webhooks)
        self._outbox = outbox = Outbox(store, webhooks, self.faults)
        self._handsets = Handsets()
        self._meetings = Meetings(store, outbox, account=account, public_url=public_url, now=now)
        self._switchboard = Switchboard(
            store,
            outbox,
            webhooks,
            self._sounds,
            self._lines(),
            self._meetings,
            account=account,
            public_url=public_url,
            now=now,
        )
        self._postbox = Postbox(
            store.messages,
            outbox,
            self._directory,
            account=account,
            speed=options.speed,
            now=now,
        )

    def recover(self) -> None:
        """End, or go on with, what an earlier run left; deliver what it owes."""
        self._switchboard.recover()
        self._postbox.recover()

    def stop(self) -> None:
        """End all calls, give callbacks a moment, close the file."""
        self._switchboard.stop()
        self._store.close()

    def api(self) -> Blueprint:
        """Return the REST API, all of it behind one door."""
        account, public_url = self._options.account, self._options.public_url
        calls = Api(
            self._switchboard,
            self._store,
            account=account,
            token=self._options.token,
            public_url=public_url,
        )
        conferences = ConferenceApi(
            self._switchboard, self._meetings, self._store, account=account, public_url=public_url
        )
        messages = MessageApi(self._postbox, self._store.messages, account=account)
        return calls.blueprint(conferences, messages, FaultSwitch(self.faults))

    def pages(self) -> Blueprint:
        """Return the exchange's own pages."""
        return Pages(
            self._switchboard,
            self._store,
            self._handsets,
            self._directory,
            self._sounds,
            self._voice,
        ).blueprint()

    def _lines(self) -> AllLines:
        """Return the lines that the options ask for; a person comes before a script."""
        options = self._options

        def new_pace() -> Pace:
            if options.virtual_clock:
                return OwnTime(self._now(), options.speed)
            return Pace(options.speed)

        sources: dict[str, LineSource] = {
            "handset": HandsetLines(self._handsets, self._directory),
            "scripted": ScriptedLines(self._directory, seed=options.seed, new_pace=new_pace),
        }
        return AllLines(*(sources[kind] for kind in LINE_KINDS if kind in options.lines))
