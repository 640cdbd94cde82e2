"""The work on common issues: texts in heaps, an analyst's word for each, and what is learned.

Each word is a label for good, each label is learned from (Y26).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from evalsys.clock import Clock
from evalsys.domain.issue_text import urgency_of
from evalsys.domain.issues import (
    WEIGHT,
    Cluster,
    Source,
    check_lesson,
    heaps_for,
    work_order,
)
from evalsys.domain.taxonomy import Urgency
from evalsys.errors import InvalidInput, RuleViolation, StaleState
from evalsys.ports import IssueLearner, Lesson, Unsaid
from evalsys.services.issues import open_in
from evalsys.store import audit, issue_labels, issues, roster
from evalsys.store.database import Database
from evalsys.store.issue_labels import Heaped
from evalsys.store.rulebooks import shipped_casework

PRECISION = 0.95
"""So many of the held-out labels must be right from the margin on at which a proposal counts."""
SPLITS = range(2, 11)
"""Into how many a heap can be split."""


@dataclass(frozen=True, slots=True)
class Clustered:
    """What heaping did."""

    texts: int
    clusters: int
    left: int
    """Heaps with something in them that belongs to no issue yet."""
    left_texts: int


@dataclass(frozen=True, slots=True)
class Taught:
    """What learning did."""

    labels: int
    issues: int
    proposed: int
    """Requests without a label that were judged."""
    sure: int
    """Of them, those that count to an issue from now on."""
    accuracy: float | None
    """Share of labels guessed right while held out; None with too few labels."""
    sure_from: int | None
    """Least margin, thousandths, that is enough; None: none is."""


class IssueWork:
    """What analysts do with the texts of requests."""

    def __init__(self, database: Database, learner: IssueLearner, now: Clock) -> None:
        """Keep labels in `database`; `learner` waits for a process of its own."""
        self._database = database
        self._learner = learner
        self.now = now

    def cluster(self, *, by: str) -> Clustered:
        """Heap all texts anew; labels stay.

        Raises:
            RuleViolation: there are no requests with a text.
            OutsideFailure: the calculation failed.
        """
        with self._database.read() as db:
            said, unsaid = issue_labels.texts(db), _unsaid(db)
        if not said:
            raise RuleViolation(
                "还没有诉求，无从归类。", remedy="请先导入：evalsys import requests FILE。"
            )
        heaps = self._learner.cluster([text for _, text in said], unsaid, heaps_for(len(said)))
        words = [(word, Urgency(urgency)) for word, urgency in shipped_casework("urgent-words")[1:]]
        with self._database.write() as db:
            rows = (
                (code, cluster, away, urgency_of(text, words).rank)
                for (code, text), (cluster, away) in zip(said, heaps, strict=True)
            )
            issue_labels.replace_clusters(db, rows)
            left = issue_labels.clusters(db)
            done = Clustered(
                len(said), len({one for one, _ in heaps}), len(left), sum(o.size for o in left)
            )
            audit.record(db, self.now(), by, "issues.cluster", "issues", {"texts": done.texts})
        return done

    def learn(self, *, by: str) -> Taught:
        """Learn from all labels and propose for every request without one.

        Raises:
            RuleViolation: there is nothing to learn from; says what to do.
            OutsideFailure: the calculation failed.
        """
        with self._database.read() as db:
            said, labels, unsaid = issue_labels.texts(db), issue_labels.labels(db), _unsaid(db)
        texts = dict(said)
        known = [one for one in labels if one.request in texts]
        check_lesson([one.issue for one in known])
        labelled = {one.request for one in known}
        rest = [code for code, _ in said if code not in labelled]
        lesson = Lesson(
            [texts[one.request] for one in known],
            [one.issue for one in known],
            [WEIGHT[one.source] for one in known],
            [texts[code] for code in rest],
            unsaid,
            PRECISION,
        )
        learned = self._learner.learn(lesson)
        least = learned.sure_from
        with self._database.write() as db:
            # Somebody may have spoken meanwhile: a word given is never overruled by a guess.
            new = {one.request for one in issue_labels.labels(db)} - labelled
            merged = issue_labels.merges(db)
            rows = [
                (
                    code,
                    issue_labels.final(issue, merged),
                    margin,
                    least is not None and margin >= least,
                )
                for code, (issue, margin) in zip(rest, learned.proposals, strict=True)
                if code not in new
            ]
            issue_labels.replace_proposals(db, rows)
            sure = sum(is_sure for *_, is_sure in rows)
            detail = {"labels": len(known), "proposed": len(rows), "sure": sure}
            audit.record(db, self.now(), by, "issues.learn", "issues", detail)
        distinct = len({one.issue for one in known})
        return Taught(len(known), distinct, len(rows), sure, learned.accuracy, learned.sure_from)

    def work_list(self, *, skip: int, most: int) -> tuple[tuple[Cluster, ...], int]:
        """Return some heaps of the work list, the urgent and then the large first; and how many."""
        with self._database.read() as db:
            ordered = work_order(issue_labels.clusters(db))
            shown = ordered[skip : skip + most]
            numbers = [one.number for one in shown]
            samples, likely = issue_labels.samples(db, numbers), issue_labels.likely(db, numbers)
        filled = (
            replace(one, samples=samples.get(one.number, ()), likely=likely.get(one.number))
            for one in shown
        )
        return tuple(filled), len(ordered)

    def heap(self, cluster: int, *, by: str) -> list[Heaped]:
        """Return what is left in a heap, from its middle outwards; the read is audited."""
        with self._database.write() as db:
            found = issue_labels.left_in(db, cluster)
            detail = {"requests": len(found)}
            audit.record(db, self.now(), by, "issues.read", f"heap:{cluster}", detail)
        return found

    def give_heap(
        self, cluster: int, issue: int | str, requests: Sequence[str] = (), *, by: str
    ) -> int:
        """Give a heap, or only some `requests` of it, to an issue: a number, or a new one's name.

        Returns:
            The number of the issue.

        Raises:
            StaleState: nothing of it is left; somebody else was faster.
            InvalidInput: a request does not lie in it.
        """
        with self._database.write() as db:
            left = [one.request for one in issue_labels.left_in(db, cluster)]
            if not left:
                raise StaleState("这一小类已经归完了。", remedy="请刷新工作清单。")
            if not set(requests) <= set(left):
                raise InvalidInput(
                    "所选诉求不在这一小类中，或已被别人归类。", remedy="请刷新后重新选择。"
                )
            return self._give(
                db, requests or left, issue, Source.READ if requests else Source.HEAP, by
            )

    def give(self, requests: Sequence[str], issue: int | str, *, by: str) -> int:
        """Move single requests to an issue: a number, or the name of a new one.

        Raises:
            InvalidInput: no request was chosen.
            NotFound: there is no such issue.
        """
        if not requests:
            raise InvalidInput("没有选择诉求。", remedy="请先勾选要移动的诉求。")
        with self._database.write() as db:
            return self._give(db, requests, issue, Source.READ, by)

    def split(self, cluster: int, parts: int, *, by: str) -> int:
        """Split what is left in a heap into smaller heaps; give how many there are then.

        Raises:
            InvalidInput: too few or too many parts.
            StaleState: nothing of it is left.
        """
        if parts not in SPLITS:
            raise InvalidInput(
                f"可以拆成 {SPLITS[0]} 至 {SPLITS[-1]} 份。", remedy="请改一个份数。", place="份数"
            )
        with self._database.read() as db:
            left, unsaid = issue_labels.left_in(db, cluster), _unsaid(db)
        left.sort(key=lambda one: one.request)
        if not left:
            raise StaleState("这一小类已经归完了。", remedy="请刷新工作清单。")
        heaps = self._learner.cluster([one.text for one in left], unsaid, parts)
        with self._database.write() as db:
            first = issue_labels.next_cluster(db)
            issue_labels.move_to_new_clusters(
                db,
                [
                    (one.request, first + heap, away)
                    for one, (heap, away) in zip(left, heaps, strict=True)
                ],
            )
            audit.record(db, self.now(), by, "issues.split", f"heap:{cluster}", {"parts": parts})
        return len({heap for heap, _ in heaps})

    def _give(
        self, db: Session, requests: Sequence[str], issue: int | str, source: Source, by: str
    ) -> int:
        at = self.now()
        if isinstance(issue, str):
            number = open_in(db, issue, "", by=by, at=at)
        else:
            number = issues.one(db, issue).id
        issue_labels.add_labels(db, requests, number, source, by=by, at=at)
        detail = {"requests": len(requests), "source": source.value}
        audit.record(db, at, by, "issues.label", f"issue:{number}", detail)
        return number


def _unsaid(db: Session) -> Unsaid:
    phrases = [row[0] for row in shipped_casework("boilerplate")[1:]]
    return Unsaid(phrases, list(roster.grid_names(db).values()))
