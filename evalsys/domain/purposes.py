"""Why somebody reads about a person, from a closed list (PIPL art. 6, audited with the read)."""

from enum import StrEnum


class Purpose(StrEnum):
    """What a personal read is for; the audit log keeps it beside who read whom."""

    ASSESSMENT = "年度考核"
    APPOINTMENT = "选拔任用"
    DISPUTE = "处理异议"
    INVESTIGATION = "调查核实"
    AUDIT = "审计检查"
