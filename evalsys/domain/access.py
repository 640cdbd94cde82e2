"""Who may do what: the roles of the people who sign in."""

from enum import StrEnum


class Role(StrEnum):
    """What a signed-in person is here for; one person, one role."""

    OPERATOR = "operator"
    """操作员: runs the session from the console."""
    HOST = "host"
    """主持人: sees what comes next, touches nothing."""
    PANEL = "panel"
    """评议团: votes from a pad."""
    PERSONNEL = "personnel"
    """组织部: assessment, eligibility, exports."""
    DISCIPLINE = "discipline"
    """纪检监察: investigations and their evidence."""
    AUDITOR = "auditor"
    """审计: reads everything that is not sealed, changes nothing."""
