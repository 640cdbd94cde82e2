"""Contact cards 便民联系卡 and pledge cards 承诺卡 with a QR code (Y20, L12).

A card says what hangs on the public notice board and nothing else: the telephone of the county's
office, none of a cadre, and nothing of any household.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import segno

from evalsys.domain.office_contact import OfficeContact
from evalsys.domain.responsibility_map import Named
from evalsys.exports.pdf import Value, render


class CardKind(StrEnum):
    """Which card."""

    CONTACT = "contact"
    PLEDGE = "pledge"


TITLES = {CardKind.CONTACT: "便民联系卡", CardKind.PLEDGE: "公开承诺卡"}
INVITES = {CardKind.CONTACT: "有困难、有意见，请找我", CardKind.PLEDGE: "承诺见网页，请监督"}
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
    office: OfficeContact | None = None
    """Whom to reach when the cadre is not there; a cadre's own telephone is on no card."""

    @property
    def phones(self) -> tuple[tuple[str, str], ...]:
        """Each number with what it is for."""
        office = (("服务电话", self.office.phone),) if self.office else ()
        return (*office, *((("监督电话", self.hotline),) if self.hotline else ()))


def cards_pdf(cards: Sequence[Card], style: CardStyle, *, dated: date) -> bytes:
    """Print cards, eight on a sheet of A4, or each by itself."""
    codes = {card.address: _qr(card.address) for card in cards}
    values: dict[str, Value] = {
        "title": TITLES[style.kind],
        "organ": style.organ,
        "phones": [list(pair) for pair in style.phones],
        "hours": style.office.hours if style.office else "",
        "invites": INVITES[style.kind],
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
