"""The voice of the exchange: a person's recording of a text if there is one, else a synthesiser.

Recordings lie in a folder of prompt sets (docs/exchange.md): a folder a script version,
with `texts.csv` (which clip says what) and a folder a language or dialect. A clip is
played only for exactly the words it was recorded for, so nobody hears an outdated question.
"""

import csv
import logging
import os
import shutil
import subprocess
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from gevent import subprocess as cooperative

_SYNTHESISER = "espeak-ng"
_WORDS_A_MINUTE = 150
"""Slower than the synthesiser's own 175: most who are called are old."""
_MANDARIN = "cmn-latn-pinyin"
"""Debian 12's plain `cmn` spells Chinese characters out as if they were English."""
_ENGLISH = "en-us"
_ELSE = "zh-cn"
"""What nobody recorded in a dialect is heard as the person said it in Mandarin."""
_LONGEST_TEXT = 4096
_SYNTHESIS_SECONDS = 10.0
_MOST_CLIPS_KEPT = 500
"""Questions name households' own requests: the cache stays small and forgets."""

_log = logging.getLogger(__name__)


class PromptSetError(Exception):
    """A folder of recorded prompts cannot be used; the message names the file and the row."""


class Voice:
    """Says texts as sounds: each a WAV file."""

    def __init__(self, cache: Path, recorded: Path | None = None, dialect: str = "") -> None:
        """Keep synthesised clips in `cache`; look for recordings in `recorded` first.

        Args:
            cache: folder, made when needed.
            recorded: folder of prompt sets.
            dialect: a language folder that goes before the one that the application asks for.

        Raises:
            PromptSetError: the prompt sets cannot be read.
        """
        self._cache = cache
        self._dialect = dialect
        self._recorded = dict(recordings(recorded)) if recorded else {}
        self._synthesiser = shutil.which(_SYNTHESISER)
        cache.mkdir(parents=True, exist_ok=True)
        if self._synthesiser is None:
            _log.warning(
                "没有 %s：只播放录好的提示音，话机改用浏览器的朗读。"
                "安装 · install: apt-get install %s",
                _SYNTHESISER,
                _SYNTHESISER,
            )

    @property
    def recordings(self) -> int:
        """How many recorded clips are known."""
        return len(self._recorded)

    @property
    def can_synthesise(self) -> bool:
        """Whether texts without a recording can be spoken."""
        return self._synthesiser is not None

    def clip(self, text: str, language: str) -> Path | None:
        """Return a WAV that says `text`; None when nothing here can say it."""
        for spoken in (self._dialect, language, _ELSE):
            found = self._recorded.get((plain(text), spoken.lower()))
            if found is not None:
                return found
        if self._synthesiser is None or not text.strip() or len(text) > _LONGEST_TEXT:
            return None
        return self._synthesised(self._synthesiser, text, _voice_of(text, language))

    def _synthesised(self, program: str, text: str, voice: str) -> Path | None:
        """Return the synthesiser's clip, from the cache when it said the same before."""
        name = sha256(f"{voice}|{_WORDS_A_MINUTE}|{text}".encode()).hexdigest()
        clip = self._cache / f"{name}.wav"
        if clip.exists():
            os.utime(clip)
            return clip
        fresh = self._cache / f"{name}.{os.urandom(4).hex()}.part"
        # The text goes in by the pipe: a command line can be read by everybody on the machine.
        command = [program, "-v", voice, "-s", str(_WORDS_A_MINUTE), "-b", "1"]
        try:
            cooperative.run(
                [*command, "-w", str(fresh), "--stdin"],
                input=text.encode(),
                check=True,
                timeout=_SYNTHESIS_SECONDS,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            fresh.replace(clip)
        except (OSError, subprocess.SubprocessError) as error:
            _log.error("语音合成失败 · synthesis failed: %s", type(error).__name__)
            fresh.unlink(missing_ok=True)
            return None
        self._forget_oldest()
        return clip

    def _forget_oldest(self) -> None:
        clips = list(self._cache.glob("*.wav"))
        if len(clips) > _MOST_CLIPS_KEPT:
            for clip in sorted(clips, key=lambda each: each.stat().st_mtime)[: len(clips) // 5]:
                clip.unlink(missing_ok=True)


def _voice_of(text: str, language: str) -> str:
    """Return the synthesiser's voice for a language; Chinese characters are Mandarin."""
    is_english = language.lower().startswith("en") or not language
    return _ENGLISH if is_english and text.isascii() else _MANDARIN


def plain(text: str) -> str:
    """Return a text without its white space, which nobody hears."""
    return "".join(text.split())


def recordings(folder: Path) -> Iterator[tuple[tuple[str, str], Path]]:
    """Yield each clip with the words it says and the language folder it lies in.

    Raises:
        PromptSetError: a listing cannot be read.
    """
    if not folder.is_dir():
        message = f"{folder} 不是文件夹"
        raise PromptSetError(message)
    for listing in sorted(folder.glob("*/texts.csv")):
        for row, (prompt, text) in enumerate(_texts(listing), start=2):
            if not prompt or Path(prompt).name != prompt:
                message = f"{listing} 第 {row} 行：提示音编号“{prompt}”不能作文件名"
                raise PromptSetError(message)
            for clip in sorted(listing.parent.glob(f"*/{prompt}.wav")):
                yield (plain(text), clip.parent.name.lower()), clip


def _texts(listing: Path) -> list[tuple[str, str]]:
    try:
        with listing.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
            return [(row["prompt"].strip(), row["text"].strip()) for row in rows]
    except (KeyError, AttributeError, UnicodeDecodeError, csv.Error) as error:
        message = f"{listing} 应是 UTF-8 编码的 CSV，有 prompt 和 text 两列"
        raise PromptSetError(message) from error
