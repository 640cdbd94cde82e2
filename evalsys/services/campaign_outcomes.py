"""What a finished campaign told: its published scores by place, and their way to personnel.

Everything here is read from what the tally published; single answers are gone by then.
"""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from evalsys.clock import Clock
from evalsys.domain.assessment import AssessmentInput
from evalsys.domain.campaign.plan import Campaign, Kind
from evalsys.domain.campaign.result import Result
from evalsys.domain.campaign.standing import Standing, standing
from evalsys.domain.personnel import Appraisal
from evalsys.errors import RuleViolation, WrongPhase
from evalsys.ids import CadreNumber, CampaignId
from evalsys.store import assessment, audit, campaign_results
from evalsys.store import campaign_figures as figures
from evalsys.store import campaigns as store
from evalsys.store.database import Database

ADOPTED = frozenset({Kind.ANNUAL, Kind.APPOINTMENT})
"""Kinds of campaigns that personnel reckons with."""
_OF_HUNDRED = 20
"""A point of five is twenty of a hundred."""


class CampaignOutcomes:
    """Published results of campaigns."""

    def __init__(self, database: Database, now: Clock, zone: ZoneInfo) -> None:
        """Days and years are those of the county's `zone`."""
        self._database = database
        self._now = now
        self._zone = zone

    def standings(self, wanted: CampaignId, by: str) -> tuple[Standing, ...]:
        """Return the figures of each cadre ("about"), "unit" or "township"; none while sealed.

        Raises:
            NotFound: there is no such campaign.
        """
        with self._database.read() as db:
            store.campaign(db, wanted)
            told = {each.about: each.scores for each in campaign_results.results_of(db, wanted)}
            if not told:
                return ()
            names = figures.place_names(db)
            cadres = figures.cadres_by(db, wanted, by)
            # A department is judged from every township: there its score is of no single one.
            places = Counter(about for abouts in cadres.values() for about in abouts)
            return tuple(
                standing(
                    place,
                    names.get(place, place),
                    codes,
                    (
                        told[about]
                        for about in cadres[place]
                        if about in told and places[about] == 1
                    ),
                )
                for place, codes in figures.codes_by(db, wanted, by)
            )

    def adopt(self, wanted: CampaignId, *, actor: str) -> int:
        """Enter a campaign's published result in the personnel room; return for how many cadres.

        An annual appraisal becomes the household component of the year in which it was planned,
        a pre-appointment appraisal is recorded as held on the day on which it ended. A repeat
        changes nothing.

        Raises:
            NotFound: there is no such campaign.
            RuleViolation: personnel does not reckon with campaigns of its kind.
            WrongPhase: its ballots are not opened.
        """
        with self._database.write() as db:
            campaign = store.campaign(db, wanted, alone=True)
            if campaign.kind not in ADOPTED:
                raise RuleViolation(
                    "这类活动的结果不计入干部考核。", remedy="只有年度评议和任前评议计入。"
                )
            told = {each.about: each for each in campaign_results.results_of(db, wanted)}
            if not told:
                raise WrongPhase(
                    "这次活动的密封票还没有开启。", remedy="请等活动结束、计票进程开票后再登记。"
                )
            life = store.changes(db, wanted)
            asked = {
                CadreNumber(about): standing(about, "", codes, ())
                for about, codes in figures.codes_by(db, wanted, "about")
            }
            linked = {cadre: one.households for cadre, one in asked.items()}
            if campaign.kind is Kind.ANNUAL:
                changed = _enter_year(db, self._day(life[0].at).year, asked, told)
            else:
                held_on = self._day(life[-1].at)
                changed = _record(db, campaign, held_on, linked, told, actor, self._now())
            detail = {"cadres": len(linked), "changed": changed}
            audit.record(db, self._now(), actor, "campaign.adopt", f"campaign:{wanted}", detail)
        return changed

    def _day(self, at: datetime) -> date:
        return at.astimezone(self._zone).date()


def _enter_year(
    db: Session, year: int, asked: dict[CadreNumber, Standing], told: dict[str, Result]
) -> int:
    """Keep the household component; what else was entered for the year stays."""
    known = {row.cadre: row for row in assessment.inputs_of(db, [year])}
    rows = []
    for cadre, one in asked.items():
        scores = told[cadre].scores if cadre in told else None
        tenths = None if scores is None else scores.assessed_tenths
        empty = AssessmentInput(cadre, year, None, one.households, 0, None, None)
        rows.append(
            replace(
                known.get(cadre, empty),
                household_score_tenths=None if tenths is None else tenths * _OF_HUNDRED,
                households_linked=one.households,
                households_answered=0 if scores is None else scores.n,
                households_called=one.called,
                households_reached=one.reached,
            )
        )
    saved = assessment.save_inputs(db, rows)
    return saved.new + saved.changed


def _record(  # noqa: PLR0913, PLR0917 - what an appraisal is
    db: Session,
    campaign: Campaign,
    held_on: date,
    linked: dict[CadreNumber, int],
    told: dict[str, Result],
    actor: str,
    now: datetime,
) -> int:
    """Record a pre-appointment appraisal for each cadre, once a campaign."""
    document = f"任前群众评议活动“{campaign.title}”（{campaign.id[:12]}）"
    hidden = "，满意户数不公布"
    known = {(row.cadre, row.document.removesuffix(hidden)) for row in assessment.appraisals(db)}
    new = [cadre for cadre in linked if (cadre, document) not in known]
    for cadre in new:
        found = told.get(cadre)
        satisfied = found.satisfied if found else None
        assessment.add_appraisal(
            db,
            Appraisal(
                cadre=cadre,
                held_on=held_on,
                linked=linked[cadre],
                answered=found.scores.n if found else 0,
                # Too few answers are neither a pass nor a fail, whatever stands here.
                satisfied=satisfied or 0,
                document=document if satisfied is not None else document + hidden,
                recorded_by=actor,
                recorded_at=now,
            ),
        )
    return len(new)
