"""What the staff is told when a source is silent or messages do not leave, and when that is over.

It names instants, never lengths of time: it is read later than it was written.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from bot.staff.silence import Wrong
from bot.wording.message import Bold, Code, Line, Message, line
from postings.dates import paris_day
from postings.store.codec import Json
from postings.text import french
from postings.wording import clock, counted, day, pick, quoted


def alert(wrong: Wrong) -> Json:
    """Something is wrong with a source or a target."""
    return {
        "note": "alert",
        "kind": wrong.kind,
        "about": wrong.about,
        "since": wrong.since.isoformat(),
        "french": wrong.french,
        "english": wrong.english,
        "count": wrong.count,
    }


def over(kind: str, about: str) -> Json:
    """What was wrong with a source or a target is not so any more."""
    return {"note": "over", "kind": kind, "about": about}


def message(payload: Mapping[str, object], language: str) -> Message:
    """The words of either note."""
    if payload["note"] == "over":
        return _over(payload, language)
    words = {"silent": _silent, "refused": _refused, "quiet": _quiet, "stuck": _stuck}
    return words.get(str(payload["kind"]), _dead)(payload, language)


def _silent(payload: Mapping[str, object], language: str) -> Message:
    about, since = _about(payload, language), _since(payload, language)
    head = pick(language, "Source muette", "Silent source")
    told = pick(language, french(f" : {about} n’a pas répondu depuis le {since}."),
                f": {about} has not answered since {since}.")  # fmt: skip
    return Message((line(Bold(head), told), _why(payload, language), *_meanwhile(language)))


def _refused(payload: Mapping[str, object], language: str) -> Message:
    about, since = _about(payload, language), _since(payload, language)
    head = pick(language, "Accès refusé", "Access refused")
    told = pick(language, french(f" : la source {about} ne peut plus être lue depuis le {since}."),
                f": the source {about} has not been readable since {since}.")  # fmt: skip
    return Message((line(Bold(head), told), _why(payload, language), *_meanwhile(language)))


def _quiet(payload: Mapping[str, object], language: str) -> Message:
    about, since = _about(payload, language), day(paris_day(_instant(payload)), language)
    if language == "en":
        told = f": {about} has had neither an open posting nor a change since {since}."
        todo = "If postings are published elsewhere now, change the source in the configuration; else all is well."
    else:
        told = french(f" : {about} n’a ni offre ouverte ni changement depuis le {since}.")
        todo = french(
            "Si les offres sont publiées ailleurs désormais, changez de source dans la configuration ; sinon, il "
            "n’y a rien à faire."
        )
    head = pick(language, "Source sans activité", "Source without activity")
    return Message((line(Bold(head), told), line(todo)))


def _stuck(payload: Mapping[str, object], language: str) -> Message:
    count, since = cast(int, payload["count"]), _since(payload, language)
    if language == "en":
        waits = f"{counted(count, 'message has', 'messages have', 'en')} been waiting since {since}."
        told = f": {payload['about']}. {waits}"
        shown: Line = line(Code("vigie deliveries --state failed"), " shows what is refused, and why.")
    else:
        waits = f"{counted(count, 'message y attend', 'messages y attendent', 'fr')} depuis le {since}."
        told = french(f" : {payload['about']}. {waits}")
        shown = line(Code("vigie deliveries --state failed"), " montre ce qui ne passe pas, et pourquoi.")
    head = pick(language, "Messages bloqués", "Messages are stuck")
    why = (_why(payload, language),) if payload["french"] else ()
    return Message((line(Bold(head), told), *why, shown))


def _dead(payload: Mapping[str, object], language: str) -> Message:
    count = cast(int, payload["count"])
    if language == "en":
        given = counted(count, "message was", "messages were", "en")
        told = f": {payload['about']}. {given} not sent in a day of attempts."
        shown: Line = line(
            Code("vigie deliveries --state dead"), " shows them, ", Code("--retry"), " sends one again."
        )
    else:
        given = counted(count, "message n’est pas parti", "messages ne sont pas partis", "fr")
        told = french(f" : {payload['about']}. {given} après une journée d’essais.")
        shown = line(
            Code("vigie deliveries --state dead"), " les montre, ", Code("--retry"), " en renvoie un."
        )
    return Message((line(Bold(pick(language, "Messages abandonnés", "Messages given up")), told), shown))


def _over(payload: Mapping[str, object], language: str) -> Message:
    about = _about(payload, language)
    if payload["kind"] == "stuck":
        told = pick(language, f"les messages partent de nouveau vers {payload['about']}.",
                    f"messages leave for {payload['about']} again.")  # fmt: skip
    elif payload["kind"] == "quiet":
        told = pick(language, f"la source {about} a de nouveau une offre ouverte ou un changement.",
                    f"the source {about} has an open posting or a change again.")  # fmt: skip
    else:
        told = pick(language, f"la source {about} répond de nouveau.", f"the source {about} answers again.")
    head = pick(language, "Rétabli", "Over")
    return Message((line(Bold(head), pick(language, french(f" : {told}"), f": {told}")),))


def _meanwhile(language: str) -> tuple[Line]:
    return (
        line(
            pick(
                language,
                french(
                    "En attendant, ses offres restent ce qu’elles étaient ; au retour, seul ce qui aura changé est dit."
                ),
                "Meanwhile its postings stay what they were; once it is back, only what changed is told.",
            )
        ),
    )


def _why(payload: Mapping[str, object], language: str) -> Line:
    told = str(payload["english"]) if language == "en" else french(str(payload["french"]))
    nothing = pick(
        language,
        "Aucun regard n’a abouti depuis, sans erreur : redémarrez Vigie et voyez ses journaux.",
        "No look has ended since, without an error: restart Vigie and see its log.",
    )
    return line(told or french(nothing))


def _about(payload: Mapping[str, object], language: str) -> str:
    return quoted(str(payload["about"]), language)


def _instant(payload: Mapping[str, object]) -> datetime:
    return datetime.fromisoformat(str(payload["since"]))


def _since(payload: Mapping[str, object], language: str) -> str:
    since = _instant(payload)
    at = clock(since, language)
    return pick(language, f"{day(paris_day(since), 'fr')} à {at}", f"{day(paris_day(since), 'en')} at {at}")
