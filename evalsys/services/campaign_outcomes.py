"""What a finished campaign told: its published scores by place, and their way to personnel.

Everything here is read from what the tally published; single answers are gone by then.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from evalsys.clock import Clock
from evalsys.domain.assessment import AssessmentInput
from evalsys.domain.campaign.plan import OVER, Campaign, Kind
from evalsys.domain.campaign.result import Result
from evalsys.domain.campaign.standing import Standing, standing
from evalsys.domain.interview import Topic
from evalsys.domain.live.words import Reply
from evalsys.domain.local_date import local_date
from evalsys.domain.personnel import Appraisal
from evalsys.domain.pledge import Recheck
from evalsys.errors import RuleViolation, WrongPhase
from evalsys.ids import CadreNumber, CampaignId
from evalsys.store import assessment, audit, campaign_results
from evalsys.store import campaign_figures as figures
from evalsys.store import campaigns as store
from evalsys.store.database import Database

ADOPTED = frozenset({Kind.ANNUAL, Kind.APPOINTMENT})
"""Kinds of campaigns that personnel reckons with."""
_HIDDEN = "，满意户数不公布"
_OF_HUNDRED = 20
"""A point of five is twenty of a hundred."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a pre-appointment appraisal heard about one cadre, with who was and was not reached."""

    held: Appraisal
    is_hidden: bool
    """Whether how many were content is not told."""
    standing: Standing | None


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
            return self.adopt_within(db, wanted, actor=actor)

    def adopt_within(self, db: Session, wanted: CampaignId, *, actor: str) -> int:
        """Enter as `adopt` does, in a transaction that somebody else began and commits."""
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
            today = self._day(self._now())
            changed = _enter_year(db, self._day(life[0].at).year, asked, told, on=today)
        else:
            held_on = self._day(life[-1].at)
            changed = _record(db, campaign, held_on, linked, told, actor, self._now())
        detail = {"cadres": len(linked), "changed": changed}
        audit.record(db, self._now(), actor, "campaign.adopt", f"campaign:{wanted}", detail)
        return changed

    def heard_within(
        self, db: Session, wanted: CampaignId, cadre: CadreNumber, *, actor: str
    ) -> Heard:
        """Enter an appraisal in the personnel room, and say what it heard about one cadre.

        One that nobody answered is heard too: with nobody.

        Raises:
            NotFound: there is no such campaign.
            WrongPhase: it is not over, or its ballots are not opened.
        """
        campaign = store.campaign(db, wanted)
        found = self.standing_within(db, wanted, cadre)
        if campaign.state in OVER and campaign_results.is_unanswered(db, wanted):
            day = self._day(store.changes(db, wanted)[-1].at)
            linked = max(1, found.households if found else 0)
            document = _document_of(campaign)
            none = Appraisal(cadre, day, linked, 0, 0, document, actor, self._now())
            return Heard(none, is_hidden=True, standing=found)
        self.adopt_within(db, wanted, actor=actor)
        document = _document_of(campaign)
        held = next(
            one
            for one in reversed(assessment.appraisals(db))
            if one.cadre == cadre and one.document.removesuffix(_HIDDEN) == document
        )
        return Heard(held, held.document.endswith(_HIDDEN), found)

    def standing_within(
        self, db: Session, wanted: CampaignId, cadre: CadreNumber
    ) -> Standing | None:
        """Say how many households of a cadre were called, reached and answered, at any time."""
        codes = dict(figures.codes_by(db, wanted, "about")).get(cadre)
        return None if codes is None else standing(cadre, cadre, codes, ())

    def recheck_within(self, db: Session, wanted: CampaignId, cadre: CadreNumber) -> Recheck:
        """Say what households answered whether a promise was kept; nothing where too few did.

        Raises:
            NotFound: there is no such campaign.
            WrongPhase: it is not over, or its ballots are not opened.
        """
        campaign = store.campaign(db, wanted)
        told = {each.about: each for each in campaign_results.results_of(db, wanted)}
        if not told and not (campaign.state in OVER and campaign_results.is_unanswered(db, wanted)):
            raise WrongPhase(
                "这次回访的密封票还没有开启。", remedy="请等活动结束、计票进程开票后再登记。"
            )
        found = self.standing_within(db, wanted, cadre)
        replies = told[cadre].replies.get(Topic.PLEDGE, {}) if cadre in told else {}
        return Recheck(
            linked=found.households if found else 0,
            yes=replies.get(Reply.YES, 0),
            no=replies.get(Reply.NO, 0),
            unsure=replies.get(Reply.UNSURE, 0),
        )

    def _day(self, at: datetime) -> date:
        return local_date(at, self._zone)


def _enter_year(
    db: Session,
    year: int,
    asked: dict[CadreNumber, Standing],
    told: dict[str, Result],
    *,
    on: date,
) -> int:
    """Keep the household component; what else was entered for the year stays."""
    known = {row.cadre: row for row in assessment.inputs_of(db, [year])}
    rows = []
    for cadre, one in asked.items():
        scores = told[cadre].scores if cadre in told else None
        tenths = None if scores is None else scores.mean_tenths
        empty = AssessmentInput(cadre, year, None, one.households, 0, None, None)
        rows.append(
            replace(
                known.get(cadre, empty),
                household_score_tenths=None if tenths is None else tenths * _OF_HUNDRED,
                households_linked=one.households,
                households_answered=0 if scores is None else scores.n,
                households_called=one.called,
                households_reached=one.reached,
                household_band=scores.band if scores is not None and scores.unanimous else None,
            )
        )
    saved = assessment.save_inputs(db, rows, on=on)
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
    document = _document_of(campaign)
    known = {(row.cadre, row.document.removesuffix(_HIDDEN)) for row in assessment.appraisals(db)}
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
                document=document if satisfied is not None else document + _HIDDEN,
                recorded_by=actor,
                recorded_at=now,
            ),
        )
    return len(new)


def _document_of(campaign: Campaign) -> str:
    """Name a campaign as the document on which an appraisal rests."""
    return f"任前群众评议活动“{campaign.title}”（{campaign.id[:12]}）"
