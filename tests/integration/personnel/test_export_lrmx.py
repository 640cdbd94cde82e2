"""`evalsys export lrmx`: a form is completed with what the personnel room knows."""

from datetime import timedelta
from pathlib import Path

from click.testing import CliRunner, Result

from evalsys.cli import export
from evalsys.clock import utc_now
from evalsys.domain.personnel_decisions import Choice
from evalsys.errors import InvalidInput, NotFound
from evalsys.exports.lrmx import new_form, read_form
from evalsys.services.personnel import Personnel, Seen
from evalsys.services.session_findings import session_findings
from evalsys.store import audit
from evalsys.store.database import Database
from evalsys.store.rulebooks import shipped_rulebook
from tests import small_county
from tests.builders import environment_of, some_settings
from tests.small_county import ON_PROBATION


def run(database: Database, folder: Path, *arguments: str) -> Result:
    address = database.engine.url.render_as_string(hide_password=False)
    settings = some_settings(address, folder)
    arguments = ("lrmx", "--year", "2026", "--out", str(folder / "out.lrmx"), *arguments)
    return CliRunner().invoke(export.command, arguments, env=environment_of(settings))


def test_a_form_gets_the_local_grade_and_the_decision_and_keeps_the_rest(
    database: Database, tmp_path: Path
) -> None:
    small_county.settle(database)
    zone = some_settings("", tmp_path).zone
    found = session_findings(database, zone)
    room = Personnel(database, utc_now, zone, shipped_rulebook(), found)
    day = (utc_now() - timedelta(days=1)).astimezone(zone).date()
    evaluation = room.evaluate(by="zuzhi", as_of=day, year=2026)
    seen = Seen(evaluation.run, day, 2026)
    room.decide(ON_PROBATION, Choice.REFUSE, reason="考核不合格", by="zuzhi", seen=seen)
    seed = tmp_path / "seed.lrmx"
    seed.write_bytes(new_form({"XingMing": "李红", "NianDuKaoHeJieGuo": "2024年称职。"}))
    names = ("--cadre", ON_PROBATION, "--seed-from", str(seed), "--purpose", "常委会")
    done = run(database, tmp_path, *names)
    assert done.exit_code == 0, done.output
    before = read_form(seed.read_bytes(), "seed")
    after = read_form((tmp_path / "out.lrmx").read_bytes(), "out")
    changed = {name for name in after.values if after.values[name] != before.values[name]}
    assert changed == {"NianDuKaoHeJieGuo", "RenMianLiYou"}
    assert after.values["NianDuKaoHeJieGuo"].startswith(
        "2024年称职。2026年联系群众考核不合格（地方"
    )
    assert after.values["RenMianLiYou"] == "〔决定：不予提拔，考核不合格〕"
    with database.read() as db:
        last = list(audit.entries(db))[-1]
    assert (last.action, last.subject) == ("personnel.paper", f"cadre:{ON_PROBATION}")
    assert "常委会" in last.detail


def test_another_person_s_form_is_refused_and_a_new_one_has_name_and_post(
    database: Database, tmp_path: Path
) -> None:
    small_county.settle(database)
    seed = tmp_path / "seed.lrmx"
    seed.write_bytes(new_form({"XingMing": "别人"}))
    wrong = run(database, tmp_path, "--cadre", ON_PROBATION, "--seed-from", str(seed))
    assert isinstance(wrong.exception, InvalidInput)
    assert "别人" in str(wrong.exception)
    assert isinstance(run(database, tmp_path, "--cadre", "99999999").exception, NotFound)
    assert not (tmp_path / "out.lrmx").exists()
    assert run(database, tmp_path, "--cadre", ON_PROBATION).exit_code == 0
    made = read_form((tmp_path / "out.lrmx").read_bytes(), "out")
    assert (made.name, made.values["XianRenZhiWu"]) == ("李红", "县水利局副局长")
