"""Where the interview scripts of this installation lie: in the package, one file a version."""

from functools import cache
from importlib.resources import files

from evalsys.domain.air_script import AirScript, parse_air_script
from evalsys.domain.interview import Script
from evalsys.domain.interview_text import parse_script
from evalsys.errors import NotFound

LIVE = "live"
"""The name of the script that live sessions ask about cadres."""
PROGRAMME = "programme"
"""The name of the script that they ask about programmes."""


def interview_scripts(name: str = "") -> tuple[Script, ...]:
    """Read every interview script, or every version of one, the one for new calls last.

    Raises:
        InvalidInput: a script could not be asked.
    """
    return tuple(script for script in _every_script() if name in {"", script.name})


@cache  # they come with the code
def _every_script() -> tuple[Script, ...]:
    folder = files("evalsys.rulebooks") / "interviews"
    scripts = [parse_script(each.read_bytes(), each.name) for each in folder.iterdir()]
    return tuple(sorted(scripts, key=lambda script: (script.name, script.version)))


@cache
def air_script() -> AirScript:
    """Read the newest words on the way to the stage.

    Raises:
        InvalidInput: they could not be used.
    """
    folder = files("evalsys.rulebooks") / "air"
    scripts = [parse_air_script(each.read_bytes(), each.name) for each in folder.iterdir()]
    return max(scripts, key=lambda script: script.version)


def shipped_script(wanted: str) -> Script:
    """Return a script by name, its newest version, or by name and version: `annual-1`.

    Raises:
        NotFound: none is called that; those that exist are named.
    """
    scripts = interview_scripts()
    named = {f"{script.name}-{script.version}": script for script in scripts}
    newest = {script.name: script for script in scripts}
    found = named.get(wanted) or newest.get(wanted)
    if found is None:
        raise NotFound(
            f"没有名为“{wanted[:40]}”的访谈脚本。",
            remedy=f"可用的脚本：{'、'.join(named)}；或给出脚本文件的路径（以 .toml 结尾）。",
        )
    return found
