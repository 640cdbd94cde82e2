"""The transcript of the draw as a projection of the event log: the same record in public words."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from evalsys.domain.live import events as e
from evalsys.domain.live import events_ceremony as ec
from evalsys.domain.live.events_quiz import QuizSet
from evalsys.domain.live.state import FIRST_NAMING
from evalsys.domain.manifest import Manifest, parse_manifest
from evalsys.domain.transcript import MAX_CALL_S, Body, TranscriptEntry, write_transcript
from evalsys.ids import CadreNumber


def transcript_of(records: Iterable[e.Recorded]) -> bytes:
    """Write `transcript.jsonl` of a session; empty before the manifest is published.

    What the draw's protocol has no line for (presence, votes, verdicts, replies) is left out.
    """
    recorded = tuple(records)
    manifest = manifest_of(recorded)
    if manifest is None:
        return b""
    return write_transcript(_entries(recorded, manifest.attempt), manifest.prev_head)


def manifest_of(records: Iterable[e.Recorded]) -> Manifest | None:
    """Read the manifest that was published; None before."""
    published = next((r.event for r in records if isinstance(r.event, e.ManifestPublished)), None)
    return parse_manifest(published.manifest.encode()) if published else None


def makes_line(event: e.Event) -> bool:
    """Say whether an event stands in the transcript as a line of its own."""
    return _entry(event, CadreNumber(""), 1) is not None


def _entries(records: tuple[e.Recorded, ...], attempt: int) -> Iterator[TranscriptEntry]:
    signatures: dict[int, dict[str, str]] = defaultdict(dict)
    for record in records:
        if isinstance(record.event, ec.WitnessSigned):
            signed = record.event
            signatures[signed.line][signed.witness] = signed.signature
    cadre, line = CadreNumber(""), 0
    for record in records:
        if isinstance(record.event, e.CadreDrawn | e.CadreNamed):
            cadre = record.event.cadre
        found = _entry(record.event, cadre, attempt)
        if found is not None:
            kind, body = found
            yield TranscriptEntry(record.at, kind, body, signatures.get(line, {}))
            line += 1


def _entry(  # noqa: C901, PLR0911, PLR0912 - one arm an event, nothing else
    event: e.Event, cadre: CadreNumber, attempt: int
) -> tuple[str, Body] | None:
    match event:
        case e.ManifestPublished():
            return "manifest", {"sha256": event.sha256}
        case e.CeremonyOpened():
            return "open", {"rehearsal": event.rehearsal}
        case e.MasterDiceRolled():
            return "dice", {
                "purpose": "master",
                "digits": event.digits,
                "source": event.source.value,
            }
        case e.SlotDiceRolled():
            return "dice", {
                "purpose": "slot",
                "j": event.j,
                "digits": event.digits,
                "source": event.source.value,
            }
        case ec.RoundBound():
            return "bind", {
                "purpose": event.purpose.value,
                "j": _public_j(event.j),
                "round": event.round,
                "round_time": event.round_time,
            }
        case ec.BeaconRevealed():
            previous = {"previous_signature": event.previous} if event.previous else {}
            return "beacon", {
                "purpose": event.purpose.value,
                "j": _public_j(event.j),
                "round": event.round,
                "signature": event.signature,
                "randomness": event.randomness,
                **previous,
            }
        case e.CadreDrawn():
            return "slot", {
                "j": event.j,
                "stratum": event.stratum,
                "cadre": event.cadre,
                "ticket": event.ticket,
                "runners_up": [[r.cadre, r.ticket] for r in event.runners_up],
                "eligible_n": event.eligible,
            }
        case e.CadreNamed():
            return "named", {"cadre": event.cadre, "by": event.who, "reason": event.reason}
        case e.HouseholdOrderSet():
            j = _public_j(event.j)
            return "hh_order", {"j": j, "cadre": event.cadre, "order": list(event.order)}
        case e.PositionOpened():
            return "hh_open", {"cadre": cadre, "k": event.k}
        case e.ScoreCommitted():
            return "score", {"cadre": cadre, "k": event.k, "sha256": event.sha256}
        case e.CallEnded():
            return "call", {
                "cadre": cadre,
                "k": event.k,
                "attempt": event.attempt,
                # A carrier that refused the number gave the call no name: ours stands for it.
                "sid": event.sid or event.attempt_id,
                "status": event.status.value,
                "ring_s": min(event.ring_s, MAX_CALL_S),
                "talk_s": min(event.talk_s, MAX_CALL_S),
            }
        case e.PositionFinished():
            return "hh_final", {"cadre": cadre, "k": event.k, "code": event.code.value}
        case QuizSet(salt=salt) if salt:
            return "quiz", _quiz(event, cadre)
        case e.SessionAborted():
            return "abort", {"reason": event.reason.value, "attempt": attempt}
        case e.SessionClosed():
            return "close", {"slots": event.slots}
        case _:
            return None


def _quiz(event: QuizSet, cadre: CadreNumber) -> Body:
    items = sorted((k, one.field) for one in event.offered for k in one.positions)
    return {
        "cadre": cadre,
        "salt": event.salt,
        "homes": list(event.homes),
        "items": [list(pair) for pair in items],
        "withdrawn": [[one.k, one.field] for one in event.withdrawn],
        "asked": [[one.k, one.field] for one in event.asked],
    }


def _public_j(j: int) -> int:
    """Number of the slot; 0 for a naming, which is none."""
    return j if j < FIRST_NAMING else 0
