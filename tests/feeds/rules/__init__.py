"""What the documents that define the formats demand of a feed: each rule is a function that names its section.

A rule gives a sentence for each thing that breaks it. Beside the documents stand the habits of the W3C validator:
what it warns of must not be there either.
"""

from __future__ import annotations

from tests.feeds.rules.atom import ATOM
from tests.feeds.rules.frame import Document, Rule, broken
from tests.feeds.rules.json_feed import JSON
from tests.feeds.rules.rss import RSS

RULES: dict[str, tuple[Rule, ...]] = {".atom": ATOM, ".rss": RSS, ".json": JSON}
"""By extension."""

__all__ = ["RULES", "Document", "Rule", "broken"]
