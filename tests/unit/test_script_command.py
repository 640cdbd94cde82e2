import json
import wave
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from evalsys.cli.main import cli
from evalsys.errors import InvalidInput, NotFound
from evalsys.exchange.voice import Voice
from evalsys.telephony.scripts import interview_scripts

SHIPPED = Path(str(files("evalsys.rulebooks"))) / "interviews" / "annual-3.toml"


def _run(*arguments: str, given: str = "") -> Result:
    return CliRunner().invoke(cli, ["script", *arguments], input=given)


def _simulated(keys: str, script: str = "annual", *more: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(
        _run("simulate", script, "--json", "--keys", keys, *more).output
    )
    return told


def test_a_whole_interview_can_be_rehearsed_from_a_pipe() -> None:
    lines = "1\n123456\n1\n2\n4\n村里的路修好了\n"
    shown = _run("simulate", "annual", given=lines)
    assert shown.exit_code == 0
    assert "年度群众评议" in shown.output
    assert (
        "consent=yes，pin=right，visited=yes，solved=no，score=4，comment=recorded" in shown.output
    )
    assert "thanks" in shown.output


@pytest.mark.parametrize(
    ("keys", "ended", "code"),
    [
        ("1 123456 1 1 5 好", "thanks", "1.1"),
        ("1 123456 1 1 5 #", "thanks", "1.1"),
        ("1 123456 1 1 5", "hung_up", "1.2"),
        ("1 123456 1", "hung_up", "2.12"),
        ("", "hung_up", "2.12"),
        ("2", "refused", "2.111"),
        ("0", "never", "2.112"),
        ("1 123456 0", "never", "2.112"),
        ("1 111111 222222 333333", "pin_failed", "3.20"),
        ("1 111 - 123456 1 1 5 #", "thanks", "1.1"),
        ("- - - -", "silent", "2.20"),
        ("7 7 7 7", "silent", "2.20"),
        ("1 - - -", "silent", "2.12"),
        ("1 123456 1 9", "not_free", "2.21"),
        ("1 123456 1 1 5 9", "not_free", "2.21"),
        ("1 9", "not_free", "2.21"),
    ],
)
def test_every_way_through_an_interview_has_its_end_and_its_code(
    keys: str, ended: str, code: str
) -> None:
    told = _simulated(keys)
    assert (told["ended"], told["outcome"]) == (ended, code)


@pytest.mark.parametrize("script", sorted({script.name for script in interview_scripts()}))
def test_odd_answers_to_any_script_end_somewhere_and_are_told(script: str) -> None:
    for keys in (
        "x",
        "#",
        "* * * *",
        "1 " * 40,
        "- " * 40,
        "3 4 3 4 3",
        "1 99999999 ☃ 0000 -1",
        "00",
    ):
        done = _run("simulate", script, "--json", "--keys", keys)
        assert done.exit_code == 0, done.output
        told = json.loads(done.output)
        assert told["outcome"]
        assert all(each["text"] for each in told["said"])


def test_who_is_not_free_to_speak_has_said_nothing() -> None:
    assert _simulated("1 123456 1 1 2 9")["learnt"] == []


def test_a_pin_that_begins_with_nine_can_be_typed() -> None:
    assert "pin=right" in _simulated("1 912345", "annual", "--pin", "912345")["learnt"]


def test_claims_are_made_from_what_the_cadre_recorded() -> None:
    told = _simulated(
        "1 123456", "annual", "--visit", "2026-03-05", "--request", "路灯不亮", "--cadre", "张三"
    )
    assert "据张三登记，2026年3月5日到您家走访过" in told["said"][-1]["text"]


def test_order_and_polarity_are_drawn_by_the_seed_and_mean_the_same() -> None:
    orders = set()
    for seed in range(20):
        told = _simulated("1 123456 1 1 1 #", "annual", "--seed", str(seed))
        orders.add(tuple(each.get("asked", "") for each in told["said"]))
        for said, learnt in zip(told["said"][2:5], told["learnt"][2:5], strict=True):
            topic = said["asked"].partition("/")[0]
            no_first = "没有走访过，请按1" in said["text"] or "没有解决，请按1" in said["text"]
            best_first = "很满意，请按1" in said["text"] and "不满意，请按1" not in said["text"]
            if topic == "score":
                assert learnt == f"score={5 if best_first else 1}"
            else:
                assert learnt == f"{topic}={'no' if no_first else 'yes'}"
    assert len(orders) == 2


def test_the_shipped_scripts_can_be_listed_and_read() -> None:
    listed = _run("list").output
    for script in interview_scripts():
        assert script.sha256 in listed
        page = _run("show", f"{script.name}-{script.version}").output
        assert all(question.say.strip() in page for question in script.questions)


def test_a_script_that_is_not_there_is_answered_with_those_that_are() -> None:
    refused = _run("simulate", "none").exception
    assert isinstance(refused, NotFound)
    assert "annual-1" in refused.remedy
    missing = _run("simulate", "none.toml").exception
    assert isinstance(missing, InvalidInput)
    assert missing.exit_code == 2


def test_a_faulty_script_is_told_with_line_and_field(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('name = "mine"\nversion = "x"\n')
    refused = _run("simulate", str(path)).exception
    assert isinstance(refused, InvalidInput)
    assert refused.place == "mine.toml"
    assert "第 2 行 version 必须是" in refused.what
    assert "interviews.md" in refused.remedy


def test_what_is_written_in_a_dialect_is_said_in_it_and_the_rest_is_not(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "evalsys/rulebooks/interviews/department-1.toml").read_text(
        "utf-8"
    )
    text = text.replace(
        '[[questions]]\ntopic = "pin"',
        '[questions.dialects.yishui]\nsay = "俺们想问问您，行啵？"\n\n[[questions]]\ntopic = "pin"',
    ).replace("[again]", '[dialects.yishui]\nlanguage = "zh-CN-shandong"\n\n[again]')
    path = tmp_path / "mine.toml"
    path.write_text(text)
    told = _simulated("1", str(path), "--dialect", "yishui")
    assert told["said"][0]["text"] == "俺们想问问您，行啵？"
    assert "密码" in told["said"][1]["text"]
    assert _simulated("1", str(path))["said"][0]["text"] != told["said"][0]["text"]


def _clip(path: Path, seconds: float = 1.0) -> None:
    with wave.open(str(path), "wb") as sound:
        sound.setparams((1, 2, 16000, 0, "NONE", ""))
        sound.writeframes(bytes(2 * int(16000 * seconds)))


def _prompts(*more: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(_run("prompts", "annual", "--json", *more).output)
    return told


def test_every_text_of_a_dialect_is_listed_with_what_is_recorded_of_it(tmp_path: Path) -> None:
    clips, folder = tmp_path / "clips", tmp_path / "prompts"
    clips.mkdir()
    listed = {each["prompt"]: each for each in _prompts("--dialect", "yimeng")["prompts"]}
    assert all(each["own"] for each in listed.values())
    assert listed["consent-yimeng"]["heard"] == "varies"  # it names the cadre
    assert listed["pin-wrong_pin-yimeng"]["text"].startswith("密码不对，恁再瞧瞧信。恁瞧瞧俺寄到")
    plain = {name for name, each in listed.items() if each["heard"] == "synthesised"}
    for name in plain:
        _clip(clips / f"{name}.wav")
    taking = (
        "record",
        "annual",
        "--dialect",
        "yimeng",
        "--from",
        str(clips),
        "--into",
        str(folder),
    )
    _clip(clips / "hello.wav")
    refused = _run(*taking).exception
    assert isinstance(refused, InvalidInput)
    assert "hello" in str(refused)
    assert not folder.exists()
    (clips / "hello.wav").unlink()
    assert _run(*taking).exit_code == 0
    assert (folder / "annual-4" / "zh-CN-yimeng" / "pin-yimeng.wav").exists()
    heard = _run("prompts", "annual", "--dialect", "yimeng", "--recordings", str(folder))
    assert (heard.exit_code, "没有录音 0" in heard.output) == (0, True)
    voice = Voice(tmp_path / "cache", folder)
    assert voice.clip(listed["pin-yimeng"]["text"], "zh-CN-yimeng") is not None
    mandarin = _run("prompts", "annual", "--recordings", str(folder))
    assert mandarin.exit_code == 1


def test_a_dialect_chosen_by_a_key_is_rehearsed_shown_and_to_be_recorded() -> None:
    told = _simulated("3 1", "annual")
    assert told["said"][0]["offers"] == ["恁好！想听咱沂蒙话，请按3。"]
    assert (told["said"][1]["asked"], told["said"][1]["text"][:2]) == ("consent/5", "恁好")
    assert (told["said"][2]["asked"], told["learnt"][0]) == ("pin/1", "dialect=yimeng")
    offer = _prompts("--dialect", "yimeng")["prompts"][0]
    assert (offer["prompt"], offer["heard"]) == ("offer-yimeng", "synthesised")
    shown = _run("show", "annual", "--dialect", "yimeng").output
    assert "[zh-CN] 4: 您好！想听普通话" in shown
    assert "恁瞧瞧俺寄到恁家的信" in shown
    refused = _run("simulate", "annual", "--dialect", "nobody").exception
    assert isinstance(refused, InvalidInput)
    assert "yimeng" in refused.remedy


def test_what_a_dialect_does_not_word_is_said_in_mandarin_and_told(tmp_path: Path) -> None:
    text = SHIPPED.read_text("utf-8")
    start = text.index('[questions.dialects.yimeng]\nsay = "恁瞧瞧')
    end = text.index("[[questions]]", start)
    script = tmp_path / "mine.toml"
    script.write_text(text[:start] + text[end:], "utf-8")
    shown = _run("prompts", str(script), "--dialect", "yimeng").output
    assert "没有写成方言、用普通话说的 3 句" in shown
    refused = _run("prompts", "annual", "--dialect", "nobody").exception
    assert isinstance(refused, InvalidInput)
    assert "yimeng" in str(refused.remedy)
