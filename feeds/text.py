"""What stands between a posting's text and the outside: XML, addresses, file names."""

from __future__ import annotations

import re
from hashlib import sha256
from urllib.parse import quote, urlsplit

from postings.text import slug

_PLANES = "".join(f"{chr(plane << 16)}-{chr((plane << 16) + 0xFFFD)}" for plane in range(1, 17))
_NO_TEXT = re.compile(f"[^\t\n\r\u0020-\u007e\u00a0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd{_PLANES}]")
_PLAIN = bytes([*b"\t\n\r", *range(0x20, 0x7F)])
_NOT_A_NAME = re.compile('[\x00-\x1f\x7f-\x9f/\\\\*?"<>|\ud800-\udfff\u2028\u2029\ufffe\uffff]|^[.\\s]|\\s$')
_LONGEST_NAME = 180
_IN_ADDRESSES = "%/:=&?~#+!$,;'@()*"


def clean(text: str) -> str:
    """`text` without what is no text: what XML 1.0 (section 2.2) forbids, lone surrogates included, or advises against.

    HTML takes the same for errors (https://html.spec.whatwg.org/#preprocessing-the-input-stream).
    """
    # What is plain is thrown away first: to look at each character of a page costs as much as to fill in its template.
    rest = text.encode("utf-8", "surrogatepass").translate(None, _PLAIN)
    return _NO_TEXT.sub("", text) if _NO_TEXT.search(rest.decode("utf-8", "surrogatepass")) else text


def web_address(address: str | None) -> str | None:
    """`address` in ASCII when it is an absolute http, https or mailto one, else None."""
    if not address:
        return None
    address = clean(address).strip()
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme == "mailto" and "@" in parts.path:
        return quote(address, safe=_IN_ADDRESSES)
    if parts.scheme in ("http", "https") and host:
        return quote(address, safe=_IN_ADDRESSES)
    return None


def segment(name: str) -> str:
    """`name` as one segment of a path, the same in addresses (quoted there) and in folders.

    A name that a file system, an address or XML could take for something else, such as `../x`, becomes its
    slug and a hash: it stays one segment, and two names never share one.
    """
    if name and len(name.encode("utf-8", "surrogatepass")) <= _LONGEST_NAME and not _NOT_A_NAME.search(name):
        return name
    digest = sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{slug(name)[:80] or 'x'}-{digest}"
