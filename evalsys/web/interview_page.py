"""The interview on a page, for whoever opens the link of a short message."""

import re

from flask import Blueprint, Response, render_template, request

from evalsys.domain.interview import Ask, Ending, Farewell, Topic
from evalsys.errors import NotFound
from evalsys.services.calls import Speech
from evalsys.web.guards import public
from evalsys.web.polls import vote_word
from evalsys.web.rooms import rooms

blueprint = Blueprint("interview_page", __name__, url_prefix="/i")

_LONGEST_ANSWER = 2000
_LONGEST_TOKEN = 64
_QUOTED = re.compile("“[^”]*”")
_OFFERED = re.compile(r"([^，。；：？！]{1,12})，请按([0-9*#])(?=[；。])")


@blueprint.after_request
def never_keep(response: Response) -> Response:
    """Keep no answer in any cache."""
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/<token>")
@public
def show(token: str) -> str:
    """Ask what is open."""
    return _page(rooms().campaign.links.open(_checked(token)))


@blueprint.post("/<token>")
@public
def answer(token: str) -> str:
    """Take an answer, and ask on."""
    form = request.form
    tries = form.get("tries", "")
    if not (tries.isascii() and tries.isdigit() and len(tries) <= 2):
        raise NotFound("没有这一问。", remedy="请重新打开短信中的链接。")
    text = form.get("answer", "")[:_LONGEST_ANSWER]
    said = rooms().campaign.links.answer(_checked(token), form.get("topic", ""), int(tries), text)
    return _page(said)


def _checked(token: str) -> str:
    if len(token) > _LONGEST_TOKEN:
        raise NotFound("这个链接不能用了。")
    return token


def _offered(text: str) -> dict[str, str]:
    """Return what each key means in the words of the question: `走访过，请按1`."""
    return {key: words for words, key in _OFFERED.findall(_QUOTED.sub("", text))}


def _page(speech: Speech) -> str:
    asks = speech.step if isinstance(speech.step, Ask) else None
    question = speech.script.question(asks.topic) if asks else None
    keys = tuple(question.keys) if question else ()
    labels = _offered(speech.text)
    if question and question.topic.is_vote:
        labels = {
            key: vote_word(question.topic, answer, speech.options)
            for key, answer in question.keys.items()
        }
    return render_template(
        "campaigns/interview.html",
        text=speech.text,
        asks=asks,
        is_done=speech.step == Farewell(Ending.THANKS),
        keys=keys,
        labels=labels,
        is_poll=speech.script.name.startswith("poll-"),
        is_pin=asks is not None and asks.topic is Topic.PIN,
        is_comment=asks is not None and asks.topic is Topic.COMMENT,
        pin_digits=speech.script.pin_digits,
        ways_out=[key for key in (speech.script.not_free_key, speech.script.never_key) if key],
    )
