"""A household's own page: its cadre, its requests, what is stored of it, and its wishes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from evalsys.domain.access import Person, Role
from evalsys.domain.casework.events import InterimReplied, Replied
from evalsys.domain.casework.intake import Intake
from evalsys.domain.casework.words import Channel, Confirmation, RequestKind
from evalsys.domain.household_form import Viewer
from evalsys.domain.household_page import (
    LETTER_LASTS,
    NO_CORRECTION,
    Correction,
    Outcome,
    WishKind,
    masked,
)
from evalsys.domain.local_date import local_date
from evalsys.domain.protection import Protection
from evalsys.domain.purposes import HouseholdPurpose
from evalsys.domain.written import LONGEST_TEXT, one_line
from evalsys.errors import InvalidInput, NotFound, RuleViolation, TooManyTries
from evalsys.exports.household_letters import Letter, letters_pdf
from evalsys.services.campaign_numbers import reopen_cases_of
from evalsys.services.casework_desk import CaseworkDesk
from evalsys.services.casework_handling import confirm_in
from evalsys.services.casework_intake import CaseworkIntake
from evalsys.services.household_door import HouseholdDoor
from evalsys.services.household_form import OWN_PAGE, FormPage, HouseholdForms
from evalsys.store import audit, casework, casework_lists, casework_retention
from evalsys.store import household_form as forms_store
from evalsys.store import household_page as store
from evalsys.store.casework_lists import Listed
from evalsys.store.household_correction import correct
from evalsys.store.household_form import Written
from evalsys.store.household_page import CadreCard, Registered, Wish
from evalsys.store.phone_box import PhoneBox

ITSELF = Person("household", Role.CADRE)
"""Stands in the audit log for a household on its own page; the subject says which one."""
WISHES_AT_ONCE = 5
"""Wishes that may wait for the office's answer."""
REQUESTS_A_DAY = 5
LETTERS_AT_MOST = 500
"""Letters that one PDF may hold."""
ACTOR = "household"


@dataclass(frozen=True, slots=True)
class OwnRequest:
    """One of the household's requests, with what was answered."""

    listed: Listed
    replies: tuple[tuple[datetime, str], ...]
    """The newest first."""
    may_judge: bool
    """Closed, and the household has not yet said whether it is solved."""


@dataclass(frozen=True, slots=True)
class OwnPage:
    """Everything that a household sees of itself."""

    now: datetime
    registered: Registered
    """Its telephones are masked."""
    cadres: tuple[CadreCard, ...]
    requests: tuple[OwnRequest, ...]
    visits: tuple[tuple[date, str, str], ...]
    form: FormPage
    wishes: tuple[Wish, ...]


