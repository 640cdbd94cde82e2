"""AAPOR's codes of final dispositions, as data: code, group, and what people read.

Source: AAPOR Standard Definitions, telephone table, 7th to 9th edition; the labels are ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from evalsys.domain.response_rates import Group


@dataclass(frozen=True, slots=True)
class OutcomeCode:
    """One final disposition, and the group in which it counts."""

    code: str
    group: Group
    label: str


_TABLE: Mapping[Group, Mapping[str, str]] = {
    Group.INTERVIEW: {
        "1.0": "访谈",
        "1.1": "完成",
    },
    Group.PARTIAL: {
        "1.2": "部分完成",
    },
    Group.REFUSAL: {
        "2.10": "拒访和中断",
        "2.11": "拒访",
        "2.111": "本户拒访",
        "2.112": "本人拒访",
        "2.12": "中途挂断",
    },
    Group.NON_CONTACT: {
        "2.20": "未接触到",
        "2.21": "约好再打，未再接通",
        "2.22": "答录机",
        "2.221": "答录机，已留言",
        "2.222": "答录机，未留言",
    },
    Group.OTHER: {
        "2.0": "合格未访",
        "2.30": "其他合格未访",
        "2.31": "已故",
        "2.32": "身心不便，无法受访",
        "2.33": "语言不通",
        "2.331": "全户语言不通",
        "2.332": "受访人语言不通",
        "2.333": "没有会说该语言的访问员",
        "2.34": "听不清或不识字",
        "2.35": "所处场合不便受访",
        "2.36": "其他原因",
    },
    Group.UNKNOWN_HOUSEHOLD: {
        "3.0": "资格不明",
        "3.10": "不知是否住户",
        "3.11": "未拨打",
        "3.12": "一直占线",
        "3.13": "一直无人接听",
        "3.14": "答录机，不知是否住户",
        "3.15": "来电被拦截",
        "3.16": "线路故障",
        "3.161": "话务提示不明",
    },
    Group.UNKNOWN_OTHER: {
        "3.20": "是住户，不知有无合格受访人",
        "3.21": "未完成核对",
        "3.30": "接听人不知是否本户成员",
        "3.90": "其他不明",
    },
    Group.NOT_ELIGIBLE: {
        "4.0": "不合格",
        "4.10": "不在名册",
        "4.20": "传真或数据线",
        "4.30": "号码不通",
        "4.31": "空号",
        "4.32": "停机",
        "4.33": "暂停服务",
        "4.40": "特殊技术情形",
        "4.41": "改号",
        "4.42": "手机（仅固话名册）",
        "4.43": "呼叫转移",
        "4.44": "寻呼机",
        "4.50": "非住户",
        "4.51": "单位或机关",
        "4.52": "机构",
        "4.53": "集体户",
        "4.54": "不是本户成员",
        "4.70": "没有合格受访人",
        "4.80": "配额已满",
        "4.90": "其他不合格",
    },
}

OUTCOMES: Mapping[str, OutcomeCode] = {
    code: OutcomeCode(code, group, label)
    for group, labels in _TABLE.items()
    for code, label in labels.items()
}
"""Every code, by code."""
