"""The order of a pledge assembly: both verifiers compute it again, and refuse any other."""

from collections.abc import Callable
from typing import Any

import pytest

from evalsys.domain.agenda import Issue, agenda_bytes, agenda_sha256, drawn_order
from evalsys.domain.canonical import canonical, parse_canonical
from evalsys.domain.draw import PROTOCOL, master_seed
from evalsys.domain.verify import Bundle, sums_of
from evalsys.domain.verify_agenda import AGENDA, ORDER
from evalsys.domain.verify_steps import Finding
from tests.verify.judges import NODE, failing_steps, files_of, judged, told, verified

ISSUES = tuple(
    Issue(f"议题{n}", "什么时候修好？", f"县{n}局", "张志强", requests=n) for n in range(1, 8)
)
DIGITS = "123456789012345678901234"
SHA256 = agenda_sha256(ISSUES)
SEED = master_seed(SHA256, DIGITS)
HEAD = "ab" * 32
Body = dict[str, Any]


def order(drawn: bool = True, **different: object) -> bytes:  # noqa: FBT001, FBT002 - named in each case
    due = drawn_order(SEED, len(ISSUES)) if drawn else range(1, len(ISSUES) + 1)
    body: Body = {
        "format": "assembly-order/1",
        "protocol": PROTOCOL if drawn else "",
        "agenda_sha256": SHA256,
        "digits": DIGITS if drawn else "",
        "seed": SEED if drawn else "",
        "order": list(due),
        "called": list(due),
        "end": "close",
        "head": HEAD,
    }
    return canonical({**body, **different})


def bundle(made: bytes | None, agenda: bytes | None = None) -> Bundle:
    return Bundle(None, None, None, agenda=agenda or agenda_bytes(ISSUES), order=made)


def agenda(change: Callable[[list[Body]], object]) -> bytes:
    body: Any = parse_canonical(agenda_bytes(ISSUES))
    change(body["issues"])
    return canonical(body)


DRAWN = [*drawn_order(SEED, len(ISSUES))]


@pytest.mark.parametrize(
    ("made", "head", "finding", "marks"),
    [
        (bundle(order()), "", Finding.GOOD, ["ok", "ok", "ok"]),
        (bundle(order(drawn=False)), "", Finding.GOOD, ["ok", "ok", "ok"]),
        (bundle(order(called=DRAWN[:2], end="abort")), "", Finding.GOOD, ["ok", "ok", "ok"]),
        (bundle(order(called=DRAWN[:2], end="")), "", Finding.INCOMPLETE, ["ok", "ok", "open"]),
        (
            bundle(order(seed="", digits="", order=[], called=[], end="")),
            "",
            Finding.INCOMPLETE,
            ["ok", "open", "open"],
        ),
        (bundle(None), "", Finding.INCOMPLETE, ["ok", "open"]),
        (bundle(None), HEAD, Finding.INCOMPLETE, ["ok", "open", "open"]),
        (bundle(order()), HEAD, Finding.GOOD, ["ok", "ok", "ok", "ok"]),
        (bundle(order()), HEAD[:8], Finding.GOOD, ["ok", "ok", "ok", "ok"]),
        (bundle(order()), "cd" * 32, Finding.BAD, ["ok", "ok", "ok", "FAIL"]),
        (bundle(order(head="")), HEAD, Finding.INCOMPLETE, ["ok", "ok", "ok", "open"]),
    ],
)
def test_an_order_that_follows_is_good_as_far_as_the_assembly_came(
    made: Bundle, head: str, finding: Finding, marks: list[str]
) -> None:
    report = verified(made, head)
    assert (report.finding, [step.mark for step in report.steps]) == (finding, marks)
    assert report.manifest_sha256 == SHA256
    if NODE is not None:
        assert judged([(files_of(made), head)]) == [told(report)]


REFUSED: list[tuple[Bundle, str]] = [
    (bundle(order(order=DRAWN[::-1])), "issues"),
    (bundle(order(drawn=False, order=DRAWN)), "issues"),
    (bundle(order(digits=DIGITS[::-1])), "issues"),
    (bundle(order(seed="0" * 64)), "issues"),
    (bundle(order(drawn=False, digits=DIGITS)), "issues"),
    (bundle(order(agenda_sha256="0" * 64)), "issues"),
    (bundle(order(order=DRAWN[:-1])), "issues"),
    (bundle(order(order=[True, *DRAWN[1:]])), "issues"),
    (bundle(order(end="over")), "issues"),
    (bundle(order(head="AB" * 32)), "issues"),
    (bundle(order(more="")), "issues"),
    (bundle(order() + b"\n"), "issues"),
    (bundle(order(called=[*DRAWN[1:], DRAWN[0]])), "called"),
    (bundle(order(called=[*DRAWN, DRAWN[0]])), "called"),
    (bundle(order(called=DRAWN[:-1])), "called"),
    (bundle(order(seed="", order=[], called=[1], end="")), "called"),
    (bundle(order(), agenda(lambda issues: issues[0].update(title="别的议题"))), "issues"),
    (bundle(order(), agenda(lambda issues: issues[0].update(title="议题2"))), "agenda"),
    (bundle(order(), agenda(lambda issues: issues[0].update(n=2))), "agenda"),
    (bundle(order(), agenda(lambda issues: issues[0].update(unit=""))), "agenda"),
    (bundle(order(), agenda(lambda issues: issues[0].update(places=-1))), "agenda"),
    (bundle(order(), agenda(list.clear)), "agenda"),
    (bundle(order(), b"{}"), "agenda"),
]


def test_any_other_order_is_refused_at_its_step() -> None:
    found = failing_steps([made for made, _ in REFUSED])
    assert [step for step, _ in found] == [step for _, step in REFUSED]


def test_sums_are_checked_where_they_are_given() -> None:
    files = {AGENDA: agenda_bytes(ISSUES), ORDER: order()}
    listed = sums_of({**files, ORDER: b""})
    made = Bundle(None, None, None, listed, files[AGENDA], files[ORDER])
    assert failing_steps([made])[0][0] == "sums"
