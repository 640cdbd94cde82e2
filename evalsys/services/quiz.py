"""Questions about the households of the cadre on stage: chosen by the seed, read by the desk (Y24).

Only plain fields of households that agreed and that no measure protects from live sessions.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from evalsys.domain.access import Person
from evalsys.domain.household_form import FormField
from evalsys.domain.live.commands_quiz import AnswerQuiz, SetQuiz
from evalsys.domain.live.events_quiz import QuizMark, QuizOffer, QuizSet
from evalsys.domain.live.state import LiveState
from evalsys.domain.purposes import HouseholdPurpose
from evalsys.errors import NotFound
from evalsys.ids import CadreNumber, HouseholdCode, LiveId
from evalsys.services.household_form import HouseholdForms
from evalsys.services.live_session import LiveSessions
from evalsys.store import audit
from evalsys.store import draws as draws_store
from evalsys.store import household_form as store
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
            offered: tuple[QuizOffer, ...] = ()
            if step.state.rounds:
                offered = self._offered(step.db, live, step.state.rounds[-1].cadre)
            detail = {"positions": sum(len(one.positions) for one in offered)}
            audit.record(step.db, self._forms.now(), actor, "quiz.set", f"live:{live}", detail)
            return step.tell(SetQuiz(count, offered))

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
            homes = _positions(db, live, current.cadre)
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

    def _offered(self, db: Session, live: LiveId, cadre: CadreNumber) -> tuple[QuizOffer, ...]:
        consent = self._forms.definition.consent
        homes = _positions(db, live, cadre)
        given = store.answers(db, self._forms.box, list(homes.values()))
        agreed = {
            k: given[home]
            for k, home in homes.items()
            if consent is not None
            and home in given
            and consent.code in given[home]
            and given[home][consent.code].value == "yes"
            and not is_kept_from_live(db, home)
        }
        offers = (
            QuizOffer(
                field.code,
                field.title,
                field.english,
                tuple(
                    k
                    for k, answers in sorted(agreed.items())
                    if field.code in answers and answers[field.code].value
                ),
            )
            for field in self._forms.definition.asked_on_stage
        )
        return tuple(one for one in offers if one.positions)


def _positions(db: Session, live: LiveId, cadre: CadreNumber) -> dict[int, HouseholdCode]:
    return {one.k: one.household for one in draws_store.households_of(db, live, cadre)}
