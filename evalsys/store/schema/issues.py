"""Common issues 共性问题: what analysts said, append-only, and what is computed from it.

`issue_clusters`, `issue_proposals` and `issue_members` are disposable: `evalsys issues cluster`
and `evalsys issues learn` make them anew from the texts and the labels.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from evalsys.store.schema.base import Base


class IssueRow(Base):
    """An issue was opened; append-only."""

    __tablename__ = "issues"

    id: Mapped[int] = mapped_column(primary_key=True)
    opened_by: Mapped[str] = mapped_column(String(64))
    opened_at: Mapped[datetime]


class IssueStatementRow(Base):
    """What is said about an issue; append-only, the last of each issue holds."""

    __tablename__ = "issue_statements"

    id: Mapped[int] = mapped_column(primary_key=True)
    issue: Mapped[int] = mapped_column(ForeignKey("issues.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    question: Mapped[str] = mapped_column(Text)
    lead: Mapped[str] = mapped_column(String(32))
    assisting: Mapped[str] = mapped_column(Text)
    """JSON list of codes of units."""
    budget: Mapped[str] = mapped_column(Text)
    measure: Mapped[str] = mapped_column(Text)
    target_what: Mapped[str] = mapped_column(String(100))
    target_amount: Mapped[str] = mapped_column(String(16))
    target_unit: Mapped[str] = mapped_column(String(16))
    deadline: Mapped[date | None]
    said_by: Mapped[str] = mapped_column(String(64))
    said_at: Mapped[datetime]


class IssueProgressRow(Base):
    """How far a pledge has come; append-only."""

    __tablename__ = "issue_progress"

    id: Mapped[int] = mapped_column(primary_key=True)
    issue: Mapped[int] = mapped_column(ForeignKey("issues.id"), index=True)
    day: Mapped[date]
    done: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class IssueMergeRow(Base):
    """An issue went into another, once; append-only."""

    __tablename__ = "issue_merges"

    issue: Mapped[int] = mapped_column(
        ForeignKey("issues.id"), primary_key=True, autoincrement=False
    )
    into: Mapped[int] = mapped_column(ForeignKey("issues.id"))
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class IssueLabelRow(Base):
    """An analyst gave a request to an issue; append-only, the last of each request holds."""

    __tablename__ = "issue_labels"
    __table_args__ = (Index(None, "request", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    request: Mapped[str] = mapped_column(ForeignKey("casework_requests.code"))
    issue: Mapped[int] = mapped_column(ForeignKey("issues.id"))
    source: Mapped[str] = mapped_column(String(8))
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class IssueClusterRow(Base):
    """In which heap a request lies; computed."""

    __tablename__ = "issue_clusters"
    __table_args__ = (Index(None, "cluster", "away"),)

    request: Mapped[str] = mapped_column(ForeignKey("casework_requests.code"), primary_key=True)
    cluster: Mapped[int]
    away: Mapped[int]
    """Distance from the middle of the heap, thousandths."""
    urgency: Mapped[int]
    """0 pressing, 1 soon, 2 ordinary: by the words of the text."""


class IssueProposalRow(Base):
    """What the classifier would say of a request without a label; computed."""

    __tablename__ = "issue_proposals"

    request: Mapped[str] = mapped_column(ForeignKey("casework_requests.code"), primary_key=True)
    issue: Mapped[int] = mapped_column(ForeignKey("issues.id"))
    margin: Mapped[int]
    """How far it is ahead of the next best, thousandths."""
    is_sure: Mapped[bool]


class IssueMemberRow(Base):
    """To which issue a request belongs now: by its last label, or by a sure proposal; computed."""

    __tablename__ = "issue_members"

    request: Mapped[str] = mapped_column(ForeignKey("casework_requests.code"), primary_key=True)
    issue: Mapped[int] = mapped_column(ForeignKey("issues.id"), index=True)
    is_proposed: Mapped[bool]
