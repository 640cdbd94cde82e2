"""The lines of the worked example are true: a shell that knows nothing of us gives those hashes."""

import re
import shutil
import subprocess
from hashlib import sha256

import pytest

from evalsys.domain.beacon import DEFAULT, QUICKNET, BeaconRules
from evalsys.domain.draw_roster import roster_of
from evalsys.domain.transcript import parse_transcript
from evalsys.domain.verify_order import Course, follow
from evalsys.domain.worked import EXAMPLE, Computed, worked_lines
from tests.architecture.checkout import ROOT
from tests.builders_beacon import a_beacon_draw
from tests.builders_draw import Draw, a_cadre, a_draw, a_manifest

BASH = shutil.which("bash")
HEAVY = roster_of(a_cadre(i, weight=1 + i % 8) for i in range(1, 20))


def course_of(draw: Draw) -> Course:
    transcript = parse_transcript(draw.bundle.transcript or b"", draw.manifest.prev_head)
    return follow(transcript, draw.manifest, sha256(draw.bundle.manifest or b"").hexdigest())


COURSES = {
    "example": EXAMPLE,
    "dice": course_of(a_draw(HEAVY, a_manifest(HEAVY, slots=4))),
    "quicknet": course_of(
        a_beacon_draw(HEAVY, a_manifest(HEAVY, slots=3, beacon=BeaconRules(QUICKNET)))
    ),
    "default": course_of(
        a_beacon_draw(HEAVY, a_manifest(HEAVY, slots=2, beacon=BeaconRules(DEFAULT)), chain=DEFAULT)
    ),
}


@pytest.mark.skipif(not (BASH and shutil.which("xxd")), reason="no bash or no xxd here")
@pytest.mark.parametrize("name", COURSES)
def test_a_shell_gives_the_same_hashes(name: str) -> None:
    course = COURSES[name]
    assert BASH is not None
    for slot in course.slots:
        lines = worked_lines(course, slot)
        assert lines[-1].computed is Computed.TICKET
        assert slot.drawn is not None
        assert lines[-1].result == slot.drawn["ticket"]
        for line in lines[1:]:
            done = subprocess.run(  # noqa: S603 - the lines that we tell people to type
                [BASH, "-c", line.command], capture_output=True, text=True, check=True
            )
            assert done.stdout.split()[0] == line.result, line


def test_a_beacon_adds_a_line_for_each_of_its_rounds() -> None:
    kinds = [line.computed for line in worked_lines(COURSES["dice"], COURSES["dice"].slots[0])]
    assert kinds == [Computed.MANIFEST, Computed.MASTER, Computed.SLOT, Computed.TICKET]
    bound = COURSES["quicknet"]
    assert len(worked_lines(bound, bound.slots[0])) == len(kinds) + 2


def test_the_example_is_that_of_the_handbook() -> None:
    handbook = (ROOT / "docs/draw.md").read_text("utf-8")
    for line in worked_lines(EXAMPLE, EXAMPLE.slots[0]):
        assert re.search(re.escape(line.result), handbook)
