"""The taxonomy's page: the tree, search, versions, bringing a new one in, taking one out."""

import io

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.domain.access import Role
from evalsys.domain.taxonomy import NAME_LIMIT, Catalogue, Taxonomy, Urgency
from evalsys.errors import InvalidInput, NotFound
from evalsys.exports.csv import write_csv
from evalsys.exports.taxonomy import taxonomy_table
from evalsys.exports.xlsx import write_xlsx
from evalsys.services.personnel_export import ListFormat
from evalsys.services.taxonomy import Intake, Standing, TaxonomyReport
from evalsys.web.guards import allow, signed_in
from evalsys.web.personnel_query import day, needed
from evalsys.web.rooms import rooms
from evalsys.web.uploads import uploaded

blueprint = Blueprint("taxonomy", __name__, url_prefix="/casework/taxonomy")

SHOWN_FOUND = 200
SHOWN_FAULTS = 200
_REFUSED = 422

EDITORS = (Role.OFFICE, Role.PERSONNEL)
readers = allow(*EDITORS, Role.DISCIPLINE, Role.AUDITOR, Role.RECORDER)
editors = allow(*EDITORS)


@blueprint.get("/")
@readers
def current() -> str:
    """Show the tree of the version in force today, and who may bring in another."""
    return _page(_catalogue())


@blueprint.post("/")
@editors
def take() -> Response | tuple[str, int]:
    """Bring in an uploaded table, or the example; faults are listed by row and column."""
    form, by, catalogue = request.form, signed_in().name, _catalogue()
    try:
        since = needed(day(form, "since"), "since")
        intake = Intake(catalogue, form.get("name", ""), since, by)
        if form.get("shipped"):
            found = rooms().taxonomies.take_shipped(intake)
        else:
            with uploaded("file") as (path, filename):
                found = rooms().taxonomies.take(path, filename, intake)
    except InvalidInput as refusal:
        return _page(catalogue, refusal=refusal), refusal.status
    if found.errors:
        return _page(catalogue, report=found), _REFUSED
    if found.is_known:
        flash(_("内容与适用中的版本完全相同，没有新增版本。"))
    else:
        flash(_("新版本已保存，自 %(day)s 起适用。", day=since.isoformat()))
    return redirect(url_for("taxonomy.current", catalogue=catalogue.value), 303)


@blueprint.get("/<int:number>")
@readers
def version(number: int) -> str:
    """Show the tree of one version, whether it is in force or not."""
    standing = rooms().taxonomies.version(number)
    return _page(standing.version.catalogue, standing)


@blueprint.get("/<int:number>.<form>")
@readers
def export(number: int, form: str) -> Response:
    """Send a version as the table that can be brought in again."""
    standing = rooms().taxonomies.version(number)
    about = standing.version
    lines = (_("自 %(day)s 起适用", day=about.since.isoformat()) + f" · SHA-256 {about.sha256}",)
    name = f"{about.catalogue.value}-{about.since.isoformat()}-{about.sha256[:8]}"
    return _file(standing.taxonomy, about.name, lines, name, form)


@blueprint.get("/shipped/<catalogue>.<form>")
@readers
def shipped(catalogue: str, form: str) -> Response:
    """Send the example that comes with the software, to start from."""
    if catalogue not in set(Catalogue):
        raise NotFound(_("没有这种目录。"), remedy=_("请从分类体系页进入。"))
    found = rooms().taxonomies.shipped(Catalogue(catalogue))
    return _file(found, "示例", (_("示例：名称是虚构的"),), f"{catalogue}-example", form)


def _page(catalogue: Catalogue, standing: Standing | None = None, **parts: object) -> str:
    taxonomies = rooms().taxonomies
    today = taxonomies.today()
    now_standing = taxonomies.in_force(catalogue, today)
    shown = standing or now_standing
    words = request.args.get("q", "").strip()[:60]
    found = shown.taxonomy.search(words) if shown and words else ()
    nothing: dict[str, TaxonomyReport | InvalidInput | None] = {"report": None, "refusal": None}
    return render_template(
        "taxonomy/taxonomy.html",
        catalogue=catalogue,
        catalogues=_catalogue_names(),
        levels=_level_names(catalogue),
        standing=shown,
        in_force=now_standing.version if now_standing else None,
        versions=taxonomies.versions(catalogue),
        words=words,
        found=found[:SHOWN_FOUND],
        found_count=len(found),
        urgencies={Urgency.PRESSING: "bad", Urgency.SOON: "warn", Urgency.ORDINARY: "info"},
        urgency_names=_urgency_names(),
        may_edit=signed_in().role in EDITORS,
        name_limit=NAME_LIMIT,
        shown_faults=SHOWN_FAULTS,
        today=today,
        given=request.form,
        **(nothing | parts),
    )


def _catalogue() -> Catalogue:
    asked = request.values.get("catalogue", Catalogue.CLASSES.value)
    if asked not in set(Catalogue):
        raise NotFound(_("没有这种目录。"), remedy=_("请从分类体系页进入。"))
    return Catalogue(asked)


def _catalogue_names() -> dict[Catalogue, str]:
    return {Catalogue.CLASSES: _("诉求分类"), Catalogue.ELEMENTS: _("网格要素目录")}


def _level_names(catalogue: Catalogue) -> tuple[str, ...]:
    if catalogue is Catalogue.CLASSES:
        return (_("模块"), _("大类"), _("小类"), _("细类"), _("子项"))
    return (_("部分"), _("要素"), _("小项"))


def _urgency_names() -> dict[Urgency, str]:
    return {
        Urgency.PRESSING: _("紧急"),
        Urgency.SOON: _("较急"),
        Urgency.ORDINARY: _("一般"),
    }


def _file(taxonomy: Taxonomy, title: str, lines: tuple[str, ...], name: str, form: str) -> Response:
    if form not in set(ListFormat):
        raise NotFound(_("没有这种导出。"), remedy=_("请用页面上的导出按钮。"))
    table, out = taxonomy_table(title, lines, taxonomy), io.BytesIO()
    if form == ListFormat.CSV:
        write_csv(table, out)
    else:
        taxonomies = rooms().taxonomies
        at = taxonomies.now().astimezone(rooms().zone)
        write_xlsx([table], out, made_at=at, dictionary=False)  # it is read in again
    out.seek(0)
    return send_file(
        out,
        mimetype=ListFormat(form).media_type,
        as_attachment=True,
        download_name=f"{name}.{form}",
        max_age=0,
    )
