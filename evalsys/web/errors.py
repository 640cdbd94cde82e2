"""How an error reaches a person: a page that says what to do next, or JSON for a program."""

import secrets

from flask import (
    Flask,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from evalsys.errors import EvalsysError, NotSignedIn, RuleViolation, Tampered
from evalsys.store.faults import refusal_of
from evalsys.web.told import told

_KEPT = ("/live/", "/console/", "/stage/", "/draw/")
"""Where sessions are: nothing of one is ever deleted."""


def answer_errors(app: Flask) -> None:
    """Answer every error in the form that was asked for, and none with a traceback."""
    app.add_template_filter(told)
    app.register_error_handler(EvalsysError, _evalsys_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _surprise)


def wants_json() -> bool:
    """Say whether a program is asking: browsers say that they take pages, programs do not."""
    return "text/html" not in request.headers.get("Accept", "")


def told_error(error: EvalsysError) -> dict[str, str]:
    """Return an error as programs and pages get it, in the visitor's language."""
    raw = error.to_json()
    return {**raw, **{part: told(raw[part]) for part in ("what", "remedy", "place")}}


def _evalsys_error(error: EvalsysError) -> ResponseReturnValue:
    if isinstance(error, NotSignedIn) and request.method == "GET" and not wants_json():
        return redirect(url_for("auth.sign_in_page", next=request.full_path.rstrip("?")))
    if isinstance(error, Tampered):
        current_app.logger.critical("tampered: %s", error)
    elif error.status >= 500:
        current_app.logger.error("%s: %s", error.code, error)
    return _answered(error.status, told_error(error))


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:
        return error.response  # a redirect, or an answer that somebody made whole
    if request.method == "DELETE" and request.path.startswith(_KEPT):
        return _evalsys_error(_never_deleted())
    status = error.code or 500
    code = "csrf" if isinstance(error, CSRFError) else error.name.lower().replace(" ", "_")
    what, remedy = _words(0 if code == "csrf" else status)
    response = _answered(status, {"code": code, "what": what, "remedy": remedy, "place": ""})
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = str(value)
    return response


def _never_deleted() -> RuleViolation:
    return RuleViolation(
        _("会议、名册和抽取结果都不能删除，也不能重来。"),
        remedy=_("确有错误的，在控制台中止并写明理由；已抽取的结果保留，下一次从其末行接续。"),
    )


def _surprise(error: Exception) -> ResponseReturnValue:
    if known := refusal_of(error):
        return _evalsys_error(known)
    incident = secrets.token_hex(4)
    current_app.logger.error("incident %s at %s", incident, request.path, exc_info=error)
    what, remedy = _words(500)
    return _answered(
        500, {"code": "internal", "what": what, "remedy": remedy, "place": "", "incident": incident}
    )


def _answered(status: int, told: dict[str, str]) -> Response:
    if wants_json():
        return make_response(told, status)
    return make_response(render_template("errors/error.html", status=status, **told), status)


def _words(status: int) -> tuple[str, str]:
    words = {
        0: (_("这一页打开太久，为安全起见没有执行。"), _("请返回并刷新页面，再做一次。")),
        404: (_("没有这个页面。"), _("请检查地址，或从首页进入。")),
        405: (_("这个地址不接受这种请求。"), _("请从页面上的按钮操作。")),
        413: (_("上传的内容太大。"), _("请拆分文件，或联系管理员用命令行导入。")),
        429: (_("请求太频繁。"), _("请稍候再试。")),
    }
    if status >= 500:
        return (
            _("系统内部出错，您的操作可能没有完成。"),
            _("请刷新后核对，再决定是否重做；并把事件编号告诉管理员。"),
        )
    return words.get(status, (_("请求的内容不正确。"), _("请返回检查后再试。")))
