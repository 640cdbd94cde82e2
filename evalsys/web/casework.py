"""Household requests: the desk, the register form, one request with its time line and lamp."""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.domain.access import Person, Role
from evalsys.domain.casework.intake import Intake
from evalsys.domain.casework.words import (
    Channel,
    CloseReason,
    Confirmation,
    Party,
    PartyKind,
    RequestKind,
)
from evalsys.errors import InvalidInput, NotFound
from evalsys.services.casework_handling import CaseworkHandling
from evalsys.services.casework_intake import NotTaken, TakenIn
from evalsys.web import casework_words as words
from evalsys.web.guards import allow, signed_in
from evalsys.web.rooms import rooms

blueprint = Blueprint("casework", __name__, url_prefix="/casework")

readers = allow(Role.CADRE, Role.OFFICE, Role.AUDITOR, Role.DISCIPLINE)
handlers = allow(Role.CADRE, Role.OFFICE)

TYPED_CHANNELS = (
    Channel.VISIT,
    Channel.PHONE,
    Channel.WEB,
    Channel.SMS,
    Channel.BOX,
    Channel.PETITION,
)
"""What somebody at a desk may say of how it came."""


@blueprint.get("/")
@readers
def desk() -> str:
    """Show what is on the desk of whoever looks; audited."""
    page = rooms().casework.view.desk(signed_in())
    return render_template(
        "casework/desk.html",
        page=page,
        name=words.party_namer(page.names),
        lamps=words.lamp_words(),
        steps=words.step_words(),
        duties=words.duty_words(),
        kinds=words.kind_words(),
        reasons=words.reason_words(),
        confirmations=words.confirmation_words(),
        party=Party,
        month=page.now.astimezone(rooms().zone).strftime("%Y-%m"),
        grids=sorted(p.code for p in page.acting.parties if p.kind is PartyKind.GRID),
        may_register=signed_in().role in {Role.CADRE, Role.OFFICE},
    )


@blueprint.get("/register")
@handlers
def register_page() -> str:
    """Offer the form of a new request."""
    return _register_page({})


@blueprint.post("/register")
@handlers
def register() -> Response | tuple[str, int]:
    """Take a request in; what is wrong is said beside the form, with what was typed."""
    form = request.form
    try:
        taken = rooms().casework.intake.register(_intake(form), person=signed_in())
    except (InvalidInput, NotFound) as refusal:
        return _register_page(form, refusal), refusal.status
    if taken.duplicates:
        flash(_("已受理；可能与另外 %(n)d 件重复，请核对。", n=len(taken.duplicates)))
    else:
        flash(_("已受理，编号 %(code)s。", code=taken.code))
    return redirect(url_for("casework.one", code=taken.code), 303)


@blueprint.get("/box")
@handlers
def box_page() -> str:
    """Offer the batch entry of a service box."""
    return render_template("casework/box.html", results=(), typed="")


@blueprint.post("/box")
@handlers
def box() -> str:
    """Take what lay in a service box: one line a slip, household code and words."""
    typed = request.form.get("slips", "")
    lines = [line for line in typed.splitlines() if line.strip()]
    intakes = [_slip(line) for line in lines]
    results = rooms().casework.intake.batch(intakes, person=signed_in())
    left = [line for line, one in zip(lines, results, strict=True) if isinstance(one, NotTaken)]
    told = [
        (line, one if isinstance(one, TakenIn) else None, _error_of(one))
        for line, one in zip(lines, results, strict=True)
    ]
    return render_template("casework/box.html", results=told, typed="\n".join(left))


@blueprint.get("/requests/<code>")
@readers
def one(code: str) -> str:
    """Show one request in full; audited."""
    return _request_page(code, signed_in())


@blueprint.post("/requests/<code>/<act>")
@handlers
def act(code: str, act: str) -> Response | tuple[str, int]:
    """Do something to a request; a refusal is shown on its page."""
    doing = ACTS.get(act)
    if doing is None:
        raise NotFound(_("没有这种操作。"), remedy=_("请从诉求页面操作。"))
    doing(rooms().casework.handling, code, signed_in(), request.form)
    flash(_("已记录。"))
    return redirect(url_for("casework.one", code=code), 303)


