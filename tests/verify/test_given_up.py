"""An attempt whose witnesses are gone is given up in public: both verifiers agree on that."""

from dataclasses import replace

from evalsys.domain.manifest import HouseholdRules
from evalsys.domain.transcript import TranscriptEntry
from tests.builders_draw import a_draw, a_manifest, a_roster
from tests.builders_witness import KEYS, signed_by, witnessed
from tests.verify.judges import files_of, judged, needs_node, told, verified

SMALL = a_roster(12, hh_n=6)
RULES = HouseholdRules(target=1, attempts=2, gap_s=1, parallel=1)


@needs_node
def test_dice_without_a_majority_count_only_before_an_abort() -> None:
    draw = witnessed(a_draw(SMALL, a_manifest(SMALL, slots=1, hh=RULES, witness_keys=KEYS)))
    last = max(i for i, entry in enumerate(draw.entries) if entry.type == "dice")
    at = draw.entries[last + 1].at
    abort = TranscriptEntry(at, "abort", {"reason": "system_failure", "attempt": 1})
    endings = ((abort,), (draw.entries[last + 1], abort), ())
    cases = [
        signed_by(
            replace(draw, entries=(*draw.entries[: last + 1], *ending)),
            lambda i, _entry: () if i == last else None,
        )
        for ending in endings
    ]
    answers = judged((files_of(case.bundle), "") for case in cases)
    assert [answer["finding"] for answer in answers] == ["good", "bad", "incomplete"]
    assert answers == [told(verified(case.bundle, "")) for case in cases]
