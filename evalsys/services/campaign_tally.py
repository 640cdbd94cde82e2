"""The tally of campaigns: opens the answers of one that is over, once, and leaves results alone."""

from evalsys.clock import Clock
from evalsys.domain.campaign.plan import OVER
from evalsys.domain.campaign.result import Result, result_of
from evalsys.domain.scoring import HIDE_BELOW
from evalsys.errors import WrongPhase
from evalsys.ids import CampaignId
from evalsys.store import audit, campaign_results, campaigns
from evalsys.store.ballot_box import BoxKey
from evalsys.store.database import Database

ACTOR = "system:tally"


class CampaignTally:
    """Opens campaigns for the tally process; see `services.tally` for sessions."""

    def __init__(
        self, database: Database, key: BoxKey, now: Clock, *, hide_below: int = HIDE_BELOW
    ) -> None:
        """Open with `key`."""
        self._database = database
        self._key = key
        self._now = now
        self._hide_below = hide_below

    def open(self, campaign: CampaignId) -> tuple[Result, ...]:
        """Open a campaign's answers together, keep what may be known, destroy the boxes.

        A repeat returns the first results.

        Raises:
            NotFound: there is no such campaign.
            WrongPhase: it goes on, so its answers stay sealed.
            Tampered: boxes were altered or added.
        """
        with self._database.write() as db:
            found = campaigns.campaign(db, campaign, alone=True)
            if found.state not in OVER:
                raise WrongPhase(
                    "这次评议活动还没有结束，密封票不能开启。",
                    remedy="请等活动结束，或先停止活动（evalsys campaign stop）。",
                )
            known = campaign_results.results_of(db, campaign)
            if known:
                return known
            answers = campaign_results.open_answers(db, self._key, campaign)
            results = tuple(
                result_of(about, answers[about], hide_below=self._hide_below)
                for about in sorted(answers)
            )
            for result in results:
                campaign_results.save(db, campaign, result)
            detail = {"about": len(results)}
            audit.record(db, self._now(), ACTOR, "ballots.open", f"campaign:{campaign}", detail)
            return results

    def open_due(self) -> None:
        """Open every campaign that is over.

        Raises:
            Tampered: the first one whose boxes are not in order.
        """
        with self._database.read() as db:
            due = campaign_results.due(db)
        for campaign in due:
            self.open(campaign)
