"""Writing a board as a file that equals the screen."""

from typing import IO
from zoneinfo import ZoneInfo

from evalsys.domain.casework.board import Sort
from evalsys.domain.casework.sheet import KIND_NAMES
from evalsys.exports.board import board_table
from evalsys.exports.csv import write_csv
from evalsys.exports.table import Table
from evalsys.exports.xlsx import write_xlsx
from evalsys.services.casework_board import Board

_NAMES = {Sort(kind.value): name for kind, name in KIND_NAMES.items()} | {Sort.PETITION: "来信来访"}


def period_in_words(board: Board) -> str:
    """Say which requests are counted."""
    first, last = board.period.first, board.period.last
    if first is None or last is None:
        return "全部诉求"
    return f"{first} 提出的诉求" if first == last else f"{first} 至 {last} 提出的诉求"


def table_of(board: Board, zone: ZoneInfo) -> Table:
    """Tabulate a board; times are told in `zone`."""
    as_of = board.as_of.astimezone(zone)
    lines = [board.grid.name, period_in_words(board), f"截至 {as_of:%Y-%m-%d %H:%M}"]
    if board.sort:
        settled = "，".join(f"{level} {count}" for level, count in board.settled)
        lines += [f"只计{_NAMES[board.sort]}", f"在各级解决：{settled}"]
    if board.frequency:
        f = board.frequency
        lines.append(
            f"走访（{f.first} 至 {f.last}）：按网格类别应走访 {f.required} 次，已走访 {f.paid} 次，"
            f"还差 {f.left} 次；{f.households} 户中 {f.unvisited} 户本季没有走访"
        )
    return board_table("诉求办理", lines, board.lines, board.total)


def export_board(board: Board, out: IO[bytes], *, form: str, zone: ZoneInfo) -> int:
    """Write a board as "csv" or "xlsx"; return its number of lines, the total not counted."""
    table = table_of(board, zone)
    if form == "csv":
        write_csv(table, out)
    else:
        write_xlsx([table], out, made_at=board.as_of.astimezone(zone))
    return len(board.lines)
