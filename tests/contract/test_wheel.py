"""The wheel alone is enough: installed away from the checkout it serves pages and their assets."""

import subprocess
import sys
import venv
import zipfile
from pathlib import Path
from sysconfig import get_path
from urllib.request import urlopen

import pytest

from evalsys.settings import Settings
from tests.builders import environment_of, some_settings
from tests.processes import Process, free_port

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    _run(
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        str(folder),
        cwd=ROOT,
    )
    (built,) = folder.glob("evalsys-*.whl")
    return built


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel in it and the locked packages beside it, no checkout."""
    home = tmp_path_factory.mktemp("clean")
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    _run(
        *(sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check"),
        *("install", "--quiet", "--no-deps", "--no-index", str(wheel)),
        cwd=home,
    )
    # A line in a .pth file adds the folder but reads no .pth inside it: the checkout stays out.
    packages = next((home / "lib").glob("python*/site-packages"))
    (packages / "locked.pth").write_text(get_path("purelib") + "\n", encoding="utf-8")
    return python


def test_the_wheel_carries_pages_assets_migrations_and_rulebooks(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    for folder, copy in (("static", "_assets/static"), ("templates", "_assets/templates")):
        for file in _tracked(folder):
            assert f"evalsys/{copy}/{file.relative_to(folder)}" in inside
    for file in _tracked("evalsys"):
        assert str(file) in inside
    assert not [name for name in inside if name.startswith(("tests/", "scripts/"))]


def test_the_installed_wheel_serves_its_front_page_and_a_style_sheet(
    python: Path, tmp_path: Path
) -> None:
    settings = some_settings(
        f"sqlite:///{tmp_path}/evalsys.db", tmp_path, f"http://127.0.0.1:{free_port()}"
    )
    where = _evalsys(python, settings, tmp_path, "-c", "import evalsys; print(evalsys.__file__)")
    assert Path(where.strip()).is_relative_to(python.parents[1])
    _evalsys(python, settings, tmp_path, "-m", "evalsys", "migrate")
    port = settings.public_url.rpartition(":")[2]
    process = Process(
        [str(python), "-m", "evalsys", "serve", "--host", "127.0.0.1", "--port", port],
        environment_of(settings),
        tmp_path / "serve.log",
    )
    try:
        process.wait_for(settings.public_url)
        assert "<title>" in _fetch(settings.public_url)
        assert "{" in _fetch(f"{settings.public_url}/static/evalsys.css")
    finally:
        process.stop()


def _run(*command: str, cwd: Path) -> None:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)  # noqa: S603 - our own build
    assert done.returncode == 0, done.stdout + done.stderr


def _evalsys(python: Path, settings: Settings, cwd: Path, *arguments: str) -> str:
    environment = environment_of(settings)
    return subprocess.check_output([python, *arguments], cwd=cwd, env=environment, text=True)  # noqa: S603 - our own program


def _tracked(folder: str) -> list[Path]:
    listed = subprocess.check_output(["git", "ls-files", "-z", folder], cwd=ROOT, text=True)  # noqa: S603, S607 - git of this checkout
    return [Path(name) for name in listed.split("\0") if name]


def _fetch(url: str) -> str:
    with urlopen(url, timeout=10) as answer:  # noqa: S310 - a loopback address
        text: str = answer.read().decode()
    return text
