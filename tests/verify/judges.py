"""Asking both verifiers: the domain's, and the browser's by way of node."""

import atexit
import json
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from evalsys.beacon.check import check_signature
from evalsys.domain.verify import MANIFEST, ROSTER, SUMS, TRANSCRIPT, Bundle, verify_bundle
from evalsys.domain.verify_agenda import AGENDA, ORDER
from evalsys.domain.verify_steps import Mark, Report
from evalsys.ed25519 import is_signed

HERE = Path(__file__).parent
NODE = shutil.which("node")

needs_node = pytest.mark.skipif(
    NODE is None, reason="node is not installed; the journey runs the same checks in Chromium"
)


def node(*arguments: str | Path) -> str:
    assert NODE is not None
    done = subprocess.run(  # noqa: S603 - our own scripts
        [NODE, *map(str, arguments)], capture_output=True, text=True, check=False, cwd=HERE
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return done.stdout


@cache
def _judge() -> "subprocess.Popen[str]":
    """One node that judges until the tests end: to start it costs more than most judgements."""
    assert NODE is not None
    judge = subprocess.Popen(  # noqa: S603 - our own script
        [NODE, str(HERE / "judge.mjs")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    atexit.register(judge.communicate)  # no more questions: it ends
    return judge


def judged(
    bundles: Iterable[tuple[dict[str, bytes], str]], numbers: Iterable[str] | None = None
) -> list[Any]:
    """What the browser's verifier says of each bundle: files by name, and a final hash."""
    asking = {} if numbers is None else {"numbers": list(numbers)}
    judge = _judge()
    assert judge.stdin is not None
    assert judge.stdout is not None
    answers = []
    for files, head in bundles:
        packed = {name: b64encode(data).decode() for name, data in files.items()}
        judge.stdin.write(json.dumps({"files": packed, "head": head, **asking}) + "\n")
        judge.stdin.flush()
        answer = judge.stdout.readline()
        assert answer, "judge.mjs has ended; its words stand above"
        answers.append(json.loads(answer))
    return answers


def verified(bundle: Bundle, head: str = "") -> Report:
    """What the domain's verifier says, signatures checked."""
    return verify_bundle(
        bundle, head=head, check_signature=check_signature, check_witness=is_signed
    )


def files_of(bundle: Bundle) -> dict[str, bytes]:
    named = {
        MANIFEST: bundle.manifest,
        ROSTER: bundle.roster,
        TRANSCRIPT: bundle.transcript,
        SUMS: bundle.sums,
        AGENDA: bundle.agenda,
        ORDER: bundle.order,
    }
    return {name: data for name, data in named.items() if data is not None}


def told(report: Report) -> dict[str, object]:
    """A report in the words that both programs share."""
    return {
        "finding": report.finding,
        "manifest_sha256": report.manifest_sha256,
        "head": report.head,
        "steps": [[step.name, step.j, step.mark] for step in report.steps],
    }


def failing_steps(bundles: Iterable[Bundle], head: str = "") -> list[tuple[str, str]]:
    """The first failing step of each bundle and its reason; both verifiers must say the same."""
    asked = list(bundles)
    reports = [verified(bundle, head) for bundle in asked]
    if NODE is not None:
        answers = judged((files_of(bundle), head) for bundle in asked)
        assert answers == [told(report) for report in reports]
    return [_failing(report) for report in reports]


def _failing(report: Report) -> tuple[str, str]:
    failed = [step for step in report.steps if step.mark is Mark.FAIL]
    assert failed, "what must be refused was not"
    step = failed[0]
    return (f"{step.name} {step.j}" if step.j else step.name, step.detail)
