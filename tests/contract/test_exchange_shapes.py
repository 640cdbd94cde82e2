"""What the exchange answers has the shape that Twilio publishes for it."""

import json
import re
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import requests

from tests.exchange_rig import ACCOUNT, TOKEN, Application, ExchangeRig, StartExchange, a_truth

PUBLISHED: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "data" / "twilio_shapes.json").read_text("utf-8")
)
TYPES = {"string": str, "integer": int, "object": dict, "array": list}


def problems(name: str, value: dict[str, Any]) -> list[str]:
    """Say where `value` departs from the published shape."""
    shape = PUBLISHED[name]
    found = [f"{name} lacks {each}" for each in shape.keys() - value.keys()]
    found += [f"{name} invents {each}" for each in value.keys() - shape.keys()]
    for each, rule in shape.items():
        found += _value_problems(f"{name}.{each}", value.get(each), rule)
    return found


def _value_problems(place: str, value: object, rule: dict[str, Any]) -> list[str]:
    if value is None:
        return [] if rule.get("nullable") or rule["type"] == "any" else [f"{place} is null"]
    if not isinstance(value, TYPES.get(rule["type"], object)):
        return [f"{place} is {value!r}"]
    if "enum" in rule and value not in rule["enum"]:
        return [f"{place} is {value!r}"]
    if "pattern" in rule and not re.fullmatch(rule["pattern"], str(value)):
        return [f"{place} is {value!r}"]
    if rule.get("format") == "date-time-rfc-2822":
        assert parsedate_to_datetime(str(value)).tzinfo is not None
    return []


def fetch(rig: ExchangeRig, path: str) -> dict[str, Any]:
    url = f"{rig.url}/2010-04-01/Accounts/{ACCOUNT}/{path}"
    answer = requests.get(url, auth=(ACCOUNT, TOKEN), timeout=5)
    assert answer.headers["Content-Type"].startswith("application/json")
    body: dict[str, Any] = answer.json()
    return body


def paged(body: dict[str, Any], name: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    return {key: value for key, value in body.items() if key != name}, body[name]


def test_calls_recordings_words_and_pages_have_the_published_shape(
    start_exchange: StartExchange, application: Application
) -> None:
    rig = start_exchange(
        [a_truth(comment="路灯坏了。"), a_truth("+8613900000002", answers=0)], seed=15
    )
    application.says("/voice", '<Record transcribe="true" action="/end"/>')
    for to in ("+8613900000001", "+8613900000002", "+8613900000003"):
        created = requests.post(
            f"{rig.url}/2010-04-01/Accounts/{ACCOUNT}/Calls.json",
            data={"To": to, "From": "+8610000000000", "Url": application.url("/voice")},
            auth=(ACCOUNT, TOKEN),
            timeout=5,
        )
        assert created.status_code == 201
        assert problems("call", created.json()) == []
        rig.finish(created.json()["sid"])

    page, calls = paged(fetch(rig, "Calls.json?PageSize=2"), "calls")
    assert problems("page", page) == []
    assert len(calls) == 2
    for call in [*calls, *paged(fetch(rig, "Calls.json?PageSize=2&Page=1"), "calls")[1]]:
        assert problems("call", call) == []
        assert problems("call", fetch(rig, f"Calls/{call['sid']}.json")) == []
    page, (recording,) = paged(fetch(rig, "Recordings.json"), "recordings")
    assert problems("page", page) == []
    assert problems("recording", recording) == []
    path = f"Recordings/{recording['sid']}/Transcriptions.json"
    page, (words,) = paged(fetch(rig, path), "transcriptions")
    assert problems("page", page) == []
    assert problems("transcription", words) == []
    assert problems("transcription", fetch(rig, f"Transcriptions/{words['sid']}.json")) == []


def test_the_check_itself_finds_what_is_wrong() -> None:
    assert "call lacks sid" in problems("call", {})
    assert "call.status is 'initiated'" in problems("call", {"status": "initiated"})
    assert "call invents colour" in problems("call", {"colour": "red"})
