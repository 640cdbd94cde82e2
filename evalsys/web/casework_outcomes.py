"""What follows from requests: monthly meetings, first petitions, answers that contradict."""

import io
from datetime import date, datetime

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.domain.access import Role
from evalsys.domain.casework.words import Lamp
from evalsys.domain.local_date import local_date
from evalsys.errors import InvalidInput
from evalsys.exports.casework import AgendaRow, DecisionRow, Papers, meeting_tables
from evalsys.exports.xlsx import write_xlsx
from evalsys.services.casework_outcomes import MeetingPack, Minutes
from evalsys.web import casework_words as words
from evalsys.web.guards import allow, signed_in
from evalsys.web.rooms import rooms

blueprint = Blueprint("casework_outcomes", __name__, url_prefix="/casework")

heads = allow(Role.CADRE, Role.OFFICE)
readers = allow(Role.CADRE, Role.OFFICE, Role.AUDITOR)
petition_readers = allow(Role.CADRE, Role.OFFICE, Role.PERSONNEL, Role.DISCIPLINE, Role.AUDITOR)
investigators = allow(Role.OFFICE, Role.DISCIPLINE)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/meetings/<grid>/<month>")
@readers
def meeting(grid: str, month: str) -> str:
    """Show the pack of a month's meeting: agenda as of now, minutes, decisions; audited."""
    pack = rooms().casework.outcomes.meeting(grid, month, signed_in())
    return render_template(
        "casework/meeting.html",
        pack=pack,
        name=words.party_namer(pack.names),
        kinds=words.kind_words(),
        steps=words.step_words(),
        today=local_date(pack.now, rooms().zone),
        may_write=pack.may_write and signed_in().role in {Role.CADRE, Role.OFFICE},
    )


@blueprint.get("/meetings/<grid>/<month>/pack.xlsx")
@readers
def meeting_file(grid: str, month: str) -> Response:
    """Hand the pack out as a workbook: agenda, minutes, decisions."""
    pack = rooms().casework.outcomes.meeting(grid, month, signed_in())
    out = io.BytesIO()
    write_xlsx(meeting_tables(_papers(pack)), out, made_at=pack.now)
    out.seek(0)
    return send_file(
        out, mimetype=_XLSX, as_attachment=True, download_name=f"meeting-{grid}-{month}.xlsx"
    )


@blueprint.post("/meetings/<grid>/<month>/minutes")
@heads
def write_minutes(grid: str, month: str) -> Response:
    """Keep the minutes."""
    form = request.form
    written = Minutes(
        _day(form.get("held_on", ""), _("开会日期")),
        form.get("chair", ""),
        form.get("present", ""),
        form.get("minutes", ""),
    )
    rooms().casework.outcomes.write_minutes(grid, month, written, signed_in())
    flash(_("会议记录已保存。"))
    return redirect(url_for("casework_outcomes.meeting", grid=grid, month=month), 303)


@blueprint.post("/meetings/<grid>/<month>/decisions")
@heads
def decide(grid: str, month: str) -> Response:
    """Record a decision: measure, deadline and responsible party, all three."""
    form = request.form
    written = form.get("deadline", "")
    rooms().casework.outcomes.decide(
        grid,
        month,
        form.get("request", "").strip(),
        form.get("measure", ""),
        _day(written, _("解决时限")) if written else None,
        f"{form.get('to_kind', '')}:{form.get('to_code', '').strip()}",
        signed_in(),
    )
    flash(_("决定已记录，责任方的台面上已经看到。"))
    return redirect(url_for("casework_outcomes.meeting", grid=grid, month=month), 303)


@blueprint.get("/petitions")
@petition_readers
def petitions() -> str:
    """List first petitions: a cadre's own, or all for those who follow them up; audited."""
    person = signed_in()
    return render_template(
        "casework/petitions.html",
        found=rooms().casework.outcomes.petitions(person),
        may_note=person.role in {Role.CADRE, Role.OFFICE},
        may_establish=person.role in {Role.OFFICE, Role.DISCIPLINE},
    )


@blueprint.post("/petitions")
@heads
def note_petition() -> Response:
    """Note a first petition; its cadre is alerted."""
    form = request.form
    written = form.get("at", "")
    at = None
    if written:
        try:
            at = datetime.fromisoformat(written).replace(tzinfo=rooms().zone)
        except ValueError as error:
            raise InvalidInput(
                _("上访时间不对。"), remedy=_("请重新选择。"), place=_("上访时间")
            ) from error
    rooms().casework.outcomes.note_petition(
        form.get("household", "").strip(), form.get("place", ""), at, signed_in()
    )
    flash(_("已登记，联系干部的台面上已有提醒。"))
    return redirect(url_for("casework_outcomes.petitions"), 303)


@blueprint.post("/petitions/<petition>/establish")
@investigators
def establish(petition: str) -> Response:
    """Keep whether the cadre knew and accompanied."""
    form = request.form
    kept = rooms().casework.outcomes.establish(
        petition,
        knew=form.get("knew") == "yes",
        accompanied=form.get("accompanied") == "yes",
        note=form.get("note", ""),
        by=signed_in(),
    )
    flash(_("已记录：应当约谈联系干部。") if kept.interview_is_due else _("已记录。"))
    return redirect(url_for("casework_outcomes.petitions"), 303)


@blueprint.get("/mismatches")
@allow(Role.OFFICE, Role.DISCIPLINE, Role.AUDITOR)
def mismatches() -> str:
    """List closes that their households contradicted; audited."""
    return render_template(
        "casework/mismatches.html",
        found=rooms().casework.outcomes.mismatches(signed_in()),
        waiting=rooms().casework.clock.to_call_back(),
        may_open=signed_in().role in {Role.OFFICE, Role.DISCIPLINE},
    )


@blueprint.post("/mismatches/<code>/<int:seq>")
@investigators
def investigate(code: str, seq: int) -> Response:
    """Note that an investigation was opened."""
    rooms().casework.outcomes.investigate(code, seq, request.form.get("reason", ""), signed_in())
    flash(_("已记录：调查已经启动。"))
    return redirect(url_for("casework_outcomes.mismatches"), 303)


def _day(text: str, place: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(_("日期不对。"), remedy=_("请重新选择。"), place=place) from error


def _papers(pack: MeetingPack) -> Papers:
    """Put a pack into the words of whoever reads it."""
    name, steps = words.party_namer(pack.names), words.step_words()
    late, in_time = words.lamp_words()[Lamp.RED][1], words.lamp_words()[Lamp.GREEN][1]
    held = pack.held
    heading = [_("%(grid)s · %(month)s 分析研判会", grid=pack.grid_name, month=pack.month)]
    if held is not None:
        heading.append(_("%(day)s，主持人 %(chair)s", day=held.held_on, chair=held.chair))
        heading.append(_("参会：%(present)s", present=held.present))
    return Papers(
        tuple(heading),
        "" if held is None else held.minutes,
        [
            AgendaRow(
                one.standing.request,
                one.text,
                steps[one.standing.step],
                name(one.standing.holder_kind, one.standing.holder),
                _local(one.standing.due_at),
                late if one.standing.due_at and one.standing.due_at <= pack.now else in_time,
            )
            for one in pack.agenda
        ],
        [
            DecisionRow(
                one.n,
                one.request,
                one.measure,
                one.deadline,
                name(one.responsible.kind, one.responsible.code),
                one.by,
            )
            for one in pack.decisions
        ],
    )


def _local(at: datetime | None) -> str:
    return "" if at is None else at.astimezone(rooms().zone).strftime("%Y-%m-%d %H:%M")
