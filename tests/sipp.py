"""A carrier played by sipp: each number gets the answer that a test wrote down for it."""

from collections.abc import Mapping
from pathlib import Path

from tests.processes import Process

SIPP = "/usr/bin/sipp"

_HEAD = '<?xml version="1.0" encoding="UTF-8" ?>\n<scenario name="carrier">\n'
_ECHOED = """[last_Via:]
[last_From:]
[last_To:];tag=[pid]carrier[call_number]
[last_Call-ID:]
[last_CSeq:]
"""
_OFFER = """Contact: <sip:[local_ip]:[local_port]>
Content-Type: application/sdp
Content-Length: [len]

v=0
o=carrier 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [local_ip]
t=0 0
m=audio [media_port] RTP/AVP 8 101
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-15
a=ptime:20
"""


def _send(status: str, more: str = "Content-Length: 0\n", **attributes: str) -> str:
    extra = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f"<send{extra}><![CDATA[\nSIP/2.0 {status}\n{_ECHOED}{more}\n]]></send>\n"


_ANSWERED = _send("180 Ringing") + _send("200 OK", _OFFER)


def refuses(answers: Mapping[str, str]) -> str:
    """Refuse each number with its status line; ring nowhere."""
    asked = "".join(
        f'<ereg regexp="{number[1:]}" search_in="hdr" header="To:" assign_to="is{number[1:]}"/>\n'
        for number in answers
    )
    turns = "".join(
        f'<nop hide="true" test="is{number[1:]}" next="{number[1:]}"/>\n' for number in answers
    )
    ends = "".join(
        f'<label id="{number[1:]}"/>\n{_send(status)}<recv request="ACK" next="end"/>\n'
        for number, status in answers.items()
    )
    return (
        f'{_HEAD}<recv request="INVITE" crlf="true"><action>\n{asked}</action></recv>\n'
        f'{turns}{ends}<label id="end"/>\n</scenario>\n'
    )


def rings_for_ever() -> str:
    """Ring until the caller gives up."""
    cancelled = (
        '<recv request="CANCEL"/>\n'
        + _send("200 OK")
        + f"""<send><![CDATA[
SIP/2.0 487 Request Terminated
{_ECHOED.replace("[last_CSeq:]", "CSeq: 1 INVITE")}Content-Length: 0

]]></send>
<recv request="ACK"/>
</scenario>
"""
    )
    return f'{_HEAD}<recv request="INVITE"/>\n{_send("180 Ringing")}{cancelled}'


def asks_who_calls(user: str, password: str) -> str:
    """Take a call only after a digest with this name and word."""
    challenge = 'WWW-Authenticate: Digest realm="county", nonce="47ebe028cda119c3", algorithm=MD5\n'
    return (
        f'{_HEAD}<recv request="INVITE" crlf="true"/>\n'
        + _send("401 Unauthorized", f"{challenge}Content-Length: 0\n")
        + f"""<recv request="ACK"/>
<recv request="INVITE" crlf="true"><action>
<verifyauth assign_to="known" username="{user}" password="{password}"/>
</action></recv>
<nop test="known" next="welcome" hide="true"/>
{_send("403 Forbidden")}
<recv request="ACK" next="end"/>
<label id="welcome"/>
{_send("200 OK", _OFFER)}
<recv request="ACK"/>
<recv request="BYE"/>
{_send("200 OK")}
<label id="end"/>
</scenario>
"""
    )


def registers(user: str, password: str) -> str:
    """Take a registration only with a digest of this name and word."""
    challenge = 'WWW-Authenticate: Digest realm="county", nonce="47ebe028cda119c3", algorithm=MD5\n'
    challenge += "Content-Length: 0\n"
    expires = "[last_Contact:]\nExpires: 600\nContent-Length: 0\n"
    return f"""{_HEAD}<recv request="REGISTER"/>
{_send("401 Unauthorized", challenge)}
<recv request="REGISTER"><action>
<verifyauth assign_to="known" username="{user}" password="{password}"/>
</action></recv>
<nop test="known" next="welcome" hide="true"/>
{_send("403 Forbidden", next="end")}
<label id="welcome"/>
{_send("200 OK", expires)}
<label id="end"/>
</scenario>
"""


def presses_a_key(pcap: str = "/usr/share/sip-tester/dtmf_2833_0.pcap") -> str:
    """Answer, press a key as somebody else's telephone does, and wait for the end."""
    return (
        f'{_HEAD}<recv request="INVITE" crlf="true"/>\n{_ANSWERED}'
        f"""<recv request="ACK"/>
<pause milliseconds="700"/>
<nop><action><exec play_pcap_audio="{pcap}"/></action></nop>
<recv request="BYE" timeout="20000"/>
{_send("200 OK")}
</scenario>
"""
    )


def answers() -> str:
    """Answer every call that offers A-law first and RFC 2833 digits, and wait for its end."""
    return f"""{_HEAD}<recv request="INVITE" crlf="true"><action>
<ereg regexp="m=audio [0-9]+ RTP/AVP 8 0 " search_in="body" check_it="true" assign_to="law"/>
<ereg regexp="telephone-event/8000" search_in="body" check_it="true" assign_to="keys"/>
</action></recv>
<Reference variables="law,keys"/>
{_ANSWERED}
<recv request="ACK"/>
<recv request="BYE"/>
{_send("200 OK")}
</scenario>
"""


def carrier(
    folder: Path, scenario: str, port: int, media_port: int, transport: str = "udp"
) -> Process:
    """Run sipp with a scenario on a loopback port until it is stopped."""
    script = folder / f"carrier-{port}.xml"
    script.write_text(scenario, encoding="utf-8")
    return Process(
        [
            *(SIPP, "-sf", str(script), "-i", "127.0.0.1", "-p", str(port)),
            *("-mi", "127.0.0.1", "-mp", str(media_port), "-rtp_echo"),
            *("-t", "t1" if transport == "tcp" else "u1"),
            *("-nostdin", "-trace_err", "-trace_msg"),
        ],
        {"TERM": "dumb"},
        folder / f"carrier-{port}.log",
    )
