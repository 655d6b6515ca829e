"""The rules let good feeds pass, and each refuses what it is there for."""

from __future__ import annotations

import pytest

from feeds.entries import Feed
from feeds.event_entries import events_feed
from feeds.offered import FORMATS, feed_of, subjects
from feeds.question_feed import question_feed
from postings.model import EventKind, State, Team
from tests.feeds.rules import RULES, Document, broken
from tests.feeds.samples import NOW, PUBLIC_URL, MemoryCatalogue, ended, posting, record
from tests.feeds.test_event_entries import event

RECORDS = [
    record("dev"),
    record("odd", posting=posting("odd", role="R&D <chef>", team=Team("a-b", "A & B"), summary="")),
    ended("ux", State.FILLED, 2),
    ended("gone", None, 1),
]
NAMES = MemoryCatalogue().known
FEEDS = (
    *(feed_of(subject, RECORDS, NOW, public_url=PUBLIC_URL) for subject in subjects(RECORDS)),
    question_feed("R&D <b>", RECORDS, NOW, names=NAMES, public_url=PUBLIC_URL),
    question_feed("freelance", RECORDS, NOW, names=NAMES, public_url=PUBLIC_URL),
    events_feed([event(kind) for kind in EventKind], RECORDS, public_url=PUBLIC_URL),
)


def document(feed: Feed, extension: str) -> Document:
    return Document(FORMATS[extension].render(feed), feed.at(extension))


@pytest.mark.parametrize("extension", FORMATS)
@pytest.mark.parametrize("feed", FEEDS, ids=lambda feed: feed.id)
def test_our_feeds_break_none(feed: Feed, extension: str) -> None:
    assert broken(document(feed, extension), RULES[extension]) == []


