"""Twilio's REST API: short messages."""

from http import HTTPStatus

from flask import Blueprint, Response, jsonify, request

from evalsys.exchange.forms import listing, message_text, page_of, span, target
from evalsys.exchange.message import Message, MessageStatus
from evalsys.exchange.message_store import MessageFilter, MessageStore
from evalsys.exchange.postbox import Postbox
from evalsys.exchange.shapes import message_json
from evalsys.exchange.wire import Refusal, called_number, not_found

_LONGEST_SENDER = 34


class MessageApi:
    """Messages of one account."""

    def __init__(self, postbox: Postbox, store: MessageStore, *, account: str) -> None:
        """Send by `postbox`, show what is in `store`."""
        self._postbox = postbox
        self._store = store
        self._account = account

    def add_to(self, routes: Blueprint) -> None:
        """Add the routes."""
        add = routes.add_url_rule
        add("/Messages.json", view_func=self.create_message, methods=["POST"])
        add("/Messages.json", view_func=self.list_messages)
        add("/Messages/<sid>.json", view_func=self.fetch_message)
        add("/Messages/<sid>.json", view_func=self.delete_message, methods=["DELETE"])

    def create_message(self) -> tuple[Response, HTTPStatus]:
        """Take a message."""
        form = request.form
        if not form.get("To"):
            raise Refusal(21604, "A 'To' phone number is required")
        sender = form.get("From") or form.get("MessagingServiceSid", "")
        if not sender or len(sender) > _LONGEST_SENDER:
            raise Refusal(21603, "A 'From' phone number is required")
        message = self._postbox.send(
            called_number(form["To"]),
            sender,
            message_text(form),
            target(form, "StatusCallback", "StatusCallbackMethod", 21609),
        )
        return jsonify(message_json(self._account, message)), HTTPStatus.CREATED

    def list_messages(self) -> Response:
        """List messages, the newest first, as the query filters them."""
        query = request.args
        wanted = MessageFilter(query.get("To", ""), query.get("From", ""), span(query, "DateSent"))
        page, size = page_of(query)
        found = self._store.messages(wanted, page, size)
        items = [message_json(self._account, each) for each in found]
        return listing(self._account, "messages", items, page, size)

    def fetch_message(self, sid: str) -> Response:
        """Show one message."""
        return jsonify(message_json(self._account, self._message(sid)))

    def delete_message(self, sid: str) -> tuple[str, HTTPStatus]:
        """Erase a message that is no longer on its way."""
        if self._message(sid).status in {MessageStatus.QUEUED, MessageStatus.SENT}:
            raise Refusal(20409, "A message on its way cannot be deleted", 409)
        self._store.delete(sid)
        return "", HTTPStatus.NO_CONTENT

    def _message(self, sid: str) -> Message:
        found = self._store.message(sid)
        if found is None:
            raise not_found(request.path)
        return found
