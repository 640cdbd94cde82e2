"""The signature by which an application knows that a request comes from its carrier."""

import base64
import hmac
from collections.abc import Iterable, Mapping


def signature(
    secret: str,
    url: str,
    params: Mapping[str, str | Iterable[str]],
    algorithm: str = "sha1",
) -> str:
    """Return `X-Twilio-Signature` for a request to `url`.

    HMAC (SHA-1 at Twilio) over the exact address with its query, followed by each form parameter in
    the order of names, name and value without separators; a repeated parameter adds its
    distinct values in their order. A GET request has no form parameters.
    """
    parts = [url]
    for name in sorted(params):
        value = params[name]
        if isinstance(value, str):
            parts += (name, value)
        else:
            parts += (name + each for each in sorted(set(value)))
    digest = hmac.digest(secret.encode(), "".join(parts).encode(), algorithm)
    return base64.b64encode(digest).decode()
