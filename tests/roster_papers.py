"""A very small county as it is handed in: tables to change, and files to write them to."""

import csv
from collections.abc import Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

import xlsxwriter

from evalsys.clock import Clock
from evalsys.domain.roster_sheets import Kind
from evalsys.services.roster_import import ImportReport, RosterImport
from evalsys.store.database import Database
from evalsys.store.phone_box import PhoneBox
from tests.builders import NOON

Cell = str | float | None
Tables = dict[Kind, list[list[Cell]]]

CHINA = ZoneInfo("Asia/Shanghai")
BOX = PhoneBox(bytes(range(64)), bytes(range(32)))

_PAPERS: Tables = {
    Kind.GRIDS: [
        ["网格编码", "网格名称", "层级", "上级网格编码"],
        ["C", "沂水县", 1, None],
        ["T1", "马站镇", 2, "C"],
        ["W1", "第一工作片", 3, "T1"],
        ["V1", "柴山村", 4, "W1"],
        ["V2", "东泉村", 4, "W1"],
        ["G1", "一号", 5, "V1"],
        ["G2", "二号", 5, "V1"],
        ["G3", "三号", 5, "V2"],
    ],
    Kind.UNITS: [
        ["单位编码", "单位名称", "主要负责人编号"],
        ["U1", "县水利局", "00000001"],
        ["U2", "县教育局", None],
    ],
    Kind.CADRES: [
        ["干部编号", "姓名", "单位编码", "职务", "职级", "人员类别", "联系网格编码", "联系电话"],
        ["00000001", "王建国", "U1", "局长", "正科级", "公务员", "G1", "15400000101"],
        ["00000002", "李红", "U1", "科员", "一级科员", "公务员", "G2", "15400000102"],
        ["00000003", "赵敏", "U2", "职员", "管理九级", "事业", "G3", None],
    ],
    Kind.HEADS: [
        ["网格编码", "负责人编号", "任职起始", "任职截止"],
        ["V1", "00000001", "2022-03-01", None],
    ],
    Kind.HOUSEHOLDS: [
        ["户编码", "户主姓名", "所属网格编码", "家庭人口", "联系电话", "备用电话"],
        ["37130001", "张三", "V1", 3, "15400000001", None],
        ["37130002", "李四", "V1", 2, "15400000002", "15400000012"],
        ["37130003", "王五", "V1", 5, "1540000", None],
        ["37130004", "赵六", "V2", 1, None, None],
        ["37130005", "钱七", "V2", 4, "15400000005", None],
        ["37130006", "孙八", "V2", 4, "15400000005", None],
        ["37130007", "周九", "V2", 2, "15400000102", None],
    ],
    Kind.LINKS: [
        ["户编码", "干部编号", "联系起始", "联系截止", "变更原因"],
        ["37130001", "00000001", "2012-03-01", None, None],
        ["37130002", "00000001", "2012-03-01", None, None],
        ["37130003", "00000001", "2012-03-01", None, None],
        ["37130004", "00000002", "2012-03-01", None, None],
        ["37130005", "00000002", "2012-03-01", None, None],
        ["37130006", "00000003", "2016-06-15", None, None],
        ["37130007", "00000003", "2016-06-15", None, None],
    ],
    Kind.VISITS: [
        ["户编码", "干部编号", "走访日期", "走访情况"],
        ["37130001", "00000001", "2026-03-01", "入户走访"],
        ["37130001", "00000001", "2026-05-01", "回访"],
        ["37130004", "00000002", "2026-03-02", None],
    ],
    Kind.REQUESTS: [
        ["诉求编号", "户编码", "干部编号", "提出日期", "诉求内容", "办理状态", "办结日期", "办理结果"],  # noqa: E501 - a table
        ["S1", "37130001", "00000001", "2026-03-01", "硬化道路", "已解决", "2026-04-01", "已铺设"],
        ["S2", "37130002", "00000001", "2026-03-01", "申请低保", "办理中", None, None],
    ],
    Kind.ASSESSMENT: [
        ["干部编号", "年度", "联系户评议得分", "联系户数", "作答户数", "单位民主测评得分"],
        ["00000001", 2026, 88.5, 3, 2, 91],
    ],
}  # fmt: skip


def papers() -> Tables:
    """Seven households, three cadres, one of each oddity of telephones; free to change."""
    return deepcopy(_PAPERS)


def write_csv(folder: Path, tables: Mapping[Kind, Sequence[Sequence[Cell]]]) -> list[Path]:
    """One CSV file a table."""
    paths = []
    for kind, rows in tables.items():
        paths.append(folder / f"{kind}.csv")
        with paths[-1].open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(rows)
    return paths


def write_xlsx(
    path: Path,
    tables: Mapping[str, Sequence[Sequence[Cell]]],
    *,
    results: Mapping[Cell, str] = MappingProxyType({}),
) -> Path:
    """One workbook, a sheet a table; a cell that `results` names is a formula with that result."""
    with xlsxwriter.Workbook(path) as book:
        for name, rows in tables.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                for index, cell in enumerate(row):
                    if cell in results:
                        sheet.write_formula(at, index, str(cell), None, results[cell])
                    elif cell is not None:
                        sheet.write(at, index, cell)
    return path


def bring_in(
    database: Database,
    files: Sequence[Path],
    *,
    dry_run: bool = False,
    now: Clock = lambda: NOON,
) -> ImportReport:
    """Import files as the command line does."""
    return RosterImport(database, BOX, now, CHINA).run(files, actor="cli:test", dry_run=dry_run)


def bring_in_papers(database: Database, folder: Path, tables: Tables) -> ImportReport:
    """Import tables through CSV files."""
    return bring_in(database, write_csv(folder, tables))