Form = Mapping[str, str]
Doing = Callable[[CaseworkHandling, str, Person, Form], object]

ACTS: Mapping[str, Doing] = {
    "verify": lambda room, code, who, form: room.verify(
        code, who, genuine=form.get("genuine") == "yes", finding=form.get("text", "")
    ),
    "interim": lambda room, code, who, form: room.reply_interim(
        code, who, form.get("text", ""), _channel(form)
    ),
    "reply": lambda room, code, who, form: room.reply(
        code,
        who,
        form.get("text", ""),
        _channel(form),
        (bool(form.get("explained")), bool(form.get("concluded"))),
    ),
    "hand-over": lambda room, code, who, form: room.hand_over(
        code, who, _party(form, "to"), form.get("text", "")
    ),
    "accept": lambda room, code, who, _form: room.accept(code, who),
    "refuse": lambda room, code, who, form: room.refuse(
        code, who, _party(form, "to"), form.get("text", "")
    ),
    "settle": lambda room, code, who, form: room.settle(
        code, who, _party(form, "to"), form.get("text", "")
    ),
    "escalate": lambda room, code, who, form: room.escalate(code, who, form.get("text", "")),
    "consult": lambda room, code, who, form: room.consult(
        code, who, form.get("lead", ""), _codes(form.get("assisting", "")), form.get("text", "")
    ),
    "opinion": lambda room, code, who, form: room.give_opinion(
        code, who, form.get("unit", ""), form.get("text", "")
    ),
    "summon": lambda room, code, who, form: room.summon(
        code, who, form.get("unit", ""), form.get("text", "")
    ),
    "attend": lambda room, code, who, form: room.attend(
        code, who, form.get("unit", ""), form.get("text", "")
    ),
    "pause": lambda room, code, who, form: room.pause(
        code, who, form.get("why", ""), read_day(form, "until"), form.get("text", "")
    ),
    "resume": lambda room, code, who, _form: room.resume(code, who),
    "extend": lambda room, code, who, form: room.extend(code, who, form.get("text", "")),
    "reclassify": lambda room, code, who, form: room.reclassify(
        code, who, form.get("class_code", "").strip(), form.get("text", "")
    ),
    "approve-class": lambda room, code, who, form: room.approve_reclass(
        code, who, seen=_seen(form)
    ),
    "root-cause": lambda room, code, who, form: room.note_root_cause(
        code, who, form.get("text", "")
    ),
    "resources": lambda room, code, who, form: room.note_resources(code, who, form.get("text", "")),
    "agent": lambda room, code, who, form: room.name_agent(code, who, form.get("cadre", "")),
    "close": lambda room, code, who, form: room.close(
        code, who, _reason(form), form.get("text", "")
    ),
    "approve": lambda room, code, who, form: room.approve_close(
        code, who, form.get("text", ""), seen=_seen(form)
    ),
    "send-back": lambda room, code, who, form: room.refuse_close(
        code, who, form.get("text", ""), seen=_seen(form)
    ),
    "reopen": lambda room, code, who, form: room.reopen(code, who, form.get("text", "")),
    "decline-reopen": lambda room, code, who, form: room.decline_reopening(
        code, who, form.get("text", "")
    ),
    "confirm": lambda room, code, who, form: room.confirm_by_phone(code, who, _answer(form)),
    "duplicate": lambda room, code, who, form: room.decide_duplicate(
        code, who, form.get("other", ""), same=form.get("same") == "yes"
    ),
}


def _request_page(code: str, person: Person) -> str:
    page = rooms().casework.view.request(code, person)
    name = words.party_namer(page.names)
    chosen = page.policy.stage_set(page.file.filed.kind, request.args.get("stages", ""))
    return render_template(
        "casework/one.html",
        page=page,
        name=name,
        history=[(one, words.event_words(one.event, name)) for one in reversed(page.history)],
        chosen=chosen,
        rail=words.stage_rail(chosen, page.file.step),
        lamps=words.lamp_words(),
        steps=words.step_words(),
        duties=words.duty_words(),
        kinds=words.kind_words(),
        channels=words.channel_words(),
        reasons=words.reason_words(),
        pauses=words.pause_words(),
        confirmations=words.confirmation_words(),
        typed_channels=TYPED_CHANNELS,
        may_act=person.role in {Role.CADRE, Role.OFFICE},
    )


