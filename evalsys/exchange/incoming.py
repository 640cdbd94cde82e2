"""Short messages that come in: the application is told of each, and answers in TwiML."""

import logging
from collections.abc import Callable
from datetime import datetime
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from flask import Blueprint, Response, jsonify, request
from gevent import sleep, spawn

from evalsys.exchange.forms import message_text
from evalsys.exchange.message import Message, MessageStatus, incoming_params
from evalsys.exchange.message_store import MessageStore
from evalsys.exchange.postbox import Postbox
from evalsys.exchange.shapes import message_json
from evalsys.exchange.webhooks import Unreachable, Webhooks
from evalsys.exchange.wire import Refusal, called_number, calling_number, new_sid

_PAUSES_SECONDS = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Between tries to reach an application that is away; it may be starting again just now."""
_NOT_CONFIGURED = 21612

_log = logging.getLogger(__name__)


class Incoming:
    """Messages from handsets to the numbers of the application."""

    def __init__(  # noqa: PLR0913 - the parts of the machine that messages touch
        self,
        store: MessageStore,
        postbox: Postbox,
        webhooks: Webhooks,
        *,
        account: str,
        url: str,
        now: Callable[[], datetime],
        new_message_sid: Callable[[], str],
    ) -> None:
        """Tell the application at `url` of each message; its answers leave by `postbox`."""
        self._store = store
        self._postbox = postbox
        self._webhooks = webhooks
        self._account = account
        self._url = url
        self._now = now
        self._new_sid = new_message_sid

    @property
    def is_open(self) -> bool:
        """Whether an application takes messages."""
        return bool(self._url)

    def add_to(self, routes: Blueprint) -> None:
        """Add the exchange's own door, by which a test writes as a household would."""
        routes.add_url_rule("/IncomingMessages.json", view_func=self.create, methods=["POST"])

    def create(self) -> tuple[Response, int]:
        """Take a message from `From` to `To`."""
        if not self._url:
            raise Refusal(_NOT_CONFIGURED, "Nobody takes messages: give --inbound-message-url")
        form = request.form
        message = self.receive(
            calling_number(form.get("From", "")),
            called_number(form.get("To", "")),
            message_text(form),
        )
        return jsonify(message_json(self._account, message)), 201

    def receive(self, sender: str, to: str, text: str) -> Message:
        """Keep a message that came in, and tell the application."""
        now = self._now()
        message = Message(
            self._new_sid(), to, sender, text, now, now, MessageStatus.RECEIVED, sent_at=now
        )
        self._store.save(message, [])
        spawn(self._tell, message)
        return message

    def _tell(self, message: Message) -> None:
        for text in self._answers(message):
            self._postbox.send(message.sender, message.to, text, None)

    def _answers(self, message: Message) -> tuple[str, ...]:
        """Ask the application, patiently, what to answer; a refusal or nonsense is no answer."""
        params, token = incoming_params(self._account, message), new_sid("IT")
        for pause in (*_PAUSES_SECONDS, 0.0):
            try:
                reply = self._webhooks.send("POST", self._url, params, token)
            except Unreachable as problem:
                _log.warning("11200 message %s: %s", message.sid, problem)
                sleep(pause)
                continue
            if reply.status >= 500:
                _log.warning("11200 message %s: HTTP %d", message.sid, reply.status)
                sleep(pause)
                continue
            if reply.status >= 300:
                _log.error("11200 message %s: HTTP %d", message.sid, reply.status)
                return ()
            return _read(message.sid, reply.body)
        return ()


def _read(sid: str, document: bytes) -> tuple[str, ...]:
    """Return the words of each <Message> of a document."""
    if not document.strip():
        return ()
    try:
        root = fromstring(document)
    except (ParseError, DefusedXmlException, ValueError):
        _log.error("12100 message %s: the answer is no TwiML", sid)
        return ()
    if root.tag != "Response" or any(verb.tag != "Message" for verb in root):
        _log.error("12200 message %s: only <Message> is known in an answer", sid)
        return ()
    return tuple(filter(None, (_words(verb) for verb in root)))


def _words(verb: Element) -> str:
    body = verb.find("Body")
    return "".join((verb if body is None else body).itertext()).strip()
