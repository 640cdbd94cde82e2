"""Who may sign in, who is signed in, and who did what."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from evalsys.store.schema.base import Base


class User(Base):
    """A person with an account. Never deleted, only disabled: records name them."""

    __tablename__ = "users"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    role: Mapped[str] = mapped_column(String(16))
    password_hash: Mapped[str] = mapped_column(String(255))
    """Argon2id in PHC form."""
    person: Mapped[str] = mapped_column(String(32), server_default="")
    """Whose account it is: a cadre's or staff number; empty where nobody said."""
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class Login(Base):
    """Somebody signed in on one browser. The row is the login: without it the cookie is nothing."""

    __tablename__ = "logins"

    token_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    """The cookie's token itself is kept nowhere."""
    user_name: Mapped[str] = mapped_column(ForeignKey("users.name"), index=True)
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    """Last use, exact to a minute."""


class SignInTry(Base):
    """One try to sign in, counted until it succeeds or grows old."""

    __tablename__ = "sign_in_tries"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]

    __table_args__ = (Index(None, "address", "at"),)


class AuditEntry(Base):
    """Who did what to what; chained by hash, append-only by trigger."""

    __tablename__ = "audit_log"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """1, 2, 3 ... without holes."""
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(200))
    detail: Mapped[str] = mapped_column(Text)
    """Canonical JSON."""
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        CheckConstraint("seq >= 1", name="seq_counts_from_one"),
        Index(None, "subject"),
    )
