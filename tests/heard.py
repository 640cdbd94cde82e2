"""What a household hears: the documents with which webhooks are answered, and what they ask."""

from xml.etree import ElementTree as ET

from werkzeug.test import TestResponse


def verbs(response: TestResponse) -> list[str]:
    """Name the TwiML verbs of an answer."""
    assert response.mimetype == "text/xml"
    return [verb.tag for verb in ET.fromstring(response.text)]  # noqa: S314 - our own document


def said(response: TestResponse) -> str:
    """Return what an answer speaks."""
    document = ET.fromstring(response.text)  # noqa: S314 - our own document
    return "".join(say.text or "" for say in document.iter("Say"))


def asks(response: TestResponse) -> str:
    """Return where an answer waits for a key or a comment: `score/1`, or "" at a farewell."""
    document = ET.fromstring(response.text)  # noqa: S314 - our own document
    redirect = document.find("Redirect")
    return (redirect.text or "").partition("/step/")[2] if redirect is not None else ""


def asked_of(heard: TestResponse) -> str:
    """The topic of the question that was just heard."""
    return asks(heard).split("/")[0]


def is_turned(text: str) -> bool:
    """Whether "no", or the best score, has the first key."""
    first = ("没有走访过，请按1", "没有解决，请按1", "很满意，请按1", "意吗？不满意，请按1")
    return any(each in text for each in first)
