"""`evalsys issues` and `evalsys import taxonomy`, as somebody types them."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from evalsys.cli.main import cli
from evalsys.errors import InvalidInput, RuleViolation
from evalsys.services.issue_room import issue_room
from evalsys.store.database import Database
from tests import complaining
from tests.builders import NOON, environment_of, some_settings

pytestmark = pytest.mark.on_sqlite


def _run(database: Database, folder: Path, arguments: Sequence[str]) -> Result:
    address = database.engine.url.render_as_string(hide_password=False)
    settings = some_settings(address, folder)
    return CliRunner().invoke(cli, arguments, env=environment_of(settings))


def test_the_example_of_the_taxonomy_comes_in_once(database: Database, tmp_path: Path) -> None:
    asked = ["import", "taxonomy", "--shipped", "--since", "2026-01-01"]
    first = _run(database, tmp_path, [*asked, "--json"])
    told = json.loads(first.output)
    assert (first.exit_code, told["counts"]) == (0, [5, 34, 125, 468, 693])
    assert "没有新增版本：5 模块、34 大类" in _run(database, tmp_path, asked).output
    bad = tmp_path / "分类.csv"
    bad.write_text("分类编码,分类名称,上级编码\n1,甲,9\n", "utf-8")
    refused = _run(database, tmp_path, ["import", "taxonomy", str(bad)])
    assert refused.exit_code == 2
    assert "分类.csv 第2行 “上级编码”列 “9” 表中没有上级编码“9”" in refused.output
    assert _run(database, tmp_path, ["import", "taxonomy"]).exit_code == 2


def test_heaps_come_from_a_child_process_and_nothing_is_learned_from_nothing(
    database: Database, tmp_path: Path
) -> None:
    complaining.settle(database, 30, issues=(30, 38))
    done = _run(database, tmp_path, ["issues", "cluster", "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    assert (told["texts"], told["left_texts"]) == (30, 30)
    refused = _run(database, tmp_path, ["issues", "learn"])
    assert isinstance(refused.exception, RuleViolation)
    assert "evalsys issues cluster" in refused.exception.remedy
    zone = some_settings("sqlite://", tmp_path).zone
    room = issue_room(database, complaining.Learner(), lambda: NOON, zone)
    room.work.give(["R0000"], "村庄道路", by="x")
    out = tmp_path / "issues.csv"
    taken = _run(database, tmp_path, ["issues", "export", "--out", str(out), "--json"])
    assert json.loads(taken.output)["rows"] == 1
    assert "村庄道路" in out.read_text("utf-8-sig")
    wrong = _run(database, tmp_path, ["issues", "export", "--out", str(tmp_path / "issues.doc")])
    assert isinstance(wrong.exception, InvalidInput)
