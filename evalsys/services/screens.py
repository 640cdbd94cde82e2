"""The pictures of a session, one an audience, with the display data that is not in the record."""

from dataclasses import replace

from sqlalchemy.orm import Session

from evalsys.clock import Clock
from evalsys.domain.canonical import Json
from evalsys.domain.live.fold import replay
from evalsys.domain.live.foreseen import foresee, pot_size
from evalsys.domain.live.screen_kinds import ScreenKind
from evalsys.domain.live.state import LiveState, Round, hears_programmes, is_assembly
from evalsys.domain.live.views import (
    Display,
    PositionClaims,
    RoundClaims,
    View,
    console_view,
    pad_view,
    public_view,
)
from evalsys.domain.live.views_control import control_view, is_screen_dark
from evalsys.domain.live.words import GoStep, Phase, Verdict
from evalsys.domain.roster import CadreCard, HouseholdClaims
from evalsys.errors import NotFound
from evalsys.ids import CadreNumber, HouseholdCode, LiveId, Stratum
from evalsys.services.aired import Aired
from evalsys.services.draw import Draws
from evalsys.services.heads import Heads
from evalsys.services.live_session import LiveSessions
from evalsys.services.picture_numbers import PictureNumbers
from evalsys.store import programmes, roster, tree_heads
from evalsys.store.database import Database

VIEWS = {"public": public_view, "console": console_view, "pad": pad_view}
"""What each audience sees; the stage is public: it shows what everybody at home may see."""
AIRED = "aired"
"""The audience outside the hall: late by the session's delay, and without what was dumped."""
OUTSIDE = "outside"
"""In an address: give me what everybody outside sees, even if I am signed in."""
_CARDS_AT_ONCE = 5000
_SEE_THE_RECORD = frozenset({"console"})
"""Audiences whose pictures bear the record's own number; all others count their pictures."""
_CALLS = {Phase.CALLING, Phase.VOTING, Phase.TALLIED}
"""Each call makes lines, and nobody looks at the chain then: it is not read for every picture."""


