"""`evalsys script prompts|record`: what a script has to be recorded for, and its recordings."""

import csv
import json
import shutil
import wave
from collections.abc import Iterable, Mapping
from pathlib import Path

import click

from evalsys.cli.script_file import read_script
from evalsys.domain.interview import Script
from evalsys.domain.interview_prompts import Prompt, prompts
from evalsys.errors import InvalidInput
from evalsys.exchange.voice import PromptSetError, plain, recordings
from evalsys.say import say

_LEAST_RATE, _LONGEST_S = 8000, 120
_LISTING = "texts.csv"

_folder = click.Path(file_okay=False, path_type=Path)


@click.command("prompts")
@click.argument("script")
@click.option("--dialect", default="", help="方言代码 · code of a dialect")
@click.option(
    "--recordings", "folder", type=_folder, help="录音文件夹 · folder of recorded prompts"
)
@click.option("--json", "as_json", is_flag=True, help="输出一行 JSON · print one JSON object")
def prompts_(script: str, dialect: str, folder: Path | None, *, as_json: bool) -> None:
    """列出要录的每一句 · list every text to be recorded, and whether it is.

    一句没有写成方言的，用普通话说；没有录音的，由合成语音说；有姓名、日期的每通不同，只能合成。
    给出 --recordings 时，还有该录而没录的，退出码为 1。

    With --recordings the exit code is 1 while a text that could be recorded is not.
    """
    read = read_script(script)
    found = prompts(read, dialect)
    known = _known(folder) if folder else frozenset()
    told = [_told(each, known) for each in found]
    missing = sum(each["heard"] == "synthesised" for each in told)
    if as_json:
        click.echo(json.dumps({"prompts": told, "missing": missing}, ensure_ascii=False))
    else:
        for each in told:
            click.echo(
                f"{each['prompt']:<32} {_HEARD[str(each['heard'])]}{_MANDARIN[bool(each['own'])]}"
            )
            click.echo(f"    {each['text']}")
        foreign = sum(not each["own"] for each in told)
        say(
            f"共 {len(told)} 句：有录音 {sum(each['heard'] == 'recorded' for each in told)}，"
            f"每通不同 {sum(each['heard'] == 'varies' for each in told)}，没有录音 {missing}；"
            f"没有写成方言、用普通话说的 {foreign} 句。"
        )
    if folder and missing:
        raise SystemExit(1)


@click.command("record")
@click.argument("script")
@click.option(
    "--from", "clips", type=_folder, required=True, help="WAV 所在文件夹 · folder of clips"
)
@click.option("--into", "folder", type=_folder, required=True, help="录音文件夹 · of the exchange")
@click.option("--dialect", default="", help="方言代码 · code of a dialect")
def record(script: str, clips: Path, folder: Path, dialect: str) -> None:
    """收进录音 · take recordings in: NAME.wav of `evalsys script prompts`, all of them or none.

    收进去的文件夹交给 evalsys exchange --prompts。
    """
    read = read_script(script)
    wanted = {each.name: each for each in prompts(read, dialect) if not each.varies}
    found = sorted(clips.glob("*.wav")) if clips.is_dir() else []
    if not found:
        raise InvalidInput(
            "没有找到 WAV 录音。", remedy="请把录音放进这个文件夹，一句一个文件。", place=str(clips)
        )
    for clip in found:
        _check(clip, wanted)
    _keep(read, folder, [(wanted[clip.stem], clip) for clip in found])
    left = len(wanted) - len(found)
    say(f"收进 {len(found)} 段录音；这一套里这次没有给的 {left} 段。")


def unrecorded(script: Script, dialect: str, folder: Path | None) -> tuple[list[str], list[str]]:
    """Name the prompts of a dialect that are said in Mandarin, and those that nobody recorded.

    Without a `folder` nothing is recorded.

    Raises:
        InvalidInput: the folder's listings cannot be read.
    """
    known = _known(folder) if folder else frozenset()
    told = [_told(each, known) for each in prompts(script, dialect)]
    in_mandarin = [str(each["prompt"]) for each in told if not each["own"]]
    return in_mandarin, [str(each["prompt"]) for each in told if each["heard"] == "synthesised"]


_HEARD = {
    "recorded": "有录音 · recorded",
    "varies": "每通不同，合成 · varies, synthesised",
    "synthesised": "没有录音，合成 · not recorded, synthesised",
}
_MANDARIN = {True: "", False: "（没有写成方言，用普通话 · in Mandarin）"}


def _known(folder: Path) -> frozenset[tuple[str, str]]:
    try:
        return frozenset(said for said, _ in recordings(folder))
    except PromptSetError as error:
        raise InvalidInput(
            f"{error}。", remedy="格式见 docs/formats/prompts.md。", place=str(folder)
        ) from error


def _told(prompt: Prompt, known: frozenset[tuple[str, str]]) -> dict[str, object]:
    is_recorded = (plain(prompt.text), prompt.language.lower()) in known
    heard = "varies" if prompt.varies else "recorded" if is_recorded else "synthesised"
    return {
        "prompt": prompt.name,
        "language": prompt.language,
        "own": prompt.is_own,
        "heard": heard,
        "text": prompt.text,
    }


def _check(clip: Path, wanted: Mapping[str, Prompt]) -> None:
    if clip.stem not in wanted:
        raise InvalidInput(
            f"脚本没有要录的一句叫“{clip.stem[:40]}”。",
            remedy="文件名请照 evalsys script prompts 列出的名字；带姓名、日期的不用录。",
            place=str(clip),
        )
    try:
        with wave.open(str(clip), "rb") as sound:
            seconds = sound.getnframes() / sound.getframerate()
            is_usable = (
                sound.getnchannels() in {1, 2}
                and sound.getsampwidth() in {1, 2}
                and sound.getframerate() >= _LEAST_RATE
                and 0 < seconds <= _LONGEST_S
            )
    except (OSError, EOFError, wave.Error, ZeroDivisionError):
        is_usable = False
    if not is_usable:
        raise InvalidInput(
            "这段录音不能用。",
            remedy=f"请存成 {_LEAST_RATE} Hz 以上、{_LONGEST_S} 秒以内的 PCM WAV（8 或 16 位）。",
            place=str(clip),
        )


def _keep(script: Script, folder: Path, taken: Iterable[tuple[Prompt, Path]]) -> None:
    """Copy the clips, then list what each says: a clip that is not listed is not played."""
    place = folder / f"{script.name}-{script.version}"
    listing = place / _LISTING
    texts: dict[str, str] = {}
    if listing.exists():
        with listing.open(encoding="utf-8-sig", newline="") as file:
            texts = {row["prompt"]: row["text"] for row in csv.DictReader(file)}
    for prompt, clip in taken:
        (place / prompt.language).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(clip, place / prompt.language / f"{prompt.name}.wav")
        texts[prompt.name] = prompt.text
    fresh = listing.with_suffix(".part")
    with fresh.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("prompt", "text"))
        rows.writerows(sorted(texts.items()))
    fresh.replace(listing)
