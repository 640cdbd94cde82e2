"""One page as one file that works from a disk: styles and scripts are put inside it.

A browser loads no modules from a `file:` address, so each module becomes a function in a
single script, in the order of its imports; the sources stay readable word for word.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from posixpath import dirname, join, normpath

_IMPORT = re.compile(r'^import ([^;]+?) from "(\.{1,2}/[^"]+)";\n', re.MULTILINE)
_EXPORT = re.compile(
    r"^export (?=(?:async )?(?:function\*?|class|const|let) ([A-Za-z_$][\w$]*))", re.MULTILINE
)
_REEXPORT = re.compile(r'^export \{([^}]*)\} from "(\.{1,2}/[^"]+)";\n', re.MULTILINE)
_EXPORT_LIST = re.compile(r"^export \{([^}]*)\};?$", re.MULTILINE)
_LEFT = re.compile(r"^(?:import|export)\b", re.MULTILINE)
_FONT = re.compile(r"@font-face \{.*?\}\n", re.DOTALL)
_STYLE = re.compile(r'<link rel="stylesheet" href="([^"]+)">')
_SCRIPT = re.compile(r'<script type="module" src="([^"]+)"></script>')


def single_file(page: str, static: Path) -> str:
    """Put into `page` the style sheets and modules that it names by their path below `static`.

    Raises:
        ValueError: a module is written in a way that cannot be joined.
    """
    styled = _STYLE.sub(lambda found: f"<style>\n{_style(static / found[1])}</style>", page)
    return _SCRIPT.sub(
        lambda found: f'<script type="module">\n{_joined(static, found[1])}</script>', styled
    )


@lru_cache
def _style(sheet: Path) -> str:
    return _FONT.sub("", sheet.read_text("utf-8"))


@lru_cache
def _joined(static: Path, entry: str) -> str:
    """Join the module `entry` and all that it imports into one script."""
    modules: dict[str, str] = {}
    _add(static, entry, modules, above=())
    script = "\n".join(modules.values())
    if "</script" in script:
        raise ValueError(f"{entry}: a source ends the script that holds it")
    return script


def _add(static: Path, path: str, modules: dict[str, str], above: tuple[str, ...]) -> None:
    if path in above:
        raise ValueError(f"modules import each other in a circle: {', '.join((*above, path))}")
    if path in modules:
        return
    source = (static / path).read_text("utf-8")
    named = [*_IMPORT.findall(source), *_REEXPORT.findall(source)]
    imported = {there: normpath(join(dirname(path), there)) for _, there in named}
    for one in imported.values():
        _add(static, one, modules, (*above, path))
    modules[path] = _as_function(path, source, imported)


def _as_function(path: str, source: str, imported: Mapping[str, str]) -> str:
    names = _EXPORT.findall(source)
    for listed, there in _REEXPORT.findall(source):
        passed_on = _name(imported[there])
        names += [f"{name.strip()}: {passed_on}.{name.strip()}" for name in listed.split(",")]
    source = _REEXPORT.sub("", source)
    for listed in _EXPORT_LIST.findall(source):
        names += [name.strip() for name in listed.split(",")]
    body = _IMPORT.sub(lambda found: _taking(found[1], imported[found[2]]), source)
    body = _EXPORT_LIST.sub("", _EXPORT.sub("", body))
    if _LEFT.search(body):
        raise ValueError(f"{path}: an import or export in a form that is not known here")
    given = f"return {{ {', '.join(names)} }};"
    return f"// ---- {path}\nconst {_name(path)} = (() => {{\n{body}\n{given}\n}})();\n"


def _taking(what: str, path: str) -> str:
    """Say in plain script what an import takes: `{ a, b as c }` or `* as all`."""
    if what.startswith("* as "):
        return f"const {what.removeprefix('* as ')} = {_name(path)};\n"
    return f"const {what.replace(' as ', ': ')} = {_name(path)};\n"


def _name(path: str) -> str:
    return "module_" + re.sub(r"\W", "_", path)
