"""Where the interview scripts of this installation lie: in the package, one file a version."""

from importlib.resources import files

from evalsys.domain.interview import Script
from evalsys.domain.interview_script import parse_script


def interview_scripts() -> tuple[Script, ...]:
    """Read every interview script, the one for new calls last.

    Raises:
        InvalidInput: a script could not be asked.
    """
    folder = files("evalsys.rulebooks") / "interviews"
    scripts = [parse_script(each.read_bytes(), each.name) for each in folder.iterdir()]
    return tuple(sorted(scripts, key=lambda script: script.version))
