"""Telephone numbers at rest: sealed to their row, found again by a keyed blind index.

AES-SIV with the associated data `table|column|row|key version`, so a sealed number that is
moved to another row, table or column no longer opens. The plain text is padded to one size:
the length of a number is not to be seen either. (Reliability, section 4.)
"""

from collections.abc import Iterable, Sequence
from struct import Struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from evalsys.errors import Tampered

KEY_VERSION = 1
"""Version of the keys in use, stored beside each sealed number."""

ROSTER_PHONES = "phones|sealed"
"""Place of the roster's numbers: table and column."""

PADDED_BYTES = 32
"""Plain text is one length byte, the UTF-8 text, and zeros up to this size: a Pascal string."""

SEALED_BYTES = PADDED_BYTES + 16
"""A sealed number: as long as its plain text, and the tag."""

BLIND_BYTES = 16

_PADDED = Struct(f"{PADDED_BYTES}p")


class PhoneBox:
    """Seals and opens telephone numbers with the installation's two keys."""

    def __init__(self, phone_key: bytes, index_key: bytes) -> None:
        """Take the AES-SIV key (64 bytes) and the key of the blind index (32 bytes)."""
        self._cipher = AESSIV(phone_key)
        self._index = HMAC(index_key, SHA256())
        self._version = b"|%d" % KEY_VERSION

    def seal(self, text: str, row: bytes, *, place: str = ROSTER_PHONES) -> bytes:
        """Seal `text` (at most 31 bytes of UTF-8) to the row with the identity `row`.

        `place` is "table|column". The result is always `SEALED_BYTES` long.
        """
        return self.seal_all((text,), (row,), place=place)[0]

    def seal_all(
        self, texts: Iterable[str], rows: Iterable[bytes], *, place: str = ROSTER_PHONES
    ) -> list[bytes]:
        """Seal each of `texts` to its row: a whole county in one loop."""
        encrypt, begin, end = self._cipher.encrypt, place.encode() + b"|", self._version
        plain = [text.encode() for text in texts]
        if max(map(len, plain), default=0) >= PADDED_BYTES:
            message = f"{PADDED_BYTES} bytes do not fit: cut the text before sealing it"
            raise ValueError(message)
        padded = map(_PADDED.pack, plain)
        return [encrypt(text, [begin + row + end]) for text, row in zip(padded, rows, strict=True)]

    def open(self, sealed: bytes, row: bytes, *, place: str = ROSTER_PHONES) -> str:
        """Open what `seal` made for this row and place.

        Raises:
            Tampered: it was altered, moved here from another row, or sealed under other keys.
        """
        try:
            return self._open((sealed,), (row,), place)[0]
        except (InvalidTag, ValueError) as error:
            raise Tampered(
                f"电话密文与所在行不符（{place}，{row.hex()}）。",
                remedy="停止使用这份数据，核对密钥是否更换，并通知审计人员。",
            ) from error

    def open_all(
        self, sealed: Sequence[bytes], rows: Sequence[bytes], *, place: str = ROSTER_PHONES
    ) -> list[str]:
        """Open each of `sealed`, which `seal` made for its row. Raises Tampered as `open` does."""
        try:
            return self._open(sealed, rows, place)
        except (InvalidTag, ValueError):
            # One by one, to name the first that does not open.
            return [self.open(one, row, place=place) for one, row in zip(sealed, rows, strict=True)]

    def _open(self, sealed: Iterable[bytes], rows: Iterable[bytes], place: str) -> list[str]:
        decrypt, begin, end = self._cipher.decrypt, place.encode() + b"|", self._version
        padded = [decrypt(one, [begin + row + end]) for one, row in zip(sealed, rows, strict=True)]
        return [text.decode() for one in padded for text in _PADDED.unpack(one)]

    def blind(self, text: str) -> bytes:
        """Give the 16 bytes under which equal numbers are found without opening them."""
        index = self._index.copy()  # keyed already: half the time of a fresh one
        index.update(text.encode())
        return index.finalize()[:BLIND_BYTES]
