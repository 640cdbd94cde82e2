"""`evalsys rates`: response rates from counts of dispositions, as exact fractions."""

import json
from pathlib import Path
from typing import IO

import click

from evalsys.domain.response_counts import parse_counts
from evalsys.domain.response_rates import response_rates
from evalsys.errors import InvalidInput

LARGEST_FILE_BYTES = 1 << 20

_EPILOG = """
\b
COUNTS.json，缺的组按 0 计 · groups that are left out count zero:
  {"I": 300, "P": 0, "R": 0, "NC": 0, "O": 5, "UH": 150, "UO": 0, "NE": 0, "e": 0.9}
退出码 · exit codes: 0 已算出 · done, 2 计数不可用 · unusable counts
"""


@click.command(epilog=_EPILOG)
@click.argument("counts", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
def command(counts: Path) -> None:
    """计算应答率 · response rates RR1-6, COOP1-4, REF1-3 and CON1-3 by AAPOR.

    读 COUNTS（- 为标准输入），输出 JSON：分数保留原始分子分母，另附四位小数；分母为零时是 null。
    不给 e 时，用已知资格的户估计：(I+P+R+NC+O)/(I+P+R+NC+O+NE)。

    Prints one JSON object with every rate: the fraction as counted and its value to four
    places, null when the denominator is zero. Without e it is estimated from what is known.
    """
    is_stdin = str(counts) == "-"
    place = "标准输入" if is_stdin else counts.name
    try:
        with click.open_file(str(counts), "rb") as file:
            raw = _bounded(file, place)
    except OSError as error:
        raise InvalidInput(
            f"读不了文件：{error.strerror}。", remedy="请核对文件名和权限。", place=str(counts)
        ) from error
    rates = response_rates(parse_counts(raw, place))
    told = {
        name: None if rate is None else {"fraction": rate.fraction, "value": rate.rounded}
        for name, rate in rates.items()
    }
    click.echo(json.dumps(told, indent=1))


def _bounded(file: IO[bytes], place: str) -> bytes:
    raw = file.read(LARGEST_FILE_BYTES + 1)
    if len(raw) > LARGEST_FILE_BYTES:
        raise InvalidInput("文件过大。", remedy="计数文件不会超过 1 MB。", place=place)
    return raw
