"""Checking a published draw from its files alone (draw.md, section 8).

Nothing is taken on trust from the transcript: seeds, tickets, household orders and final
codes are computed again from the manifest, the roster, the dice and the calls.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from hashlib import sha256

from evalsys.domain.beacon import CheckSignature
from evalsys.domain.draw import (
    PROTOCOL,
    FrozenCadre,
    SlotResult,
    draw_slot,
    household_order,
)
from evalsys.domain.draw_roster import FrozenRoster, parse_roster
from evalsys.domain.manifest import (
    FinalCode,
    HouseholdRules,
    Manifest,
    check_against_roster,
    parse_manifest,
    require_aired_minima,
)
from evalsys.domain.transcript import Transcript, parse_transcript
from evalsys.domain.verify_agenda import (
    AGENDA,
    ORDER,
    check_called,
    check_head,
    read_agenda,
    read_order,
)
from evalsys.domain.verify_beacon import check_pulses, revealed
from evalsys.domain.verify_calls import check_calls
from evalsys.domain.verify_order import Calling, Course, SlotCourse, follow
from evalsys.domain.verify_quiz import check_quiz
from evalsys.domain.verify_steps import Checking, Report
from evalsys.domain.verify_witness import check_witnesses
from evalsys.domain.witness_keys import CheckWitness
from evalsys.errors import InvalidInput
from evalsys.ids import CadreNumber

MANIFEST = "manifest.json"
ROSTER = "roster.jsonl"
TRANSCRIPT = "transcript.jsonl"
SUMS = "SHA256SUMS"

PUBLISHED_BEFORE_MIN = 24 * 60
"""How long before the opening a manifest is published; a shorter time is said, not judged."""

_SUM = re.compile(rb"^([0-9a-f]{64})  ([0-9A-Za-z._-]+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Bundle:
    """The bytes of a bundle's files, None where one is missing. An assembly has the last two."""

    manifest: bytes | None
    roster: bytes | None
    transcript: bytes | None
    sums: bytes | None = None
    """SHA256SUMS, for `sha256sum -c`."""
    agenda: bytes | None = None
    order: bytes | None = None


def sums_of(files: Mapping[str, bytes]) -> bytes:
    """Write SHA256SUMS, as `sha256sum -c` reads it, over files by name."""
    return b"".join(
        f"{sha256(data).hexdigest()}  {name}\n".encode() for name, data in files.items()
    )


def verify_bundle(
    bundle: Bundle,
    *,
    head: str = "",
    check_signature: CheckSignature | None = None,
    check_witness: CheckWitness | None = None,
) -> Report:
    """Check everything that the files allow; never raises, whatever the bytes.

    `head`, when given, is the final hash that was shown on air or signed by witnesses, or its
    first digits: without it nobody can exclude that the whole transcript was written anew.
    `check_signature` checks the beacon and `check_witness` the witnesses' signatures; without
    them, what a session has of either stays open.
    """
    check = Checking()
    if bundle.sums is not None:
        check.step("sums", lambda: _sums(bundle))
    if bundle.manifest is None and bundle.agenda is not None:
        return _assembly(check, bundle, head)
    digest = sha256(bundle.manifest or b"").hexdigest()
    manifest = check.file("manifest", bundle.manifest, lambda data: _manifest(data, digest))
    roster = check.file("roster", bundle.roster, lambda data: _roster(data, manifest))
    if manifest is None:
        check.open("transcript", "没有可用的清单，无法核对实录")
        return Report(tuple(check.steps), digest if bundle.manifest else "", "")
    transcript = check.file(
        "transcript", bundle.transcript, lambda data: _transcript(data, manifest, head)
    )
    if transcript is not None:
        course = check.step("order", lambda: _order(transcript, manifest, digest))
        if course is not None:
            _witnesses(check, transcript, manifest, check_witness)
            _beacon(check, course, manifest, check_signature)
            if roster is not None:
                seen: set[str] = set()
                _slots(check, course, manifest, roster, seen)
                _namings(check, course, manifest, roster, seen)
            _end(check, course, manifest)
    return Report(tuple(check.steps), digest, transcript.head if transcript else "")


