"""All services of one installation, wired in `evalsys.app.build_rooms`."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from evalsys.services.access import Access
from evalsys.services.agenda import Agendas
from evalsys.services.aired import Aired
from evalsys.services.attendants import Attendants
from evalsys.services.audit import AuditTrail
from evalsys.services.auditor import Auditor
from evalsys.services.calls import Calls
from evalsys.services.campaign_calls import CampaignCalls
from evalsys.services.campaign_dialler import CampaignDialler
from evalsys.services.campaign_inbound import CampaignInbound
from evalsys.services.campaign_links import CampaignLinks
from evalsys.services.campaign_outcomes import CampaignOutcomes
from evalsys.services.campaign_recordings import CampaignRecordings
from evalsys.services.campaigns import Campaigns
from evalsys.services.casework import CaseworkRoom
from evalsys.services.casework_board import CaseworkBoards
from evalsys.services.ceremony import Ceremony
from evalsys.services.checkin import CheckIn
from evalsys.services.cycles import Cycles
from evalsys.services.dialler import Dialler
from evalsys.services.disputes import Disputes
from evalsys.services.draw import Draws
from evalsys.services.flags import Flags
from evalsys.services.followups import FollowUps
from evalsys.services.grid_room import GridRoom
from evalsys.services.heads import Heads
from evalsys.services.household_room import HouseholdRoom
from evalsys.services.inactivity import Inactivity
from evalsys.services.investigations import Investigations
from evalsys.services.issue_room import IssueRoom
from evalsys.services.issued_notices import IssuedNotices
from evalsys.services.leadership import Leadership
from evalsys.services.link_handover import LinkHandOvers
from evalsys.services.listings import Listings
from evalsys.services.live_session import LiveSessions
from evalsys.services.naming import Namings
from evalsys.services.objections import Objections
from evalsys.services.panel import Panel
from evalsys.services.paper import Paper
from evalsys.services.personnel import Personnel
from evalsys.services.pledge_cases import PledgeCases
from evalsys.services.pledges import Pledges
from evalsys.services.polls import Polls
from evalsys.services.programmes import Programmes
from evalsys.services.promotions import Promotions
from evalsys.services.published_roster import PublishedRoster
from evalsys.services.quotas import Quotas
from evalsys.services.readiness import Readiness
from evalsys.services.record_scores import RecordScores
from evalsys.services.responsibility_map import ResponsibilityMap
from evalsys.services.roster import Roster
from evalsys.services.rule_sets import RuleSets
from evalsys.services.score import Scores
from evalsys.services.screen_links import ScreenLinks
from evalsys.services.screens import Screens
from evalsys.services.show import Show
from evalsys.services.show_control import ShowControl
from evalsys.services.stage import Stage
from evalsys.services.statements import Statements
from evalsys.services.talks import Talks
from evalsys.services.taxonomy import Taxonomies
from evalsys.services.unit_years import UnitYears


@dataclass(frozen=True, slots=True)
class CampaignRoom:
    """Calling campaigns: what people do with them, their interviews, their dialler."""

    plans: Campaigns
    calls: CampaignCalls
    inbound: CampaignInbound
    dialler: CampaignDialler
    links: CampaignLinks
    recordings: CampaignRecordings
    outcomes: CampaignOutcomes


@dataclass(frozen=True, slots=True)
class Rooms:
    """One service a room. Web and socket doors reach every use case through here."""

    zone: ZoneInfo
    """The county's time zone, for everything that people read."""
    leadership: Leadership
    access: Access
    audit: AuditTrail
    roster: Roster
    responsibility_map: ResponsibilityMap
    casework_boards: CaseworkBoards
    grid: GridRoom
    link_handovers: LinkHandOvers
    draw: Draws
    published: PublishedRoster
    objections: Objections
    auditor: Auditor
    live: LiveSessions
    flags: Flags
    heads: Heads
    show: Show
    control: ShowControl
    aired: Aired
    readiness: Readiness
    namings: Namings
    programmes: Programmes
    ceremony: Ceremony
    attendants: Attendants
    screens: Screens
    links: ScreenLinks
    score: Scores
    panel: Panel
    check_in: CheckIn
    paper: Paper
    follow_ups: FollowUps
    pledges: Pledges
    agendas: Agendas
    calls: Calls
    dialler: Dialler
    campaign: CampaignRoom
    casework: CaseworkRoom
    households: HouseholdRoom
    stage: Stage
    personnel: Personnel
    promotions: Promotions
    talks: Talks
    issued_notices: IssuedNotices
    investigations: Investigations
    pledge_cases: PledgeCases
    listings: Listings
    rule_sets: RuleSets
    cycles: Cycles
    disputes: Disputes
    record_scores: RecordScores
    quotas: Quotas
    inactivity: Inactivity
    statements: Statements
    unit_years: UnitYears
    taxonomies: Taxonomies
    issues: IssueRoom
    polls: Polls
