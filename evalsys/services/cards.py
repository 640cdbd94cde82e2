"""Whose contact or pledge card is printed, and which public page its QR code leads to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from evalsys.domain.responsibility_map import Grid
from evalsys.errors import InvalidInput, NotFound
from evalsys.exports.cards import Card, CardKind, CardStyle, cards_pdf
from evalsys.ids import CadreNumber, GridCode
from evalsys.store import office_contact
from evalsys.store.database import Database
from evalsys.store.responsibility_map import read_grid

IN_ONE_FILE = 2_000
"""Cards that one PDF may hold: 250 sheets."""
PLEDGES_ON_A_CARD = 4
PLEDGE_LIMIT = 40
"""Characters of a pledge that a card has room for."""
PAGES = {CardKind.CONTACT: "/directory/{grid}", CardKind.PLEDGE: "/followups/"}


@dataclass(frozen=True, slots=True)
class CardOrder:
    """Whose cards: of these cadres, or of everybody in a cell of the grid and below it."""

    style: CardStyle
    cadres: tuple[CadreNumber, ...] = ()
    grid: str = ""


def printed_cards(
    database: Database, order: CardOrder, *, today: date, public_url: str
) -> tuple[bytes, int]:
    """Print the cards; return the PDF and how many cards it has.

    Nothing is read that is not public, so nothing goes to the audit log.

    Raises:
        NotFound: a cadre does not serve, or nobody serves in that cell.
        InvalidInput: they are more than a file may hold, or the pledges do not fit.
    """
    pledges = order.style.pledges
    if len(pledges) > PLEDGES_ON_A_CARD or any(len(p) > PLEDGE_LIMIT for p in pledges):
        raise InvalidInput(
            "承诺写不下。",
            remedy=f"每张卡最多 {PLEDGES_ON_A_CARD} 条，每条不超过 {PLEDGE_LIMIT} 字。",
            place="--pledge",
        )
    with database.read() as db:
        grid = read_grid(db, today, today)
        style = replace(order.style, office=office_contact.current(db))
    page = public_url + PAGES[order.style.kind]
    cards = sorted(_cards(grid, order, page), key=lambda card: card.person.number)
    absent = sorted(set(order.cadres) - {card.person.number for card in cards})
    if absent or not cards:
        raise NotFound(
            f"没有这些干部：{'、'.join(absent)}。" if absent else "这里没有在岗的干部。",
            remedy="请核对编号或网格编码。",
            place="--cadre" if absent else "--grid",
        )
    if len(cards) > IN_ONE_FILE:
        raise InvalidInput(
            f"一个文件最多 {IN_ONE_FILE} 张卡，这里有 {len(cards)} 张。",
            remedy="请用 --grid 按下级网格分开打印。",
            place="--grid",
        )
    return cards_pdf(cards, style, dated=today), len(cards)


def _cards(grid: Grid, order: CardOrder, page: str) -> Iterator[Card]:
    wanted = set(order.cadres)
    for code, people in grid.cadres.items():
        way = list(_way(grid, code))
        # A code says nothing of where a grid lies: levels are coded as each place likes.
        if order.grid and order.grid not in way:
            continue
        place = _place([grid.cells[each].name for each in way])
        for person, _figures in people:
            if not wanted or person.number in wanted:
                yield Card(person, place, page.format(grid=code))


def _way(grid: Grid, code: GridCode) -> Iterator[GridCode]:
    """Give a cell and every one above it."""
    here: GridCode | None = code
    while here is not None and here in grid.cells:
        yield here
        here = grid.cells[here].parent


def _place(names: Sequence[str]) -> str:
    """Name the cells from the county down; what a name repeats of the one above is left out."""
    above = [*names[1:], ""]
    short = [name.removeprefix(over) or name for name, over in zip(names, above, strict=True)]
    return " ".join(reversed(short))
