"""The taxonomy: what a tree may be, what a child has from above, what may go on a grid."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalsys.domain.taxonomy import (
    Catalogue,
    Entry,
    Taxonomy,
    TaxonomyVersion,
    Urgency,
    check_since,
    faults_in,
)
from evalsys.errors import InvalidInput, NotFound, RuleViolation

TREE = (
    Entry("1", "社会事务", admitted=True, urgency=Urgency.ORDINARY),
    Entry("101", "社会救助", "1"),
    Entry("10101", "低保", "101", urgency=Urgency.SOON),
    Entry("10102", "摊派", "101", admitted=False, reason="不是网格的职责"),
    Entry("1010201", "报刊征订", "10102"),
    Entry("2", "试行"),
)


def test_a_child_has_from_above_what_it_leaves_open() -> None:
    tree = Taxonomy(TREE)
    assert tree.urgency("10101") is Urgency.SOON
    assert tree.urgency("10102") is Urgency.ORDINARY
    assert tree.title("10101") == "社会事务 / 社会救助 / 低保"
    assert tree.check_admitted("10101").name == "低保"
    with pytest.raises(RuleViolation, match="不是网格的职责"):
        tree.check_admitted("1010201")
    with pytest.raises(RuleViolation, match="没有列入"):
        tree.check_admitted("2")
    with pytest.raises(NotFound, match="9"):
        tree.check_admitted("9")


def test_it_is_walked_and_searched() -> None:
    tree = Taxonomy(TREE)
    assert [one.code for _, one in tree.walk()] == [one.code for one in TREE]
    assert tree.counts == (2, 1, 2, 1, 0)
    assert [one.code for one in tree.search("救助 征订")] == ["1010201"]
    assert [one.code for one in tree.search("1010")] == ["10101", "10102", "1010201"]
    assert tree.search(" ") == ()


@pytest.mark.parametrize(
    ("extra", "column", "what"),
    [
        (Entry("101", "别的", "1"), "code", "重复"),
        (Entry("103", "社会救助", "1"), "name", "同名"),
        (Entry("103", "别的", "7"), "parent", "没有上级编码“7”"),
        (Entry("7", "别的", "7"), "parent", "成环"),
        (Entry("103", "别的", "1", admitted=False), "reason", "没有理由"),
        (Entry("103", "别的", "1", reason="不归口"), "admitted", "不是“否”"),
    ],
)
def test_each_fault_is_named_with_its_column(extra: Entry, column: str, what: str) -> None:
    assert faults_in(TREE, Catalogue.CLASSES) == []
    fault = faults_in((*TREE, extra), Catalogue.CLASSES)[-1]
    assert (fault.at, fault.column) == (len(TREE), column)
    assert what in fault.what


def test_a_deeper_tree_than_its_levels_is_refused() -> None:
    deeper = (*TREE, Entry("a", "细", "1010201"), Entry("b", "更细", "a"))
    (fault,) = faults_in(deeper, Catalogue.CLASSES)
    assert "第6层" in fault.what
    assert {fault.at for fault in faults_in(deeper, Catalogue.ELEMENTS)} == {4, 6, 7}


@given(st.permutations(TREE))
def test_the_version_does_not_hang_on_the_order_of_the_rows(order: list[Entry]) -> None:
    assert Taxonomy(tuple(order)).sha256 == Taxonomy(TREE).sha256
    assert Taxonomy(tuple(order), Catalogue.ELEMENTS).sha256 != Taxonomy(TREE).sha256


def test_a_version_begins_after_every_other() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    first = TaxonomyVersion(1, Catalogue.CLASSES, "一", "0" * 64, date(2026, 3, 1), 6, "x", at)
    check_since(date(2026, 3, 2), [first])
    check_since(date(2020, 1, 1), [])
    with pytest.raises(InvalidInput, match="2026-03-01"):
        check_since(date(2026, 3, 1), [first])
