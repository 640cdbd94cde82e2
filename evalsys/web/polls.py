"""Project polls: the public pages, a household's voice, and the county office's desk (G05)."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.domain.access import Role
from evalsys.domain.campaign.plan import Rules
from evalsys.domain.campaign.policy import MOST_ATTEMPTS, Policy
from evalsys.domain.interview import Topic
from evalsys.domain.polls import Plan, PollStage, Span, Voiced, read_options
from evalsys.domain.scoring import HIDE_BELOW
from evalsys.errors import EvalsysError, InvalidInput, NotFound
from evalsys.exports.polls import letters_table, poll_table
from evalsys.services.poll_voices import PIN_DIGITS
from evalsys.services.polls import PollPage
from evalsys.web.caller import caller
from evalsys.web.guards import allow, public, signed_in, visitor
from evalsys.web.personnel_query import day, needed, number
from evalsys.web.rooms import rooms
from evalsys.web.taken import list_format, send_table

blueprint = Blueprint("polls", __name__, url_prefix="/polls")

SCRIBES = frozenset({Role.OFFICE, Role.RECORDER})
"""Who may write down what a household says on the telephone."""
WATCHERS = frozenset({Role.OPERATOR, Role.PERSONNEL, Role.AUDITOR})
"""Who may look at calling campaigns."""
planners = allow(Role.OFFICE)


@blueprint.get("/")
@public
def every() -> str:
    """List the polls; offer the county office a new one."""
    return _every({})


@blueprint.post("/")
@planners
def plan() -> Response | tuple[str, int]:
    """Plan a poll; refused, the form comes back as it was."""
    try:
        number = rooms().polls.plan(_wanted(), signed_in())
    except EvalsysError as error:
        return _every({**request.form, "refusal": error}), error.status
    flash(_("项目已公布。请把密码信寄到各户。"))
    return redirect(url_for("polls.one", poll=number), 303)


@blueprint.get("/<int:poll>")
@public
def one(poll: int) -> str:
    """Show a poll: projects, stages, the voice of whoever has a letter, what is over."""
    return _one(poll, {})


@blueprint.post("/<int:poll>")
@public
def speak(poll: int) -> Response | tuple[str, int]:
    """Take a household's voice; by somebody of the county, what it said on the telephone."""
    form, person = request.form, visitor()
    try:
        rooms().polls.speak(
            poll,
            form.get("household", ""),
            form.get("pin", ""),
            _stage(form.get("stage", "")),
            form.get("answer", ""),
            address=caller(),
            by=person if person is not None and person.role in SCRIBES else None,
        )
    except NotFound:
        raise
    except EvalsysError as error:
        kept = {"household": form.get("household", ""), "refusal": error}
        return _one(poll, kept), error.status
    flash(_("已经记下，谢谢。您家答了什么，和您家是谁，分开保存。"))
    return redirect(url_for("polls.one", poll=poll), 303)


@blueprint.post("/<int:poll>/ask")
@planners
def ask(poll: int) -> Response | tuple[str, int]:
    """Have every household asked by telephone that has not answered in today's stage."""
    form = request.form
    try:
        attempts = needed(number(form, "attempts"), "attempts")
        policy = Policy(most_attempts=attempts, least_days=min(3, attempts))
        first = bool(form.get("links_first"))
        rules = Rules(policy, sends_links=first or bool(form.get("links")), links_first=first)
        rooms().polls.ask(poll, rules, signed_in())
    except NotFound:
        raise
    except EvalsysError as error:
        return _one(poll, {"refusal": error}), error.status
    flash(_("已经开始征求：按时段打电话，各户只计一票。"))
    return redirect(url_for("polls.one", poll=poll), 303)


@blueprint.get("/<int:poll>.<form>")
@public
def take(poll: int, form: str) -> Response:
    """Send what stands on the page as a file."""
    kind, page = list_format(form), rooms().polls.page(poll)
    found = page.poll
    lines = (
        f"{found.plan.title}　{found.grid_name}",
        f"可用资金 {found.plan.yuan:,} 元　应答户 {found.households}（{found.as_of} 的花名册）",
        f"截至 {page.today}",
    )
    table = poll_table(found.plan, lines, page.results, page.built)
    return send_table(table, kind, f"poll-{poll}-{page.today}")


