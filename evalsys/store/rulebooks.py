"""The rulebooks that come with the software."""

from importlib.resources import files

from evalsys.domain.personnel import FIELDS
from evalsys.domain.rulebook import Rulebook
from evalsys.domain.rulebook_text import parse_rulebook
from evalsys.errors import NotFound

YISHUI_2013 = "yishui-2013"


def shipped_rulebook(name: str = YISHUI_2013) -> Rulebook:
    """Read a rulebook of the package by the name of its file, without `.toml`.

    Raises:
        NotFound: none has this name.
        InvalidInput: it is faulty; every fault is listed.
    """
    folder = files("evalsys.rulebooks")
    names = sorted(file.name.removesuffix(".toml") for file in folder.iterdir())
    if name not in names or not (source := folder / f"{name}.toml").is_file():
        known = "、".join(name for name in names if (folder / f"{name}.toml").is_file())
        raise NotFound(f"没有名为“{name}”的规则集。", remedy=f"可用的规则集：{known}。")
    return parse_rulebook(source.read_text(encoding="utf-8"), FIELDS)
