"""Modules that are put off: found at once, run when first used, whole for everybody."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path

import pytest

from evalsys import later

_NAMES = ("put_off_alone", "put_off_whole")


@pytest.fixture(autouse=True)
def put_off_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two modules that wait; each writes a file when it runs."""
    ran = "with open(f'{0}/{{__name__}}.ran', 'a') as file:\n    file.write('!')\n"
    alone, whole = tmp_path / "put_off_alone.py", tmp_path / "put_off_whole"
    alone.write_text(ran.format(str(tmp_path)) + "ANSWER = 42\n")
    whole.mkdir()
    own = "from put_off_whole.part import PART\nimport put_off_whole\nSELF = put_off_whole.PART\n"
    (whole / "__init__.py").write_text(ran.format(str(tmp_path)) + own)
    (whole / "part.py").write_text("PART = 7\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "meta_path", sys.meta_path.copy())
    later.put_off(_NAMES)
    yield
    for name in (*_NAMES, "put_off_whole.part"):
        sys.modules.pop(name, None)


def test_it_runs_when_it_is_first_used_and_once(tmp_path: Path) -> None:
    alone = import_module("put_off_alone")
    assert import_module("put_off_alone") is alone
    assert not (tmp_path / "put_off_alone.ran").exists()
    with ThreadPoolExecutor(4) as threads:
        assert [*threads.map(lambda _: alone.ANSWER, range(4))] == [42] * 4
    assert (tmp_path / "put_off_alone.ran").read_text("ascii") == "!"
    assert type(alone) is type(sys)
    with pytest.raises(AttributeError, match="no attribute 'QUESTION'"):
        _ = alone.QUESTION


def test_a_package_may_use_itself_while_it_runs() -> None:
    whole = import_module("put_off_whole")
    assert (whole.SELF, whole.part.PART) == (7, 7)


def test_what_nobody_used_can_be_loaded_by_name(tmp_path: Path) -> None:
    import_module("put_off_alone")
    later.load(_NAMES)
    assert {name for name in _NAMES if (tmp_path / f"{name}.ran").exists()} == {*_NAMES}
    with pytest.raises(ModuleNotFoundError):
        later.load(["put_off_never_written"])


_STARTED = """
import sys
from evalsys import {server}
from evalsys import later
plain = type(sys)
early = [n for n in later.AFTERWARDS if type(sys.modules.get(n)) is plain]
later.load(later.AFTERWARDS)
missing = [n for n in later.AFTERWARDS if type(sys.modules.get(n)) is not plain]
print(early, missing)
"""


@pytest.mark.parametrize("server", ["wsgi", "wsgi_web"])
def test_a_server_starts_without_what_it_loads_afterwards(server: str) -> None:
    program = [sys.executable, "-c", _STARTED.format(server=server)]
    ended = subprocess.run(  # noqa: S603 - our own interpreter
        program, capture_output=True, text=True, check=False, timeout=60
    )
    assert (ended.stdout.strip(), ended.stderr) == ("[] []", "")
