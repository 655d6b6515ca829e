"""Every kind of message as each platform is sent it, held against files that people have read.

Where a message is meant to change, write the files and docs/apercu.md anew, and read what `git diff` shows of
them:

    RENEW_GOLDEN=1 python -m pytest tests/bot/previewing/test_preview.py
"""

from __future__ import annotations

import inspect
import os
from pathlib import Path
from typing import Any

import pytest

from bot.cli.previewing import Language, Platform, pages
from bot.previewing.preview import Place, previews
from bot.staff import alert_notes, hold_notes, notes, reminders, unreadable
from bot.wording import messages
from bot.wording.message import Message
from postings.model import Event, EventKind, Record

GOLDEN = Path(__file__).parent / "golden"
PAGE = Path(__file__).parents[3] / "docs" / "apercu.md"


def held_against(page: Path, text: str) -> None:
    if os.environ.get("RENEW_GOLDEN"):
        page.write_text(text, "utf-8")
    assert text == page.read_text("utf-8")


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("platform", Platform)
def test_every_message_is_the_one_that_was_read(platform: Platform, language: Language) -> None:
    held_against(GOLDEN / f"{platform}.{language}.txt", pages([platform], language))


def test_the_page_of_the_documentation_shows_what_is_sent() -> None:
    held_against(PAGE, pages(list(Platform), Language.FR))


def test_no_kind_of_event_and_no_note_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    told: set[object] = set()
    made = {
        name
        for module in (notes, hold_notes, reminders, unreadable, alert_notes)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__annotations__.get("return") == "Json" and not name.startswith("_")
    }
    announcement, reply, note = messages.announcement, messages.reply, notes.message

    def announced(event: Event, record: Record, **options: Any) -> Message:
        told.add(event.kind)
        return announcement(event, record, **options)

    def replied(event: Event, record: Record, **options: Any) -> Message | None:
        told.add(event.kind)
        return reply(event, record, **options)

    def noted(payload: Any, language: str) -> Message:
        told.add(payload["note"])
        return note(payload, language)

    monkeypatch.setattr(messages, "announcement", announced)
    monkeypatch.setattr(messages, "reply", replied)
    monkeypatch.setattr(notes, "message", noted)
    previews("slack", "fr")
    assert told == {*EventKind, *made}


@pytest.mark.parametrize("language", Language)
def test_the_first_line_stands_alone_on_a_phone(language: Language) -> None:
    for preview in previews("telegram", language):
        assert len(preview.message.first_line) <= 280, preview.what
        if not preview.what.startswith(("Plusieurs", "Récapitulatif")):
            assert len(preview.message.lines) <= 5, preview.what


def test_what_may_be_read_on_any_day_holds_no_day_that_is_told_from_today() -> None:
    for preview in previews("mattermost", "fr"):
        if preview.place is Place.EDIT:
            for word in ("aujourd’hui", "demain", "hier", "dans 7"):
                assert word not in preview.message.text, preview.what


def test_vigie_s_own_words_are_typeset_in_french() -> None:
    for preview in previews("telegram", "fr"):
        text = preview.message.text
        for wrong in ("·", "'", '"', " :", " ?", " !", " ;", "« ", " »", "  ", " .", " ,", ", ."):
            assert wrong not in text, (preview.what, wrong)