def _assembly(check: Checking, bundle: Bundle, head: str) -> Report:
    """Check an assembly's order; its agenda stands for the manifest."""
    agenda = check.file("agenda", bundle.agenda, read_agenda)
    if agenda is None:
        check.open("issues", "没有可用的议程，无法核对次序")
    elif order := check.file("issues", bundle.order, lambda data: read_order(data, agenda)):
        if not order.order:
            check.wait()
        if check.step("called", lambda: check_called(order)):
            check.wait()
        if bool(head) and check.step("head", lambda: check_head(order, head)):
            check.wait()
        return Report(tuple(check.steps), sha256(bundle.agenda or b"").hexdigest(), order.head)
    if head:
        check.open("head", "没有可用的次序，末行散列无从核对")
    return Report(tuple(check.steps), sha256(bundle.agenda or b"").hexdigest(), "")


def _sums(bundle: Bundle) -> tuple[bool, str]:
    listed = {name.decode(): digest.decode() for digest, name in _SUM.findall(bundle.sums or b"")}
    names = (MANIFEST, ROSTER, TRANSCRIPT, AGENDA, ORDER)
    files = (bundle.manifest, bundle.roster, bundle.transcript, bundle.agenda, bundle.order)
    for name, data in zip(names, files, strict=True):
        if data is not None and listed.get(name) != sha256(data).hexdigest():
            raise InvalidInput("文件与 SHA256SUMS 所列的散列不符", place=name)
    return True, "各文件与 SHA256SUMS 一致"


def _manifest(data: bytes, digest: str) -> tuple[Manifest, str]:
    manifest = parse_manifest(data)
    return manifest, (
        f"{PROTOCOL}，抽取 {len(manifest.slots)} 次，排除 {len(manifest.exclusions)} 人，"
        f"SHA-256 {digest}"
    )


def _roster(data: bytes, manifest: Manifest | None) -> tuple[FrozenRoster, str]:
    roster = parse_roster(data)
    if manifest is not None:
        check_against_roster(manifest, roster)
    return roster, f"{roster.n} 名干部，{roster.households} 户，{len(roster.strata)} 层"


def _transcript(data: bytes, manifest: Manifest, head: str) -> tuple[Transcript, str]:
    transcript = parse_transcript(data, manifest.prev_head)
    if not transcript.head.startswith(head):
        raise InvalidInput("末行散列与现场公布的不符：实录被改写或截断", place=TRANSCRIPT)
    return transcript, f"{len(transcript.entries)} 行连成一链，末行散列 {transcript.head}"


def _order(transcript: Transcript, manifest: Manifest, digest: str) -> tuple[Course, str]:
    course = follow(transcript, manifest, digest)
    if course.rehearsal is False:
        require_aired_minima(manifest.hh, manifest.beacon)
    if course.rehearsal is None:
        return course, "尚未开场"
    kind = "彩排" if course.rehearsal else "正式直播"
    published, opened, *_ = transcript.entries
    minutes = (opened.at - published.at) // timedelta(minutes=1)
    short = "" if course.rehearsal or minutes >= PUBLISHED_BEFORE_MIN else "，不足 24 小时"
    return course, (
        f"{kind}，清单在开场前 {minutes} 分钟公布{short}；掷骰、抽取、访问的先后合乎规程"
    )


def _witnesses(
    check: Checking, transcript: Transcript, manifest: Manifest, check_witness: CheckWitness | None
) -> None:
    if not manifest.witness_keys:
        return
    if check_witness is None:
        check.open("witnesses", "没有核对见证人签名的程序")
        return
    found = check.step("witnesses", lambda: check_witnesses(transcript, manifest, check_witness))
    if found:
        check.wait()


def _beacon(
    check: Checking, course: Course, manifest: Manifest, check_signature: CheckSignature | None
) -> None:
    """Check the signatures of the rounds: as 0 the master seed's and the namings', then by slot."""
    rules = manifest.beacon
    if rules is None:
        return
    rounds = {
        0: [course.bound, *course.naming_rounds],
        **{one.j: [one.bound, one.hh_bound] for one in course.slots},
    }
    for j, bounds in rounds.items():
        pulses = revealed(bounds)
        if pulses and check_signature is None:
            check.open("beacon", "没有核对信标签名的程序", j)
        elif pulses and check_signature is not None:
            check.step("beacon", partial(check_pulses, rules.chain, pulses, check_signature), j)


def _slots(
    check: Checking, course: Course, manifest: Manifest, roster: FrozenRoster, seen: set[str]
) -> None:
    """Compute every drawn slot again; `seen` collects what may not come twice in a session."""
    taken: set[CadreNumber] = set()
    for slot in course.slots:
        if slot.drawn is None:
            return
        seed = slot.seed(course.seed())
        again = _draw_again(slot, seed, manifest, roster, taken)
        result = check.step("slot", again, slot.j)
        if result is not None:
            drawn = roster.by_cadre[result.cadre]
            check.step("households", _call_again(slot, seed, drawn, manifest.hh, seen), slot.j)
            _quiz(check, slot, seed, drawn, slot.j)
        # What was published, so that each slot is judged by itself.
        taken.add(CadreNumber(slot.drawn["cadre"]))


