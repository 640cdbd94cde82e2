"""The desk's page for questions about households: let the seed choose, ask, mark (Y24)."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.domain.access import Role
from evalsys.domain.live.events_quiz import QuizMark
from evalsys.domain.quiz import MOST_QUESTIONS
from evalsys.errors import EvalsysError, InvalidInput
from evalsys.ids import LiveId
from evalsys.web.guards import allow, signed_in
from evalsys.web.household_words import field_title
from evalsys.web.rooms import rooms
from evalsys.web.words import language

blueprint = Blueprint("quiz", __name__, url_prefix="/quiz")

readers = allow(Role.OPERATOR, Role.HOST, Role.RECORDER)
markers = allow(Role.OPERATOR, Role.RECORDER)

USUAL_QUESTIONS = 3


@blueprint.get("/<live>")
@readers
def sheet(live: str) -> str:
    """Show the questions of the round on stage with their answers; audited."""
    return _page(live)


@blueprint.post("/<live>/set")
@markers
def choose(live: str) -> Response | tuple[str, int]:
    """Let the seed choose the questions."""
    text = request.form.get("count", "")
    try:
        if not (text.isascii() and text.isdigit() and len(text) < 3):
            raise InvalidInput(_("题数应为整数。"), remedy=_("请重新填写。"), place=_("题数"))
        rooms().households.quizzes.set(LiveId(live), int(text), actor=signed_in().name)
    except EvalsysError as refusal:
        if refusal.status >= 500:
            raise
        return _page(live, refusal), refusal.status
    return redirect(url_for("quiz.sheet", live=live), 303)


@blueprint.post("/<live>/<int(min=1, max=9):n>")
@markers
def mark(live: str, n: int) -> Response:
    """Record how a question was answered."""
    try:
        found = QuizMark(request.form.get("mark", ""))
    except ValueError:
        raise InvalidInput(_("请按答对、部分答对或答错。"), remedy=_("请重新按一次。")) from None
    rooms().households.quizzes.answer(LiveId(live), n, found, actor=signed_in().name)
    flash(_("第 %(n)d 题已记录。", n=n))
    return redirect(url_for("quiz.sheet", live=live), 303)


def mark_words() -> dict[QuizMark, str]:
    """Name the marks."""
    return {
        QuizMark.RIGHT: _("答对"),
        QuizMark.PARTLY: _("部分答对"),
        QuizMark.WRONG: _("答错"),
    }


def _page(live: str, refusal: EvalsysError | None = None) -> str:
    person = signed_in()
    return render_template(
        "quiz/sheet.html",
        live=live,
        sheet=rooms().households.quizzes.sheet(LiveId(live), person),
        refusal=refusal,
        marks=mark_words(),
        may_mark=person.role is not Role.HOST,
        title=field_title,
        english=language() == "en",
        usual=USUAL_QUESTIONS,
        most=MOST_QUESTIONS,
    )
