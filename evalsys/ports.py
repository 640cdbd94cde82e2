"""What services need from the outside world, where two bodies exist."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from evalsys.domain.beacon import Chain, Pulse
from evalsys.ids import AttemptId, LiveId


@dataclass(frozen=True, slots=True)
class CarrierCall:
    """A call as the carrier knows it: Twilio's words for `status`, seconds for the rest."""

    sid: str
    status: str
    talk_s: int


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a carrier can do beside placing calls and asking for keys."""

    conference: bool
    """Whether calls can meet; without it a household is asked by keypad alone."""
    transcription: bool
    """Whether it writes down what was recorded."""


class CallGateway(Protocol):
    """Places calls over a carrier that speaks Twilio's wire format (Y34, Y51)."""

    @property
    def can(self) -> Capabilities:
        """What this carrier can do."""
        ...

    @property
    def is_interrupted(self) -> bool:
        """Whether it failed so often in a row that people should take another line meanwhile."""
        ...

    def dial(self, attempt: AttemptId, number: str, *, door: str = "") -> str:
        """Ask the carrier to call `number` (E.164); return the carrier's sid.

        `door` is the part of our address that takes the webhooks: "campaign", or empty for
        a live session.

        Raises:
            AnswerLost: the carrier may or may not have taken the call.
            LineDown: the carrier did not take the call; nothing rang.
            InvalidInput: the carrier says the number cannot be called.
        """
        ...

    def fetch(self, sid: str) -> CarrierCall | None:
        """Return the carrier's view of one call, or nothing when it does not know it.

        Raises:
            LineDown: the carrier does not answer.
        """
        ...

    def calls_to(self, number: str, since: datetime) -> tuple[CarrierCall, ...]:
        """List the calls to `number` that the carrier took since a time, the newest first.

        For the call of an attempt whose answer from the carrier was lost.

        Raises:
            LineDown: the carrier does not answer.
        """
        ...

    def send(self, number: str, text: str) -> None:
        """Send a short message.

        Raises:
            LineDown: the carrier did not take it, or its answer was lost.
            InvalidInput: the carrier says the number takes no messages.
        """
        ...

    def recording(self, sid: str) -> bytes:
        """Return the sound of a recording, a WAV.

        Raises:
            NotFound: the carrier has none of this name.
            LineDown: the carrier does not answer.
        """
        ...

    def erase(self, sid: str) -> None:
        """Erase a recording at the carrier; one that is gone is well.

        Raises:
            LineDown: the carrier does not answer.
        """
        ...

    def check(self) -> None:
        """Ask the carrier something harmless, to know whether it is there.

        Raises:
            LineDown: the carrier does not answer.
        """
        ...


class Beacon(Protocol):
    """Gives rounds of a public randomness beacon, each checked against the pinned key."""

    def fetch(self, chain: Chain, number: int) -> Pulse:
        """Give the genuine pulse of round `number`.

        Raises:
            BeaconSilent: nobody gives it now; says who answered what.
        """
        ...


class StageGateway(Protocol):
    """Steers who is heard in a conference of the carrier, for calls on stage (Y45)."""

    def dial(self, attempt: AttemptId, number: str, *, door: str = "") -> str:
        """Call a line of the stage, whose webhooks go to `door`; as `CallGateway.dial`."""
        ...

    def fetch(self, sid: str) -> CarrierCall | None:
        """Return the carrier's view of one call; as `CallGateway.fetch`."""
        ...

    def has_conferences(self) -> bool:
        """Say whether this carrier knows conferences at all; not every compatible one does.

        Raises:
            LineDown: the carrier does not answer.
        """
        ...

    def call_in(self, attempt: AttemptId, sid: str) -> None:
        """Let a household that waits ask for its way at once, not only at its next turn.

        Raises:
            LineDown: the carrier does not answer.
        """
        ...

    def let_be_heard(self, conference: str, sid: str, *, heard: bool) -> bool:
        """Let a call in a conference be heard, or mute it and put it on hold.

        False when the call is not in that conference.

        Raises:
            LineDown: the carrier does not answer.
        """
        ...

    def remove(self, conference: str, sid: str) -> bool:
        """Take a call out of a conference; it goes on with its document. As `let_be_heard`."""
        ...

    def delay_s(self, sid: str) -> float:
        """Say by how many seconds the carrier delays what a call hears; 0 where it does not.

        Raises:
            LineDown: the carrier does not answer.
        """
        ...

    def dump(self, sid: str) -> bool:
        """Throw away what a delayed call has not heard yet; False when it is not delayed.

        Raises:
            LineDown: the carrier does not answer.
        """
        ...

    def hang_up(self, sid: str) -> None:
        """End a call; harmless when it has ended.

        Raises:
            LineDown: the carrier does not answer.
        """
        ...


class Broadcaster(Protocol):
    """Tells the screens of a session that its record grew; called after commit only."""

    def announce(self, live: LiveId, head_seq: int) -> None:
        """Push what each audience may see; never raises, screens catch up by themselves."""
        ...


@dataclass(frozen=True, slots=True)
class Unsaid:
    """What is taken out of texts before anything is learned from them (Y26)."""

    phrases: Sequence[str]
    places: Sequence[str]


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a classifier learns from and what it judges. Labels are any whole numbers."""

    texts: Sequence[str]
    """As they were written, like those of the rest: whoever learns cleans them."""
    labels: Sequence[int]
    """One a text."""
    weights: Sequence[float]
    """How much each label counts: one text that was read more than one of a heap."""
    rest: Sequence[str]
    unsaid: Unsaid
    precision: float
    """So many of the sure proposals must be right, by what was held out."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What a classifier made of a lesson."""

    proposals: list[tuple[int, int]]
    """Label and margin (thousandths) of each of the rest."""
    sure_from: int | None
    """Least margin, thousandths, from which a proposal is sure; None: none is."""
    accuracy: float | None
    """Share of labels that were guessed right while held out; None with too few."""


class IssueLearner(Protocol):
    """Heaps texts and learns from labels; the same input gives the same answer (Y26).

    Texts come as they were written. A county has hundreds of thousands: cleaning them is part of
    the work that is done apart, or no screen would move meanwhile.
    """

    def cluster(self, texts: Sequence[str], unsaid: Unsaid, wanted: int) -> list[tuple[int, int]]:
        """Give cluster (from 0) and distance from its middle (thousandths) of each text.

        Raises:
            OutsideFailure: the calculation failed.
        """
        ...

    def learn(self, lesson: Lesson) -> Learned:
        """Learn from at least two different labels and judge the rest.

        Raises:
            OutsideFailure: the calculation failed.
        """
        ...
