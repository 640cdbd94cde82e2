"""What the levels of this county's grid are called, on pages: the preset's words, not ours."""

from flask import g
from flask_babel import gettext as _

from evalsys.web.rooms import rooms


def second_level() -> str:
    """Name the level below the whole county's: townships in Yishui, streets in Yuelu.

    In English where the name is a preset's; a name that only this county uses stays as it is.
    """
    if "second_level" not in g:
        g.second_level = rooms().grid.presets.second_level()
    name: str = g.second_level
    known = {
        "乡镇": _("乡镇"),
        "街道（镇）": _("街道（镇）"),
        "社区（村）": _("社区（村）"),
        "区县": _("区县"),
    }
    return known.get(name, name)
