"""The work of a freeze by hand, in one plain loop: read, open, seal, hash and write each row."""

import secrets
import sqlite3
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESSIV

_READ = """
SELECT l.cadre, l.household, p.sealed, p.id FROM household_links l
JOIN cadres c ON c.number = l.cadre LEFT JOIN phones p ON p.household = l.household AND p.usable
WHERE l.until IS NULL AND c.left_on IS NULL ORDER BY c.number
"""
_MADE = """
CREATE TABLE frozen (roster INTEGER, cadre TEXT, households TEXT, salts BLOB, sealed BLOB,
PRIMARY KEY (roster, cadre))
"""


def bare_freeze(source: Path, target: Path, key: bytes) -> int:
    """Do the work of a freeze of `source` by hand, into a new file; give the number of households.

    As many bytes to hash, seal and write as a freeze has, and one row a cadre as there. No order
    of salts, no check of shared numbers, no strata, no roster, everything in memory.
    """
    cipher = AESSIV(key)
    reading, writing = sqlite3.connect(source), sqlite3.connect(target)
    writing.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; {_MADE};")
    rows, total = [], 0
    for cadre, held in groupby(reading.execute(_READ), itemgetter(0)):
        codes, salts, again, level = [], secrets.token_bytes(16 * 100), [], []
        for k, (_, household, sealed, row) in enumerate(held):
            plain = cipher.decrypt(sealed, [b"phones|sealed|" + row + b"|1"]) if row else bytes(32)
            level.append(sha256(b"%80b%b%b" % (b"", plain, salts[16 * k : 16 * k + 16])).digest())
            again.append(cipher.encrypt(plain, [b"%80d" % k]))
            codes.append(household)
        total += len(codes)
        while len(level) > 1:
            pairs = zip(level[::2], level[1::2], strict=False)
            level = [sha256(b"\1" + left + right).digest() for left, right in pairs]
        rows.append((1, cadre, " ".join(codes), salts[: 16 * len(codes)], b"".join(again)))
    writing.executemany("INSERT INTO frozen VALUES (?, ?, ?, ?, ?)", rows)
    writing.commit()
    reading.close()
    writing.close()
    return total
