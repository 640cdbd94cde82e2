"""Whether an installation's keys are those under which its roster's numbers lie.

A key from another installation breaks nothing at once: new numbers would be sealed under it
beside the old ones, and equal numbers no longer be found. (Reliability, sections 4 and 6.)
"""

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from evalsys.errors import InvalidInput, Tampered
from evalsys.store.phone_box import PhoneBox
from evalsys.store.schema.roster import Phone

_TRIED: Final = 3
"""Numbers that are tried: one alone may have been damaged."""


def check_keys(db: Session, box: PhoneBox) -> None:
    """Insist that `box` opens some number of the roster, and would find it again.

    Raises:
        InvalidInput: it has another key than the one in use.
    """
    kept = db.execute(
        select(Phone.id, Phone.sealed, Phone.blind).order_by(Phone.id).limit(_TRIED)
    ).all()
    if kept and not any(_fits(box, *one) for one in kept):
        raise InvalidInput(
            "电话密钥或索引密钥不是封存花名册电话时所用的。",
            remedy="请换回原来的密钥；混用两套，号码就再也打不开、认不出。",
            place="EVALSYS_PHONE_KEY、EVALSYS_INDEX_KEY",
        )


def _fits(box: PhoneBox, row: bytes, sealed: bytes, blind: bytes) -> bool:
    try:
        return box.blind(box.open(sealed, row)) == blind
    except Tampered:
        return False
