"""Whether the sources of the configuration fit what is stored: the first one's ids are bare, all others prefixed."""

from __future__ import annotations

from collections.abc import Sequence

from bot.options.mistakes import ConfigurationError
from bot.options.settings import SourceSettings
from postings.store import Store
from postings.text import french


async def check_sources(store: Store, configured: Sequence[SourceSettings]) -> None:
    """Raises ConfigurationError when postings would change their ids, or would never be looked at again.

    New ids would announce every posting anew; postings of a source that is gone would stay open for ever.
    """
    stored = {origin.source: origin for origin in await store.origins()}
    names = [source.name for source in configured]
    for origin in stored.values():
        if origin.source not in names and origin.current:
            raise ConfigurationError(
                french(
                    f"La source « {origin.source} » n’est plus dans la configuration, et {origin.current} de ses "
                    "offres sont ouvertes ou à venir dans la base : remettez-la, ou partez d’une base neuve."
                ),
                f"The source “{origin.source}” is gone from the configuration, and {origin.current} of its postings "
                "are open or scheduled in the database: put it back, or begin with a new database.",
            )
    for number, name in enumerate(names):
        known = stored.get(name)
        if known is None or not (known.bare if number else known.prefixed and not known.bare):
            continue
        # Where several might have been, the one whose ids say so.
        former = name if number else next((o.source for o in stored.values() if o.bare), None)
        mend, mend_en = (
            (f"remettez « {former} » en premier", f"put “{former}” first again")
            if former
            else ("remettez-la après la première", "put it after the first one again")
        )
        raise ConfigurationError(
            french(
                f"L’ordre des sources a changé et les offres de « {name} » changeraient d’identifiant : {mend}, ou "
                "partez d’une base neuve."
            ),
            f"The order of the sources changed and the postings of “{name}” would change their ids: {mend_en}, or "
            "begin with a new database.",
        )
