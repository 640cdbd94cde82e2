"""Completing appointment forms 干部任免审批表: the year's result and the reasons, written back."""

from dataclasses import dataclass
from datetime import date

from evalsys.domain.appointment_form import (
    FILLED_IN_ON,
    NAME,
    POST,
    REASON,
    YEARLY_RESULT,
    AppointmentForm,
    appointment_reason,
    day_in_form,
    yearly_result,
)
from evalsys.errors import InvalidInput, NotFound
from evalsys.exports.lrmx import complete_form, new_form
from evalsys.ids import CadreNumber
from evalsys.services.personnel import Personnel

PAPER = "lrmx"


@dataclass(frozen=True, slots=True)
class FormOrder:
    """Whose form; `seed` is the form to complete, None makes a new one from the roster."""

    cadre: CadreNumber
    seed: AppointmentForm | None = None
    as_of: date | None = None
    year: int | None = None
    purpose: str = ""


def completed_form(personnel: Personnel, order: FormOrder, *, by: str) -> bytes:
    """Write the year's local grade, the appraisal and the last decision into a form; audited.

    Raises:
        NotFound: no such cadre serves on that day.
        InvalidInput: the form is another person's, or the day lies ahead.
    """
    evaluation = personnel.evaluate(by=by, as_of=order.as_of, year=order.year)
    one = next((o for o in evaluation.assessed if o.cadre.number == order.cadre), None)
    if one is None:
        raise NotFound(
            f"在册干部中没有编号 {order.cadre}。", remedy="请核对 8 位编号。", place="--cadre"
        )
    seed = order.seed
    if seed is not None and seed.name.strip() != one.cadre.name:
        raise InvalidInput(
            f"审批表是“{seed.name}”的，编号 {order.cadre} 是“{one.cadre.name}”。",
            remedy="请核对编号和文件，是同一人才能填写。",
            place="--seed-from",
        )
    personnel.note_paper(PAPER, [order.cadre], by=by, purpose=order.purpose, run=evaluation.run)
    made = personnel.decisions_on([order.cadre]).get(order.cadre, ())
    of_year = [decision for decision in made if decision.year == evaluation.year]
    decided = f"{of_year[0].choice}，{of_year[0].reason}" if of_year else ""
    before = seed.values if seed else {}
    few = evaluation.rules.numbers["hide_below"]
    values = {
        YEARLY_RESULT: yearly_result(before.get(YEARLY_RESULT, ""), one.annual),
        REASON: appointment_reason(before.get(REASON, ""), one.record.appraisal, decided, few),
    }
    if seed is not None:
        return complete_form(seed, values)
    known = {
        NAME: one.cadre.name,
        POST: f"{one.cadre.unit_name}{one.cadre.post}",
        FILLED_IN_ON: day_in_form(evaluation.as_of),
    }
    return new_form(known | values)
