"""What a request is about, without how and where it was said: boilerplate and place names go."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from evalsys.domain.taxonomy import Urgency

_PLACE_ENDS: Final = ("村", "镇", "乡", "街道", "社区", "居委会", "村委会", "庄", "工作片")
_NOT_SAID: Final = re.compile(r"[\W\d_a-zA-Z]+")
_SHORTEST_PLACE: Final = 2
"""A place of one character would be cut out of ordinary words."""

Trie = dict[str, "Trie"]
_END: Final = ""


class Cleaner:
    """Takes phrases, place names, figures and punctuation out of texts (Y26)."""

    def __init__(self, phrases: Iterable[str], places: Iterable[str]) -> None:
        """Take out `phrases` and `places`; a place also without its ending 村, 镇 and so on."""
        stems = (stem for place in places for stem in _with_stems(place))
        # Longest first comes from the trie: it goes on as long as it can.
        self._cut = re.compile(_pattern((*phrases, *stems)))

    def clean(self, text: str) -> str:
        """Give what is left, without white space; it may be empty."""
        plain = _NOT_SAID.sub("", unicodedata.normalize("NFKC", text))
        return self._cut.sub("", plain)


def urgency_of(text: str, words: Sequence[tuple[str, Urgency]]) -> Urgency:
    """Return the greatest urgency whose word stands in the text."""
    found = (urgency for word, urgency in words if word in text)
    return min(found, key=lambda one: one.rank, default=Urgency.ORDINARY)


def _with_stems(place: str) -> Iterable[str]:
    plain = _NOT_SAID.sub("", place)
    for end in _PLACE_ENDS:
        stem = plain.removesuffix(end)
        if stem != plain and len(stem) >= _SHORTEST_PLACE:
            yield stem
    if len(plain) >= _SHORTEST_PLACE:
        yield plain


def _pattern(phrases: Iterable[str]) -> str:
    """Write one expression for all phrases that looks at each character of a text once."""
    root: Trie = {}
    for phrase in phrases:
        node = root
        for character in _NOT_SAID.sub("", phrase):
            node = node.setdefault(character, {})
        if node is not root:
            node[_END] = {}
    return _branches(root) if root else "(?!)"


def _branches(node: Trie) -> str:
    ways = [re.escape(one) + _branches(below) for one, below in sorted(node.items()) if one != _END]
    if not ways:
        return ""
    joined = ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})"
    return f"(?:{joined})?" if _END in node else joined
