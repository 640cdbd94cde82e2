"""Wiring: settings in, a Flask application out, and nothing else."""

import hmac
from functools import partial
from threading import Event

from flask import Flask
from flask_socketio import SocketIO
from werkzeug.middleware.proxy_fix import ProxyFix

from evalsys.assets import assets_root
from evalsys.beacon.relay import Relays
from evalsys.clock import Clock, utc_now
from evalsys.domain.live.words import StageRole
from evalsys.errors import InvalidInput
from evalsys.learning.child import ChildLearner
from evalsys.ports import Broadcaster, CallGateway
from evalsys.realtime.aside import aside_of
from evalsys.realtime.background import Background
from evalsys.realtime.guards import Pushes, check_every_push_declares
from evalsys.realtime.live import DUE_EVERY_S, FOLLOW_EVERY_S, HEAD_EVERY_S, LiveScreens
from evalsys.realtime.socket import AsyncMode, attach_socket
from evalsys.realtime.wall import WALL_EVERY_S, ScreenWall
from evalsys.services.access import Access, Aside, in_turn
from evalsys.services.agenda import Agendas
from evalsys.services.aired import Aired
from evalsys.services.attendants import Attendants
from evalsys.services.audit import AuditTrail
from evalsys.services.auditor import Auditor
from evalsys.services.calls import Calls, Scripts
from evalsys.services.campaign_calls import CampaignCalls
from evalsys.services.campaign_dialler import CampaignDialler
from evalsys.services.campaign_inbound import CampaignInbound
from evalsys.services.campaign_links import CampaignLinks
from evalsys.services.campaign_outcomes import CampaignOutcomes
from evalsys.services.campaign_recordings import CampaignRecordings
from evalsys.services.campaigns import Campaigns
from evalsys.services.casework import casework_room
from evalsys.services.casework_board import CaseworkBoards
from evalsys.services.casework_desk import CaseworkDesk
from evalsys.services.ceremony import Ceremony
from evalsys.services.checkin import CheckIn
from evalsys.services.cycles import Cycles
from evalsys.services.dialler import Dialler
from evalsys.services.disputes import Disputes
from evalsys.services.draw import Draws
from evalsys.services.flags import Flags
from evalsys.services.followups import FollowUps
from evalsys.services.grid_room import grid_room
from evalsys.services.heads import Heads
from evalsys.services.household_room import HouseholdKeys, forms_room, household_room
from evalsys.services.inactivity import Inactivity
from evalsys.services.interview_scripts import InterviewScripts
from evalsys.services.investigations import Investigations
from evalsys.services.issue_room import issue_room
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
from evalsys.services.picture_numbers import PictureNumbers
from evalsys.services.pledge_cases import PledgeCases
from evalsys.services.pledges import Pledges
from evalsys.services.polls import Polls
from evalsys.services.programmes import Programmes
from evalsys.services.promotions import Promotions
from evalsys.services.published_roster import PublishedRoster
from evalsys.services.quotas import Quotas
from evalsys.services.readiness import Places, Readiness
from evalsys.services.record_scores import record_scores
from evalsys.services.responsibility_map import ResponsibilityMap
from evalsys.services.rooms import CampaignRoom, Rooms
from evalsys.services.roster import Roster
from evalsys.services.rule_sets import RuleSets
from evalsys.services.score import Scores
from evalsys.services.screen_links import ScreenLinks
from evalsys.services.screens import Screens
from evalsys.services.session_findings import session_findings
from evalsys.services.show import Show
from evalsys.services.show_control import ShowControl
from evalsys.services.stage import LOOKS_EVERY_S, Stage
from evalsys.services.statements import Statements
from evalsys.services.talks import Talks
from evalsys.services.tally import Elsewhere, Tally
from evalsys.services.taxonomy import Taxonomies
from evalsys.services.unit_pledges import unit_pledges
from evalsys.services.unit_years import UnitYears
from evalsys.settings import Settings
from evalsys.store.ballot_box import BallotSlot, BoxKey
from evalsys.store.card_key import CardKey
from evalsys.store.casebook import PaperSafe
from evalsys.store.casework_policy import shipped_policy
from evalsys.store.database import Database
from evalsys.store.head_key import HeadKey
from evalsys.store.phone_box import PhoneBox
from evalsys.store.public_folder import PublicFolder
from evalsys.store.rulebooks import shipped_rulebook
from evalsys.telephony.gateway import TwilioGateway
from evalsys.telephony.scripts import LIVE, PROGRAMME, air_script, interview_scripts
from evalsys.web import carrier_door, short_way, twilio_hooks, watch
from evalsys.web.addresses import Address
from evalsys.web.blueprints import BLUEPRINTS
from evalsys.web.errors import answer_errors, told_error
from evalsys.web.form_session import FormSession
from evalsys.web.guards import check_every_route_declares, guard_requests, public
from evalsys.web.headers import protect_answers
from evalsys.web.home import set_up_shell
from evalsys.web.rooms import install_rooms
from evalsys.web.words import set_up_words

