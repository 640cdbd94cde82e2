"""How the head of a request is read, and that an answer leaves in one piece."""

from io import BytesIO

import pytest
from gevent import socket
from gevent.pywsgi import WSGIServer

from evalsys.request_handler import RequestHandler, read_head


def test_a_head_is_read_field_by_field() -> None:
    """Names in any case, the first of several, the whole of what follows the colon."""
    head = read_head(
        BytesIO(b"Content-Type: a/b\r\nX-One:1\r\nx-one: 2\r\nReferer: http://a:1/\n\r\nbody")
    )
    assert head.typeheader == "a/b"
    assert head.get("x-ONE") == "1"
    assert head.get("referer") == "http://a:1/"
    assert head.get("host") is None
    assert head.headers[1:3] == ["X-One:1", "x-one: 2"]
    del head["content-type"]
    assert head.getheader("Content-Type", "none") == "none"


@pytest.mark.parametrize(
    "lines",
    [
        b"no colon\r\n",
        b"a: 1\r\n folded: yes\r\n",
        b"space : 1\r\n",
        b": 1\r\n",
        b"a: \0\r\n",
        b"a: 1\rb: 2\r\n",
        b"Content-Length: 1\r\ncontent-length: 2\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        b"Host: a\r\nHost: b\r\n",
        b"Content-Length: +1\r\n",
        b"Content-Length: 1_0\r\n",
        b"Content-Length: \xb2\r\n",
        b"Content-Length:\r\n",
        b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n",
        b"a: " + b"1" * (64 << 10) + b"\r\n",
        b"a: 1\r\n" * 101,
    ],
)
def test_what_two_servers_may_read_in_two_ways_is_refused(lines: bytes) -> None:
    """A head that is folded, malformed, ambiguous or endless."""
    with pytest.raises(ValueError, match="head"):
        read_head(BytesIO(lines + b"\r\n"))


def test_requests_of_one_connection_are_answered_each_in_one_piece() -> None:
    """Head and body arrive together; a bad head is answered 400 and ends the connection."""
    seen = []

    def application(environ: dict[str, object], start_response: object) -> list[bytes]:
        seen.append((environ["CONTENT_TYPE"], environ["HTTP_X_ONE"], environ.get("HTTP_BAD_NAME")))
        body = environ["wsgi.input"].read()  # type: ignore[attr-defined]  # a stream
        start_response("200 OK", [("Content-Type", "text/plain")])  # type: ignore[operator]  # WSGI's
        return [body.upper()]

    server = WSGIServer(("127.0.0.1", 0), application, log=None, handler_class=RequestHandler)
    server.start()
    client = socket.create_connection(("127.0.0.1", server.server_port))
    ask = (
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Type: a/b\r\nX-One: 1\r\nX-One: 2\r\n"
        b"Bad_Name: 1\r\nContent-Length: 3\r\n\r\nabc"
    )
    for _ in range(2):
        client.sendall(ask)
        head, _, body = client.recv(65536).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 OK\r\n")
        assert body == b"ABC"
    assert seen == [("a/b", "1,2", None)] * 2

    client.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")
    assert client.recv(65536).startswith(b"HTTP/1.1 400")
    assert client.recv(1) == b""
    client.close()
    server.stop()
