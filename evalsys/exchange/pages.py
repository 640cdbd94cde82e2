"""The exchange's own pages: what it is, how it is, and the handset."""

import re
from collections.abc import Callable

from flask import Blueprint, Response, jsonify, render_template, request
from werkzeug.exceptions import BadRequest, NotFound, ServiceUnavailable

from evalsys.exchange.handsets import Handset, Handsets
from evalsys.exchange.households import Directory
from evalsys.exchange.message_box import MessageBox
from evalsys.exchange.sip.trunk import Trunk
from evalsys.exchange.sounds import WAVE_TYPE, Sounds
from evalsys.exchange.store import Store
from evalsys.exchange.switchboard import Switchboard
from evalsys.exchange.verbs import KEYS
from evalsys.exchange.voice import Voice

_WAIT_SECONDS = 20.0
_LONGEST_COMMENT = 500
_LONGEST_PIECE = 16000
_SECURITY = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
        " connect-src 'self'; base-uri 'none'; form-action 'self';"
        " frame-ancestors 'none'"
    ),
    "Permissions-Policy": "microphone=(self)",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
_STATUSES = {
    "queued": "等待拨出",
    "ringing": "正在振铃",
    "in-progress": "正在通话",
    "completed": "通话完成",
    "busy": "占线或拒接",
    "no-answer": "无人接听",
    "failed": "未能接通",
    "canceled": "已取消",
}


