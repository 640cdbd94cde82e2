"""Addresses that are worked out when they are first asked for are those of werkzeug."""

from werkzeug.routing import Map, Rule

from evalsys.web.addresses import Address

_RULES: tuple[tuple[str, str, dict[str, object]], ...] = (
    ("/", "home", {}),
    ("/live/<live>/view.json", "view", {}),
    ("/watch/<live>/<int:n>", "part", {}),
    ("/list/", "first", {"page": 1}),
    ("/list/<int:page>", "first", {}),
)
_ASKED: tuple[tuple[str, dict[str, object]], ...] = (
    ("home", {}),
    ("home", {"a": "甲 b", "c": ["1", "2"]}),
    ("view", {"live": "石桥/镇"}),
    ("part", {"live": "x", "n": 7, "more": "?"}),
    ("first", {"page": 1}),
    ("first", {"page": 3}),
)


def test_every_address_is_the_same() -> None:
    def built(kind: type[Rule]) -> list[str]:
        rules = [kind(path, endpoint=name, defaults=usual) for path, name, usual in _RULES]
        bound = Map(rules).bind("evalsys.example")
        return [bound.build(name, values) for name, values in _ASKED * 2]

    assert built(Address) == built(Rule)
