"""The words on the way to the stage, as data: offered, agreed to, recorded by their hash."""

import hashlib
import tomllib
from dataclasses import dataclass, fields
from string import Formatter

from evalsys.errors import InvalidInput

_KEYS = frozenset("123456789")


@dataclass(frozen=True, slots=True)
class AirScript:
    """One version of the words; `sha256` of its file is its identity."""

    name: str
    version: int
    sha256: str
    language: str
    yes_key: str
    no_key: str
    answer_within_s: int
    offers: int
    offer: str
    waiting: str
    joining: str
    passed: str
    back: str
    declined: str
    cadre: str
    hall: str

    @property
    def label(self) -> str:
        """How a consent names the words that were agreed to."""
        return f"{self.name}-{self.version} {self.sha256}"

    def offered(self, cadre: str) -> str:
        """Return the offer about a cadre."""
        return self.offer.format(cadre=cadre)


def parse_air_script(data: bytes, place: str) -> AirScript:
    """Read a file of these words.

    Raises:
        InvalidInput: something is missing, of the wrong kind, or could not be answered.
    """
    try:
        told = tomllib.loads(data.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _unfit(f"不是有效的 TOML：{error}", place) from error
    told["sha256"] = hashlib.sha256(data).hexdigest()
    wanted = {field.name: field.type for field in fields(AirScript)}
    if told.keys() != wanted.keys():
        raise _unfit(f"字段不对：{'、'.join(sorted(told.keys() ^ wanted.keys()))}", place)
    for name, kind in wanted.items():
        if type(told[name]) is not kind or not told[name]:
            raise _unfit(f"“{name}”为空或类型不对", place)
    script = AirScript(**told)
    _check(script, place)
    return script


def _check(script: AirScript, place: str) -> None:
    if script.yes_key == script.no_key or not {script.yes_key, script.no_key} <= _KEYS:
        raise _unfit("同意键和拒绝键应是 1 至 9 中两个不同的数字", place)
    for key in (script.yes_key, script.no_key):
        if f"按{key}" not in script.offer:
            raise _unfit(f"征求的话里没有说明按{key}", place)
    if "星号" not in script.offer:
        raise _unfit("征求的话里没有说明可以随时按星号键退出", place)
    if {name for _, name, _, _ in Formatter().parse(script.offer) if name} != {"cadre"}:
        raise _unfit("征求的话里应有且只有 {cadre}", place)


def _unfit(what: str, place: str) -> InvalidInput:
    return InvalidInput(f"直播连线用语{what}。", remedy="请对照 air-1.toml 改正。", place=place)