def _draw_again(
    slot: SlotCourse, seed: str, manifest: Manifest, roster: FrozenRoster, taken: set[CadreNumber]
) -> Callable[[], tuple[SlotResult, str]]:
    def run() -> tuple[SlotResult, str]:
        stratum = manifest.slots[slot.j - 1]
        result = draw_slot(seed, stratum, roster.cadres, excluded=manifest.excluded, taken=taken)
        published = {
            "j": slot.j,
            "stratum": result.stratum,
            "cadre": result.cadre,
            "ticket": result.ticket,
            "runners_up": [list(ticket) for ticket in result.runners_up],
            "eligible_n": result.eligible_n,
        }
        if slot.drawn != published:
            raise InvalidInput(f"与重新计算的结果不同，应抽出 {result.cadre}", place=TRANSCRIPT)
        return result, (
            f"{stratum} 层 {result.eligible_n} 人中抽出 {result.cadre}，签号 {result.ticket}"
        )

    return run


def _call_again(
    calling: Calling, seed: str, drawn: FrozenCadre, rules: HouseholdRules, seen: set[str]
) -> Callable[[], tuple[int, str]]:
    def run() -> tuple[int, str]:
        if calling.order is None:
            return 0, "没有访问联系户"
        order = household_order(calling.household_seed(seed, drawn.cadre), drawn.hh_n)
        if tuple(calling.order["order"]) != order:
            raise InvalidInput("联系户次序与重新计算的不同", place=TRANSCRIPT)
        positions = check_calls(order, calling.facts, rules, seen).values()
        completed = sum(position.final is FinalCode.COMPLETED for position in positions)
        target = rules.target
        enough = "" if completed >= target else "，数据不足，不作为依据"
        return completed, (
            f"{drawn.hh_n} 户中按次序开启 {len(positions)} 户，"
            f"完成 {completed} 户，目标 {target} 户{enough}"
        )

    return run


def _quiz(check: Checking, calling: Calling, seed: str, cadre: FrozenCadre, j: int) -> None:
    """Choose again what was asked about the households; nothing where nothing was."""
    asked = calling.quiz
    if asked is not None:
        seed = calling.quiz_seed(seed, cadre.cadre)
        check.step("quiz", lambda: check_quiz(asked, seed, cadre), j)


def _namings(
    check: Checking, course: Course, manifest: Manifest, roster: FrozenRoster, seen: set[str]
) -> None:
    """Check that whoever is named is in the roster, and call their households again."""
    if check.step("named", lambda: _named(course, roster)) is None:
        return
    for number, naming in enumerate(course.namings, start=1):
        cadre = roster.by_cadre[naming.named["cadre"]]
        seed = course.seed() if naming.order else ""
        check.step("named", _call_named(naming, seed, cadre, manifest.hh, seen), number)
        _quiz(check, naming, course.seed() if naming.quiz else "", cadre, 0)


def _named(course: Course, roster: FrozenRoster) -> tuple[int, str]:
    for one in course.namings:
        if one.named["cadre"] not in roster.by_cadre:
            raise InvalidInput(f"点名的干部 {one.named['cadre']} 不在名册中", place=TRANSCRIPT)
    return len(course.namings), f"点名 {len(course.namings)} 人，不计入抽取"


def _call_named(
    calling: Calling, seed: str, cadre: FrozenCadre, rules: HouseholdRules, seen: set[str]
) -> Callable[[], tuple[int, str]]:
    def run() -> tuple[int, str]:
        completed, detail = _call_again(calling, seed, cadre, rules, seen)()
        return completed, f"点名 {cadre.cadre}：{detail}"

    return run


def _end(check: Checking, course: Course, manifest: Manifest) -> None:
    match course.end:
        case None:
            check.open("close", "会议尚未收场")
        case end if end.type == "abort":
            check.step(
                "close", lambda: (True, f"第 {manifest.attempt} 次中止：{end.body['reason']}")
            )
        case _:
            done, planned = len(course.slots), len(manifest.slots)
            check.step("close", lambda: (True, f"收场，抽取 {done} 次，清单约定 {planned} 次"))