ATOM_ENTRY_ID = "<id>tag:beta.gouv.fr,2026:vigie/dev</id>"
CHANGES = [
    (".atom", "section_2_the_root_is_a_feed_in_utf_8", "encoding='UTF-8'", "encoding='ISO-8859-1'"),
    (".atom", "section_2_the_language_is_french", 'xml:lang="fr"', 'xml:lang="en"'),
    (".atom", "section_3_1_1_text_says_its_type", '<summary type="text">', '<summary type="markdown">'),
    (".atom", "section_3_1_1_text_says_its_type", "<subtitle>", "<subtitle><b/>"),
    (".atom", "section_3_2_a_person_has_one_name", "<name>Phare</name>", "<name> </name>"),
    (".atom", "section_3_3_dates_are_those_of_rfc_3339", "T13:05:00+00:00</published>", " 13:05</published>"),
    (".atom", "section_3_3_dates_are_those_of_rfc_3339", "<updated>2026-03-", "<updated>2026-13-"),
    (".atom", "section_4_1_1_a_feed_has_what_it_must", "</subtitle>", "</subtitle><id>a:b</id>"),
    (
        ".atom",
        "section_4_1_1_somebody_wrote_every_entry",
        "<author>\n      <name>Phare</name>\n    </author>",
        "",
    ),
    (".atom", "section_4_1_1_the_feed_says_its_own_address", "postes.atom", "autres.atom"),
    (".atom", "section_4_1_1_one_alternate_a_type", 'rel="alternate"', 'rel="related"'),
    (".atom", "section_4_1_2_an_entry_has_what_it_must", ATOM_ENTRY_ID, ""),
    (".atom", "section_4_1_3_content_is_html_that_only_can_be_read", '<content type="html">', "<content>"),
    (".atom", "section_4_1_3_content_is_html_that_only_can_be_read", 'href="https://site', 'href="/site'),
    (".atom", "section_4_1_3_content_is_html_that_only_can_be_read", "&lt;ul&gt;", "&lt;script&gt;"),
    (".atom", "section_4_1_3_content_is_html_that_only_can_be_read", "&lt;/ul&gt;", ""),
    (".atom", "section_4_2_2_a_category_has_a_term", 'term="freelance"', 'term=""'),
    (".atom", "section_4_2_6_ids_are_absolute_and_unique", "<id>tag:beta", "<id>beta"),
    (".atom", "section_4_2_6_ids_are_absolute_and_unique", "vigie/odd</id>", "vigie/dev</id>"),
    (".atom", "section_4_2_7_links_lead_somewhere", 'href="https://vigie.example.org/"', 'href="/"'),
    (".atom", "section_4_2_9_nothing_is_published_after_its_change", "<published>2026", "<published>2027"),
    (".atom", "section_6_nothing_else_is_in_it", "</subtitle>", "</subtitle><description/>"),
    (".rss", "rss_is_of_version_2_0_with_one_channel", 'version="2.0"', 'version="0.92"'),
    (".rss", "channel_has_what_it_must", "<description>Les offres", "<description/><description>Les offres"),
    (".rss", "channel_is_in_french", "<language>fr</language>", ""),
    (".rss", "channel_says_its_own_address", "application/rss+xml", "application/x-rss+xml"),
    (".rss", "channel_holds_nothing_else", "<language>", "<langue/><language>"),
    (".rss", "dates_are_those_of_rfc_822", "Sun, 01 Mar 2026", "Mon, 01 Mar 2026"),
    (".rss", "dates_are_those_of_rfc_822", "+0000</pubDate>", "</pubDate>"),
    (".rss", "link_is_absolute", "<link>https://site", "<link>/site"),
    (".rss", "item_has_one_of_each", "</guid>", "</guid><title>Autre</title>"),
    (".rss", "item_holds_nothing_else", "</guid>", "</guid><published/>"),
    (".rss", "item_has_an_author_that_is_no_address", "<dc:creator>Phare</dc:creator>", ""),
    (".rss", "guid_is_unique_and_says_that_it_is_no_address", ' isPermaLink="false"', ""),
    (".rss", "guid_is_unique_and_says_that_it_is_no_address", "vigie/odd</guid>", "vigie/dev</guid>"),
    (".rss", "category_has_words", ">Freelance</category>", "> </category>"),
    (
        ".rss",
        "description_and_content_only_can_be_read",
        'href="https://site',
        'onclick="x" href="https://site',
    ),
    (
        ".rss",
        "description_and_content_only_can_be_read",
        "<description>Un service",
        "<description>&lt;b&gt;Un",
    ),
    (".rss", "w3c_plain_text_writes_signs_by_number", "R&#x26;D", "R&amp;D"),
    (".json", "top_level_has_what_it_must", "version/1.1", "version/1"),
    (".json", "top_level_says_its_own_address_and_page", "postes.json", "postes"),
    (".json", "top_level_is_in_french", '"language":"fr",', ""),
    (".json", "authors_have_names", '"authors":[{"name":"Phare"}]', '"authors":[]'),
    (".json", "items_have_unique_ids", "vigie/odd", "vigie/dev"),
    (".json", "items_have_titles_and_links", '"url":"https://site', '"url":"//site'),
    (".json", "items_have_content_that_only_can_be_read", '"content_html":"<ul>', '"content_html":"<b>'),
    (".json", "items_have_dates_of_rfc_3339", "T13:05:00+00:00", ""),
    (".json", "items_have_tags_of_words", '"Freelance"', '""'),
    (".json", "extensions_begin_with_an_underscore", '"summary"', '"abstract"'),
]


@pytest.mark.parametrize(("extension", "rule", "good", "bad"), CHANGES)
def test_a_rule_refuses_what_it_is_there_for(extension: str, rule: str, good: str, bad: str) -> None:
    whole = document(FEEDS[0], extension)
    assert good.encode() in whole.raw
    told = broken(Document(whole.raw.replace(good.encode(), bad.encode()), whole.address), RULES[extension])
    assert rule in {sentence.partition(":")[0] for sentence in told}


def test_every_rule_is_known_to_refuse_something() -> None:
    refused = {rule for _, rule, _, _ in CHANGES}
    assert {rule.__name__ for rules in RULES.values() for rule in rules} == refused


def test_media_types_are_those_that_are_registered_or_in_use() -> None:
    assert {extension: format_.media_type for extension, format_ in FORMATS.items()} == {
        ".rss": "application/rss+xml",
        ".atom": "application/atom+xml",
        ".json": "application/feed+json",
    }
