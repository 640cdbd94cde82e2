"""`python -m evalsys.learning`: one task as JSON from standard input, its answer as JSON.

The only way into this floor's heavy half: whoever needs it starts it and need not load it.
"""

import json
import sys
from dataclasses import asdict
from typing import Any

from evalsys.learning.classifier import learn
from evalsys.learning.clusters import micro_clusters
from evalsys.ports import Lesson, Unsaid


def answer(task: dict[str, Any]) -> object:
    """Carry out a task, which `evalsys.learning.child` wrote."""
    unsaid = Unsaid(**task["unsaid"])
    if task["task"] == "cluster":
        return micro_clusters(task["texts"], unsaid, task["wanted"])
    return asdict(learn(Lesson(**task["lesson"], unsaid=unsaid)))


def main() -> None:
    """Answer what comes on standard input."""
    json.dump(answer(json.load(sys.stdin)), sys.stdout)


if __name__ == "__main__":
    main()
