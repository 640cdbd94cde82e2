"""The interface's language: Chinese first, English by a switch; and the words for closed sets."""

from datetime import datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Flask, Response, g, request
from flask_babel import Babel
from flask_babel import gettext as _

from evalsys.domain.access import Role
from evalsys.web.heading_words import heading

LANGUAGES = {"zh": "中文", "en": "English"}
"""Each language in its own words; the first is the language of the source texts."""
_COOKIE = "lang"
_A_YEAR_S = 365 * 24 * 3600


def set_up_words(app: Flask, zone: ZoneInfo, *, https: bool) -> None:
    """Speak the visitor's language and show times in the county's zone."""
    Babel(
        app,
        default_locale="zh",
        default_timezone=zone.key,
        locale_selector=language,
    )

    def remember(response: Response) -> Response:
        if request.query_string and request.args.get(_COOKIE) in LANGUAGES:
            response.set_cookie(
                _COOKIE, language(), max_age=_A_YEAR_S, secure=https, httponly=True, samesite="Lax"
            )
        return response

    def moment(at: datetime) -> str:
        return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")

    app.after_request(remember)
    app.add_template_filter(moment)
    app.add_template_filter(role_name)
    app.add_template_filter(heading)
    app.context_processor(
        lambda: {
            "language": language(),
            "other_languages": {
                code: name for code, name in LANGUAGES.items() if code != language()
            },
            "here_in": _here_in,
        }
    )


def language() -> str:
    """Return "zh" or "en": as asked by `?lang=`, else as remembered, else Chinese."""
    if "language" not in g:
        asked = (request.args.get(_COOKIE), request.cookies.get(_COOKIE))
        g.language = next((one for one in asked if one in LANGUAGES), "zh")
    chosen: str = g.language
    return chosen


def _here_in(language: str) -> str:
    """Return the query that shows the present page in another language."""
    return urlencode({**request.args.to_dict(), _COOKIE: language})


def role_name(role: Role) -> str:
    """Return what people call a role."""
    return {
        Role.OPERATOR: _("操作员"),
        Role.HOST: _("主持人"),
        Role.PANEL: _("评议团"),
        Role.RECORDER: _("会务记录员"),
        Role.PERSONNEL: _("组织部"),
        Role.DISCIPLINE: _("纪检监察"),
        Role.AUDITOR: _("审计"),
        Role.CADRE: _("干部、网格长"),
        Role.OFFICE: _("县联系群众工作办公室"),
        Role.ENGINEER: _("技术"),
    }[role]
