"""The exchange's own HTTP understands what applications answer, and says what it does not."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from gevent import socket
from gevent.pool import Pool
from gevent.server import StreamServer

from evalsys.exchange.connections import Closed, Connection, Garbled, NoConnection, Reply

REQUEST = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\n"


@contextmanager
def answering(*answers: bytes) -> Iterator[Connection]:
    """Connect to somebody who says `answers` in turn, in small pieces, and hangs up."""

    def talk(stream: socket.socket, _: object) -> None:
        try:
            for answer in answers:
                if not stream.recv(65536):
                    return
                for place in range(0, len(answer), 7):
                    stream.sendall(answer[place : place + 7])
        except ConnectionError:
            pass  # whoever asked has heard enough
        finally:
            stream.close()

    server = StreamServer(("127.0.0.1", 0), talk, spawn=Pool())
    server.start()
    connection = Connection("http", "127.0.0.1", server.server_port or 0, 2.0)
    yield connection
    connection.close()
    server.stop(1)


@pytest.mark.parametrize(
    ("answer", "reply", "is_kept"),
    [
        (
            OK + b"Content-Type: text/xml; charset=utf-8\r\nContent-Length: 5\r\n\r\nhello",
            Reply(200, "text/xml", b"hello"),
            True,
        ),
        (
            OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=1\r\nlo\r\n0\r\nA: b\r\n\r\n",
            Reply(200, "text/plain", b"hello"),
            True,
        ),
        (b"HTTP/1.1 200 OK\r\n\r\nto the end", Reply(200, "text/plain", b"to the end"), False),
        (b"HTTP/1.1 204 No Content\r\n\r\n", Reply(204, "text/plain", b""), True),
        (
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 503\r\ncontent-length:0\r\n\r\n",
            Reply(503, "text/plain", b""),
            True,
        ),
        (
            b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
            Reply(200, "text/plain", b"ok"),
            False,
        ),
        (
            b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
            Reply(200, "text/plain", b"ok"),
            False,
        ),
    ],
)
def test_answers_of_every_kind_are_read(answer: bytes, reply: Reply, *, is_kept: bool) -> None:
    with answering(answer) as connection:
        assert connection.ask(REQUEST) == reply
        assert connection.is_kept is is_kept


def test_a_kept_connection_takes_another_request() -> None:
    one = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1"
    two = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n2"
    with answering(one, two) as connection:
        assert [connection.ask(REQUEST).body for _ in range(2)] == [b"1", b"2"]
        with pytest.raises(ConnectionError):
            connection.ask(REQUEST)


@pytest.mark.parametrize(
    "answer",
    [
        b"HELLO\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n",
        b"HTTP/1.1 20",
    ],
)
def test_what_is_not_http_is_said(answer: bytes) -> None:
    with answering(answer) as connection, pytest.raises((Garbled, ValueError)):
        connection.ask(REQUEST)


def test_nobody_there_is_no_connection() -> None:
    with pytest.raises(NoConnection):
        Connection("http", "127.0.0.1", 1, 0.5)


def test_a_connection_that_says_nothing_is_closed() -> None:
    with answering(b"") as connection, pytest.raises(Closed):
        connection.ask(REQUEST)
