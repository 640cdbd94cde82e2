"""Questions about the households of the cadre on stage: chosen by the seed, read by the desk (Y24).

Only plain fields of households that agreed before the roster was frozen, and that still do; none
that a measure protects from live sessions.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from evalsys.domain.access import Person
from evalsys.domain.household_form import FormField
from evalsys.domain.live.commands_quiz import AnswerQuiz, SetQuiz
from evalsys.domain.live.events_quiz import QuizMark, QuizOffer, QuizQuestion, QuizSet
from evalsys.domain.live.state import LiveState
from evalsys.domain.purposes import HouseholdPurpose
from evalsys.domain.quiz import QuizLeaf
from evalsys.errors import NotFound
from evalsys.ids import CadreNumber, HouseholdCode, LiveId
from evalsys.services.household_form import HouseholdForms
from evalsys.services.live_session import LiveSessions
from evalsys.store import audit
from evalsys.store import draws as draws_store
from evalsys.store import household_form as store
from evalsys.store.draws import FrozenQuiz
from evalsys.store.protection import is_kept_from_live


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A question as the desk reads it, and no screen shows it."""

    n: int
    k: int
    head: str
    """Of the household: shown to the cadre on a slip, never read out."""
    field: FormField
    answer: str
    mark: QuizMark | None


@dataclass(frozen=True, slots=True)
class QuizSheet:
    """The desk's sheet of the round on stage."""

    state: LiveState
    rows: tuple[SheetRow, ...]


class Quizzes:
    """Choosing, reading and marking."""

    def __init__(self, live: LiveSessions, forms: HouseholdForms) -> None:
        """Record in `live`; answers are those of `forms`."""
        self._live = live
        self._forms = forms

    def set(self, live: LiveId, count: int, *, actor: str) -> LiveState:
        """Let the seed choose `count` questions for the cadre on stage.

        Raises:
            WrongPhase, RuleViolation, InvalidInput: as `decide_quiz.set_quiz` says.
        """
        with self._live.step(live, actor=actor) as step:
            frozen = None
            if step.state.rounds:
                frozen = draws_store.quiz_of(step.db, live, step.state.rounds[-1].cadre)
            command = SetQuiz(count, None, ())
            if frozen is not None:
                leaf = frozen.leaf
                withdrawn = self._withdrawn(step.db, frozen, leaf)
                command = SetQuiz(count, leaf, self._offered(leaf), withdrawn)
            detail = {
                "items": len(command.leaf.items) if command.leaf else 0,
                "withdrawn": len(command.withdrawn),
            }
            audit.record(step.db, self._forms.now(), actor, "quiz.set", f"live:{live}", detail)
            return step.tell(command)

    def answer(self, live: LiveId, n: int, mark: QuizMark, *, actor: str) -> LiveState:
        """Record how a question was answered.

        Raises:
            WrongPhase, NotFound: as `decide_quiz.answer_quiz` says.
        """
        return self._live.tell(live, AnswerQuiz(n, mark), actor=actor)

    def sheet(self, live: LiveId, person: Person) -> QuizSheet:
        """Read the questions of the round on stage with their answers; audited, household each.

        Raises:
            NotFound: there is no such session.
        """
        state = self._live.state(live)
        current = state.round
        if current is None or current.quiz is None:
            return QuizSheet(state, ())
        with self._forms.database.write() as db:
            homes = _homes(db, live, current.cadre, current.quiz)
            return QuizSheet(
                state, tuple(self._rows(db, current.quiz, current.marks, homes, person))
            )

    def _rows(
        self,
        db: Session,
        quiz: QuizSet,
        marks: Mapping[int, QuizMark],
        homes: Mapping[int, HouseholdCode],
        person: Person,
    ) -> list[SheetRow]:
        given = store.answers(db, self._forms.box, [homes[one.k] for one in quiz.asked])
        rows = []
        for n, one in enumerate(quiz.asked, start=1):
            field = self._forms.definition.field(one.field)
            household = homes[one.k]
            if field is None:
                raise NotFound("民情表已经没有这一项。", remedy="请跳过这一题。")
            answer = given.get(household, {}).get(one.field)
            head, _grid = store.head_of(db, household) or ("", "")
            detail = {"purpose": HouseholdPurpose.STAGE.value, "fields": [one.field]}
            subject = f"household:{household}"
            audit.record(db, self._forms.now(), person.name, "quiz.read", subject, detail)
            mark = marks.get(n)
            rows.append(SheetRow(n, one.k, head, field, answer.value if answer else "", mark))
        return rows

    def _withdrawn(
        self, db: Session, frozen: FrozenQuiz, leaf: QuizLeaf
    ) -> tuple[QuizQuestion, ...]:
        """List what was committed to and can be asked no more, in the order of the commitment."""
        given = store.answers(db, self._forms.box, frozen.households)
        consent = self._forms.definition.consent
        asked = {field.code for field in self._forms.definition.asked_on_stage}
        silent = {
            n
            for n, home in enumerate(frozen.households, start=1)
            if consent is None
            or _value(given, home, consent.code) != store.AGREED
            or is_kept_from_live(db, home)
        }
        return tuple(
            QuizQuestion(n, code)
            for n, code in leaf.items
            if n in silent or code not in asked or not _value(given, frozen.households[n - 1], code)
        )

    def _offered(self, leaf: QuizLeaf) -> tuple[QuizOffer, ...]:
        offers = []
        for code in sorted({code for _, code in leaf.items}):
            field = self._forms.definition.field(code)
            title, english = (field.title, field.english) if field else (code, code)
            numbers = tuple(n for n, each in leaf.items if each == code)
            offers.append(QuizOffer(code, title, english, numbers))
        return tuple(offers)


def _value(given: Mapping[str, Mapping[str, store.Answer]], home: str, code: str) -> str:
    answer = given.get(home, {}).get(code)
    return answer.value if answer else ""


def _homes(
    db: Session, live: LiveId, cadre: CadreNumber, quiz: QuizSet
) -> dict[int, HouseholdCode]:
    """Give the households by the numbers that the questions use."""
    frozen = draws_store.quiz_of(db, live, cadre) if quiz.salt else None
    if frozen is not None:
        return dict(enumerate(frozen.households, start=1))
    # Set before rosters committed to what can be asked: numbers are positions of the calls.
    return {one.k: one.household for one in draws_store.households_of(db, live, cadre)}
