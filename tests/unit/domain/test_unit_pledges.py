"""A unit's public pledges in its year: a broken one counts, with its basis (Y69)."""

from dataclasses import replace
from datetime import date

from evalsys.domain.assessment import Component
from evalsys.domain.personnel_county import CountyFacts, evaluate
from evalsys.domain.record_scores import recorded
from evalsys.domain.rulebook import Conclusion, SideResult
from evalsys.domain.unit_pledges import UnitPledge, broken_by_unit, pledge_score, ruled_in
from evalsys.domain.unit_year import county_year
from evalsys.exports.unit_pledges import COLUMNS, unit_pledge_rows
from evalsys.ids import LiveId, UnitCode
from evalsys.store.rulebooks import shipped_rulebook
from tests.builders import a_year_of, an_official

WATER = UnitCode("U001")
BROKEN = UnitPledge(
    unit=WATER,
    live=LiveId("a" * 32),
    seq=7,
    session="第一次承诺大会",
    issue="农村饮水",
    measure="接通 12 个村的自来水",
    due_on=date(2026, 6, 30),
    kept=False,
    basis="实地查看，仍有 4 个村没有接通",
    ruled_on=date(2026, 7, 3),
    ruled_by="jijian",
)
KEPT = replace(BROKEN, seq=9, measure="修好泵站", kept=True, basis="验收单 3 号")
LATER = replace(BROKEN, seq=11, ruled_on=date(2027, 1, 5))


def test_the_score_is_the_share_that_was_kept_and_names_what_was_not() -> None:
    score = pledge_score([BROKEN, KEPT, KEPT])
    assert score.score_tenths == 667
    assert score.note == (
        "承诺大会的承诺已认定 3 项，兑现 2 项；未兑现“接通 12 个村的自来水”"
        "（期限 2026-06-30，依据：实地查看，仍有 4 个村没有接通）"
    )
    assert pledge_score([BROKEN] * 5).note.endswith("；等 5 项")


def test_a_ruling_counts_in_the_year_in_which_it_was_made() -> None:
    every = (BROKEN, KEPT, LATER)
    assert ruled_in(every, date(2026, 1, 1), date(2026, 12, 31)) == {WATER: [BROKEN, KEPT]}
    assert broken_by_unit(every, date(2026, 12, 31), 2026) == {WATER: [BROKEN]}
    assert broken_by_unit(every, date(2026, 7, 2), 2026) == {}
    (entered,) = recorded({}, {}, {}, {}, {WATER: [BROKEN, KEPT]})
    assert (entered.code, entered.component, entered.tenths) == (WATER, Component.PLEDGES, 500)
    assert (entered.facts, "依据：实地查看" in entered.told) == (2, True)


def test_a_broken_one_is_noted_to_the_principal_alone_and_shown_in_the_unit_s_year() -> None:
    head = an_official("00000001", unit=WATER, is_principal=True)
    other = an_official("00000002", unit=WATER, is_principal=False)
    facts = CountyFacts(
        (head, other),
        tuple(a_year_of(one.number) for one in (head, other)),
        unit_pledges=(KEPT, BROKEN, LATER),
    )
    found = evaluate(facts, shipped_rulebook(), as_of=date(2026, 12, 20), year=2026)
    verdicts = [one.verdict for one in found.assessed]
    assert [v.conclusion for v in verdicts] == [Conclusion.ELIGIBLE] * 2
    assert SideResult.NOTED in verdicts[0].side_results
    assert "审慎-5" in verdicts[0].rule_numbers
    assert "审慎-5" not in verdicts[1].rule_numbers
    (unit,) = county_year(found, ()).units
    part = unit.part(Component.PLEDGES)
    assert (part.score_tenths, part.absent) == (500, "权重为 0，只供参考")
    rows = unit_pledge_rows(found)
    assert [(row.pledge.kept, row.principals) for row in rows] == [
        (False, (head.name,)),
        (True, (head.name,)),
    ]
    assert [column.cell(rows[1]) for column in COLUMNS][-1] == ""
