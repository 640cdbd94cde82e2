"""What people write into the record: short, on one line, and nothing in it that nobody can see."""

import unicodedata

from evalsys.errors import InvalidInput

LONGEST_NAME = 100
"""Characters of a title, of a person's or a post's name."""
LONGEST_TEXT = 500
"""Characters of a measure or a reason: what a presenter can read out."""

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode categories: control characters, marks that turn text around, halves of a character,
line and paragraph ends. Characters for private use stay: rare names need them."""


def one_line(text: str, place: str, *, longest: int) -> str:
    """Give `text` back without spaces around it; it may be empty.

    Raises:
        InvalidInput: it is too long, or holds line breaks or characters that cannot be seen.
    """
    text = text.strip()
    if len(text) > longest:
        raise InvalidInput(
            f"共 {len(text)} 个字，最多 {longest} 个字。", remedy="请写得简短些。", place=place
        )
    if any(unicodedata.category(character) in _INVISIBLE for character in text):
        raise InvalidInput(
            "含有换行或看不见的控制字符。", remedy="请删去后重新填写，不要分行。", place=place
        )
    return text
