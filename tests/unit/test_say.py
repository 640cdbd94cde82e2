"""Which language commands speak, and what stays the same in every language."""

import json

import pytest
from click.testing import CliRunner

from evalsys.cli.import_problems import print_problems
from evalsys.cli.main import cli, main
from evalsys.domain.roster_problems import ImportProblem, Severity
from evalsys.errors import InvalidInput
from evalsys.say import check_language, language
from evalsys.services.tables_report import TablesReport

_UNSET = dict.fromkeys(("EVALSYS_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"), "")


@pytest.mark.parametrize(
    ("given", "spoken"),
    [
        ({}, "zh"),
        ({"LANG": "C.UTF-8"}, "zh"),
        ({"LANG": "POSIX", "EVALSYS_LANGUAGE": "en"}, "en"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "C"}, "zh"),
        ({"LANG": "en_GB.UTF-8", "EVALSYS_LANGUAGE": "zh"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_US"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "zh"),
    ],
)
def test_the_setting_decides_then_the_locale(
    given: dict[str, str], spoken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (_UNSET | given).items():
        monkeypatch.setenv(name, value)
    assert language() == spoken


def test_a_language_that_there_is_not_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVALSYS_LANGUAGE", "fr")
    with pytest.raises(InvalidInput, match="没有这种语言：fr"):
        check_language()


def test_an_error_and_its_remedy_are_said_in_english(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EVALSYS_LANGUAGE", "en")
    monkeypatch.setattr("sys.argv", ["evalsys", "export", "decisions", "--out", "x.foo"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == InvalidInput.exit_code
    assert capsys.readouterr().err == (
        "error invalid_input: --format: The file name does not tell the format: x.foo. "
        "Use --format xlsx or --format csv.\n"
    )


def test_reports_are_in_english_and_what_stands_in_the_file_as_it_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EVALSYS_LANGUAGE", "en")
    what = "电话无法拨打：手机号应为11位，这里是10位"
    remedy = "请改正号码；改正前该号码不会被拨打。"
    found = ImportProblem(
        Severity.WARNING, "名册.xlsx", "联系户", 206, "联系电话", "154", what, remedy
    )
    print_problems(
        TablesReport(committed=False, problems=(found,), errors=0, warnings=1, rows=1, merged={})
    )
    assert capsys.readouterr().err == (
        "Reminder 名册.xlsx sheet “联系户” row 206 column “联系电话” “154” the number cannot be "
        "dialled: a mobile number has 11 digits, here are 10. "
        "Correct the number; until then it is not called.\n"
    )


def test_programs_get_the_same_in_every_language() -> None:
    asked = ["grid", "preset", "show", "yishui", "--json"]
    zh, en = (CliRunner().invoke(cli, asked, env={"EVALSYS_LANGUAGE": one}) for one in ("zh", "en"))
    assert zh.output == en.output
    assert json.loads(zh.output)["levels"][0]["name"] == "县总网格"
