"""Addresses of routes: how one is put together is worked out when a page first links to it."""

from collections.abc import Callable

from typing_extensions import override
from werkzeug.routing import Rule

_Build = Callable[..., tuple[str, str]]


class Address(Rule):
    """A route's rule; werkzeug writes a function for each of hundreds, half of a start's work."""

    @override
    def _compile_builder(self, append_unknown: bool = True) -> _Build:
        compile_now = super()._compile_builder

        def build(rule: Rule, **values: object) -> tuple[str, str]:
            built: _Build = compile_now(append_unknown).__get__(rule, None)
            setattr(rule, "_build_unknown" if append_unknown else "_build", built)
            return built(**values)

        return build
