"""What a person is told of the subscriptions that they made: their place refuses what Vigie says, or takes it again.

They cannot run commands of Vigie; what they can do is what the platform's refusal says.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from bot.wording.message import Bold, Message, line
from postings.text import french
from postings.wording import listed, number, pick


def message(payload: Mapping[str, object], language: str) -> Message:
    """The words of either note."""
    numbers = cast("list[int]", payload["numbers"])
    place = str(payload["target"]).partition(":")[2]
    many = len(numbers) > 1
    which = listed([number(one, language) for one in numbers], language)
    if payload["note"] == "subscriptions_work":
        head = pick(
            language,
            "Abonnements rétablis" if many else "Abonnement rétabli",
            "Subscriptions work again" if many else "Subscription works again",
        )
        told = pick(
            language,
            french(f" : Vigie écrit de nouveau dans « {place} » ({which}). Ce qui attendait est envoyé."),
            f": Vigie writes in “{place}” again ({which}). What waited is being sent.",
        )
        return Message((line(Bold(head), told),))
    head = pick(
        language,
        "Abonnements en panne" if many else "Abonnement en panne",
        "Subscriptions on hold" if many else "Subscription on hold",
    )
    told = pick(
        language,
        french(f" : Vigie ne peut plus écrire dans « {place} »."),
        f": Vigie cannot write in “{place}” any more.",
    )
    if language == "en":
        whose = "Your subscriptions" if many else "Your subscription"
        kept = f"{whose} {which} {'are' if many else 'is'} kept, and what is to be told waits: Vigie tries again "
        kept += "every six hours."
    else:
        whose = "Vos abonnements" if many else "Votre abonnement"
        kept = french(
            f"{whose} {which} {'sont gardés' if many else 'est gardé'}, et ce qui doit y être annoncé attend : "
            "Vigie réessaie toutes les six heures."
        )
    why = str(payload["english" if language == "en" else "french"])
    return Message((line(Bold(head), told), line(why), line(kept)))
