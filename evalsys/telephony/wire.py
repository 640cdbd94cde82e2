"""The transport below Twilio's client: kept connections to one carrier, and nothing remembered.

Twilio's own transport prepares every request anew, which costs more than the request, and keeps
the last one, telephone number and all. This one logs nothing, keeps nothing and follows nobody.
"""

import logging
from collections.abc import Callable, Mapping
from contextlib import closing
from functools import partial
from urllib.parse import urlencode, urlsplit

from requests import utils
from twilio.http import HttpClient
from twilio.http.response import Response
from typing_extensions import override
from urllib3 import PoolManager, ProxyManager, Timeout
from urllib3.util import make_headers

_KEPT = 16
"""More requests than the diallers and the webhooks of one process have open at a time."""
_SILENT = logging.getLogger("evalsys.telephony.wire")
_SILENT.disabled = True


class Wire(HttpClient):
    """Connections to one carrier, which time out; the errors are urllib3's."""

    def __init__(self, address: str, within_s: float) -> None:
        """Speak to the carrier at `address`, by the proxy that the machine has for it, if any."""
        super().__init__(_SILENT, False, within_s)  # noqa: FBT003 - the library's own signature
        proxy = utils.get_environ_proxies(address).get(urlsplit(address).scheme)
        pool: Callable[..., PoolManager] = partial(ProxyManager, proxy) if proxy else PoolManager
        self._pool = pool(
            retries=False,
            maxsize=_KEPT,
            timeout=Timeout(within_s),
            ca_certs=utils.DEFAULT_CA_BUNDLE_PATH,
        )

    @override
    def request(
        self,
        method: str,
        url: str,
        params: Mapping[str, object] | None = None,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """Ask once; see `HttpClient.request`. Nothing here lets a redirect be followed.

        Raises:
            HTTPError: urllib3's, no whole answer came.
            UnicodeDecodeError: the answer is not text.
        """
        answer = self._pool.request(
            method,
            f"{url}?{urlencode(params, doseq=True)}" if params else url,
            body=urlencode(data, doseq=True) if data else None,
            headers={**(headers or {}), **(_basic(*auth) if auth else {})},
            redirect=False,
        )
        return Response(answer.status, answer.data.decode(), answer.headers)

    def sound(self, url: str, auth: tuple[str, str], *, at_most: int) -> tuple[int, bytes]:
        """Fetch a sound; return the status, and up to `at_most` bytes and one more.

        Raises:
            HTTPError: urllib3's, no whole answer came.
        """
        with closing(
            self._pool.request(
                "GET", url, headers=_basic(*auth), redirect=False, preload_content=False
            )
        ) as answer:
            sound = answer.read(at_most + 1, decode_content=True)
            if len(sound) <= at_most:
                answer.release_conn()
            return answer.status, sound


def _basic(name: str, word: str) -> dict[str, str]:
    return make_headers(basic_auth=f"{name}:{word}")
