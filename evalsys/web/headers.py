"""Headers on every answer: what the browser may load, keep and tell others."""

from flask import Flask, Response, g, request

_CONTENT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; media-src 'self'; manifest-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
FRAMES_OURS = f"{_CONTENT}; frame-src 'self'"
"""For a page that shows pages of ours in frames."""
FRAMED_BY_OURS = _CONTENT.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
"""For a page that only a page of ours may show in a frame."""
_ALWAYS = {
    "Content-Security-Policy": _CONTENT,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def always(*, https: bool) -> list[tuple[str, str]]:
    """Return what every answer says; HSTS when people reach us over https."""
    over_https = [("Strict-Transport-Security", "max-age=31536000")] if https else []
    return [*_ALWAYS.items(), *over_https]


def protect_answers(app: Flask, *, https: bool) -> None:
    """Put the security headers on every answer."""
    headers = always(https=https)

    def set_headers(response: Response) -> Response:
        said = {name.lower() for name in response.headers.keys()}  # noqa: SIM118 - not a mapping
        response.headers.extend(each for each in headers if each[0].lower() not in said)
        if response.location:
            # The router writes whole addresses, from whatever Host the request claimed.
            response.location = response.location.removeprefix(request.host_url.rstrip("/"))
        if g.get("visitor") is not None:
            response.headers["Cache-Control"] = "no-store"
        return response

    app.after_request(set_headers)
