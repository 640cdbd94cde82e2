"""What some households of each official tell of themselves: filled household forms 民情表 (Y24)."""

from collections.abc import Mapping, Sequence
from typing import Final

from evalsys.county.dice import Dice
from evalsys.county.homes import Home
from evalsys.domain.household_form import BETWEEN, FieldKind, FormField, Sensitivity

FILLED_AN_OFFICIAL: Final = 2
"""Households with a form: enough that a cadre on stage can be asked about one."""
AGREE_PER_MILLE: Final = 900
"""Of these, how many agree to questions on stage."""
LEFT_OPEN_PER_MILLE: Final = 80

_TEXTS: Final[Mapping[str, Sequence[str]]] = {
    "members": ("兄弟，{age}岁，同住", "姐妹，{age}岁，住邻村", "叔父，{age}岁，同住"),
    "relations": ("侄子在本村，会开车", "兄弟住邻村", "邻居常来照应", "女儿每周回来"),
    "difficulties": (
        "老人腿脚不便，去镇上看病难",
        "浇地的井水位低",
        "苹果销路不稳",
        "门前的路雨后难走",
        "没有",
    ),
}


class Forms:
    """Fills the forms of a made-up county; a stream of chance of its own."""

    def __init__(self, seed: int, fields: Sequence[FormField]) -> None:
        """Ask what `fields` ask; what is sensitive is left empty, as most people leave it."""
        self._dice = Dice(seed, "forms")
        self._fields = tuple(one for one in fields if one.sensitivity is not Sensitivity.SENSITIVE)

    @property
    def headers(self) -> tuple[str, ...]:
        """The titles of the columns behind the household's code."""
        return tuple(one.title for one in self._fields)

    def of(self, home: Home) -> tuple[str | int | None, ...]:
        """Answer each field for a household, or leave it open."""
        return tuple(self._answer(field, home) for field in self._fields)

    def _answer(self, field: FormField, home: Home) -> str | int | None:
        dice = self._dice
        if field.consent:
            return "是" if dice.happens(AGREE_PER_MILLE) else "否"
        if field.code == "people":
            return home.members
        return None if dice.happens(LEFT_OPEN_PER_MILLE) else self._said(field, home)

    def _said(self, field: FormField, home: Home) -> str | int | None:
        dice = self._dice
        match field.kind:
            case FieldKind.WHOLE:
                return int(dice.random() * (home.members if field.most < 100 else 10))
            case FieldKind.CHOICE | FieldKind.YES_NO:
                return dice.one_of(field.choices).title
            case FieldKind.CHOICES:
                some = {dice.one_of(field.choices).code for _ in range(2)} - {"none"}
                return BETWEEN.join(one.title for one in field.choices if one.code in some) or None
            case FieldKind.TEXT:
                texts = _TEXTS.get(field.code, ())
                age = 8 + int(dice.random() * 70)
                return dice.one_of(texts).format(age=age) if texts else None