class HouseholdPages:
    """What a household that got in may see and do."""

    def __init__(
        self,
        forms: HouseholdForms,
        desk: CaseworkDesk,
        intake: CaseworkIntake,
        box: PhoneBox,
        door: HouseholdDoor,
    ) -> None:
        """Read forms from `forms`, requests from `desk`, telephones by `box`; codes by `door`."""
        self._forms = forms
        self._database = forms.database
        self._desk = desk
        self._intake = intake
        self._box = box
        self._door = door

    def page(self, household: str) -> OwnPage:
        """Gather what a household may see of itself; audited.

        Raises:
            NotFound: the roster has it no more.
        """
        with self._database.write() as db:
            now = self._desk.now()
            row = store.registered(db, self._box, household)
            listed = casework_lists.of_household(db, household)
            form = self._forms.read_in(
                db,
                household,
                Viewer.HOUSEHOLD,
                ITSELF,
                HouseholdPurpose.CHECK,
                action="household_page.read",
            )
            return OwnPage(
                now=now,
                registered=replace(row, phones=tuple(map(masked, row.phones))),
                cadres=store.cadres_of(db, household),
                requests=tuple(_own(db, one) for one in listed),
                visits=store.visits_to(db, household),
                form=form,
                wishes=store.wishes(db, self._forms.box, household=household),
            )

    def correct(self, household: str, typed: Mapping[str, str], *, expect: int) -> int:
        """Correct the household's own form at once; return how many answers changed.

        Raises:
            InvalidInput: an answer cannot be used; nothing is kept.
            StaleState: somebody wrote since the page was shown.
        """
        with self._database.write() as db:
            written = Written(self._desk.now(), ACTOR, OWN_PAGE, self._forms.definition.version)
            return self._forms.write_in(
                db, household, Viewer.HOUSEHOLD, typed, written, expect=expect
            )

    def erase(self, household: str) -> int:
        """Throw the key of the household's form away; return how many answers are gone for good."""
        with self._database.write() as db:
            now = self._desk.now()
            number = forms_store.erase(db, household, now)
            detail = {"answers": number}
            subject = f"household:{household}"
            audit.record(db, now, ACTOR, "household_form.erase", subject, detail)
            return number

    def wish(self, household: str, kind: WishKind, words: str, measure: str = "") -> str:
        """Ask the office for a correction of the roster, an erasure, or protection.

        Raises:
            InvalidInput: nothing was said, or there is no such measure.
            TooManyTries: five wishes wait already.
        """
        try:
            protection = Protection(measure if kind is WishKind.PROTECT else "")
        except ValueError:
            raise InvalidInput(
                "没有这种保护措施。", remedy="请从列表中选择。", place="保护措施"
            ) from None
        text = one_line(words, "内容", longest=LONGEST_TEXT)
        if not text and kind is not WishKind.PROTECT:
            raise InvalidInput("没有写内容。", remedy="请写明要更正或删除什么。", place="内容")
        with self._database.write() as db:
            if store.open_wish_count(db, household) >= WISHES_AT_ONCE:
                raise TooManyTries("已有五份申请在等答复。", remedy="请等县联系办答复。")
            now = self._desk.now()
            box = self._forms.box
            wish = store.add_wish(db, box, household, kind, text, now, measure=protection)
            detail = {"kind": kind.value, "wish": wish}
            audit.record(db, now, ACTOR, "household_page.wish", f"household:{household}", detail)
            return wish

    def raise_request(self, household: str, text: str) -> str:
        """Bring a request in from the page; return its code.

        Raises:
            InvalidInput: nothing was said, or too much.
            TooManyTries: five came today already.
        """
        with self._database.read() as db:
            today = self._forms.today
            zone = self._desk.zone
            listed = casework_lists.of_household(db, household)
            days = [local_date(one.standing.received_at, zone) for one in listed]
        if days.count(today) >= REQUESTS_A_DAY:
            raise TooManyTries("今天已经提了五件。", remedy="请明天再提，或直接找联系干部。")
        taken = self._intake.register(
            Intake(RequestKind.PROBLEM, Channel.WEB, text, household=household)
        )
        return taken.code

    def judge(self, household: str, code: str, answer: Confirmation) -> None:
        """Say whether a closed request is solved; stands beside the cadre's claim.

        Raises:
            NotFound: the household has no such request.
            WrongPhase, RuleViolation: it is not closed, or was answered already.
        """
        with self._database.write() as db:
            casework.lock(db, code)
            if casework.filed(db, code).household != household:
                raise NotFound("没有这件诉求。", remedy="请从列表进入。")
            confirm_in(self._desk, db, code, answer, "household_page", actor=ACTOR)

    def print_letters(self, grid: str, person: Person, *, address: str) -> tuple[bytes, int]:
        """Print a letter with a fresh code to each household of a cell of the grid; audited.

        The codes are in the PDF and nowhere else. Returns it and how many letters it has.

        Raises:
            NotFound: no household hangs on this cell.
            InvalidInput: they are more than a file may hold.
        """
        with self._database.write() as db:
            homes = forms_store.homes(db, grid=grid, limit=LETTERS_AT_MOST + 1)
            if not homes:
                raise NotFound("这一格没有联系户。", remedy="请填直接挂联系户的网格编码。")
            if len(homes) > LETTERS_AT_MOST:
                raise InvalidInput(
                    f"一个文件最多 {LETTERS_AT_MOST} 封信。", remedy="请按下级网格分开打印。"
                )
            codes = self._door.letters(
                db, [one.code for one in homes], actor=person.name, purpose=f"grid:{grid}"
            )
        letters = [Letter(one.head, one.grid_name, one.code, codes[one.code]) for one in homes]
        today = self._forms.today
        paper = letters_pdf(letters, address=address, good_until=today + LETTER_LASTS, dated=today)
        return paper, len(letters)

    def wishes(self, person: Person) -> tuple[Wish, ...]:
        """List the wishes that wait for the office, and those it answered; audited."""
        with self._database.write() as db:
            found = store.wishes(db, self._forms.box)
            audit.record(
                db,
                self._desk.now(),
                person.name,
                "household_page.wishes",
                "household_page",
                {"wishes": len(found)},
            )
            return found

    def answer_wish(
        self,
        wish: str,
        outcome: Outcome,
        words: str,
        person: Person,
        correction: Correction = NO_CORRECTION,
        *,
        erases: str = "",
    ) -> None:
        """Answer a wish, with a reason that the household reads; what is granted holds at once.

        A granted protection is the roster's measure, a `correction` changes its columns; later
        roster files take neither back. Granting an erasure erases the words of the request of this
        code: what the household said, where, and what was written in handling it.

        Raises:
            InvalidInput: there is no reason, or a correction where none was wished and granted, or
                an erasure is granted without its request.
            NotFound: there is no such wish, or the household has no such request.
            RuleViolation: the request is not over, or what its household denied is not looked into.
            StaleState: somebody answered it already.
        """
        text = one_line(words, "答复", longest=LONGEST_TEXT)
        if not text:
            raise InvalidInput("没有写答复。", remedy="请写给这一户看的答复。", place="答复")
        with self._database.write() as db:
            now = self._desk.now()
            is_wished = store.kind_of(db, wish) is WishKind.CORRECT and outcome is Outcome.GRANTED
            if correction.fields and not is_wished:
                raise InvalidInput(
                    "只有同意更正申请时才改花名册。", remedy="请把要更正的几格留空，或选同意。"
                )
            must_erase = store.kind_of(db, wish) is WishKind.ERASE and outcome is Outcome.GRANTED
            if must_erase != bool(erases):
                raise InvalidInput(
                    "同意删除时要写删哪一件诉求，其他时候不写。",
                    remedy="请填这一户要删除文字的诉求编号。",
                    place="诉求编号",
                )
            household = store.answer_wish(db, wish, outcome, text, person.name, now)
            if correction.fields and correct(db, self._box, household, correction, wish, now):
                reopen_cases_of(db, household, now, self._desk.zone, actor=person.name)
            if erases and not casework_retention.erase_of(db, household, erases):
                raise RuleViolation(
                    "这件诉求还没有了结，或群众否认的还没有查清。",
                    remedy="请先办结、查清，再删除文字；或不同意，写明原因。",
                )
            detail = {
                "wish": wish,
                "outcome": outcome.value,
                "corrected": list(correction.fields),
            }
            detail |= {"request": erases} if erases else {}
            subject = f"household:{household}"
            audit.record(db, now, person.name, "household_page.answer", subject, detail)


def _own(db: Session, listed: Listed) -> OwnRequest:
    where = listed.standing
    replies = [
        (one.at, one.note)
        for one in casework.history(db, where.request)
        if isinstance(one.event, Replied | InterimReplied) and one.note
    ]
    may_judge = not where.is_open and where.confirmed in {"", Confirmation.UNANSWERED.value}
    return OwnRequest(listed, tuple(reversed(replies)), may_judge)
