"""Hints between processes that a record grew: PostgreSQL's NOTIFY, sent with the commit itself.

Nothing depends on a hint: whoever misses one finds the new head at its next look.
"""

from sqlalchemy import text
from sqlalchemy.orm import Session

CHANNEL = "evalsys_record"


def hint(db: Session) -> None:
    """Wake those who listen when this transaction is committed; SQLite has nobody to wake."""
    if db.get_bind().dialect.name == "postgresql":
        db.execute(text("SELECT pg_notify(:channel, '')"), {"channel": CHANNEL})
