"""The JSON object that a script of our pages, or a program, sent."""

from collections.abc import Mapping

from flask import request
from flask_babel import gettext as _

from evalsys.errors import InvalidInput


def sent_fields() -> Mapping[str, object]:
    """Return the fields of the object that was sent.

    Raises:
        InvalidInput: it is no JSON, or no object.
    """
    try:
        body: object = request.get_json(silent=True)
    except RecursionError:  # brackets in brackets without end
        body = None
    if not isinstance(body, dict):
        raise InvalidInput(_("请求的内容不是 JSON 对象。"), remedy=_("请刷新页面后重新操作。"))
    return body
