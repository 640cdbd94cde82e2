"""One judgement of every signature, also of those on which libraries differ."""

from hashlib import sha512

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from evalsys.ed25519 import _L, _P, _SMALL_ORDER, is_signed

# RFC 8032, section 7.1, tests 1 to 3: public key, message, both halves of the signature.
RFC = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155",
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da",
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac",
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw().hex()
SIGNATURE = KEY.sign(b"line").hex()


@pytest.mark.parametrize(("key", "message", "r", "s"), RFC)
def test_the_vectors_of_the_rfc(key: str, message: str, r: str, s: str) -> None:
    signature = r + s
    assert is_signed(key, bytes.fromhex(message), signature)
    assert not is_signed(key, bytes.fromhex(message) + b"\x00", signature)


def spelt(number: int) -> str:
    return number.to_bytes(32, "little").hex()


def test_a_signature_has_one_spelling() -> None:
    assert is_signed(PUBLIC, b"line", SIGNATURE)
    s = int.from_bytes(bytes.fromhex(SIGNATURE)[32:], "little")
    assert not is_signed(PUBLIC, b"line", SIGNATURE[:64] + spelt(s + _L))
    for place in range(0, 512, 7):
        changed = int(SIGNATURE, 16) ^ (1 << place)
        assert not is_signed(PUBLIC, b"line", f"{changed:0128x}")


def test_small_order_and_other_spellings_of_points_are_refused() -> None:
    """With such a key the equation holds for every message, or for one in eight."""
    for y in _SMALL_ORDER:
        for sign in (0, 1 << 255):
            point = spelt(y | sign)
            for s in (0, 1):
                assert not is_signed(point, b"line", point + spelt(s))
            assert not is_signed(PUBLIC, b"line", point + SIGNATURE[64:])
    for y in range(19):
        assert not is_signed(spelt(_P + y), b"line", SIGNATURE)
        assert not is_signed(PUBLIC, b"line", spelt(_P + y) + SIGNATURE[64:])


def test_a_signer_who_knows_the_key_cannot_use_the_neutral_point() -> None:
    seed = sha512(bytes(range(32))).digest()[:32]
    scalar = int.from_bytes(seed, "little") & ~7 & ~(1 << 255) | (1 << 254)
    neutral = spelt(1)
    h = int.from_bytes(sha512(bytes.fromhex(neutral + PUBLIC) + b"line").digest(), "little")
    assert not is_signed(PUBLIC, b"line", neutral + spelt(h * scalar % _L))


@pytest.mark.parametrize("odd", ["", "zz", "00", "00" * 63, "00" * 65, "é"])
def test_what_is_no_key_or_signature_is_simply_not_one(odd: str) -> None:
    assert not is_signed(odd, b"line", SIGNATURE)
    assert not is_signed(PUBLIC, b"line", odd)
