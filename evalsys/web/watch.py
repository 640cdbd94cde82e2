"""The watch page 收看页: files for everybody at home, which a web server hands out by itself (Y50).

A page, the newest picture, the last steps and the proof lie in a folder. They are written after
each event that viewers may see; nginx serves them to hundreds of thousands and goes on when this
program is dead. Without nginx this application hands out the same files.
"""

import json
import logging
from collections.abc import Mapping
from threading import Event, Lock
from time import monotonic

from flask import Blueprint, Flask, current_app, render_template, send_from_directory, url_for
from werkzeug.wrappers import Response

from evalsys.domain.live.tail import tail_of
from evalsys.domain.live.words import Output
from evalsys.errors import NotFound
from evalsys.ids import LiveId
from evalsys.later import AFTERWARDS_S
from evalsys.services.aired import Shown
from evalsys.services.rooms import Rooms
from evalsys.store.public_folder import PublicFolder
from evalsys.web.guards import public
from evalsys.web.live_words import live_words
from evalsys.web.watch_words import watch_words
from evalsys.web.words import LANGUAGES, language

blueprint = Blueprint("watch", __name__)

PAGES = {"zh": "index.html", "en": "en.html"}
PLAIN = {"zh": "plain.html", "en": "plain-en.html"}
"""The same without scripts."""
_FOLDER = "evalsys_watch_folder"
DUE_EVERY_S = 0.5
"""How late, beyond its delay, something may come to the watch page."""
_UNWRITTEN = -1
"""In place of how far a page has come, when it could not be written."""
_log = logging.getLogger(__name__)


@blueprint.get("/watch/<live>/")
@public
def page(live: str) -> Response:
    """Hand out the watch page of a session in the visitor's language; nginx does the same."""
    answer = part(live, PAGES[language()])
    answer.vary.add("Cookie")
    return answer


@blueprint.get("/watch/<live>/<name>")
@public
def part(live: str, name: str) -> Response:
    """Hand out one file beside it."""
    folder: PublicFolder = current_app.extensions[_FOLDER]
    if "." in {live[:1], name[:1]} or not (folder.root / live / name).is_file():
        raise NotFound("收看页没有这个文件。", remedy="请从首页的会议列表进入。")
    answer = send_from_directory(folder.root / live, name, max_age=1, etag=True)
    answer.headers["Cache-Control"] = "max-age=1"
    return answer


