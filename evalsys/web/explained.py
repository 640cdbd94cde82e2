"""What a draw proves and what not, in plain words, with the session's own numbers to compute."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request

from evalsys.domain.manifest import Manifest, parse_manifest
from evalsys.domain.transcript import Transcript, parse_transcript
from evalsys.domain.verify_order import Course, SlotCourse, follow
from evalsys.domain.worked import EXAMPLE, worked_lines
from evalsys.errors import InvalidInput
from evalsys.ids import LiveId
from evalsys.web.guards import public
from evalsys.web.rooms import rooms

blueprint = Blueprint("explained", __name__)


@dataclass(frozen=True, slots=True)
class _Told:
    """A session as its public record tells it."""

    manifest: Manifest
    transcript: Transcript
    course: Course

    @property
    def newest(self) -> SlotCourse | None:
        """The slot drawn last."""
        return next((slot for slot in reversed(self.course.slots) if slot.drawn), None)


@blueprint.get("/verify/explained")
@public
def page() -> str:
    """Explain a draw; with `?live=` by that session's newest slot, else by an example."""
    live = request.args.get("live", "")
    told = _told(LiveId(live)) if live else None
    newest = told.newest if told else None
    course, slot = (told.course, newest) if told and newest else (EXAMPLE, EXAMPLE.slots[0])
    return render_template(
        "verify/explained.html",
        live=live,
        told=told,
        is_example=newest is None,
        slot=slot,
        lines=worked_lines(course, slot),
    )


def _told(live: LiveId) -> _Told | None:
    """Read a session's public record; None before its manifest, or when it cannot be read."""
    state = rooms().live.state(live)
    if not state.manifest:
        return None
    try:
        manifest = parse_manifest(state.manifest.encode())
        transcript = parse_transcript(rooms().heads.transcript(live), manifest.prev_head)
        return _Told(manifest, transcript, follow(transcript, manifest, state.manifest_sha256))
    except InvalidInput:
        return None  # the verifiers say what is wrong; this page then takes its example
