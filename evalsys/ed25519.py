"""Checking Ed25519 signatures (RFC 8032) so strictly that every verifier says the same.

Libraries differ on points of small order, on other spellings of a point and on the cofactor.
Refused here before the library: a key or R that is not canonical or of small order, and S not
below the order of the group. The library's equation is that without cofactor.
"""

import re

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_KEY = re.compile("[0-9a-f]{64}", re.ASCII)
_SIGNATURE = re.compile("[0-9a-f]{128}", re.ASCII)
_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_Y8 = int("7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7", 16)
_SMALL_ORDER = frozenset({0, 1, _P - 1, _Y8, _P - _Y8})
"""The y coordinates of the eight points whose order divides the cofactor 8."""


def is_signed(key: str, data: bytes, signature: str) -> bool:
    """Say whether `signature` (128 hex) over `data` is that of the public key `key` (64 hex).

    False for anything that is no key or no signature, never an error.
    """
    if not (_KEY.fullmatch(key) and _SIGNATURE.fullmatch(signature)):
        return False
    public, spelt = bytes.fromhex(key), bytes.fromhex(signature)
    if not (_is_strict_point(public) and _is_strict_point(spelt[:32])):
        return False
    if int.from_bytes(spelt[32:], "little") >= _L:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(spelt, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def _is_strict_point(spelt: bytes) -> bool:
    y = int.from_bytes(spelt, "little") & ~(1 << 255)
    return y < _P and y not in _SMALL_ORDER
