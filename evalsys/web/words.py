"""The interface's words for closed sets, Chinese first; English comes from the catalogue."""

from flask_babel import gettext as _

from evalsys.domain.access import Role


def role_name(role: Role) -> str:
    """Return what people call a role."""
    match role:
        case Role.OPERATOR:
            return _("操作员")
        case Role.HOST:
            return _("主持人")
        case Role.PANEL:
            return _("评议团")
        case Role.PERSONNEL:
            return _("组织部")
        case Role.DISCIPLINE:
            return _("纪检监察")
        case Role.AUDITOR:
            return _("审计")