class WatchPages:
    """Writes the files of each session; what cannot be written is logged and never stops a show."""

    def __init__(self, app: Flask, rooms: Rooms, folder: PublicFolder, public_url: str) -> None:
        """Write into `folder` pages whose links lead to `public_url`."""
        self._app = app
        self._rooms = rooms
        self._folder = folder
        self._public_url = public_url
        self._paged: set[LiveId] = set()
        self._proved: dict[LiveId, object] = {}
        self._writing = Lock()
        self._words: dict[str, Mapping[str, str]] = {}
        self._serves = False
        self._late: dict[LiveId, int] = {}
        """Sessions of which something waits in the delay, and how far their pages have come."""
        self._grown: set[LiveId] = set()
        self._has_grown = Event()
        app.extensions[_FOLDER] = folder

    def run(self, stop: Event) -> None:
        """Write every session anew, then each whose record grew, until `stop`.

        What was written before this program started is whole. It waits for the screens of the
        hall, which find the server again meanwhile; a session without a page does not.
        """
        self._serves = True
        begins_at = monotonic() + AFTERWARDS_S
        while (left_s := begins_at - monotonic()) > 0:
            self._has_grown.wait(left_s)
            self._has_grown.clear()
            for live in tuple(filter(self._is_new, self._grown)):
                self._grown.discard(live)
                self._publish_grown(live)
        self.publish_all()
        while not stop.is_set():
            self._has_grown.wait()
            self._has_grown.clear()
            while self._grown:
                self._publish_grown(self._grown.pop())

    def _is_new(self, live: LiveId) -> bool:
        return live in self._paged or not (self._folder.root / live).exists()

    def publish_soon(self, live: LiveId) -> None:
        """Have the files of a session written next: no step of a show waits for the disk."""
        self._grown.add(live)
        self._has_grown.set()

    def _publish_grown(self, live: LiveId) -> None:
        try:
            self.publish(live)
        except Exception:  # noqa: BLE001 - whatever it was, the next one must be written
            _log.exception("the watch page of session %s was not written", live)

    def publish_all(self) -> None:
        """Write every session anew; once, when the program starts to serve."""
        self._serves = True
        try:
            self._folder.write("offline.html", self._render("watch/offline.html", "zh").encode())
        except OSError as error:
            _log.critical("the watch pages cannot be written: %s", error)
        for session in self._rooms.live.sessions():
            self.publish(session.id)

    def publish_due(self) -> None:
        """Write what came out of the delay since the last look; call it every moment."""
        for live, shown in tuple(self._late.items()):
            if self._rooms.aired.state(live).version != shown:
                self.publish(live)

    def publish(self, live: LiveId) -> None:
        """Write the picture of a session that the web may see now; `publish_all` comes first."""
        if not self._serves:
            return  # a command that records something: whoever serves follows, and writes
        try:
            with self._writing:  # or an older picture could be written over a newer one
                self._publish(live, self._rooms.screens.aired(live))
        except OSError as error:
            if self._late.get(live) != _UNWRITTEN:
                _log.critical("the watch page of session %s cannot be written: %s", live, error)
            self._late[live] = _UNWRITTEN  # looked at again: there may be room on the disk by then

    def _publish(self, live: LiveId, view: Mapping[str, object]) -> None:
        if live not in self._paged:
            for spoken, name in PAGES.items():
                text = self._render("watch/page.html", spoken, live=live, view=view)
                self._folder.write(f"{live}/{name}", text.encode())
            self._paged.add(live)
        for spoken, name in PLAIN.items():
            text = self._render("watch/plain.html", spoken, live=live, view=view)
            self._folder.write(f"{live}/{name}", text.encode())
        is_late = self._note_delay(live)
        shown = self._rooms.aired.shown(live)
        self._write_json(live, "events.json", tail_of(shown.told))
        self._prove(live, view, shown, is_late=is_late)
        # Last: whoever sees the new picture finds everything beside it.
        self._write_json(live, "state.json", view)

    def _note_delay(self, live: LiveId) -> bool:
        present = self._rooms.live.state(live)
        shown = self._rooms.aired.of(live, present).version
        is_late = shown < present.version
        if is_late:
            self._late[live] = shown
        else:
            self._late.pop(live, None)
        return is_late

    def _prove(
        self,
        live: LiveId,
        view: Mapping[str, object],
        shown: Shown,
        *,
        is_late: bool,
    ) -> None:
        """Write the proof as far as it is signed and shown: it grows with each tree head."""
        moves = is_late or bool(view["agenda"])
        head = view["seq"] if moves else view["tree_head"], view["manifest_sha256"]
        if not view["manifest_sha256"] or self._proved.get(live) == head:
            return
        files = self._rooms.show.bundle(live, shown.provable)
        for name, data in files.items():
            self._folder.write(f"{live}/{name}", data)
        if view["agenda"]:  # an order of issues is no transcript: there is nothing to sign
            self._proved[live] = head
            return
        lines = self._rooms.heads.lines(shown.provable, shown.covered)
        heads = self._rooms.heads.published(live).up_to(lines, is_late=is_late)
        self._write_json(live, "heads.json", heads.to_json())
        self._proved[live] = head

    def _write_json(self, live: LiveId, name: str, value: object) -> None:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        self._folder.write(f"{live}/{name}", text.encode())

    def _render(self, template: str, spoken: str, **values: object) -> str:
        with self._app.test_request_context(f"/?lang={spoken}", base_url=self._public_url):
            return render_template(
                template,
                words=self._words_in(spoken) if values else {},
                config_block={"zone_name": self._rooms.zone.key, "output": Output.WATCH},
                signer=self._rooms.heads.key_id[:8],
                pages=PAGES,
                plain=PLAIN[spoken],
                languages=LANGUAGES,
                **values,
            )

    def _words_in(self, spoken: str) -> Mapping[str, str]:
        """Give the words of the pages; asked of the catalogue once a language, in its request."""
        if spoken not in self._words:
            self._words[spoken] = {**live_words(), **watch_words()}
        return self._words[spoken]


def watch_address(live: LiveId) -> str:
    """The address of a session's watch page, for links and QR codes."""
    return url_for("watch.page", live=live, _external=True)
