"""Fetching a round of the beacon from public relays; none of them needs to be trusted."""

import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any

import requests
from typing_extensions import override

from evalsys.beacon.check import checked_pulse
from evalsys.domain.beacon import Chain, Pulse
from evalsys.errors import BeaconSilent, InvalidInput
from evalsys.ports import Beacon

LONGEST_ANSWER = 4096
"""Bytes; a round takes less than one thousand."""


class Relays(Beacon):
    """Several addresses that pass on the same beacon, asked at the same time."""

    def __init__(self, addresses: Sequence[str], *, timeout_s: float = 3.0) -> None:
        """Ask `addresses` (without path), each answering within `timeout_s` seconds."""
        self._addresses = [address.rstrip("/") for address in addresses]
        self._timeout_s = timeout_s

    @override
    def fetch(self, chain: Chain, number: int) -> Pulse:
        """Give the first genuine pulse of round `number` that any relay answers with.

        Raises BeaconSilent when none does in time, saying what each of them answered. A wrong
        signature is as good as none: it is refused, and the other relays are heard.
        """
        refusals: list[str] = []
        pool = ThreadPoolExecutor(max(1, len(self._addresses)), thread_name_prefix="beacon")
        try:
            asked = {pool.submit(self._ask, one, chain, number): one for one in self._addresses}
            for answer in as_completed(asked, timeout=2 * self._timeout_s):
                try:
                    return answer.result()
                except (requests.RequestException, InvalidInput) as error:
                    refusals.append(f"{asked[answer]}：{_said(error)}")
        except TimeoutError:
            refusals.append("其余地址没有按时答复")
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
        raise BeaconSilent(
            f"取不到信标链 {chain.name} 第 {number} 轮的签名（{'；'.join(refusals)}）",
            remedy="请稍后重试，或从任何来源手工录入该轮的签名；不得改绑另一轮。",
        )

    def _ask(self, address: str, chain: Chain, number: int) -> Pulse:
        deadline = time.monotonic() + self._timeout_s
        with requests.get(
            f"{address}/{chain.hash}/public/{number}",
            timeout=self._timeout_s,
            stream=True,
            allow_redirects=False,
        ) as response:
            response.raise_for_status()
            body = b""
            # Byte by byte, or a relay that drips could hold this thread for hours.
            for byte in response.iter_content(1):
                body += byte
                if len(body) > LONGEST_ANSWER or time.monotonic() > deadline:
                    raise InvalidInput("答复过长或过慢")
        answer = _object(body)
        # Only the signature is taken from the answer; round and randomness are ours to know.
        previous = answer.get("previous_signature") if chain.scheme.is_chained else ""
        return checked_pulse(chain, number, _text(answer.get("signature")), _text(previous))


def _object(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise InvalidInput("答复不是 JSON 对象")
    return answer


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise InvalidInput("答复中没有签名")
    return value


def _said(error: Exception) -> str:
    if isinstance(error, InvalidInput):
        return error.what
    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"HTTP {error.response.status_code}"
    return type(error).__name__
