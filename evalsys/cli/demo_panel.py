"""The scripted panel of an unattended session: seats joined by card, pads on sockets, votes."""

import hashlib
from collections.abc import Mapping
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self

from evalsys.cli.demo_people import Operator, Visitor
from evalsys.cli.demo_screen import Screen
from evalsys.domain.panel import SeatCategory

SEATS = {
    "party_delegate": 2,
    "peoples_deputy": 2,
    "cppcc_member": 2,
    "mass_representative": 4,
    "retired_cadre": 1,
    "unit_representative": 1,
    "media": 2,
}
"""How many seats of each category the hall has."""

_REASONS = (
    "多名群众来信反映办事要跑好几趟",
    "记者走访时有住户说一年没有见过联系干部",
    "热线里同一件事反映了三次没有答复",
)
"""Why the media want to hear somebody."""

OPENS_WITHIN_S = 30
CHANGES_MIND_PERCENT = 10


class Pad(Visitor):
    """One seat's device: it joins once, hears of each vote over its socket, votes over HTTP."""

    def __init__(self, url: str, live: str, card: Mapping[str, Any]) -> None:
        """Take the seat of a card, and keep its screen ready."""
        super().__init__(url)
        self.number: int = card["number"]
        self.is_media: bool = card["category"] == SeatCategory.MEDIA
        self._live = live
        self.see(f"/pad/join/{card['code']}")
        self.send(f"/pad/join/{card['code']}", {"leading_post": "no"})
        self.screen = Screen(url, live, "pad", self.cookies)

    def vote(self, j: int, *choices: str) -> None:
        """Vote on round `j` as soon as the vote is open: the last of `choices` counts."""
        self.screen.wait(
            lambda view: bool(view.get("vote_open")) and view["round"]["j"] == j,
            OPENS_WITHIN_S,
            f"{self.number} 号席看到第 {j} 轮投票开放",
        )
        view = self.see(f"/pad/{self._live}/view.json").json()
        self.csrf = view["csrf_token"]
        own = view["own"]
        for revision, choice in enumerate(choices, start=own["revision"] + 1):
            ballot = {"j": j, "opening": own["opening"], "choice": choice, "revision": revision}
            self.tell(f"/pad/{self._live}/vote", ballot)

    def propose(self, cadre: str, reason: str) -> None:
        """Propose to name a cadre."""
        self.csrf = self.see(f"/pad/{self._live}/view.json").json()["csrf_token"]
        self.tell(f"/pad/{self._live}/propose", {"cadre": cadre, "reason": reason})


class ScriptedPanel:
    """Every seat of the hall, voting as `seed` has it; the same seed votes the same way."""

    def __init__(self, operator: Operator, url: str, seed: int) -> None:
        """Print a card for each of SEATS and let a device take it."""
        self._seed = seed
        cards: list[dict[str, Any]] = operator.tell(f"/seats/{operator.live}", SEATS)["seats"]
        self._pads = [Pad(url, operator.live, card) for card in cards]
        self._open = ExitStack()

    def __enter__(self) -> Self:
        """Switch every pad's screen on."""
        for pad in self._pads:
            self._open.enter_context(pad.screen)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Switch them off."""
        self._open.close()

    def vote(self, j: int, contradictions: int) -> None:
        """Let every seat vote on round `j`; the more accounts differ, the less content it is."""
        for pad in self._pads:
            if pad.is_media:
                continue
            choice = self._choice(j, pad.number, contradictions)
            if self._percent("mind", j, pad.number) < CHANGES_MIND_PERCENT:
                pad.vote(j, "basically_satisfied", choice)
            else:
                pad.vote(j, choice)

    def propose(self, n: int, cadre: str) -> None:
        """Let the media's seats take turns in proposing to name a cadre."""
        media = [pad for pad in self._pads if pad.is_media]
        media[n % len(media)].propose(cadre, _REASONS[n % len(_REASONS)])

    def _choice(self, j: int, seat: int, contradictions: int) -> str:
        mood = self._percent("mood", j, seat)
        if mood < min(80, 5 + 20 * contradictions):
            return "not_satisfied"
        return "satisfied" if mood >= min(95, 30 + 20 * contradictions) else "basically_satisfied"

    def _percent(self, *what: object) -> int:
        """A number from 0 to 99 that depends on the seed and on nothing else."""
        told = "|".join(map(str, (self._seed, *what)))
        return int.from_bytes(hashlib.sha256(told.encode()).digest()[:4]) % 100
