import pytest

from evalsys.exchange.calls import Status
from evalsys.exchange.sip.causes import cause
from evalsys.exchange.sip.settings import TrunkError, trunk_settings


@pytest.mark.parametrize(
    ("reason", "status", "code"),
    [
        ("486 Busy Here", Status.BUSY, 486),
        ("600 Busy Everywhere", Status.BUSY, 600),
        ("603 Decline", Status.BUSY, 603),
        ("408 Request Timeout", Status.NO_ANSWER, 408),
        ("480 Temporarily Unavailable", Status.NO_ANSWER, 480),
        ("487 Request Terminated", Status.NO_ANSWER, 487),
        ("404 Not Found", Status.FAILED, 404),
        ("484 Address Incomplete", Status.FAILED, 484),
        ("604 Does Not Exist Anywhere", Status.FAILED, 604),
        ("403 Forbidden", Status.FAILED, 403),
        ("500 Server Internal Error", Status.FAILED, 500),
        ("503 Service Unavailable", Status.FAILED, 503),
        ("Connection refused [111]", Status.FAILED, 503),
        ("", Status.FAILED, 503),
        ("\uff14\uff10\uff14 Not Found", Status.FAILED, 503),
    ],
)
def test_each_cause_is_what_the_dispositions_need(reason: str, status: Status, code: int) -> None:
    assert cause(reason) == (status, code)


def test_an_ip_trunk_needs_an_address_and_nothing_else() -> None:
    trunk = trunk_settings("127.0.0.1")
    assert (trunk.host, trunk.port, trunk.transport) == ("127.0.0.1", 5060, "udp")
    assert (trunk.listen_host, trunk.listen_port, trunk.user) == ("127.0.0.1", 5060, "")


def test_a_digest_trunk_keeps_its_password_out_of_sight() -> None:
    trunk = trunk_settings(
        "sip:sbc.example:5080;transport=tcp",
        listen="10.0.0.5:5070",
        user="county",
        password="secret;word",
        registers=True,
    )
    assert (trunk.host, trunk.port, trunk.transport) == ("sbc.example", 5080, "tcp")
    assert (trunk.listen_host, trunk.listen_port) == ("10.0.0.5", 5070)
    assert "secret" not in repr(trunk)


@pytest.mark.parametrize(
    ("number", "dialled"),
    [
        ("+8613900000001", "13900000001"),
        ("+865392250000", "05392250000"),
        ("+8610000000000", "010000000000"),
        ("+12025550123", "+12025550123"),
    ],
)
def test_a_national_trunk_is_given_numbers_as_people_dial_them(number: str, dialled: str) -> None:
    assert trunk_settings("127.0.0.1", national=True).dialled(number) == dialled
    assert trunk_settings("127.0.0.1").dialled(number) == number


@pytest.mark.parametrize(
    ("address", "more"),
    [
        ("", {}),
        ("sip:", {}),
        ("sip:host;transport=tls", {}),
        ("sip:user@host", {}),
        ("host:99999", {}),
        ("host:0", {}),
        ("127.0.0.1", {"listen": "eth0"}),
        ("127.0.0.1", {"listen": "127.0.0.1:70000"}),
        ("127.0.0.1", {"user": "a b"}),
        ("127.0.0.1", {"user": "county", "password": 'quo"te'}),
        ("127.0.0.1", {"registers": True}),
    ],
)
def test_settings_that_cannot_be_used_are_refused_with_words(
    address: str, more: dict[str, object]
) -> None:
    with pytest.raises(TrunkError, match=r"[\u4e00-\u9fff]"):
        trunk_settings(address, **more)  # type: ignore[arg-type] # bad on purpose
