"""What a witness fetches from the server that it watches, with the standard library alone."""

import json
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from evalsys.domain.draw_shapes import SHA256, boolean, check_record, listed
from evalsys.domain.tree_head import SignedTreeHead, read_head
from evalsys.errors import InvalidInput, OutsideFailure, Tampered
from evalsys.ids import LiveId

HEADS = "heads.json"
TRANSCRIPT = "transcript.jsonl"
_TIMEOUT_S = 15
_AT_MOST_BYTES = 64 * 1024 * 1024
_MOST_HEADS = 1_000_000


@dataclass(frozen=True, slots=True)
class ShownHeads:
    """What a server says of its heads."""

    key: bytes
    """The public key, 32 bytes."""
    sealed: bool
    heads: tuple[SignedTreeHead, ...]
    withheld_from: int | None
    """Number, from 0, of the first line that it keeps back until the seal, if it does."""


class Server:
    """The server of one session."""

    def __init__(self, url: str, live: LiveId) -> None:
        """Watch session `live` at `url`, without a final slash."""
        self._base = f"{url}/live/{live}"
        self._live = live

    def heads(self) -> ShownHeads:
        """Fetch the public key, whether the session is sealed, and all heads.

        Raises:
            OutsideFailure: there is no answer of that shape.
        """
        told = {"withheld_from": None, **self._json(HEADS)}
        try:
            shown = check_record(told, _HEADS, "heads.json")
            heads = tuple(
                read_head(one, f"heads.json[{n}]") for n, one in enumerate(shown["heads"])
            )
        except InvalidInput as error:
            raise OutsideFailure(f"服务器的回答不合格式：{error}") from error
        key = bytes.fromhex(shown["key"])
        return ShownHeads(key, shown["sealed"], heads, shown["withheld_from"])

    def proof(self, first: int, second: int) -> tuple[bytes, ...]:
        """Fetch the consistency proof between two sizes.

        Raises:
            OutsideFailure: there is no answer of that shape.
        """
        told = self._json(f"proof.json?first={first}&second={second}")
        try:
            shown = check_record({"proof": told.get("proof")}, _PROOF, "proof.json")
        except InvalidInput as error:
            raise OutsideFailure(f"服务器的回答不合格式：{error}") from error
        return tuple(bytes.fromhex(step) for step in shown["proof"])

    def transcript(self) -> bytes:
        """Fetch the transcript as it stands.

        Raises:
            OutsideFailure: there is no answer.
            Tampered: the server finds its own record broken.
        """
        return self.fetch(TRANSCRIPT)

    def fetch(self, name: str) -> bytes:
        """Fetch one file of the session.

        Raises:
            OutsideFailure: there is no answer.
            Tampered: the server finds its own record broken.
        """
        request = Request(  # noqa: S310 - `evalsys witness` takes http and https only
            f"{self._base}/{name}", headers={"Accept": "application/json"}
        )
        try:
            with urlopen(request, timeout=_TIMEOUT_S) as answer:  # noqa: S310 - as above
                data: bytes = answer.read(_AT_MOST_BYTES + 1)
        except HTTPError as error:
            raise _refusal(name, error) from error
        except (OSError, HTTPException) as error:
            raise OutsideFailure(f"连不上服务器：{error}") from error
        if len(data) > _AT_MOST_BYTES:
            raise OutsideFailure(f"{name} 太大。")
        return data

    def _json(self, name: str) -> dict[str, Any]:
        try:
            told = json.loads(self.fetch(name))
        except (ValueError, RecursionError) as error:
            raise OutsideFailure(f"{name} 不是 JSON。") from error
        if not isinstance(told, dict):
            raise OutsideFailure(f"{name} 不是 JSON 对象。")
        return told


def _refusal(name: str, error: HTTPError) -> OutsideFailure | Tampered:
    """Read why the server refused; one that finds its own record broken says so."""
    try:
        told = json.loads(error.read(_AT_MOST_BYTES))
    except (OSError, HTTPException, ValueError, RecursionError):
        told = None
    if isinstance(told, dict) and told.get("code") == Tampered.code:
        return Tampered(str(told.get("what", ""))[:500])
    what = str(told.get("what", ""))[:500] if isinstance(told, dict) else ""
    return OutsideFailure(f"{name}：服务器答复 {error.code} {what}".rstrip())


_HEADS = {
    "live": lambda value: isinstance(value, str),
    "key": SHA256,  # 32 bytes in hex, like a hash
    "sealed": boolean,
    "withheld_from": lambda value: value is None or (type(value) is int and value >= 0),
    "heads": listed(lambda value: isinstance(value, dict), most=_MOST_HEADS),
}
_PROOF = {"proof": listed(SHA256, most=64)}
