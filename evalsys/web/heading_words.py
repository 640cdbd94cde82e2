"""Titles and fixed cells of exported tables that pages show too, in the visitor's language."""

from collections.abc import Mapping
from dataclasses import replace

from flask import g
from flask_babel import gettext as _

from evalsys.exports.table import Table


def heading(title: str) -> str:
    """Return what a column, a sheet or a fixed cell is called; what has no words here stays.

    Several fixed cells in one, with 、 between them, are said one by one.
    """
    words = _known()
    parts = title.split("、")
    return _("、").join(words[one] for one in parts) if words.keys() >= set(parts) else title


def in_words(table: Table) -> Table:
    """Head a table in the reader's language, when there are words for every column.

    What explains the columns is in Chinese alone and goes with them.
    """
    words = _known()
    if not words.keys() >= set(table.titles):
        return table
    rows = (
        tuple(heading(cell) if isinstance(cell, str) else cell for cell in row)
        for row in table.rows
    )
    titles = tuple(words[title] for title in table.titles)
    return replace(table, title=heading(table.title), titles=titles, rows=rows, explained=())


def _known() -> Mapping[str, str]:
    """Give the words, looked up once a request: a list asks for each of its cells."""
    if "headings" not in g:
        g.headings = _words()
    known: Mapping[str, str] = g.headings
    return known


def _words() -> Mapping[str, str]:
    return {
        "合计": _("合计"),
        "年度考核": _("年度考核"),
        "没有联系户": _("没有联系户"),
        "（未指定）": _("（未指定）"),
        "偏少": _("偏少"),
        "适中": _("适中"),
        "偏多": _("偏多"),
        "不比较": _("不比较"),
        "网格层级": _("网格层级"),
        "干部": _("干部"),
        "网格负责人": _("网格负责人"),
        "联系关系": _("联系关系"),
        "走访记录": _("走访记录"),
        "诉求台账": _("诉求台账"),
        "单位考核成绩": _("单位考核成绩"),
        "干部考核成绩": _("干部考核成绩"),
        "项目": _("项目"),
        "项目服务对象": _("项目服务对象"),
        "编号": _("编号"),
        "编码": _("编码"),
        "姓名": _("姓名"),
        "名称": _("名称"),
        "单位": _("单位"),
        "网格": _("网格"),
        "上级网格": _("上级网格"),
        "层级": _("层级"),
        "联系户": _("联系户"),
        "比较": _("比较"),
        "期满户数": _("期满户数"),
        "户数": _("户数"),
        "数据质量": _("数据质量"),
        "联系干部唯一": _("联系干部唯一"),
        "电话可拨": _("电话可拨"),
        "人口已填": _("人口已填"),
        "民情表已填": _("民情表已填"),
        "应有": _("应有"),
        "现有": _("现有"),
        "负责人": _("负责人"),
        "缺的角色": _("缺的角色"),
        "问题": _("问题"),
        "应到": _("应到"),
        "实到": _("实到"),
        "请假": _("请假"),
        "缺岗": _("缺岗"),
        "到岗率": _("到岗率"),
        "驻点": _("驻点"),
        "原因": _("原因"),
        "未登记": _("未登记"),
        "走访见面": _("走访见面"),
        "解决问题": _("解决问题"),
        "感情交流": _("感情交流"),
        "形成制度": _("形成制度"),
        "收到": _("收到"),
        "在办": _("在办"),
        "超期": _("超期"),
        "办结": _("办结"),
        "已解决": _("已解决"),
        "解决率": _("解决率"),
        "就地解决": _("就地解决"),
        "就地解决率": _("就地解决率"),
        "已答复": _("已答复"),
        "答复率": _("答复率"),
        "有说法": _("有说法"),
        "有结论": _("有结论"),
        "超期率": _("超期率"),
        "群众认可": _("群众认可"),
        "群众否认": _("群众否认"),
        "未核实": _("未核实"),
        "群众认可率": _("群众认可率"),
        "历史遗留": _("历史遗留"),
        "政策限制": _("政策限制"),
        "其他办结": _("其他办结"),
        "重开": _("重开"),
        "信访": _("信访"),
        "走访": _("走访"),
        "没有负责人": _("没有负责人"),
        "负责人不足": _("负责人不足"),
        "负责人超额": _("负责人超额"),
        "职级不符": _("职级不符"),
        "负责人已离任": _("负责人已离任"),
        "角色未配齐": _("角色未配齐"),
        "户编码": _("户编码"),
        "干部编号": _("干部编号"),
        "联系起始": _("联系起始"),
        "第几期": _("第几期"),
        "本期起始": _("本期起始"),
        "期满日": _("期满日"),
        "状态": _("状态"),
        "件号": _("件号"),
        "日期": _("日期"),
        "网格编码": _("网格编码"),
        "任免": _("任免"),
        "当时职级": _("当时职级"),
        "要求职级": _("要求职级"),
        "之后负责人": _("之后负责人"),
        "接替": _("接替"),
        "理由": _("理由"),
        "提出": _("提出"),
        "结果": _("结果"),
        "批准或退回": _("批准或退回"),
        "批复意见": _("批复意见"),
        "类别": _("类别"),
        "责任人": _("责任人"),
        "户均": _("户均"),
        "近期走访": _("近期走访"),
        "走访率": _("走访率"),
        "诉求": _("诉求"),
        "联系期限": _("联系期限"),
        "网格负责人任免": _("网格负责人任免"),
        "鱼鳞图": _("鱼鳞图"),
        "驻点日到岗": _("驻点日到岗"),
        "驻点日未到": _("驻点日未到"),
        "联系阶段": _("联系阶段"),
        "联系户数": _("联系户数"),
    }
