"""Contact cards 便民联系卡 and pledge cards 承诺卡 with a QR code (Y20, L12).

A card says what hangs on the public notice board and nothing else: no telephone of a cadre, and
nothing of any household.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import segno

from evalsys.domain.responsibility_map import Named
from evalsys.exports.pdf import Value, render


class CardKind(StrEnum):
    """Which card."""

    CONTACT = "contact"
    PLEDGE = "pledge"


TITLES = {CardKind.CONTACT: "便民联系卡", CardKind.PLEDGE: "公开承诺卡"}
SCANS = {CardKind.CONTACT: "扫码看网格和联系人", CardKind.PLEDGE: "扫码看承诺和进展"}


@dataclass(frozen=True, slots=True)
class Card:
    """One card: who answers for which place, and the public page behind the QR code."""

    person: Named
    place: str
    address: str


@dataclass(frozen=True, slots=True)
class CardStyle:
    """What all cards of a print have in common; `single` prints each on a page of its own size."""

    kind: CardKind
    organ: str = ""
    hotline: str = ""
    pledges: tuple[str, ...] = ()
    single: bool = False


def cards_pdf(cards: Sequence[Card], style: CardStyle, *, dated: date) -> bytes:
    """Print cards, eight on a sheet of A4, or each by itself."""
    codes = {card.address: _qr(card.address) for card in cards}
    values: dict[str, Value] = {
        "title": TITLES[style.kind],
        "organ": style.organ,
        "hotline": style.hotline,
        "pledges": list(style.pledges),
        "scan": SCANS[style.kind],
        "single": style.single,
        "cards": [
            {
                "name": card.person.name,
                "number": card.person.number,
                "post": f"{card.person.unit} {card.person.post}",
                "place": card.place,
                "address": card.address,
                "qr": codes[card.address],
            }
            for card in cards
        ],
    }
    return render("cards", values, dated=dated)


def _qr(address: str) -> str:
    drawn = io.BytesIO()
    segno.make_qr(address, error="m").save(
        drawn, kind="svg", xmldecl=False, border=2, omitsize=True
    )
    return drawn.getvalue().decode()
