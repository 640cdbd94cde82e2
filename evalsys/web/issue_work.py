"""The analyst's work list of common issues: heaps to name, to split, to give to an issue."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.errors import InvalidInput, RuleViolation
from evalsys.services.issue_work import SPLITS
from evalsys.web.guards import signed_in
from evalsys.web.issues import analysts, parts
from evalsys.web.personnel_query import needed, number
from evalsys.web.rooms import rooms

blueprint = Blueprint("issue_work", __name__, url_prefix="/casework/issues/work")

HEAPS_A_PAGE = 30


@blueprint.get("")
@analysts
def work_list() -> str:
    """Show the heaps that belong to no issue yet, the urgent and then the large first."""
    return _work_list()


@blueprint.post("/cluster")
@analysts
def cluster() -> Response:
    """Heap all texts anew."""
    done = rooms().issues.work.cluster(by=signed_in().name)
    flash(
        _(
            "%(texts)s 件诉求归成 %(clusters)s 个小类，待归 %(left)s 件。",
            texts=done.texts,
            clusters=done.clusters,
            left=done.left_texts,
        )
    )
    return redirect(url_for("issue_work.work_list"), 303)


@blueprint.post("/learn")
@analysts
def learn() -> Response | tuple[str, int]:
    """Learn from all labels and propose for the rest."""
    try:
        done = rooms().issues.work.learn(by=signed_in().name)
    except RuleViolation as refusal:
        return _work_list(refusal), refusal.status
    tested = _("标注太少，无法检验") if done.accuracy is None else f"{done.accuracy:.1%}"
    flash(
        _(
            "从 %(labels)s 个标注学习，留出检验正确率 %(tested)s；"
            "有把握 %(sure)s 件，留给人工 %(left)s 件。",
            labels=done.labels,
            tested=tested,
            sure=done.sure,
            left=done.proposed - done.sure,
        )
    )
    return redirect(url_for("issue_work.work_list"), 303)


@blueprint.get("/<int:cluster>")
@analysts
def heap(cluster: int) -> str | Response:
    """Show what is left in a heap; the read is audited."""
    left = rooms().issues.work.heap(cluster, by=signed_in().name)
    if not left:
        flash(_("这一小类已经归完了。"))
        return redirect(url_for("issue_work.work_list"), 303)
    return render_template(
        "issues/heap.html",
        cluster=cluster,
        left=left,
        names=rooms().issues.list.names(),
        splits=SPLITS,
        **parts(),
    )


@blueprint.post("/<int:cluster>")
@analysts
def give(cluster: int) -> Response:
    """Give a heap, or what was chosen of it, to an issue: an old one, or a new one's name."""
    form = request.form
    issue: int | str = form.get("name", "").strip() or needed(number(form, "issue"), "issue")
    chosen = form.getlist("request") if form.get("chosen") else []
    if form.get("chosen") and not chosen:
        raise InvalidInput(_("没有选择诉求。"), remedy=_("请先勾选，或归入整个小类。"))
    given = rooms().issues.work.give_heap(cluster, issue, chosen, by=signed_in().name)
    flash(_("已归入“%(name)s”。", name=rooms().issues.list.names()[given]))
    if chosen:
        return redirect(url_for("issue_work.heap", cluster=cluster), 303)
    return redirect(url_for("issue_work.work_list"), 303)


@blueprint.post("/<int:cluster>/split")
@analysts
def split(cluster: int) -> Response:
    """Split a heap into smaller ones."""
    wanted = needed(number(request.form, "parts"), "parts")
    made = rooms().issues.work.split(cluster, wanted, by=signed_in().name)
    flash(_("已拆成 %(count)s 个小类。", count=made))
    return redirect(url_for("issue_work.work_list"), 303)


def _work_list(refusal: RuleViolation | None = None) -> str:
    page = max(1, number(request.args, "page") or 1)
    room = rooms().issues
    heaps, count = room.work.work_list(skip=(page - 1) * HEAPS_A_PAGE, most=HEAPS_A_PAGE)
    return render_template(
        "issues/work.html",
        heaps=heaps,
        count=count,
        page=page,
        pages=max(1, -(-count // HEAPS_A_PAGE)),
        overview=room.list.overview(),
        names=room.list.names(),
        refusal=refusal,
        **parts(),
    )
