"""Definitions that people write as TOML: rule sets, time limits, grid presets, household forms."""

import tomllib
from collections.abc import Sequence
from typing import Any

from evalsys.errors import InvalidInput


def read_toml(text: str, what: str) -> dict[str, Any]:
    """Read the tables of `text`; `what` names the kind of definition.

    Raises:
        InvalidInput: it is no TOML; says the line and column.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(
            f"{what}不是合乎语法的 TOML：{error}。", remedy="请按所指的行列改正。"
        ) from error


def refuse_faults(what: str, faults: Sequence[str], guide: str, place: str = "") -> None:
    """Refuse a definition with every fault that was found; `guide` is the page on how to write it.

    Raises:
        InvalidInput: there are faults.
    """
    if faults:
        raise InvalidInput(
            f"{what}有错：" + "；".join(faults) + "。",
            remedy=f"请逐条改正；写法见 {guide}。",
            place=place,
        )