class Screens:
    """Builds whole pictures; what never changes during a round is looked up once."""

    def __init__(  # noqa: PLR0913, PLR0917 - one argument for each source of what is shown
        self,
        database: Database,
        now: Clock,
        live_sessions: LiveSessions,
        draws: Draws,
        heads: Heads,
        aired: Aired,
        numbers: PictureNumbers,
    ) -> None:
        """Read display data from `database`; `heads` tells how far the record is settled."""
        self._database = database
        self._now = now
        self._live = live_sessions
        self._draws = draws
        self._heads = heads
        self._aired = aired
        self._characters: dict[tuple[LiveId, str], str] = {}
        self._displays: dict[tuple[LiveId, bool, str, int], Display] = {}
        self._numbers = numbers

    def view(self, live: LiveId, audience: str) -> View:
        """Return what `audience` ("public", "console" or "pad") sees now.

        Raises:
            NotFound: there is no such session.
        """
        state = self._live.state(live)
        view = VIEWS[audience](state, self._display(live, state), self._now())
        view["live"] = live
        if audience == "public":
            view["tree_head"] = self._tree_head(live)
            view["chain"] = self._chain(live, state)
        if audience in _SEE_THE_RECORD:
            return view
        return self._numbers.numbered(live, audience, (state.version, *_proven(view)), view)

    def curtain(self, live: LiveId) -> View:
        """Return what every output of a session obeys: which are dark, and the pause card.

        Raises:
            NotFound: there is no such session.
        """
        return control_view(self._live.state(live))

    def is_dark(self, live: LiveId, kind: ScreenKind, name: str) -> bool:
        """Say whether this one screen is black, whatever its kind shows.

        Raises:
            NotFound: there is no such session.
        """
        return is_screen_dark(self._live.state(live), kind, name)

    def aired(self, live: LiveId) -> View:
        """Return what the web may see now: late by its delay, and without what was dumped.

        Raises:
            NotFound: there is no such session.
        """
        present = self._live.state(live)
        state = self._aired.of(live, present)
        view = public_view(state, self._display(live, state, aired=True), self._now())
        # The newest head and line would tell that something waits in the delay.
        head = present.version
        is_late = state.version < head
        view["live"] = live
        view["tree_head"] = None if is_late else self._tree_head(live)
        view["chain"] = None if is_late else self._chain(live, state)
        reached = (head, state.version, *_proven(view))
        return self._numbers.numbered(live, "aired", reached, view)

    def is_late(self, live: LiveId) -> bool:
        """Say whether something waits in the delay, or was dumped, that the web does not show."""
        present = self._live.state(live)
        return self._aired.of(live, present).version < present.version

    def characters(self, live: LiveId) -> str:
        """Return every character that names, units and posts of the frozen roster are written in.

        Raises:
            NotFound: there is no such session.
        """
        state = self._live.state(live)
        if is_assembly(state):
            names = (one.title + one.unit + one.speaker + one.post for one in state.agenda)
            return "".join(sorted(set("".join(names)) - {" "}))
        if not state.roster_sha256:
            return ""
        key = (live, state.roster_sha256)
        if key not in self._characters:
            numbers = tuple(self._draws.frozen_roster(live).by_cadre)
            cards_of = programmes.cards if hears_programmes(state) else roster.cadre_cards
            written: set[str] = set()
            with self._database.read() as db:
                for first in range(0, len(numbers), _CARDS_AT_ONCE):
                    cards = cards_of(db, numbers[first : first + _CARDS_AT_ONCE]).values()
                    written.update(*(one.name + one.unit_name + one.post for one in cards))
            self._characters[key] = "".join(sorted(written - {" "}))
        return self._characters[key]

    def at(self, live: LiveId, seq: int) -> View:
        """Return the public picture as it stood after event `seq`, at that event's time.

        Raises:
            NotFound: there is no such session, or its record has no such event.
        """
        records = self._live.events(live)[:seq]
        if not records or records[-1].seq != seq:
            raise NotFound(f"会议记录没有第 {seq} 条。", remedy="请在时间轴上选择。")
        state = replay(records)
        view = public_view(state, self._build_display(live, state), records[-1].at)
        return {**view, "live": live, "tree_head": None, "chain": None}

    def foreseen(
        self, live: LiveId, step: GoStep, verdict: Verdict | None = None, audience: str = "public"
    ) -> View:
        """Return an audience's picture as GO would make it; `verdict` is what the director chose.

        Raises:
            NotFound: there is no such session.
            WrongPhase: the step is not possible now.
            RuleViolation: GO would be refused.
        """
        state, now = self._live.state(live), self._now()
        current, households = state.round, 0
        if step is GoStep.OPEN_CALLS and current is not None:
            frozen = self._draws.frozen_roster(live).by_cadre.get(current.cadre)
            households = frozen.hh_n if frozen else 0
        draws = step is GoStep.DRAW_NEXT and state.roster_sha256
        eligible = pot_size(state, self._draws.frozen_cadres(live)) if draws else 0
        after = foresee(state, step, now, households=households, eligible=eligible, verdict=verdict)
        display = self._display(live, state)
        if len(after.rounds) > len(state.rounds):
            display = replace(display, claims=RoundClaims())  # of whom nobody knows yet
        view = VIEWS[audience](after, display, now)
        return {**view, "live": live, "tree_head": None, "chain": None}

    def _tree_head(self, live: LiveId) -> Json:
        """Say how far the record is signed, so that every camera is a witness."""
        with self._database.read() as db:
            last = tree_heads.last(db, live)
        return {"size": last.head.size, "root": last.head.root[:8]} if last else None

    def _chain(self, live: LiveId, state: LiveState) -> Json:
        """Give the last settled line, while the hall looks at the draw and not at the calls."""
        is_shown = state.manifest and state.phase not in _CALLS
        head = self._heads.chain_head(live) if is_shown else None
        return {"line": head[0], "head": head[1]} if head else None

    def _display(self, live: LiveId, state: LiveState, *, aired: bool = False) -> Display:
        key = (live, aired, state.roster_sha256, len(state.rounds))
        known = self._displays.get(key)
        if known is None:
            known = self._build_display(live, state)
            # One entry a session: an earlier round is not shown again.
            self._displays = {k: v for k, v in self._displays.items() if k[:2] != key[:2]}
            self._displays[key] = known
        return known

    def _build_display(self, live: LiveId, state: LiveState) -> Display:
        with self._database.read() as db:
            strata = self._strata(live) if state.roster_sha256 else {}
            claims = self._claims(db, live, state, state.round)
            return Display(self._cards(db, state), claims, strata)

    def _strata(self, live: LiveId) -> dict[Stratum, str]:
        labels = self._draws.stratum_labels(live)
        return {stratum: label.name for stratum, label in labels.items()}

    @staticmethod
    def _cards(db: Session, state: LiveState) -> dict[CadreNumber, CadreCard]:
        on_stage = state.drawn | state.named
        if hears_programmes(state):
            return programmes.cards(db, on_stage)
        return roster.cadre_cards(db, on_stage)

    def _claims(
        self, db: Session, live: LiveId, state: LiveState, current: Round | None
    ) -> RoundClaims:
        if current is None or current.issue is not None:
            return RoundClaims()
        households = self._draws.households_of(db, live, current.cadre)
        claims_of = programmes.services_of if hears_programmes(state) else roster.claims_of
        return round_claims(households, claims_of(db, current.cadre))


def round_claims(
    households: dict[int, HouseholdCode], claims: dict[HouseholdCode, HouseholdClaims]
) -> RoundClaims:
    """Say of each frozen position what the cadre recorded about it, and of all together."""
    by_position = {
        k: PositionClaims(
            visits=tuple(day.isoformat() for day in claims[code].visits),
            solved=tuple(
                request.solved_on.isoformat() if request.solved_on else ""
                for request in claims[code].solved
            ),
        )
        for k, code in households.items()
        if code in claims
    }
    return RoundClaims(
        households=len(households),
        visits=sum(len(one.visits) for one in by_position.values()),
        visited_households=sum(bool(one.visits) for one in by_position.values()),
        solved=sum(len(one.solved) for one in by_position.values()),
        positions=by_position,
    )


def _proven(view: View) -> tuple[int, int]:
    """Say how far what is shown of the proofs has come: it grows between two events too."""
    return _count(view.get("tree_head"), "size"), _count(view.get("chain"), "line")


def _count(shown: Json, of: str) -> int:
    counted = shown.get(of) if isinstance(shown, dict) else None
    return counted if isinstance(counted, int) else 0
