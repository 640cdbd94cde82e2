"""Signed papers: one changed byte is found, and only the county's own authority counts."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from evalsys.cli import sign
from evalsys.clock import utc_now
from evalsys.errors import InvalidInput
from evalsys.exports.pdf import Value, render
from evalsys.exports.signature import Authority, check_paper, new_authority, sign_paper

ORGAN = "中共沂水县委组织部"


@pytest.fixture(scope="module")
def authority() -> Authority:
    return new_authority("沂水县", ORGAN, utc_now())


@pytest.fixture(scope="module")
def paper() -> bytes:
    values: dict[str, Value] = {"title": "通知", "parts": [{"kind": "paragraph", "text": "正文"}]}
    return render("paper", values, dated=date(2026, 11, 26))


@pytest.fixture(scope="module")
def signed(paper: bytes, authority: Authority) -> bytes:
    return sign_paper(paper, authority.identity, reason="印发")


def test_a_signed_paper_holds_and_says_who_signed(
    paper: bytes, signed: bytes, authority: Authority
) -> None:
    found = check_paper(signed, authority.certificate)
    assert (found.signer, found.faults) == (ORGAN, ())
    assert found.signed_at is not None
    assert signed.startswith(paper)


def test_one_changed_byte_is_found_wherever_it_is(signed: bytes, authority: Authority) -> None:
    contents = signed.index(b"/Contents <") + len(b"/Contents <")
    places = (100, signed.index(b"stream") + 20, contents + 400, len(signed) - 300)
    for at in places:
        changed = signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :]
        assert check_paper(changed, authority.certificate).faults, at


def test_what_was_added_after_signing_is_found(signed: bytes, authority: Authority) -> None:
    assert check_paper(signed + b"\n% more\n", authority.certificate).faults
    with pytest.raises(InvalidInput, match="已经签过章"):
        sign_paper(signed, authority.identity, reason="")


def test_another_authority_an_expired_one_and_no_signature_do_not_hold(
    paper: bytes, signed: bytes, authority: Authority
) -> None:
    other = new_authority("沂水县", ORGAN, utc_now())
    assert "签章人不为该机构所证" in check_paper(signed, other.certificate).faults
    old = new_authority("沂水县", ORGAN, datetime(2010, 1, 1, tzinfo=UTC))
    late = sign_paper(paper, old.identity, reason="")
    assert check_paper(late, old.certificate).faults
    assert check_paper(paper, authority.certificate).faults == ("有 0 个签章，应为 1 个",)
    assert check_paper(b"no pdf", authority.certificate).faults


def run(*arguments: str, key: Path | None = None) -> Result:
    environment = {sign.SETTING: str(key) if key else ""}
    return CliRunner().invoke(sign.command, arguments, env=environment)


def test_the_command_makes_an_authority_signs_and_checks(paper: bytes, tmp_path: Path) -> None:
    keys, file = tmp_path / "keys", tmp_path / "a.pdf"
    file.write_bytes(paper)
    made = run("new-authority", "--out", str(keys), "--county", "沂水县", "--organ", ORGAN)
    assert made.exit_code == 0, made.output
    modes = {path.name: path.stat().st_mode & 0o777 for path in keys.iterdir()}
    assert modes == {"authority.pem": 0o644, "authority-key.pem": 0o600, "identity.pem": 0o600}
    again = run("new-authority", "--out", str(keys), "--county", "x", "--organ", "y")
    assert isinstance(again.exception, InvalidInput)
    key = keys / "identity.pem"
    assert run("pdf", str(file), "--reason", "印发", key=key).exit_code == 0
    good = run("check", str(file), "--authority", str(keys / "authority.pem"))
    assert (good.exit_code, ORGAN in good.output) == (0, True)
    file.write_bytes(file.read_bytes()[:-1])
    bad = run("check", str(file), "--authority", str(keys / "authority.pem"))
    assert (bad.exit_code, "不成立" in bad.output) == (1, True)


def test_a_key_that_others_can_read_is_not_used(paper: bytes, tmp_path: Path) -> None:
    file, key = tmp_path / "a.pdf", tmp_path / "identity.pem"
    file.write_bytes(paper)
    key.write_bytes(b"x")
    key.chmod(0o640)
    for named, said in ((None, "没有设置"), (tmp_path / "no", "读不到"), (key, "别人也能读")):
        refused = run("pdf", str(file), key=named)
        assert isinstance(refused.exception, InvalidInput)
        assert said in str(refused.exception)
    key.chmod(0o600)
    assert "不可用" in str(run("pdf", str(file), key=key).exception)
    assert file.read_bytes() == paper
