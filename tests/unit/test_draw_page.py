"""What the page for viewers tells them to type gives what it says."""

import re
from hashlib import sha256
from pathlib import Path

from evalsys.domain.beacon import QUICKNET
from tests.builders_beacon import genuine

PAGE = (Path(__file__).parents[2] / "docs/draw.md").read_text("utf-8")
EXAMPLES = re.findall(r"^\$ printf '([^']*)' \| sha256sum\n([0-9a-f]{64})$", PAGE, re.MULTILINE)


def test_every_line_to_type_gives_the_hash_below_it() -> None:
    assert len(EXAMPLES) == PAGE.count("$ printf") == 6
    for text, digest in EXAMPLES:
        assert sha256(text.encode()).hexdigest() == digest


def test_each_line_starts_from_the_result_of_the_one_before() -> None:
    manifest, master, slot, _ticket, households, _position = (digest for _, digest in EXAMPLES)
    texts = [text for text, _ in EXAMPLES]
    assert manifest in texts[1]
    assert master in texts[2]
    assert slot in texts[3]
    assert slot in texts[4]
    assert households in texts[5]


def test_the_randomness_of_a_round_is_the_hash_of_its_signature() -> None:
    ((signature, randomness),) = re.findall(
        r"^\$ echo ([0-9a-f]{96}) \| xxd -r -p \| sha256sum\n([0-9a-f]{64})$", PAGE, re.MULTILINE
    )
    pulse = next(one for one in genuine(QUICKNET) if one.round == 1000)
    assert (pulse.signature, pulse.randomness) == (signature, randomness)
