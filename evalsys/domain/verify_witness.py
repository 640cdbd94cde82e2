"""The signatures of witnesses on a transcript: whose they are, and whether they suffice."""

from evalsys.domain.manifest import Manifest
from evalsys.domain.transcript import Transcript
from evalsys.domain.witness_keys import WITNESSED, CheckWitness, is_settled, signature_problem
from evalsys.errors import InvalidInput


def check_witnesses(
    transcript: Transcript, manifest: Manifest, check_witness: CheckWitness
) -> tuple[bool, str]:
    """Check every signature; say whether the last line may still be waiting, and the step's detail.

    Raises InvalidInput at the first line with a stranger's or a wrong signature, and at the
    first dice or bind line that too few signed while another line than an abort follows it:
    whoever lost the witnesses must be able to give the attempt up, and nothing comes of the line.
    """
    keys = {one.id: one.key for one in manifest.witness_keys}
    signed = {line.number: line for line in transcript.signed}
    last = len(transcript.entries)
    needed, waits = 0, False
    for number, entry in enumerate(transcript.entries, start=1):
        line = signed.get(number)
        if line and (problem := signature_problem(line, keys, check_witness)):
            raise InvalidInput(problem, place=f"transcript.jsonl:{number}")
        if entry.type not in WITNESSED or _is_given_up(transcript, number):
            continue
        needed += 1
        if len(entry.sigs) >= manifest.majority:
            continue
        waits = not is_settled(entry.type, len(keys), is_last=number == last)
        if not waits:
            raise InvalidInput(
                f"骰子与绑定须有过半见证人签名，至少 {manifest.majority} 个，"
                f"只有 {len(entry.sigs)} 个",
                place=f"transcript.jsonl:{number}",
            )
    count = sum(len(line.sigs) for line in transcript.signed)
    if waits:
        return True, f"最后一行还在等待见证人签名：{last} 行"
    return False, (
        f"{len(keys)} 名见证人，{len(signed)} 行共 {count} 个签名；"
        f"{needed} 行骰子与绑定均有过半见证人签名"
    )


def _is_given_up(transcript: Transcript, number: int) -> bool:
    """Whether line `number` (from 1) is followed by an abort alone."""
    return [entry.type for entry in transcript.entries[number:]] == ["abort"]