UPLOAD_AT_MOST_BYTES = 16 * 1024 * 1024
_LOGINS_CHECKED_EVERY_S = 2
_TREE_HEADS_CHECKED_EVERY_S = 2
_BEACON_ASKED_EVERY_S = 1
_LINKS_SENT_EVERY_S = 5
_ERASED_EVERY_S = 20.0


def create_app(
    settings: Settings,
    *,
    async_mode: AsyncMode = "threading",
    now: Clock = utc_now,
    elsewhere: Broadcaster | None = None,
) -> Flask:
    """Build the application of one installation; `async_mode` is "gevent" under `evalsys serve`.

    With `elsewhere` the screens hang on another process, which hears of what this one records.

    Raises:
        RuntimeError: a route or a socket handler does not declare who may use it.
    """
    root = assets_root()
    app = Flask(
        "evalsys", template_folder=str(root / "templates"), static_folder=str(root / "static")
    )
    _configure(app, settings)
    socket = SocketIO()
    screens = LiveScreens(socket)
    rooms = build_rooms(settings, elsewhere or screens, aside=aside_of(async_mode), now=now)
    install_rooms(app, rooms)
    protect_answers(app, https=settings.secure_cookies)
    set_up_words(app, settings.zone, https=settings.secure_cookies)
    set_up_shell(app)
    answer_errors(app)
    guard_requests(app)
    carrier_door.install_carrier(app, settings)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.register_blueprint(
        twilio_hooks.blueprint,
        name=twilio_hooks.OF_CAMPAIGNS,
        url_prefix=twilio_hooks.CAMPAIGN_PREFIX,
    )
    if elsewhere is None:
        app.add_url_rule("/live/<live>/stream", "stream", public(partial(screens.stream)))
    public(app.view_functions["static"])
    check_every_route_declares(app)

    attach_socket(socket, app, public_url=settings.public_url, async_mode=async_mode)
    short_way.open_before(app, https=settings.secure_cookies)
    pushes = Pushes(socket, rooms.access, app.config["LOGIN_COOKIE"], told_error)
    watched = watch.WatchPages(app, rooms, PublicFolder(settings.watch_dir), settings.public_url)
    wall = ScreenWall(socket, rooms.links, rooms.live, now)
    wall.attach(pushes)
    rooms.readiness.ask_screens(wall.screens_of)
    screens.attach(rooms.screens, pushes, watched.publish_soon, rooms.links, wall.told)
    screens.tell_first(wall.obey)
    check_every_push_declares(socket)

    beside = Background(app, socket)
    every, heads = beside.every, partial(screens.follow, rooms.live.heads)
    beside.at_once += (
        partial(watched.run, Event()),
        every(_LOGINS_CHECKED_EVERY_S, pushes.drop_ended_logins),
        partial(rooms.dialler.run, Event()),
        every(FOLLOW_EVERY_S, heads),
        partial(rooms.live.listen, heads, socket.sleep),
        every(LOOKS_EVERY_S, rooms.stage.look),
        every(HEAD_EVERY_S, screens.send_heads),
        every(DUE_EVERY_S, screens.show_due),
        every(WALL_EVERY_S, wall.show),
        every(_BEACON_ASKED_EVERY_S, rooms.ceremony.fetch_due),
        every(_TREE_HEADS_CHECKED_EVERY_S, rooms.heads.sign_due),
    )
    beside.afterwards += (
        every(watch.DUE_EVERY_S, watched.publish_due),
        partial(rooms.campaign.dialler.run, Event()),
        every(_LINKS_SENT_EVERY_S, rooms.campaign.links.look),
        every(_LINKS_SENT_EVERY_S, rooms.polls.end_past),
        every(_LINKS_SENT_EVERY_S, rooms.households.door.look),
        every(_ERASED_EVERY_S, rooms.campaign.recordings.erase_dropped),
    )
    return app


