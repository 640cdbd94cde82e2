"""The words of show control: the curtain over every output, and the director's desk."""

from flask_babel import gettext as _


def desk_words() -> dict[str, str]:
    """Return what the desk says."""
    return {}


def curtain_words() -> dict[str, str]:
    """Return what a covered output says."""
    return {
        "card_title": _("技术暂停"),
        "card_usual": _("请稍候，马上继续"),
        "dark_at_home": _("画面暂停播出，请稍候"),
    }
