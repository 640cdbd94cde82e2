"""The interface's words for household forms."""

from flask_babel import gettext as _

from evalsys.domain.household_form import FormField
from evalsys.domain.household_page import Kept, Outcome, WishKind
from evalsys.domain.protection import Protection
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


def wish_words() -> dict[WishKind, str]:
    """Name what a household may ask for."""
    return {
        WishKind.CORRECT: _("更正花名册"),
        WishKind.ERASE: _("删除诉求文字"),
        WishKind.PROTECT: _("保护措施"),
    }


def outcome_words() -> dict[Outcome, str]:
    """Name what the office made of a wish."""
    return {Outcome.GRANTED: _("同意"), Outcome.REFUSED: _("不同意")}


def kept_words() -> dict[Kept, tuple[str, str, str]]:
    """Say what is not erased on request, why, and by which law."""
    return {
        Kept.LINKS: (
            _("联系关系和走访记录"),
            _("县里要凭它查清干部有没有履行职责。"),
            _("《个人信息保护法》第十三条，大意：履行法定职责所必需"),
        ),
        Kept.LOOP: (
            _("诉求的办理过程和时限"),
            _("办得对不对、及不及时，以后还要能查。您可以申请删去其中的文字。"),
            _("《信访工作条例》的档案要求（未核实）"),
        ),
        Kept.LOOKS: (
            _("谁查看过您家情况的记录"),
            _("这是用来保护您的，到期之前不能删。"),
            _("《网络安全法》第二十一条，大意：网络日志留存不少于六个月（未核实）"),
        ),
    }


def protection_words() -> dict[Protection, str]:
    """Name how far a household is shielded."""
    return {
        Protection.NONE: _("没有保护措施"),
        Protection.OFF_AIR: _("不上直播：照常打电话，不连线到会场"),
        Protection.NOT_LIVE: _("不参加直播：直播时不打电话，平时可以"),
        Protection.NO_CALLS: _("不打电话：谁也不给我家打电话"),
    }


def field_title(field: FormField) -> str:
    """Name a question in the visitor's language."""
    return field.english if language() == "en" else field.title
