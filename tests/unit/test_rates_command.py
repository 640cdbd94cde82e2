import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from evalsys.cli.main import cli
from evalsys.errors import InvalidInput
from tests.unit.domain.test_response_rates import AAPOR


def _rates(*arguments: str, given: str | bytes = "") -> Result:
    return CliRunner().invoke(cli, ["rates", *arguments], input=given)


@pytest.mark.parametrize("vector", AAPOR["vectors"], ids=lambda vector: vector["id"])
def test_every_rate_is_printed_with_fraction_and_value(
    vector: dict[str, Any], tmp_path: Path
) -> None:
    path = tmp_path / "counts.json"
    path.write_text(json.dumps(vector["counts"] | {"e": vector["e"]}))
    told = json.loads(_rates(str(path)).output)
    assert {name: rate and rate["value"] for name, rate in told.items()} == vector["rounded4"]
    if "published_fraction" in vector:
        assert told["RR3"] == {"fraction": vector["published_fraction"], "value": 0.6818}


def test_e_may_be_a_number_and_is_taken_exactly() -> None:
    told = json.loads(_rates("-", given='{"I":300,"O":5,"UH":150,"e":0.9}').output)
    assert told["RR3"]["fraction"] == "300/440"


def test_nothing_counted_gives_null_for_every_rate() -> None:
    told = json.loads(_rates("-", given='{"I": 0, "NE": 3, "e": null}').output)
    assert set(told.values()) == {None}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ('{"I": 1,', "第 1 行第"),
        ("[300]", "不是一个 JSON 对象"),
        ("{}", "没有任何计数"),
        ('{"I": 1, "X": 2}', "不认识的键 X"),
        ('{"i": 1}', "不认识的键 i"),
        ('{"I": -1}', "I 必须是不小于 0 的整数：-1"),
        ('{"I": 1.5}', "I 必须是不小于 0 的整数：1.5"),
        ('{"I": true}', "I 必须是不小于 0 的整数：true"),
        ('{"I": "3"}', 'I 必须是不小于 0 的整数："3"'),
        ('{"I": null}', "I 必须是不小于 0 的整数：null"),
        ('{"I": NaN}', "I 必须是不小于 0 的整数：NaN"),
        ('{"I": 1e400}', "I 必须是不小于 0 的整数：100000"),
        ('{"I": 1e999999999}', "I 必须是不小于 0 的整数：1e999999999"),
        ('{"I": 1, "I": 2}', "I 出现了两次"),
        ('{"I": 1000000000001}', "I 过大"),
        ('{"I": ' + "9" * 5000 + "}", "I 必须是"),
        ('{"I": 1, "e": 1.01}', "e 必须是 0 到 1 之间的数"),
        ('{"I": 1, "e": -0.1}', "e 必须是 0 到 1 之间的数"),
        ('{"I": 1, "e": "1/0"}', "e 必须是 0 到 1 之间的数"),
        ('{"I": 1, "e": "half"}', "e 必须是 0 到 1 之间的数"),
        ('{"I": 1, "e": [1]}', "e 必须是 0 到 1 之间的数"),
        ("[" * 100_000, "不是可读的 JSON"),
        (b'{"I": "\xff"}', "第 8 个字节不是 UTF-8"),
        (b"", "第 1 行第 1 列"),
        (b"{" + b" " * (1 << 20), "文件过大"),
    ],
)
def test_unusable_counts_are_refused_with_their_place(given: str | bytes, says: str) -> None:
    refused = _rates("-", given=given).exception
    assert isinstance(refused, InvalidInput)
    assert refused.exit_code == 2
    assert refused.place == "标准输入"
    assert says in refused.what
    assert len(str(refused)) < 400


def test_everything_that_is_wrong_is_told_at_once() -> None:
    refused = _rates("-", given='{"I": -1, "Q": 0, "e": 2}').exception
    assert isinstance(refused, InvalidInput)
    assert refused.what.count("；") == 2


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    refused = _rates(str(tmp_path / "none.json")).exception
    assert isinstance(refused, InvalidInput)
    assert "none.json" in refused.place
