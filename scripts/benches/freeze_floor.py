"""The work of a freeze by hand, in one plain loop: read, open, seal, hash and write each row."""

import secrets
import sqlite3
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESSIV

_READ = """
SELECT l.cadre, l.household, p.sealed, p.id FROM household_links l
JOIN cadres c ON c.number = l.cadre LEFT JOIN phones p ON p.household = l.household AND p.usable
WHERE l.until IS NULL AND c.left_on IS NULL ORDER BY l.cadre, l.household
"""
_MADE = """
CREATE TABLE frozen (roster INTEGER, cadre TEXT, k INTEGER, household TEXT, salt BLOB, sealed BLOB,
PRIMARY KEY (roster, cadre, k)) WITHOUT ROWID
"""


def bare_freeze(source: Path, target: Path, key: bytes) -> int:
    """Do the work of a freeze of `source` by hand, into a new file; give the number of households.

    No order of salts, no check of shared numbers, no strata, no roster, everything in memory.
    """
    cipher = AESSIV(key)
    reading, writing = sqlite3.connect(source), sqlite3.connect(target)
    writing.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; {_MADE};")
    rows, level = [], []
    for k, (cadre, household, sealed, row) in enumerate(reading.execute(_READ)):
        place = b"phones|sealed|" + row + b"|1" if row else b""
        plain = cipher.decrypt(sealed, [place]) if row else bytes(32)
        salt = secrets.token_bytes(16)
        level.append(sha256(b"\0%b%b" % (plain, salt)).digest())
        again = cipher.encrypt(plain, [b"frozen|%d" % k])
        rows.append((1, cadre, k, household, salt, again))
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        level = [sha256(b"\1" + left + right).digest() for left, right in pairs]
    writing.executemany("INSERT INTO frozen VALUES (?, ?, ?, ?, ?, ?)", rows)
    writing.commit()
    reading.close()
    writing.close()
    return len(rows)
