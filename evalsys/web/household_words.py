"""The interface's words for household forms."""

from flask_babel import gettext as _

from evalsys.domain.household_form import FormField
from evalsys.domain.purposes import HouseholdPurpose
from evalsys.services.household_form import FILE, OWN_PAGE, PAGE
from evalsys.web.words import language


def purpose_words() -> dict[HouseholdPurpose, str]:
    """Name what a form is read for."""
    return {
        HouseholdPurpose.VISIT: _("走访服务"),
        HouseholdPurpose.REQUEST: _("办理诉求"),
        HouseholdPurpose.CHECK: _("核对更正"),
        HouseholdPurpose.REPORT: _("汇总上报"),
    }


def source_words() -> dict[str, str]:
    """Name where an answer came from."""
    return {PAGE: _("页面填写"), FILE: _("文件导入"), OWN_PAGE: _("本户自己")}


def field_title(field: FormField) -> str:
    """Name a question in the visitor's language."""
    return field.english if language() == "en" else field.title
