"""Scripts are data: a county adds its own, and what was used is asked by for ever as it was."""

from importlib.resources import files
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import delete
from sqlalchemy.exc import DBAPIError

from evalsys.cli.main import cli
from evalsys.domain.interview_text import parse_script
from evalsys.errors import InvalidInput
from evalsys.services.interview_scripts import InterviewScripts
from evalsys.store.schema.interviews import InterviewScriptRow
from evalsys.telephony.scripts import interview_scripts, shipped_script
from tests.builders import environment_of
from tests.calling import Carrier
from tests.campaigning import Field, phones
from tests.heard import said

NEWEST = shipped_script("annual")


def _written(field: Field, *changes: tuple[str, str]) -> Path:
    text = (files("evalsys.rulebooks") / "interviews" / f"annual-{NEWEST.version}.toml").read_text(
        "utf-8"
    )
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = field.settings.data_dir / "ours.toml"
    path.write_text(text, "utf-8")
    return path


def _run(field: Field, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["script", *arguments], env=environment_of(field.settings))


def test_the_countys_own_script_is_asked_and_kept(field: Field, carrier: Carrier) -> None:
    version = (f"version = {NEWEST.version}", f"version = {NEWEST.version + 1}")
    ours = _written(field, version, ("您好！这里是县年度群众评议。", "您好！这里是沂水县。"))
    added = _run(field, "add", str(ours))
    assert f"annual-{NEWEST.version + 1}" in added.output, added.exception
    assert "提醒：yimeng 有 0 句没有写" in added.output
    ours.unlink()
    field.plan()
    field.tick()
    phone = next(iter(phones(field, carrier).values()))
    assert "您好！这里是沂水县。" in said(phone.pick_up())
    assert f"annual-{NEWEST.version + 1}" in _run(field, "kept").output
    # A process that never saw the file goes on by what was kept.
    later = InterviewScripts(field.database, interview_scripts(), field.watch)
    kept = later.of(parse_script(later.kept()[0].script.raw).sha256)
    assert kept is not None
    assert kept.version == NEWEST.version + 1
    with pytest.raises(DBAPIError), field.database.write() as db:
        db.execute(delete(InterviewScriptRow))


def test_a_script_that_was_changed_after_its_use_asks_nobody(field: Field) -> None:
    field.plan()
    changed = parse_script(_written(field, ("大约两分钟", "大约一分钟")).read_bytes())
    scripts = InterviewScripts(field.database, (changed,), field.watch)
    with pytest.raises(InvalidInput, match="已经用过") as refused, field.database.write() as db:
        scripts.to_use(db, "annual", "op")
    assert f"version = {NEWEST.version + 1}" in refused.value.remedy
    assert scripts.of(NEWEST.sha256) == NEWEST


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("大约两分钟", "大约一分钟"), f"已经有第 {NEWEST.version} 版"),
        (('name = "annual"', 'name = "census"'), "没有名为“census”的评议活动"),
        (('not_free_key = "9"', 'not_free_key = "1"'), "1 键随时用于退出"),
    ],
)
def test_a_script_that_nobody_would_hear_is_not_added(
    field: Field, change: tuple[str, str], says: str
) -> None:
    refused = _run(field, "add", str(_written(field, change))).exception
    assert isinstance(refused, InvalidInput)
    assert says in refused.what
    assert "还没有用过" in _run(field, "kept").output
