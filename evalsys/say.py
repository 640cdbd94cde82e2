"""What commands say to people: in Chinese, or in English to whoever reads that.

Texts stand in Chinese where they are said; `evalsys/english.py` has their English, as for pages.
What programs read, JSON and files, is never said by this and is the same in every language.
"""

import os

import click

from evalsys.english import in_english
from evalsys.errors import EvalsysError, InvalidInput

_SETTING = "EVALSYS_LANGUAGE"
_LANGUAGES = ("zh", "en")
_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")
"""In this order, the first that is set: as POSIX has it."""


def say(text: str, *, err: bool = False, fg: str | None = None, bold: bool = False) -> None:
    """Print a Chinese text in the reader's language."""
    click.secho(said(text), err=err, fg=fg, bold=bold)


def said(text: str) -> str:
    """Return a Chinese text in the reader's language; texts without known English stay."""
    return in_english(text) if language() == "en" else text


def say_error(error: EvalsysError) -> None:
    """Print an error on one line of standard error: its code, where, what, what to do next."""
    where = f"{said(error.place)}: " if error.place else ""
    told = f"{said('错误')} {error.code}: {where}{said(error.what)} {said(error.remedy)}"
    click.secho(told.rstrip(), fg="red", err=True)


def language() -> str:
    """Return "zh" or "en": the setting's, else the locale's, else Chinese."""
    given = os.environ.get(_SETTING, "")
    if given in _LANGUAGES:
        return given
    locale = next(filter(None, map(os.environ.get, _LOCALE)), "")
    return "en" if locale.startswith("en") else "zh"


def check_language() -> None:
    """Refuse a setting that names no language.

    Raises:
        InvalidInput: it is neither zh nor en.
    """
    given = os.environ.get(_SETTING, "")
    if given and given not in _LANGUAGES:
        raise InvalidInput(f"没有这种语言：{given}。", remedy="请设为 zh 或 en。", place=_SETTING)