def _register_page(form: Form, refusal: InvalidInput | NotFound | None = None) -> str:
    return render_template(
        "casework/register.html",
        form=form,
        refusal=refusal,
        offered=rooms().casework.view.registering().classes,
        kinds=words.kind_words(),
        channels=words.channel_words(),
        typed_channels=TYPED_CHANNELS,
    )


def _intake(form: Form) -> Intake:
    try:
        kind, channel = RequestKind(form.get("kind", "")), Channel(form.get("channel", ""))
    except ValueError:
        raise InvalidInput(
            _("请选择类型和渠道。"), remedy=_("请从列表中选择。"), place=_("类型")
        ) from None
    if channel not in TYPED_CHANNELS:
        raise InvalidInput(_("这种渠道不能手工登记。"), remedy=_("请重新选择。"), place=_("渠道"))
    return Intake(
        kind=kind,
        channel=channel,
        text=form.get("text", ""),
        household=form.get("household", "").strip(),
        grid=form.get("grid", "").strip(),
        class_code=form.get("class_code", "").strip(),
        phone=form.get("phone", "").strip(),
        raised_at=_moment(form.get("raised_at", "")),
        place=form.get("place", ""),
    )


_BARS = str.maketrans({"\uff5c": "|", "\t": "|"})
"""What else people put between a code and the words: the full-width bar, a tab."""


def _slip(line: str) -> Intake:
    household, _bar, said = line.strip().translate(_BARS).partition("|")
    return Intake(RequestKind.PROBLEM, Channel.BOX, said, household.strip())


def _error_of(one: TakenIn | NotTaken) -> str:
    if isinstance(one, TakenIn):
        return ""
    return f"{one.error.what}{one.error.remedy}"


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=rooms().zone)
    except ValueError as error:
        raise InvalidInput(
            _("提出时间不是日期和时间。"), remedy=_("请重新选择。"), place=_("提出时间")
        ) from error


def read_day(form: Form, field: str) -> date:
    """Read a day of a form.

    Raises:
        InvalidInput: it is no day.
    """
    try:
        return date.fromisoformat(form.get(field, ""))
    except ValueError as error:
        raise InvalidInput(
            _("没有写日期，或日期不对。"), remedy=_("请重新选择。"), place=_("日期")
        ) from error


def _seen(form: Form) -> int:
    """Read the last event that the page showed; a form without it was none of our pages."""
    told = form.get("seen", "")
    return int(told) if told.isascii() and told.isdigit() else 0


def _channel(form: Form) -> Channel:
    try:
        return Channel(form.get("channel", Channel.VISIT))
    except ValueError as error:
        raise InvalidInput(
            _("没有这种渠道。"), remedy=_("请从列表中选择。"), place=_("渠道")
        ) from error


def _answer(form: Form) -> Confirmation:
    try:
        return Confirmation(form.get("answer", ""))
    except ValueError as error:
        raise InvalidInput(
            _("请选择群众的回答。"), remedy=_("请从列表中选择。"), place=_("群众回访")
        ) from error


def _reason(form: Form) -> CloseReason:
    try:
        return CloseReason(form.get("reason", ""))
    except ValueError as error:
        raise InvalidInput(
            _("请选择办结理由。"), remedy=_("请从列表中选择。"), place=_("办结理由")
        ) from error


def _party(form: Form, field: str) -> str:
    kind, code = form.get(f"{field}_kind", ""), form.get(f"{field}_code", "").strip()
    return f"{kind}:{code}" if code else ""


def _codes(text: str) -> tuple[str, ...]:
    return tuple(text.replace("，", " ").replace("、", " ").replace(",", " ").split())