def build_rooms(
    settings: Settings, broadcaster: Broadcaster, *, aside: Aside, now: Clock = utc_now
) -> Rooms:
    """Build every service of one installation; `broadcaster` tells the screens."""
    database = Database(settings.database_url)
    scores = Scores(database, BallotSlot(settings.tally_public_key), _readers_key(settings), now)
    keys, zone = HouseholdKeys(settings.phone_key, settings.index_key), settings.zone
    box = PhoneBox(keys.phone, keys.index)
    draws = Draws(database, box, now, forms_room(database, keys.phone, now, zone).askable)
    live = LiveSessions(database, now, broadcaster)
    namings = Namings(database, live, draws, now)
    # The inbox of webhooks is unreadable without this key, which no other table is sealed with.
    scripts = Scripts(interview_scripts(LIVE), interview_scripts(PROGRAMME))
    calls = Calls(database, live, scores, scripts, _derived(settings, "call-answers"), now)
    heads = Heads(database, live, HeadKey(settings.head_key), now)
    aired = Aired(database, live, now)
    pledges = Pledges(database, live, aired, settings.zone, now)
    attendants = Attendants(database, live, now)
    gateway = TwilioGateway(settings)
    house_lines = {StageRole.HALL: settings.hall_line, StageRole.FEED: settings.feed_line}
    leadership = Leadership(database)
    numbers = PictureNumbers(lambda: leadership.epoch)
    campaign = build_campaigns(settings, database, gateway, now=now)
    personnel_room = build_personnel(settings, database, aside)
    safe = PaperSafe(_derived(settings, "case-papers"))
    casework = casework_room(database, box, now, settings.zone)
    cases = PledgeCases(database, personnel_room, live, campaign.plans, campaign.outcomes, safe)
    places = Places((settings.data_dir, settings.watch_dir), settings.backup_dir)
    return Rooms(
        zone=settings.zone,
        leadership=leadership,
        access=Access(database, now, aside=aside),
        audit=AuditTrail(database, zone=settings.zone),
        roster=Roster(database, aside),
        casework_boards=CaseworkBoards(database, now, settings.zone, aside),
        grid=grid_room(database, now, settings.zone, aside),
        link_handovers=LinkHandOvers(database, now, settings.zone),
        responsibility_map=ResponsibilityMap(database, now, settings.zone, aside),
        draw=draws,
        published=PublishedRoster(draws),
        objections=Objections(database, live, draws, now),
        auditor=Auditor(database, live, draws, now),
        live=live,
        flags=Flags(database, now),
        heads=heads,
        show=Show(live, draws, scores, namings),
        control=ShowControl(live, aired, now),
        aired=aired,
        readiness=Readiness(database, live, scores, gateway, places, now),
        namings=namings,
        programmes=Programmes(database, settings.zone),
        ceremony=Ceremony(live, draws, attendants, Relays(settings.beacon_relays), now),
        attendants=attendants,
        screens=Screens(database, now, live, draws, heads, aired, numbers),
        links=ScreenLinks(_derived(settings, "screen-links"), live),
        score=scores,
        panel=build_panel(settings, database, now=now),
        check_in=CheckIn(database, CardKey(_derived(settings, "seat-cards")), now),
        paper=Paper(database, now),
        follow_ups=FollowUps(database, live, aired, now),
        pledges=pledges,
        agendas=Agendas(database, live, pledges, now),
        calls=calls,
        dialler=Dialler(database, live, draws, calls, gateway, now),
        campaign=campaign,
        casework=casework,
        households=household_room(casework.desk, casework.intake, gateway, keys, cases.every, live),
        stage=Stage(database, live, draws, gateway, air_script(), house_lines, now),
        personnel=personnel_room,
        talks=Talks(database, personnel_room, safe),
        issued_notices=IssuedNotices(database, personnel_room, safe),
        investigations=Investigations(database, personnel_room, live, safe),
        pledge_cases=cases,
        listings=Listings(database, personnel_room),
        promotions=Promotions(database, personnel_room, campaign.plans, campaign.outcomes, safe),
        rule_sets=RuleSets(database, now, settings.zone, aside),
        cycles=Cycles(database, now, settings.zone, shipped_rulebook()),
        record_scores=record_scores(database, now, settings.zone),
        quotas=Quotas(database, now, settings.zone),
        statements=Statements(database, now, settings.zone, safe),
        inactivity=Inactivity(database, now, settings.zone, shipped_rulebook()),
        unit_years=UnitYears(database, personnel_room, Programmes(database, settings.zone)),
        disputes=Disputes(database, now, settings.zone, shipped_rulebook()),
        taxonomies=Taxonomies(database, now, settings.zone),
        issues=issue_room(database, ChildLearner(), now, settings.zone),
        polls=Polls(database, settings.index_key, now, settings.zone, campaign.plans),
    )


