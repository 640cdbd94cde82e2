"""Answers of household forms at rest: each sealed to its row, under its household's own key.

AES-SIV with the associated data `table|household|field|row|generation`, so an answer that is moved
to another household, question or row no longer opens. Answers are padded, so that yes and no, or a
long and a short worry, look alike on disk.
"""

import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from evalsys.errors import Tampered

KEY_BYTES: Final = 64
_PADDED_TO: Final = 64
_END: Final = b"\x80"


class FormBox:
    """Makes, seals and opens the keys of households, and what lies under them."""

    def __init__(self, master: bytes) -> None:
        """Take the installation's key for forms (64 bytes)."""
        self._master = AESSIV(master)

    def new_key(self, household: str, generation: int) -> tuple[bytes, bytes]:
        """Make a household's key; give it open, and sealed as it is kept."""
        key = secrets.token_bytes(KEY_BYTES)
        return key, self._master.encrypt(key, [_key_place(household, generation)])

    def open_key(self, sealed: bytes, household: str, generation: int) -> bytes:
        """Open a household's key.

        Raises:
            Tampered: it was altered, or moved here from another household.
        """
        try:
            return self._master.decrypt(sealed, [_key_place(household, generation)])
        except InvalidTag as error:
            raise _tampered(household) from error


def seal(cipher: AESSIV, text: str, place: str) -> bytes:
    """Seal an answer to its place under the household's key."""
    plain = text.encode() + _END
    padded = plain + bytes(-len(plain) % _PADDED_TO)
    return cipher.encrypt(padded, [place.encode()])


def open_sealed(cipher: AESSIV, sealed: bytes, place: str) -> str:
    """Open an answer of this place.

    Raises:
        Tampered: it was altered, or moved here from another row.
    """
    try:
        padded = cipher.decrypt(sealed, [place.encode()])
    except InvalidTag as error:
        raise _tampered(place) from error
    return padded.rstrip(b"\0").removesuffix(_END).decode()


def _key_place(household: str, generation: int) -> bytes:
    return f"household_keys|{household}|{generation}".encode()


def _tampered(place: str) -> Tampered:
    return Tampered(
        f"民情表密文与所在行不符（{place}）。",
        remedy="停止使用这份数据，核对密钥是否更换，并通知审计人员。",
    )
