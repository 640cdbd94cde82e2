"""Every deed that goes to the audit log has a name that people read."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from flask_babel import Babel

import evalsys
from evalsys.domain.campaign.plan import State
from evalsys.domain.casework import events
from evalsys.domain.flags import FlagDecision
from evalsys.domain.ruling import Ruling
from evalsys.web.audit_words import action_words

_CODE = re.compile(r"[a-z_]+(\.[a-z_]+)+")
_RECORDERS = ("record", "_audit", "_note", "_step")


def _written() -> Iterator[str]:
    """Find the codes in calls that write to the log."""
    floors = [Path(evalsys.__file__).parent / name for name in ("services", "store", "cli", "web")]
    trees = (ast.parse(path.read_text("utf-8")) for each in floors for path in each.rglob("*.py"))
    calls = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call))
    for call in calls:
        if ast.unparse(call.func).rpartition(".")[2] in _RECORDERS:
            yield from (
                given.value
                for given in call.args
                if isinstance(given, ast.Constant) and isinstance(given.value, str)
            )


def _made_of_words() -> Iterator[str]:
    """Make the codes that end with a word of a closed set."""
    for word in (one for one in Ruling if one is not Ruling.PROPOSED):
        yield from (f"{room}.{word}" for room in ("grid.change", "grid.head"))
        if word is not Ruling.DONE:
            yield from (f"{room}.{word}" for room in ("links.handover", "links.term"))
    yield from (f"campaign.{state}" for state in State)
    yield from (f"flag.{decision}" for decision in FlagDecision)
    yield from (f"casework.{kind}" for kind in events._KIND_OF.values())


def test_every_recorded_action_has_a_name_in_the_log() -> None:
    codes = {code for code in (*_written(), *_made_of_words()) if _CODE.fullmatch(code)}
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context():
        names = action_words()
    assert len(codes) > 150
    assert codes - set(names) == set()
    assert len(set(names.values())) == len(names)
