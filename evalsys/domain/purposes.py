"""Why somebody reads about a person, from a closed list (PIPL art. 6, audited with the read)."""

from enum import StrEnum


class Purpose(StrEnum):
    """What a personal read is for; the audit log keeps it beside who read whom."""

    ASSESSMENT = "年度考核"
    APPOINTMENT = "选拔任用"
    DISPUTE = "处理异议"
    INVESTIGATION = "调查核实"
    AUDIT = "审计检查"


class HouseholdPurpose(StrEnum):
    """What a household's form is read for (Y24)."""

    VISIT = "走访服务"
    REQUEST = "办理诉求"
    CHECK = "核对更正"
    REPORT = "汇总上报"
    STAGE = "现场提问"
