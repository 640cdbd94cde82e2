"""Prompts as files that the trunk's child can read."""

from collections import OrderedDict
from hashlib import sha256
from pathlib import Path

from evalsys.exchange.line import Prompt
from evalsys.exchange.sounds import Sounds
from evalsys.exchange.voice import Voice

_MOST_KEPT = 200


class SoundFiles:
    """The WAV of each prompt: what the voice says, or what the application plays."""

    def __init__(self, folder: Path, voice: Voice, sounds: Sounds) -> None:
        """Keep the application's sounds in `folder`, each fetched once."""
        self._folder = folder
        self._voice = voice
        self._sounds = sounds
        self._known: OrderedDict[str, Path] = OrderedDict()

    def of(self, prompt: Prompt) -> Path | None:
        """Return the file of a prompt, None when it has no sound."""
        if not prompt.sound_url:
            return self._voice.clip(prompt.text, prompt.language)
        if prompt.sound_url not in self._known:
            reply = self._sounds.fetch(prompt.sound_url)
            if reply is None:
                return None
            self._folder.mkdir(parents=True, exist_ok=True)
            file = self._folder / f"{sha256(reply.body).hexdigest()}.wav"
            file.write_bytes(reply.body)
            self._known[prompt.sound_url] = file
            if len(self._known) > _MOST_KEPT:
                self._known.popitem(last=False)
        return self._known[prompt.sound_url]
