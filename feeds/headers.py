"""The headers that keep what is served from doing harm: no script, nothing from elsewhere, no guessing of types."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

SECURITY: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "browsing-topics=(), camera=(), display-capture=(), fullscreen=(), geolocation=(), microphone=(), "
        "payment=(), usb=()"
    ),
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
}
"""Sent with every page. Data blocks (JSON-LD) are not executed, so that no script need be allowed for them."""

_PUBLIC: Mapping[str, str] = {
    **SECURITY,
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Access-Control-Allow-Origin": "*",
}
_YEAR = 365 * 24 * 3600


def security(media_type: str) -> Mapping[str, str]:
    """What goes with an answer of a media type: feeds and data are public, for programs of any site to read."""
    own = media_type.startswith(("text/html", "text/css"))
    return SECURITY if own else _PUBLIC


def transport(public_url: str) -> list[tuple[str, str]]:
    """What goes with every answer of a server at `public_url`: once reached by https, only by https (RFC 6797).

    The domains below it are not Vigie's to speak for.
    """
    if urlsplit(public_url).scheme != "https":
        return []
    return [("Strict-Transport-Security", f"max-age={_YEAR}")]