class Pages:
    """The pages, as a Flask blueprint."""

    def __init__(  # noqa: PLR0913 - the parts of the machine that have something to show
        self,
        switchboard: Switchboard,
        store: Store,
        handsets: Handsets,
        directory: Directory,
        sounds: Sounds,
        *,
        voice: Voice,
        box: MessageBox,
        trunk: Trunk | None,
    ) -> None:
        """Show this switchboard, and connect handsets to it; prompts are said by `voice`."""
        self._switchboard = switchboard
        self._store = store
        self._handsets = handsets
        self._directory = directory
        self._sounds = sounds
        self._voice = voice
        self._box = box
        self._trunk = trunk

    def blueprint(self) -> Blueprint:
        """Return the routes."""
        routes = Blueprint("pages", __name__)
        routes.after_request(_secure)
        add = routes.add_url_rule
        add("/", view_func=self.index)
        add("/health", view_func=self.health)
        add("/handset", view_func=self.handset)
        add("/handset/register", view_func=self.register, methods=["POST"])
        add("/handset/wait", view_func=self.wait, methods=["POST"])
        add("/handset/act", view_func=self.act, methods=["POST"])
        add("/handset/comment", view_func=self.comment, methods=["POST"])
        add("/handset/sound", view_func=self.sound, methods=["POST"])
        add("/handset/say", view_func=self.say, methods=["POST"])
        add("/handset/hear", view_func=self.hear, methods=["POST"])
        add("/handset/messages", view_func=self.messages, methods=["POST"])
        add("/handset/write", view_func=self.write, methods=["POST"])
        return routes

    def index(self) -> str:
        """Say what this is and how many calls it has seen."""
        counts = self._store.count_by_status()
        owed, lost = self._store.count_callbacks()
        return render_template(
            "index.html",
            counts=[(status, counts.get(status, 0)) for status in _STATUSES],
            words=_STATUSES,
            total=sum(counts.values()),
            in_progress=self._switchboard.calls_in_progress,
            owed=owed,
            lost=lost,
            handsets=len(self._handsets),
        )

    def health(self) -> Response:
        """Say that the exchange works, for launchers and monitors."""
        owed, lost = self._store.count_callbacks()
        return jsonify(
            status="ok",
            calls_in_progress=self._switchboard.calls_in_progress,
            callbacks_owed=owed,
            callbacks_lost=lost,
            handsets=len(self._handsets),
            voice=self._voice.can_synthesise,
            sip=self._trunk.as_json() if self._trunk is not None else None,
        )

    def handset(self) -> str:
        """Show the handset."""
        return render_template(
            "handset.html",
            # `?number=+86…` is how people write it, though a plus in a query means a space.
            number=re.sub(r"^ (?=[0-9])", "+", request.args.get("number", "")),
            any_call="any" in request.args,
            households=self._directory.sample(),
        )

    def register(self) -> Response:
        """Let a page hold a number, or take any call."""
        raw = str(_body().get("number", ""))
        number = _dialable(raw) if raw else ""
        handset = self._handsets.register(number)
        if handset is None:
            raise ServiceUnavailable
        return jsonify(token=handset.token, number=number)

    def wait(self) -> Response:
        """Answer with what the page should show, as soon as it is news."""
        known = _body().get("version", 0)
        handset = self._held()
        return jsonify(handset.wait(known if isinstance(known, int) else 0, _WAIT_SECONDS))

    def act(self) -> Response:
        """Do what the person did: answer, press a key, hang up, put the handset away."""
        body, handset = _body(), self._held()
        line = handset.line
        actions: dict[str, Callable[[], None]] = {
            "leave": lambda: self._handsets.release(handset),
            "away": handset.put_away,
            "call_back": lambda: self._handsets.call_back(handset),
        }
        if line is not None:
            key, prompt = body.get("key"), body.get("prompt")
            actions |= {"answer": line.answer, "hang_up": line.hang_up}
            if isinstance(key, str) and len(key) == 1 and key in KEYS:
                actions["press"] = lambda: line.press(key)
            if isinstance(prompt, int):
                actions["heard"] = lambda: line.heard(prompt)
        action = actions.get(str(body.get("do")))
        if action is None:
            raise BadRequest
        action()
        return jsonify(ok=True)

    def comment(self) -> Response:
        """Take a comment: a WAV, typed words, or both; then hang up if the person did."""
        line = self._held().line
        if line is None:
            raise BadRequest
        sound = request.files.get("sound")
        words = " ".join(request.form.get("words", "").split())[:_LONGEST_COMMENT]
        line.comment(words, sound.read() if sound else b"")
        if "hang_up" in request.form:
            line.hang_up()
        return jsonify(ok=True)

    def sound(self) -> Response:
        """Give the sound of a prompt: our voice saying its words, or what the application plays.

        None is no failure: the page then has its own voice, or lets its words be read.
        """
        line, number = self._held().line, _body().get("prompt")
        prompts = [] if line is None else line.view.prompts
        prompt = next((each for each in prompts if each.number == number), None)
        if prompt is None:
            raise NotFound
        if prompt.sound_url:
            reply = self._sounds.fetch(prompt.sound_url)
            if reply is not None:
                return Response(reply.body, content_type=reply.content_type)
        clip = self._voice.clip(prompt.text, prompt.language)
        return (
            Response(status=204)
            if clip is None
            else Response(clip.read_bytes(), 200, content_type=WAVE_TYPE)
        )

    def say(self) -> Response:
        """Take what the microphone heard, and let the others in company hear it."""
        line = self._held().line
        if line is not None:
            line.say(request.get_data()[:_LONGEST_PIECE])
        return Response(status=204)

    def hear(self) -> Response:
        """Send what the others say, for as long as the person is in company."""
        line = self._held().line
        if line is None:
            raise NotFound
        # A proxy that gathers the answer before it passes it on would make silence of it.
        return Response(
            line.hearing(),
            content_type="application/octet-stream",
            headers={"X-Accel-Buffering": "no"},
        )

    def messages(self) -> Response:
        """Give the short messages of the numbers that the page holds, or was called as."""
        numbers = self._held().mail_numbers
        return jsonify(
            numbers=numbers, messages=self._box.shown(numbers), may_write=self._box.may_write
        )

    def write(self) -> Response:
        """Take a short message that the person wrote."""
        body, handset = _body(), self._held()
        number, text = str(body.get("as", "")), str(body.get("text", "")).strip()
        to = _dialable(str(body.get("to", "")))
        is_ours = number.startswith("+") and number in handset.mail_numbers
        if not (is_ours and text and self._box.may_write):
            raise BadRequest
        self._box.write(number, to, text[:_LONGEST_COMMENT])
        self._handsets.mail(number)
        return jsonify(ok=True)

    def _held(self) -> Handset:
        shown = request.authorization
        token = (shown.token if shown and shown.type == "bearer" else None) or ""
        handset = self._handsets.held_with(token)
        if handset is None:
            raise NotFound
        return handset


def _body() -> dict[str, object]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise BadRequest
    return body


def _dialable(raw: str) -> str:
    """Return what a person typed as an E.164 number; eleven digits are a number of this country."""
    digits = re.sub(r"[\s()\-]", "", raw)
    if re.fullmatch(r"1[0-9]{10}", digits):
        return f"+86{digits}"
    if re.fullmatch(r"\+[1-9][0-9]{6,14}|client:[A-Za-z0-9_.@-]{1,120}", digits):
        return digits
    raise BadRequest


def _secure(response: Response) -> Response:
    response.headers.extend(_SECURITY)
    return response
