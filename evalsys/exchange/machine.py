"""The parts of the exchange, put together as its options say."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path

from flask import Blueprint

from evalsys.exchange.api import Api, Routes
from evalsys.exchange.calls import Target
from evalsys.exchange.conference_api import ConferenceApi
from evalsys.exchange.delayed_lines import DelayedLines
from evalsys.exchange.dialects import DIALECTS
from evalsys.exchange.fault_switch import FaultSwitch
from evalsys.exchange.faults import Faults
from evalsys.exchange.handsets import Handsets
from evalsys.exchange.households import Directory, Invented, TruthFile
from evalsys.exchange.incoming import Incoming
from evalsys.exchange.line import Line
from evalsys.exchange.meetings import Meetings
from evalsys.exchange.message_api import MessageApi
from evalsys.exchange.message_box import MessageBox
from evalsys.exchange.outbox import Outbox
from evalsys.exchange.pace import OwnTime, Pace
from evalsys.exchange.pages import Pages
from evalsys.exchange.postbox import Postbox
from evalsys.exchange.rooms import (
    AllLines,
    HandsetLines,
    LineSource,
    ScriptedLines,
    TrunkLines,
)
from evalsys.exchange.sip.settings import TrunkError, TrunkSettings
from evalsys.exchange.sip.sounds import SoundFiles
from evalsys.exchange.sip.trunk import Trunk
from evalsys.exchange.sounds import Sounds
from evalsys.exchange.store import Store
from evalsys.exchange.switchboard import Switchboard
from evalsys.exchange.voice import Voice
from evalsys.exchange.webhooks import Webhooks

LINE_KINDS = ("handset", "scripted", "sip")


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
    zone: tzinfo
    """Where the households live: hours of the day are those of their clocks."""
    carrier: str = "twilio"
    """Which carrier is imitated: one of `DIALECTS`."""
    webhook_algorithm: str = "sha1"
    faults: str = ""
    """What the fault switch deals; see `faults`."""
    prompts: Path | None = None
    """Folder of recorded prompts."""
    dialect: str = ""
    application_url: str = ""
    """Where the sounds that documents name may be fetched; empty: from where calls start."""
    trunk: TrunkSettings | None = None
    """The SIP trunk, when `lines` has one."""
    delays: Mapping[str, float] = field(default_factory=dict)
    """Numbers that hear a conference so many seconds later: feeds to a transmitter."""
    inbound_url: str = ""
    """Where the document is that a caller hears; empty: calls that come in are refused."""
    inbound_status_url: str = ""
    """Where it is told how calls that come in go on; empty: nowhere."""
    inbound_message_url: str = ""
    """Who is told of short messages that come in, and answers them; empty: none are taken."""


class Machine:
    """One exchange: its switchboard, and the doors to it."""

    def __init__(self, options: Options, now: Callable[[], datetime]) -> None:
        """Put it together in `options.data_dir`, which nobody else works in.

        Raises:
            FaultSpecError: the faults cannot be read.
            PromptSetError: the recorded prompts cannot be used.
            TrunkError: the SIP trunk cannot be used here.
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
        dialect = DIALECTS[options.carrier]
        webhooks = Webhooks(
            options.webhook_secret,
            self.faults,
            header=dialect.signature_header,
            algorithm=options.webhook_algorithm,
        )
        self._sounds = Sounds(webhooks, options.application_url)
        self._trunk = self._sip_trunk()
        self._outbox = outbox = Outbox(store, webhooks, self.faults)
        self._handsets = Handsets()
        self._meetings = Meetings(
            store, outbox, account=account, public_url=public_url, now=now, dialect=dialect
        )
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
            dialect=dialect,
        )
        if options.inbound_url:
            self._handsets.take_calls(self._called)
            if self._trunk is not None:
                self._trunk.take_calls(self._called)
        self._postbox = Postbox(
            store.messages,
            outbox,
            self._directory,
            self._handsets,
            account=account,
            speed=options.speed,
            now=now,
            new_sid=dialect.new_sid,
        )
        self._incoming = Incoming(
            store.messages,
            self._postbox,
            webhooks,
            account=account,
            url=options.inbound_message_url,
            now=now,
            new_message_sid=lambda: dialect.new_sid("SM"),
        )

    def start(self) -> None:
        """End, or go on with, what an earlier run left; deliver what it owes; call the carrier."""
        self._switchboard.recover()
        self._postbox.recover()
        if self._trunk is not None:
            self._trunk.start()

    def stop(self) -> None:
        """End all calls, give callbacks a moment, close the file."""
        self._switchboard.stop()
        if self._trunk is not None:
            self._trunk.stop()
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
        delayed = DelayedLines(self._switchboard, self._store, self._options.delays)
        more: list[Routes] = [messages, self._incoming, FaultSwitch(self.faults), delayed]
        if DIALECTS[self._options.carrier].has_conferences:
            more.append(conferences)
        return calls.blueprint(*more)

    def pages(self) -> Blueprint:
        """Return the exchange's own pages."""
        return Pages(
            self._switchboard,
            self._store,
            self._handsets,
            self._directory,
            self._sounds,
            voice=self._voice,
            box=MessageBox(self._store.messages, self._incoming),
            trunk=self._trunk,
        ).blueprint()

    def _called(self, line: Line, caller: str, called: str) -> None:
        """Let the application speak with somebody who calls."""
        options = self._options
        self._switchboard.receive(
            line,
            caller=caller,
            called=called,
            target=Target(options.inbound_url),
            status_callback=(
                Target(options.inbound_status_url) if options.inbound_status_url else None
            ),
        )

    def _sip_trunk(self) -> Trunk | None:
        """Return the trunk that the options name."""
        options = self._options
        if options.trunk is None:
            return None
        if "scripted" in options.lines and options.truth is None:
            # Without a truth file every number is somebody's, and no call would ever go out.
            raise TrunkError("scripted 与 sip 线路一起用时要给出 --truth，只有其中的号码由脚本接听")
        if not (self._voice.can_synthesise or self._voice.recordings):
            # A household that is rung up and hears nothing does not pick up a second time.
            raise TrunkError("没有 espeak-ng 也没有录好的提示音，接通的住户什么也听不到")
        files = SoundFiles(options.data_dir / "sounds", self._voice, self._sounds)
        return Trunk(options.trunk, files.of)

    def _lines(self) -> AllLines:
        """Return the lines that the options ask for: a person, a script, the trunk."""
        options, trunk = self._options, self._trunk

        def new_pace() -> Pace:
            if options.virtual_clock:
                return OwnTime(self._now(), options.speed)
            return Pace(options.speed)

        sources: dict[str, LineSource] = {
            "handset": HandsetLines(self._handsets, self._directory),
            "scripted": ScriptedLines(
                self._directory,
                seed=options.seed,
                new_pace=new_pace,
                leaves_strangers=trunk is not None,
                hour=lambda: self._now().astimezone(options.zone).hour,
            ),
        }
        if trunk is not None:
            sources["sip"] = TrunkLines(trunk)
        kinds = (sources[kind] for kind in LINE_KINDS if kind in options.lines)
        return AllLines(*kinds, delays=options.delays)
