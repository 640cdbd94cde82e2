"""The verbs of TwiML, as values."""

from dataclasses import dataclass

KEYS = "0123456789*#"


@dataclass(frozen=True, slots=True)
class Say:
    """Speak a text `loop` times (0: until something ends it)."""

    text: str
    language: str = ""
    voice: str = ""
    loop: int = 1


@dataclass(frozen=True, slots=True)
class Play:
    """Play the sound at `url`, or the keys in `digits` (`w` waits half a second)."""

    url: str = ""
    digits: str = ""
    loop: int = 1


@dataclass(frozen=True, slots=True)
class Pause:
    """Be silent."""

    seconds: int = 1


@dataclass(frozen=True, slots=True)
class Gather:
    """Collect keys, while prompting and for `timeout` seconds after."""

    prompts: tuple["Say | Play | Pause", ...] = ()
    action: str = ""
    method: str = "POST"
    timeout: int = 5
    finish_on: str = "#"
    digits_wanted: int = 0
    """0: as many as come."""
    on_empty: bool = False
    barge_in: bool = True


@dataclass(frozen=True, slots=True)
class Record:
    """Record what the person says."""

    action: str = ""
    method: str = "POST"
    timeout: int = 5
    finish_on: str = KEYS
    longest: int = 3600
    beep: bool = True
    trim: bool = True
    status_callback: str = ""
    status_method: str = "POST"
    status_events: tuple[str, ...] = ("completed",)
    transcribe: bool = False
    transcribe_callback: str = ""


@dataclass(frozen=True, slots=True)
class Redirect:
    """Go on with another document."""

    url: str
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Hangup:
    """End the call."""


@dataclass(frozen=True, slots=True)
class Reject:
    """Decline the call; one that was already answered is ended."""


@dataclass(frozen=True, slots=True)
class Leave:
    """Leave the waiting room in which a document plays; elsewhere nothing."""


@dataclass(frozen=True, slots=True)
class Number:
    """A telephone, or a page that holds `client:name`, to be called and put through."""

    to: str
    url: str = ""
    """What the person called hears before being put through."""
    method: str = "POST"
    send_digits: str = ""
    status_callback: str = ""
    status_method: str = "POST"
    status_events: tuple[str, ...] = ("completed",)


@dataclass(frozen=True, slots=True)
class Conference:
    """A room in which calls meet, and on what terms this one enters it."""

    name: str
    muted: bool = False
    beep: str = "true"
    """true, false, onEnter or onExit."""
    start_on_enter: bool = True
    end_on_exit: bool = False
    coach: str = ""
    """Sid of the only call that hears this one."""
    label: str = ""
    wait_url: str = ""
    wait_method: str = "POST"
    most: int = 250
    record: bool = False
    recording_callback: str = ""
    recording_method: str = "POST"
    status_callback: str = ""
    status_method: str = "POST"
    status_events: tuple[str, ...] = ("start", "end")


@dataclass(frozen=True, slots=True)
class Dial:
    """Put the call through: to whoever of `numbers` answers first, or into a conference."""

    numbers: tuple[Number, ...] = ()
    conference: Conference | None = None
    action: str = ""
    method: str = "POST"
    timeout: int = 30
    time_limit: int = 14400
    caller: str = ""
    hangup_on_star: bool = False
    record: bool = False
    recording_callback: str = ""
    recording_method: str = "POST"


Verb = Say | Play | Pause | Gather | Record | Redirect | Hangup | Reject | Leave | Dial
