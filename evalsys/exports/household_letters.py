"""Letters to households with the code that opens their own page once (one sheet of A4 each)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import segno

from evalsys.domain.household_page import in_groups
from evalsys.exports.pdf import render


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter: to whom, and the twelve digits that are printed nowhere else."""

    head: str
    place: str
    household: str
    code: str


def letters_pdf(letters: Sequence[Letter], *, address: str, good_until: date, dated: date) -> bytes:
    """Set letters, the code below the fold; `address` is the page's, the same for everybody."""
    drawn = segno.make_qr(address, error="m").svg_inline(border=2, omitsize=True)
    return render(
        "household-letter",
        {
            "address": address,
            "qr": drawn,
            "until": good_until.isoformat(),
            "letters": [
                {
                    "head": one.head,
                    "place": one.place,
                    "household": one.household,
                    "code": in_groups(one.code),
                }
                for one in letters
            ],
        },
        dated=dated,
    )
