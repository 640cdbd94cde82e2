import shutil
import wave
from pathlib import Path

import pytest

from evalsys.exchange.sounds import spoken_stand_in
from evalsys.exchange.voice import PromptSetError, Voice

CONSENT = "您好，这里是群众评议电话。愿意继续，请按1。"

needs_synthesiser = pytest.mark.skipif(
    shutil.which("espeak-ng") is None, reason="espeak-ng is not installed"
)


def a_prompt_set(
    folder: Path, *clips: str, texts: str = f"prompt,text\nconsent,{CONSENT}\n"
) -> Path:
    """A folder of prompt sets with one script, `clips` recorded in it."""
    script = folder / "live-1"
    script.mkdir(parents=True)
    (script / "texts.csv").write_text(texts, encoding="utf-8")
    for clip in clips:
        (script / clip).parent.mkdir(exist_ok=True)
        (script / clip).write_bytes(spoken_stand_in(clip, 1.0))
    return folder


def test_a_recording_is_played_for_exactly_its_words(tmp_path: Path) -> None:
    recorded = a_prompt_set(tmp_path / "prompts", "zh-CN/consent.wav")
    voice = Voice(tmp_path / "clips", recorded)
    assert voice.clip(CONSENT, "zh-CN") == recorded / "live-1" / "zh-CN" / "consent.wav"
    assert voice.clip(CONSENT.replace("。", "。\n "), "zh-cn") is not None
    changed = voice.clip(CONSENT.replace("1", "3"), "zh-CN")
    assert changed is None or changed.parent == tmp_path / "clips"


def test_a_dialect_goes_first_and_falls_back_to_the_language(tmp_path: Path) -> None:
    texts = f"prompt,text\nconsent,{CONSENT}\nbye,再见。\n"
    recorded = a_prompt_set(
        tmp_path / "prompts",
        "zh-CN/consent.wav",
        "yishui/consent.wav",
        "zh-CN/bye.wav",
        texts=texts,
    )
    voice = Voice(tmp_path / "clips", recorded, dialect="yishui")
    assert voice.clip(CONSENT, "zh-CN") == recorded / "live-1" / "yishui" / "consent.wav"
    assert voice.clip("再见。", "zh-CN") == recorded / "live-1" / "zh-CN" / "bye.wav"
    assert voice.recordings == 3


@pytest.mark.parametrize(
    "texts", ["id,text\nconsent,您好\n", "prompt,text\n../consent,您好\n", "prompt,text\nconsent\n"]
)
def test_a_prompt_set_that_cannot_be_read_is_named(tmp_path: Path, texts: str) -> None:
    recorded = a_prompt_set(tmp_path / "prompts", texts=texts)
    with pytest.raises(PromptSetError, match=r"texts\.csv"):
        Voice(tmp_path / "clips", recorded)
    with pytest.raises(PromptSetError, match="不是文件夹"):
        Voice(tmp_path / "clips", tmp_path / "nowhere")


@needs_synthesiser
def test_mandarin_is_spoken_as_mandarin_and_said_again_from_the_cache(tmp_path: Path) -> None:
    voice = Voice(tmp_path / "clips")
    clip = voice.clip(CONSENT, "zh-CN")
    assert clip is not None
    with wave.open(str(clip)) as sound:
        seconds = sound.getnframes() / sound.getframerate()
    # Twenty syllables; spelled out as if they were English they take four times as long.
    assert 3 < seconds < 9
    made = clip.stat().st_ino
    assert voice.clip(CONSENT, "zh-CN") == clip
    assert clip.stat().st_ino == made


@needs_synthesiser
def test_each_voice_has_its_own_clip_and_nothing_sayable_has_none(tmp_path: Path) -> None:
    voice = Voice(tmp_path / "clips")
    english, mandarin = voice.clip("Press 1.", "en"), voice.clip("Press 1.", "zh-CN")
    assert english != mandarin
    assert voice.clip("您好", "en") == voice.clip("您好", "zh-CN")
    assert voice.clip("  ", "zh-CN") is None
    assert voice.clip("好" * 5000, "zh-CN") is None
    assert voice.clip("-v en --help", "en") is not None
    assert not list((tmp_path / "clips").glob("*.part"))


@needs_synthesiser
def test_the_cache_forgets_what_was_not_said_for_long(tmp_path: Path) -> None:
    folder = tmp_path / "clips"
    voice = Voice(folder)
    old = voice.clip("最早说的话", "zh-CN")
    assert old is not None
    for n in range(500):
        (folder / f"{n}.wav").write_bytes(b"")
    fresh = voice.clip("最新说的话", "zh-CN")
    assert fresh is not None
    assert fresh.exists()
    assert not old.exists()
    assert len(list(folder.iterdir())) < 500
