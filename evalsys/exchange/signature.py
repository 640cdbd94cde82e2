"""The signature by which an application knows that a request comes from its carrier."""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping


def signature(secret: str, url: str, params: Mapping[str, str | Iterable[str]]) -> str:
    """Return `X-Twilio-Signature` for a request to `url`.

    HMAC-SHA1 over the exact address with its query, followed by each form parameter in
    the order of names, name and value without separators; a repeated parameter adds its
    distinct values in their order. A GET request has no form parameters.
    """
    text = url
    for name in sorted(params):
        value = params[name]
        values = [value] if isinstance(value, str) else sorted(set(value))
        text += "".join(name + each for each in values)
    digest = hmac.new(secret.encode(), text.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()
