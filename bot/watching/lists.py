"""The sources that are lists behind an address, made from their settings; imported where one is configured."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.options.settings import SourceSettings
from postings.sources.base import Source
from postings.sources.http import HttpClient
from postings.sources.jobs_api import JobsApiSource
from postings.sources.welcomekit import WelcomeKitSource


def list_of(settings: SourceSettings, clock: Callable[[], datetime]) -> Source:
    """The source of kind `jobs_api` or `welcomekit` that some settings name."""
    client = HttpClient(clock=clock, allow_private=settings.allow_private_addresses)
    if settings.kind == "jobs_api":
        return JobsApiSource(settings.name, settings.address, client, clock=clock, layout=settings.layout)
    return WelcomeKitSource(
        settings.name,
        settings.address,
        client,
        clock=clock,
        base=str(settings.url),
        key=settings.key.get_secret_value() if settings.key else None,
        layout=settings.layout,
    )
