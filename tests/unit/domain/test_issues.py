"""Common issues: their order, what a pledge must have, what texts are about."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from evalsys.domain.issue_text import Cleaner, urgency_of
from evalsys.domain.issues import (
    NOTHING,
    Cluster,
    CommonIssue,
    Progress,
    Statement,
    Target,
    check_lesson,
    check_progress,
    check_statement,
    heaps_for,
    in_order,
    urgency_of_many,
    work_order,
)
from evalsys.domain.taxonomy import Urgency
from evalsys.errors import InvalidInput, RuleViolation

AT = datetime(2026, 5, 19, tzinfo=UTC)
ROADS = Statement("村庄道路", "什么时候修到我们村？", "U001", ("U002",), "县财政 2000 万元")
PLEDGE = replace(
    ROADS,
    measure="两年内分批修",
    target=Target("建设道路", "800", "公里"),
    deadline=date(2028, 5, 19),
)


def _issue(number: int, requests: int, pressing: int = 0, soon: int = 0) -> CommonIssue:
    figures = replace(NOTHING, requests=requests, pressing=pressing, soon=soon)
    return CommonIssue(number, ROADS, figures, (), "x", AT)


def test_the_urgent_come_first_then_those_that_many_ask_for() -> None:
    issues = [_issue(1, 900), _issue(2, 50, pressing=10), _issue(3, 90, pressing=17, soon=1)]
    assert [one.id for one in in_order([*issues, _issue(4, 900)])] == [2, 3, 1, 4]
    heaps = [Cluster(1, 10, 0, 0, ()), Cluster(2, 3, 0, 1, ()), Cluster(3, 20, 0, 0, ())]
    assert [one.number for one in work_order(heaps)] == [2, 3, 1]


def test_the_fewer_texts_the_fewer_and_smaller_the_heaps() -> None:
    assert [heaps_for(count) for count in (0, 1, 30, 400, 35_489)] == [1, 3, 18, 66, 600]


@pytest.mark.parametrize(
    ("count", "pressing", "soon", "urgency"),
    [
        (0, 0, 0, Urgency.ORDINARY),
        (5, 1, 0, Urgency.PRESSING),
        (6, 1, 0, Urgency.ORDINARY),
        (10, 1, 1, Urgency.SOON),
        (11, 1, 1, Urgency.ORDINARY),
    ],
)
def test_a_fifth_makes_the_whole_urgent(
    count: int, pressing: int, soon: int, urgency: Urgency
) -> None:
    assert urgency_of_many(count, pressing, soon) is urgency


def test_a_pledge_has_measure_target_deadline_and_somebody_who_answers() -> None:
    assert check_statement(PLEDGE) == PLEDGE
    assert check_statement(ROADS) == ROADS
    for lacking, word in (
        (replace(PLEDGE, measure=""), "措施"),
        (replace(PLEDGE, target=None), "可衡量的目标"),
        (replace(PLEDGE, deadline=None), "完成期限"),
        (replace(PLEDGE, lead=""), "牵头单位"),
        (replace(PLEDGE, target=Target("路", "许多", "公里")), "“许多”不是数量"),
        (replace(PLEDGE, target=Target("路", "0.00", "公里")), "大于零"),
        (replace(PLEDGE, target=Target("路", "8", "")), "必须能衡量"),
        (replace(ROADS, assisting=("U001",)), "配合单位"),
        (replace(ROADS, name=" "), "须有名称"),
    ):
        with pytest.raises(InvalidInput, match=word):
            check_statement(lacking)


def test_progress_says_what_was_done_and_never_lies_ahead() -> None:
    today = date(2026, 11, 26)
    entry = Progress(today, "200", "验收单 12 号", "x", AT)
    assert check_progress(entry, today) == entry
    for wrong in (replace(entry, day=date(2026, 11, 27)), replace(entry, note="")):
        with pytest.raises(InvalidInput):
            check_progress(wrong, today)
    issue = replace(_issue(1, 5), said=PLEDGE, progress=(entry, replace(entry, done="")))
    assert (issue.done, issue.share) == ("200", 0.25)
    assert not issue.is_overdue(date(2028, 5, 19))
    assert issue.is_overdue(date(2028, 5, 20))
    done = replace(issue, progress=(replace(entry, done="801"),))
    assert not done.is_overdue(date(2028, 5, 20))


def test_without_labels_of_two_issues_there_is_nothing_to_learn() -> None:
    with pytest.raises(RuleViolation, match="还没有任何标注") as refusal:
        check_lesson([])
    assert "evalsys issues cluster" in refusal.value.remedy
    with pytest.raises(RuleViolation, match="同一个"):
        check_lesson([3, 3])
    check_lesson([3, 4])


def test_boilerplate_places_and_figures_are_taken_out() -> None:
    cleaner = Cleaner(["您好", "反映", "希望政府", "希望政府尽快"], ["上河村", "马站镇", "李"])
    assert cleaner.clean("您好，反映上河村村东路坏了3处，希望政府尽快修") == "村东路坏了处修"
    assert cleaner.clean("上河的李家，马站镇上 Tel 13800000000") == "的李家上"
    assert cleaner.clean("您好！") == ""
    assert Cleaner([], []).clean("路 坏") == "路坏"


def test_the_most_urgent_word_counts() -> None:
    words = [("停水", Urgency.SOON), ("触电", Urgency.PRESSING)]
    assert urgency_of("停水了，还怕触电", words) is Urgency.PRESSING
    assert urgency_of("停水了", words) is Urgency.SOON
    assert urgency_of("路灯", words) is Urgency.ORDINARY
