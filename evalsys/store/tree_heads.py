"""The signed tree heads of live sessions, in the order in which they were signed."""

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from evalsys.domain.tree_head import SignedTreeHead, TreeHead
from evalsys.ids import LiveId
from evalsys.store.schema.witness import TreeHeadRow


def append(db: Session, signed: SignedTreeHead) -> None:
    """Keep one more head; the caller holds the lock of its session's record."""
    head = signed.head
    known = select(func.count()).select_from(TreeHeadRow).where(TreeHeadRow.live == head.live)
    db.execute(
        insert(TreeHeadRow).values(
            live=head.live,
            n=db.scalars(known).one() + 1,
            size=head.size,
            root=head.root,
            at=head.at,
            key_id=head.key_id,
            signature=signed.signature,
        )
    )


def every(db: Session, live: LiveId) -> tuple[SignedTreeHead, ...]:
    """List all heads of a session, the oldest first."""
    query = select(TreeHeadRow).where(TreeHeadRow.live == live).order_by(TreeHeadRow.n)
    return tuple(_signed(row) for row in db.scalars(query))


def last(db: Session, live: LiveId) -> SignedTreeHead | None:
    """Return the newest head of a session; None before the first."""
    query = select(TreeHeadRow).where(TreeHeadRow.live == live).order_by(TreeHeadRow.n.desc())
    row = db.scalar(query.limit(1))
    return _signed(row) if row is not None else None


def _signed(row: TreeHeadRow) -> SignedTreeHead:
    head = TreeHead(LiveId(row.live), row.size, row.root, row.at, row.key_id)
    return SignedTreeHead(head, row.signature)
