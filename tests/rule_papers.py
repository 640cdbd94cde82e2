"""A small rule workbook that compiles, as its author would type it, and ways to write it out."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import date
from pathlib import Path

from xlsxwriter import Workbook

from evalsys.domain.roster_cells import Cell

Sheets = dict[str, list[list[Cell]]]

_RULES: list[list[Cell]] = [
    ["规则号", "名称", "依据文件", "条款号", "原文", "生效日", "失效日", "适用范围",
     "组号", "字段", "运算", "值", "结果", "缺数据时", "公开级别"],
    ["R1", "年度考核不合格", "《意见》", "第三条", "一律不予提拔", date(2014, 1, 1), None, "全体",
     1, "考核等次", "等于", "不合格", "不予提拔", "待核", "公开"],
    ["R2", "试用期不合格", "《意见》", "第四条", "免除其试用期职务", date(2014, 1, 1), None, "全体",
     1, "考核等次", "等于", "不合格", "免除试用职务", "待核", "公开"],
    ["R2", None, None, None, None, date(2014, 1, 1), None, None,
     1, "试用期", "有", None, None, None, None],
    ["R3", "单位不合格三人次", "《意见》", "第五条", "", date(2014, 1, 1), None, "全体",
     1, "不合格人次", "不小于", 3, "诫勉", "视为不满足", "内部"],
    ["R4", "处分期内", "《处分条例》", "第八条", "", date(2014, 1, 1), None, "公务员",
     1, "处分日", "有", None, "程序中止", "待核", "内部"],
]  # fmt: skip
_FIELDS: list[list[Cell]] = [
    ["字段", "类型", "代码集", "来源", "负责人"],
    ["考核等次", "代码", "合格|不合格", "年度考核", "组织部"],
    ["试用期", "布尔", None, "花名册", "组织部"],
    ["不合格人次", "整数", None, "年度考核", "组织部"],
    ["处分日", "日期", None, "纪委", "纪委"],
    ["人员类别", "代码", "公务员|事业", "花名册", "组织部"],
]
_SAMPLES: list[list[Cell]] = [
    ["考核等次", "试用期", "不合格人次", "处分日", "人员类别", "期望结论", "期望规则号"],
    ["不合格", "是", 0, None, "公务员", "不予提拔", "R1;R2"],
    ["合格", "否", 3, None, "事业", "符合", "R3"],
    ["合格", "否", 0, date(2026, 1, 5), "公务员", "程序中止", "R4"],
    ["合格", "否", 0, date(2026, 1, 5), "事业", "符合", None],
    [None, "否", 0, None, "公务员", "待核", "R1"],
]


def rule_papers() -> Sheets:
    """Give the three sheets, to be spoilt by a test."""
    return deepcopy({"规则": _RULES, "字段字典": _FIELDS, "样例": _SAMPLES})


def write_rules(path: Path, sheets: Mapping[str, Sequence[Sequence[Cell]]]) -> Path:
    """Write a workbook with the cells' types as they are."""
    with Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, str):
                        sheet.write_string(at, column, cell)
                    elif cell is not None:
                        sheet.write(at, column, cell)
    return path
