import re
from hashlib import sha256
from importlib.resources import files

import pytest

from evalsys.domain.interview_text import parse_script
from evalsys.errors import InvalidInput

FOLDER = files("evalsys.rulebooks") / "interviews"
RAW = (FOLDER / "live-1.toml").read_bytes()
RELEASED = {
    "live-1.toml": "d98e4e7dc0010cb374e458dc30568f5e1d500dbc2d979c41c6ba0c55ba39da07",
}
"""Scripts that were used in a session and may never change again."""


def test_every_script_of_the_rulebook_can_be_read() -> None:
    scripts = [parse_script(each.read_bytes(), each.name) for each in FOLDER.iterdir()]
    assert {f"{script.name}-{script.version}.toml" for script in scripts} >= set(RELEASED)


@pytest.mark.parametrize(("name", "identity"), RELEASED.items())
def test_a_script_that_was_used_is_never_changed(name: str, identity: str) -> None:
    assert sha256((FOLDER / name).read_bytes()).hexdigest() == identity


def test_the_identity_of_a_script_is_the_hash_of_its_file() -> None:
    assert parse_script(RAW).sha256 == sha256(RAW).hexdigest()
    assert parse_script(RAW + b"\n").sha256 != parse_script(RAW).sha256


def _refusal(raw: bytes) -> str:
    with pytest.raises(InvalidInput) as refused:
        parse_script(raw, "my.toml")
    assert refused.value.place == "my.toml"
    return refused.value.what


def _changed(pattern: str, by: str) -> bytes:
    text, count = re.subn(pattern, by, RAW.decode(), count=1, flags=re.DOTALL)
    assert count == 1
    return text.encode()


def test_what_is_not_toml_is_refused() -> None:
    assert "TOML" in _refusal(b"\xff")
    assert "TOML" in _refusal(b"name = ")


def test_an_empty_script_is_refused_with_everything_that_is_missing() -> None:
    what = _refusal(b"")
    for missing in ("name", "language", "version", "reprompts", "again", "farewells", "questions"):
        assert missing in what


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (_changed(r"version = 1", "version = 0"), "version"),
        (_changed(r"reprompts = 3", "reprompts = true"), "reprompts"),
        (_changed(r'1 = "yes", 2 = "no"', '1 = "yes"'), "consent：按键"),
        (_changed(r'5 = "5"', '5 = "6"'), "score：按键"),
        (_changed(r'1 = "1"', '11 = "1"'), "score：按键只能"),
        (_changed(r"姓\{surname\}", "姓{phone}"), "不认识的占位符 phone"),
        (_changed(r"姓\{surname\}", "姓{surname.__class__}"), "不认识的占位符"),
        (_changed(r"姓\{surname\}", "姓{surname"), "不认识的占位符"),
        (_changed(r"姓\{surname\}", "姓{surname:>99999999999}"), "不认识的占位符"),
        (_changed(r"姓\{surname\}", "姓{surname!r}"), "不认识的占位符"),
        (_changed(r'name = "live"', 'name = "../live"'), "只能用字母"),
        (_changed(r'wrong = "', 'wrong = "{cadre}'), "again.wrong"),
        (_changed(r'topic = "comment"', 'topic = "comment"\nanswers = 3'), "不认识的字段 answers"),
        (_changed(r'topic = "visited"', 'topic = "weather"'), "次序"),
        (_changed(r'topic = "visited"', 'topic = "solved"'), "次序"),
        (_changed(r'\[\[questions\]\]\ntopic = "score".*?\n\n', ""), "缺少问题 score"),
        (_changed(r'refused = "[^"]*"', 'refused = ""'), "farewells.refused"),
        (_changed(r'refused = "[^"]*"\n', ""), "farewells"),
        (_changed(r"again]\n", "again]\nhello = 1\n"), "第 57 行 again 必须正好有"),
        (_changed(r"reprompts = 3", "reprompts = 3\nspeed = 2"), "第 13 行 不认识的字段 speed"),
        (_changed(r"version = 1", 'version = 1\nnot_free_key = "1"'), "随时用于退出"),
        (_changed(r"version = 1", 'version = 1\nnot_free_key = "99"'), "第 11 行 not_free_key"),
        (_changed(r"version = 1", 'version = 1\nrotates = ["score"]'), "第 11 行 rotates"),
        (_changed(r"version = 1", "version = 1\npin_tries = 0"), "第 11 行 pin_tries"),
        (_changed(r'topic = "score"', 'topic = "score"\nturned = 1'), "turned"),
        (_changed(r'topic = "score"', 'topic = "score"\ndialects = {a = 1}'), "没有说明方言 a"),
        (_changed(r"姓\{surname\}", "姓{phone}"), "第 27 行 identity.say_known"),
    ],
)
def test_a_script_that_a_household_could_not_answer_is_refused(raw: bytes, said: str) -> None:
    assert said in _refusal(raw)
