"""What lower floors say in Chinese, in the visitor's language."""

from evalsys.english import in_english
from evalsys.web.words import language


def told(text: str) -> str:
    """Say in the visitor's language what a lower floor said in Chinese; unknown texts stay."""
    return text if language() == "zh" else in_english(text)
