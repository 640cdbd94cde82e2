"""`evalsys export cards`: what is public of a cadre, with a QR code; nothing of a household."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from evalsys.cli import export
from evalsys.domain.office_contact import OfficeContact
from evalsys.errors import InvalidInput, NotFound
from evalsys.store import office_contact
from evalsys.store.database import Database
from tests import small_county
from tests.builders import NOON, environment_of, some_settings
from tests.pdf_text import pages_of
from tests.small_county import GONE, ON_PROBATION, PRINCIPAL


def run(database: Database, folder: Path, *arguments: str) -> Result:
    address = database.engine.url.render_as_string(hide_password=False)
    settings = some_settings(address, folder, public_url="https://eval.example")
    arguments = ("cards", "--out", str(folder / "cards.pdf"), *arguments)
    return CliRunner().invoke(export.command, arguments, env=environment_of(settings))


def test_cards_name_who_answers_and_lead_to_a_public_page(
    database: Database, tmp_path: Path
) -> None:
    small_county.settle(database)
    with database.write() as db:
        office = OfficeContact("0539-2250000", "工作日 8:30-17:30", "健康路 1 号")
        office_contact.add(db, office, by="office", at=NOON)
    done = run(database, tmp_path, "--hotline", "0539-1234567", "--organ", "县委组织部")
    assert done.exit_code == 0, done.output
    (sheet,) = pages_of((tmp_path / "cards.pdf").read_bytes())
    assert sheet.count("便民联系卡") == 4
    assert sheet.count("https://eval.example/directory/371323001001001") == 4
    assert re.search(r"李红\s*00000002", sheet)
    assert "沂水县 龙家圈街道 第一工作片 柴山村" in sheet
    assert "监督电话 0539-1234567" in sheet
    assert "服务电话 0539-2250000" in sheet
    pledges = ("--kind", "pledge", "--pledge", "每月走访不少于一次", "--single")
    two = ("--cadre", PRINCIPAL, "--cadre", ON_PROBATION)
    assert run(database, tmp_path, *pledges, *two).exit_code == 0
    pages = pages_of((tmp_path / "cards.pdf").read_bytes())
    assert len(pages) == 2
    assert all("每月走访不少于一次" in page for page in pages)
    assert all("https://eval.example/followups/" in page for page in pages)


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        (("--cadre", GONE), NotFound),
        (("--grid", "999"), NotFound),
        (("--grid", "3713"), NotFound),  # how codes of grids begin, and no grid
        (("--pledge", "长" * 41), InvalidInput),
    ],
)
def test_what_cannot_be_printed_is_said(
    database: Database, tmp_path: Path, arguments: tuple[str, ...], kind: type[Exception]
) -> None:
    small_county.settle(database)
    done = run(database, tmp_path, *arguments)
    assert isinstance(done.exception, kind)
    assert not (tmp_path / "cards.pdf").exists()