@blueprint.get("/<int:poll>/letters.<form>")
@planners
def letters(poll: int, form: str) -> Response:
    """Send households and PINs for the sealed letters; audited."""
    kind = list_format(form)
    return send_table(
        letters_table(rooms().polls.letters(poll, signed_in())), kind, f"poll-{poll}-letters"
    )


def _every(kept: Mapping[str, object]) -> str:
    person, today = visitor(), rooms().polls.today()
    return render_template(
        "polls/every.html",
        polls=rooms().polls.every(),
        today=today,
        stages=stage_words(),
        may_plan=person is not None and person.role is Role.OFFICE,
        kept=kept,
    )


def _one(poll: int, kept: Mapping[str, object]) -> str:
    page, person = rooms().polls.page(poll), visitor()
    return render_template(
        "polls/one.html",
        page=page,
        plan=page.poll.plan,
        stages=stage_words(),
        questions=question_words(),
        word=lambda stage, answer: answer_word(page, stage, answer),
        hide_below=HIDE_BELOW,
        pin_digits=PIN_DIGITS,
        ways=way_words(),
        contact=rooms().casework.contact.current(),
        most_attempts=MOST_ATTEMPTS,
        may_watch=person is not None and person.role in WATCHERS,
        may_plan=person is not None and person.role is Role.OFFICE,
        writes_down=person is not None and person.role in SCRIBES,
        kept=kept,
    )


def stage_words() -> Mapping[PollStage, str]:
    """Name the stages."""
    return {
        PollStage.CHOOSE: _("群众点菜"),
        PollStage.SUPERVISE: _("群众监督"),
        PollStage.APPRAISE: _("群众评议"),
        PollStage.MAINTAIN: _("群众管护"),
    }


def way_words() -> Mapping[Voiced, str]:
    """Name the ways by which a voice comes in."""
    return {
        Voiced.PAGE: _("网页"),
        Voiced.PHONE: _("工作人员代记"),
        Voiced.CALL: _("电话按键"),
        Voiced.LINK: _("短信链接"),
    }


def question_words() -> Mapping[PollStage, str]:
    """Say what each stage asks."""
    return {
        PollStage.CHOOSE: _("您家最想先办哪一件？"),
        PollStage.SUPERVISE: _("工程是按说好的在做吗？"),
        PollStage.APPRAISE: _("做成的样子，您家给几分？1 分最差，5 分最好。"),
        PollStage.MAINTAIN: _("做好以后，您家愿意参加管护吗？"),
    }


def answer_word(page: PollPage, stage: PollStage, answer: str) -> str:
    """Spell an answer out."""
    if stage is PollStage.CHOOSE:
        return page.poll.plan.options[int(answer) - 1].title
    return _answer_words(stage)[answer]


def _answer_words(stage: PollStage) -> Mapping[str, str]:
    """Spell out the answers of a stage that judges; there are none to spell of the choice."""
    match stage:
        case PollStage.CHOOSE:
            return {}
        case PollStage.SUPERVISE:
            return {"yes": _("是"), "no": _("不是"), "unsure": _("说不清")}
        case PollStage.APPRAISE:
            return {str(n): _("%(n)s 分", n=n) for n in range(1, 6)}
        case PollStage.MAINTAIN:
            return {"yes": _("愿意"), "no": _("不参加")}


def vote_word(topic: Topic, answer: str, options: Sequence[str]) -> str:
    """Label the button of an answer on the page that a short message leads to."""
    if topic is Topic.CHOOSE:
        return options[int(answer) - 1]
    return _answer_words(PollStage(topic.value))[answer]


def _wanted() -> Plan:
    form = request.form
    return Plan(
        form.get("title", "").strip(),
        form.get("grid", "").strip(),
        _yuan(form.get("yuan", "")),
        read_options(form.get("options", "")),
        tuple(
            Span(
                stage,
                *(needed(day(form, key), key) for key in (f"{stage}_opens", f"{stage}_closes")),
            )
            for stage in PollStage
        ),
    )


def _yuan(text: str) -> int:
    digits = text.strip().replace(",", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 12):
        raise InvalidInput(
            _("“%(text)s”不是金额。", text=text[:20]),
            remedy=_("请填整数元。"),
            place=_("可用资金"),
        )
    return int(digits)


def _stage(text: str) -> PollStage:
    try:
        return PollStage(text)
    except ValueError as error:
        raise InvalidInput(_("没有这个阶段。"), remedy=_("请刷新页面。"), place="stage") from error
