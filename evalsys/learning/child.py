"""The light half: asks a child process, which loads scikit-learn, and waits for its answer."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from evalsys.errors import OutsideFailure
from evalsys.ports import Learned, Lesson, Unsaid

_AT_MOST_S = 600


class ChildLearner:
    """An `IssueLearner` whose work is done apart: its memory goes when it ends.

    Whoever waits under gevent lets others work meanwhile. It must not be called on a thread of
    gevent's pool: no child can be started there.
    """

    def cluster(self, texts: Sequence[str], unsaid: Unsaid, wanted: int) -> list[tuple[int, int]]:
        """Give cluster and distance from its middle of each text.

        Raises:
            OutsideFailure: the child process failed.
        """
        answer = _asked({"task": "cluster", "texts": list(texts), "wanted": wanted}, unsaid)
        return [(int(cluster), int(far)) for cluster, far in answer]

    def learn(self, lesson: Lesson) -> Learned:
        """Learn from labels and judge the rest.

        Raises:
            OutsideFailure: the child process failed.
        """
        told = {
            "texts": list(lesson.texts),
            "labels": list(lesson.labels),
            "weights": list(lesson.weights),
            "rest": list(lesson.rest),
            "precision": lesson.precision,
        }
        answer = _asked({"task": "learn", "lesson": told}, lesson.unsaid)
        proposals = [(int(label), int(margin)) for label, margin in answer.pop("proposals")]
        return Learned(proposals=proposals, **answer)


def _asked(task: dict[str, object], unsaid: Unsaid) -> Any:  # noqa: ANN401 - JSON, told apart by the caller
    try:
        done = subprocess.run(
            [sys.executable, "-m", "evalsys.learning"],
            input=json.dumps({**task, "unsaid": asdict(unsaid)}),
            capture_output=True,
            encoding="utf-8",
            timeout=_AT_MOST_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise OutsideFailure(
            "归类计算没有完成。", remedy="请检查内存和 scikit-learn 的安装后重试。"
        ) from error
    return json.loads(done.stdout)
