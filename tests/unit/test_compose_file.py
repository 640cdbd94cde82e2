"""The compose file, read by a YAML reader that is not ours, against the specification's facts."""

import re
import shlex
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # it has no types of its own
from click.testing import CliRunner

from evalsys.cli.main import cli
from evalsys.cli.nginx import NginxSite, nginx_config
from evalsys.cli.services import compose_file, services
from tests.architecture.checkout import ROOT
from tests.unit.test_deploy_command import understood

SPEC = tomllib.loads((ROOT / "tests/data/compose_spec.toml").read_text("utf-8"))
STATIC = Path("/usr/local/lib/python3.11/site-packages/evalsys/_assets/static")
KINDS = [(standby, sip) for standby in (False, True) for sip in (False, True)]


def file_of(standby: bool, sip: bool) -> dict[str, Any]:  # noqa: FBT001 - a table's columns
    read: dict[str, Any] = yaml.safe_load(compose_file(services(standby=standby, sip=sip)))
    return read


def fits(shape: str, value: Mapping[str, Any], place: str) -> None:
    """Each key is one that the specification knows, its value of a type that it allows."""
    for key, one in value.items():
        assert key in SPEC[shape], f"{place}.{key}"
        assert type(one).__name__ in SPEC[shape][key], f"{place}.{key}: {one!r}"


def programs(command: str) -> Iterator[list[str]]:
    """What a command starts: itself, or each part of what it gives to a shell."""
    words = shlex.split(command)
    inner = words[2] if words[:2] == ["sh", "-c"] else command
    for part in inner.split("&&"):
        yield shlex.split(part.strip().removeprefix("exec "))


@pytest.mark.parametrize(("standby", "sip"), KINDS)
def test_the_file_keeps_to_the_specification(standby: bool, sip: bool) -> None:  # noqa: FBT001 - a table's columns
    read = file_of(standby, sip)
    fits("file", {k: v for k, v in read.items() if not k.startswith("x-")}, "file")
    for name, one in read["services"].items():
        assert re.fullmatch("[a-zA-Z0-9._-]+", name)
        fits("service", one, name)
        assert "image" in one or "build" in one
        assert one.get("restart", "no") in SPEC["words"]["restart"]
        fits("build", one.get("build", {}), f"{name}.build")
        fits("healthcheck", one.get("healthcheck", {}), f"{name}.healthcheck")
        needs = one.get("depends_on", {})
        assert set(needs) <= set(read["services"]) - {name}, name
        for other, how in needs.items() if isinstance(needs, dict) else ():
            assert how["condition"] in SPEC["words"]["condition"]
            if how["condition"] == "service_healthy":
                assert "healthcheck" in read["services"][other]
        for port in one.get("ports", ()):
            assert re.fullmatch(r"\d{1,5}:\d{1,5}", port), "text, or YAML reads it to base 60"
        for volume in one.get("volumes", ()):
            source, target, *mode = volume.split(":")
            assert source.startswith("./") or source in read["volumes"], volume
            assert target.startswith("/"), volume
            assert mode in ([], ["ro"]), volume


@pytest.mark.parametrize(("standby", "sip"), KINDS)
def test_every_command_in_it_is_one_of_ours_and_takes_its_words(standby: bool, sip: bool) -> None:  # noqa: FBT001 - a table's columns
    started = set()
    for one in file_of(standby, sip)["services"].values():
        for name, *words in programs(one.get("command", "")) if "command" in one else ():
            assert name == "evalsys"
            understood(words)
            started.add(words[0])
            asked = CliRunner().invoke(cli, [*(w for w in words[:2] if w.isalpha()), "--help"])
            assert asked.exit_code == 0, words
    assert started == {"migrate", "serve", "web", "campaign", "tally", "exchange"}


def test_every_folder_that_a_program_writes_outlives_its_container() -> None:
    read = file_of(standby=False, sip=False)
    inline = read["x-build"]["dockerfile_inline"]
    owned = set(re.findall(r"/var/lib/[a-z-]+", inline))
    kept = {v.split(":")[1] for one in read["services"].values() for v in one.get("volumes", ())}
    for one in services(standby=False, sip=False):
        written = {f"/var/lib/{folder}" for folder in one.folder.split()}
        assert written <= owned & kept, one.name


def test_folders_and_certificates_that_the_file_speaks_of_are_mounted_where_it_says() -> None:
    text = compose_file(services(standby=False, sip=False))
    read = file_of(standby=False, sip=False)
    targets = {v.split(":")[1] for one in read["services"].values() for v in one.get("volumes", ())}
    settings = read["services"]["evalsys"]["environment"]
    assert {settings["EVALSYS_DATA_DIR"], settings["EVALSYS_WATCH_DIR"]} <= targets
    comment = " ".join(line.strip("# \\") for line in text.splitlines() if line.startswith("#"))
    (words,) = re.findall(r"run --rm evalsys evalsys ([^`>]+)>nginx.conf`", comment)
    understood(words.split())
    certificates = re.findall(r"--certificate\S* (\S+)/[\w.]+", words)
    assert len(certificates) == 2
    assert set(certificates) <= targets


def test_nginx_hands_out_the_files_of_the_wheel_that_runs() -> None:
    read = file_of(standby=False, sip=False)
    site = nginx_config(
        NginxSite(
            name="evalsys.example.gov.cn",
            listen="443 ssl",
            app="evalsys:8000",
            standby="",
            web="evalsys-web:8010",
            static=STATIC,
            watch=Path("/var/lib/evalsys-watch"),
            certificate=None,
            certificate_key=Path("/etc/ssl/evalsys.key"),
        )
    )
    services_of = read["services"]
    recipes = {services_of[name]["build"]["dockerfile_inline"] for name in ("nginx", "evalsys")}
    (recipe,) = recipes
    stages = re.findall(r"^FROM \S+ AS (\w+)$", recipe, re.MULTILINE)
    assert [services_of[name]["build"]["target"] for name in ("evalsys", "nginx")] == stages
    assert f"COPY --from={stages[0]} {STATIC} {STATIC}" in recipe
    assert f"alias {STATIC}/;" in site
    kept = {v.split(":")[1] for one in services_of.values() for v in one.get("volumes", ())}
    assert not any(STATIC.is_relative_to(target) for target in kept), "it would outlive an upgrade"


def test_the_settings_in_it_are_documented() -> None:
    text = compose_file(services(standby=False, sip=False))
    documented = set(re.findall(r"EVALSYS_[A-Z_]+", (ROOT / "docs/settings.md").read_text("utf-8")))
    assert set(re.findall(r"EVALSYS_[A-Z_]+", text)) - documented == {"EVALSYS_POSTGRES_PASSWORD"}
    asked = re.findall(r"\$\{(\w+):\?[^}]+\}", text)
    assert asked == ["EVALSYS_POSTGRES_PASSWORD"], "what is missing is said, not left empty"