def build_panel(settings: Settings, database: Database, *, now: Clock = utc_now) -> Panel:
    """Build the room of the panel's lists; the command line needs no other."""
    slot = BallotSlot(settings.tally_public_key)
    return Panel(database, Scores(database, slot, _readers_key(settings), now), now)


def build_auditor(settings: Settings, database: Database) -> Auditor:
    """Build the auditor's papers over sessions that nobody is telling screens about."""
    draws = Draws(database, PhoneBox(settings.phone_key, settings.index_key), utc_now)
    return Auditor(database, LiveSessions(database, utc_now, Elsewhere()), draws, utc_now)


def build_campaigns(
    settings: Settings,
    database: Database,
    gateway: CallGateway | None = None,
    *,
    now: Clock = utc_now,
) -> CampaignRoom:
    """Build the room of campaigns; the command line needs no other."""
    slot, line = BallotSlot(settings.tally_public_key), gateway or TwilioGateway(settings)
    scores = Scores(database, slot, _readers_key(settings), now)
    zone, scripts = settings.zone, InterviewScripts(database, interview_scripts(), now)
    box = PhoneBox(settings.phone_key, settings.index_key)
    desk = CaseworkDesk(database, shipped_policy(), now, zone)
    calls = CampaignCalls(database, scores, slot, scripts, settings.index_key, now, zone, desk)
    dialler = CampaignDialler(database, calls, line, box, now, zone)
    links = CampaignLinks(database, calls, line, box, settings.public_url, now)
    recordings = CampaignRecordings(database, calls, line)
    plans, outcomes = Campaigns(database, scripts, now, zone), CampaignOutcomes(database, now, zone)
    inbound = CampaignInbound(database, calls, box, now)
    return CampaignRoom(plans, calls, inbound, dialler, links, recordings, outcomes)


def build_personnel(settings: Settings, database: Database, aside: Aside = in_turn) -> Personnel:
    """Build the personnel room; the command line needs no other."""
    zone, book = settings.zone, shipped_rulebook()
    findings, promised = session_findings(database, zone), unit_pledges(database, zone)
    return Personnel(database, utc_now, zone, book, findings, aside, promised)


def build_unit_years(settings: Settings, database: Database) -> UnitYears:
    """Build the room of units' years; the command line needs no other."""
    return UnitYears(
        database, build_personnel(settings, database), Programmes(database, settings.zone)
    )


def build_tally(settings: Settings, key: bytes) -> Tally:
    """Build the tally room, for a process that holds the private half of the tally key.

    Raises:
        InvalidInput: it is not the other half of the key that seals.
    """
    opener = BoxKey(key)
    if opener.public != settings.tally_public_key:
        raise InvalidInput(
            "计票私钥与 EVALSYS_TALLY_PUBLIC_KEY 不是一对。",
            remedy="请核对两处设置；公钥用 evalsys tally --public-key 打印。",
            place="EVALSYS_TALLY_KEY",
        )
    database = Database(settings.database_url)
    live = LiveSessions(database, utc_now, Elsewhere())
    return Tally(database, live, opener, _readers_key(settings).slot, utc_now)


def _readers_key(settings: Settings) -> BoxKey:
    """The key to which the tally hands comments on: the application may read them from then on."""
    return BoxKey(_derived(settings, "comments"))


def _derived(settings: Settings, purpose: str) -> bytes:
    return hmac.digest(settings.index_key, f"evalsys/{purpose}".encode(), "sha256")


def _configure(app: Flask, settings: Settings) -> None:
    # Browsers keep "__Host-" cookies to this very host and path, and only over https.
    prefix = "__Host-" if settings.secure_cookies else ""
    app.session_interface, app.url_rule_class = FormSession(), Address
    app.config.update(
        SECRET_KEY=settings.secret_key,
        LOGIN_COOKIE=f"{prefix}evalsys_login",
        SESSION_COOKIE_NAME=f"{prefix}evalsys_form",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=UPLOAD_AT_MOST_BYTES,
        PUBLIC_URL=settings.public_url,
        OPEN311_KEYS=settings.open311_keys.replace(",", " ").split(),
    )
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies)  # type: ignore[method-assign]  # as Werkzeug's documentation does
