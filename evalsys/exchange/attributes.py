"""Attributes of TwiML elements, and the fault of a document that cannot be carried out."""

from collections.abc import Mapping
from xml.etree.ElementTree import Element

from evalsys.exchange.verbs import KEYS


class TwimlFault(Exception):  # noqa: N818 - a fault of the application's document
    """A document that cannot be carried out, with Twilio's code."""

    def __init__(self, code: int, message: str) -> None:
        """Take Twilio's `code` and a `message` for the application's developer."""
        super().__init__(message)
        self.code = code
        self.message = message


def no_loose_text(element: Element) -> None:
    """Refuse words directly inside an element."""
    texts = [element.text, *(child.tail for child in element)]
    if any(text and text.strip() for text in texts):
        raise TwimlFault(12200, f"text directly inside <{element.tag}>")


def no_children(element: Element) -> None:
    """Refuse elements inside an element."""
    if len(element):
        raise TwimlFault(12200, f"<{element[0].tag}> is not allowed inside <{element.tag}>")


def nothing_inside(element: Element) -> None:
    """Refuse anything inside an element."""
    no_children(element)
    no_loose_text(element)


class Attributes:
    """Takes attributes one by one; what nobody took is an error."""

    def __init__(self, element: Element) -> None:
        """Take the attributes of an element."""
        self._tag = element.tag
        self._left = dict(element.attrib)

    def text(self, name: str, default: str = "") -> str:
        """Take an attribute as it stands."""
        return self._left.pop(name, default)

    def number(self, name: str, default: int, least: int = 0) -> int:
        """Take a whole number, at least `least`."""
        raw = self.text(name, str(default))
        if not (raw.isascii() and raw.isdigit() and len(raw) <= 6 and int(raw) >= least):
            raise self.wrong(name, raw)
        return int(raw)

    def one_of(self, name: str, values: Mapping[str, object], default: str) -> str:
        """Take one of the names of `values`."""
        raw = self.text(name, default)
        if raw not in values:
            raise self.wrong(name, raw)
        return raw

    def truth(self, name: str, *, default: bool) -> bool:
        """Take true or false."""
        return _TRUTHS[self.one_of(name, _TRUTHS, "true" if default else "false")]

    def method(self, name: str = "method") -> str:
        """Take GET or POST."""
        raw = self.text(name, "POST")
        if raw.upper() not in {"GET", "POST"}:
            raise self.wrong(name, raw)
        return raw.upper()

    def keys(self, name: str, default: str) -> str:
        """Take keys of a telephone."""
        raw = self.text(name, default)
        if not set(raw) <= set(KEYS):
            raise self.wrong(name, raw)
        return raw

    def events(
        self, name: str, known: frozenset[str], default: str = "completed"
    ) -> tuple[str, ...]:
        """Take names of events, separated by spaces."""
        raw = self.text(name, default)
        if not raw.split() or not set(raw.split()) <= known:
            raise self.wrong(name, raw)
        return tuple(raw.split())

    def done(self) -> None:
        """Refuse what nobody took."""
        for name in self._left:
            raise TwimlFault(12200, f"<{self._tag}> has no attribute {name}")

    def wrong(self, name: str, raw: str) -> TwimlFault:
        """Return the fault of a value that is not allowed."""
        return TwimlFault(12200, f'<{self._tag} {name}="{raw}"> is not a valid value')


_TRUTHS = {"true": True, "false": False}
