"""The accessibility statement, after the model that the RGAA 4.1 gives (https://accessibilite.numerique.gouv.fr)."""

from __future__ import annotations

from feeds.site_page import Site, render
from feeds.text import web_address

PATH = "accessibilite"


def accessibility_page(site: Site, contact: str | None) -> bytes:
    """The statement as UTF-8. `contact` is where a barrier is reported: an address of mail or of a page."""
    written = contact if contact is None or ":" in contact else f"mailto:{contact}"
    return render(
        "accessibility.html",
        site,
        address=site.public_url.rstrip("/") + "/",
        contact=contact,
        reported_to=web_address(written),
        canonical=f"{site.public_url.rstrip('/')}/{PATH}",
    )
