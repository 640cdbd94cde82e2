"""Questions about households that the seed did not choose: both verifiers refuse them."""

import re
from dataclasses import replace

import pytest

from evalsys.ids import CadreNumber
from tests.builders_draw import a_draw, a_manifest, a_roster
from tests.verify.judges import failing_steps, verified

DICE = a_draw(a_roster(12, hh_n=6), a_manifest(a_roster(12, hh_n=6)))
ASKED = a_draw(
    a_roster(12, hh_n=6, quiz=True),
    a_manifest(a_roster(12, hh_n=6, quiz=True)),
    named=((1, CadreNumber("00000003")),),
)
QUIZ = ASKED.entries[ASKED.line_of("quiz")].body
SECOND = ASKED.line_of("dice", 2)
REFUSED = {
    "another order": (ASKED.retold("quiz", asked=QUIZ["asked"][::-1]), "quiz 1", "重新计算"),
    "a question of one's own": (
        ASKED.retold("quiz", asked=[one for one in QUIZ["items"] if one not in QUIZ["asked"]][:1]),
        "quiz 1",
        "重新计算",
    ),
    "one item fewer": (ASKED.retold("quiz", items=QUIZ["items"][1:]), "quiz 1", "散列不符"),
    "another household": (
        ASKED.retold("quiz", homes=["0" * 64, *QUIZ["homes"][1:]]),
        "quiz 1",
        "散列不符",
    ),
    "withdrawn what is not there": (
        ASKED.retold("quiz", withdrawn=[[2, "people"], [3, "nothing"]]),
        "quiz 1",
        "撤回",
    ),
    "withdrawn out of order": (
        ASKED.retold("quiz", withdrawn=QUIZ["withdrawn"][::-1]),
        "quiz 1",
        "撤回",
    ),
    "asked of a naming otherwise": (
        ASKED.retold("quiz", 1, asked=ASKED.entries[ASKED.line_of("quiz", 1)].body["asked"][::-1]),
        "quiz",
        "重新计算",
    ),
    "drawn twice": (ASKED.inserted(ASKED.line_of("hh_order"), "quiz", **QUIZ), "order", "重抽"),
    "after the next dice": (
        ASKED.without("quiz").inserted(SECOND + 1, "quiz", **QUIZ),
        "order",
        "不在台上",
    ),
    "never committed to": (
        DICE.inserted(
            DICE.line_of("hh_order"),
            "quiz",
            **{**QUIZ, "cadre": DICE.entries[DICE.line_of("slot")].body["cadre"]},
        ),
        "quiz 1",
        "没有封存",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_questions_that_the_seed_did_not_choose(case: str) -> None:
    draw, where, why = REFUSED[case]
    assert verified(ASKED.bundle).exit_code == 0
    ((step, said),) = failing_steps([draw.bundle])
    assert (step, why in said) == (where, True), said


def test_a_commitment_for_some_cadres_only() -> None:
    line = (ASKED.bundle.roster or b"").splitlines(keepends=True)[4]
    bare = re.sub(rb'"quiz":"[0-9a-f]{64}",', b"", line)
    edited = (ASKED.bundle.roster or b"").replace(line, bare)
    ((step, _),) = failing_steps([replace(ASKED.bundle, roster=edited)])
    assert step == "roster"
