"""What the staff is told: a baseline, announcements that are held, a posting written over another, a channel
that refuses.

A note is stored as what happened and becomes words when it is sent, as everything else does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from bot import alarm_notes, owner_notes, reminders, unreadable
from bot.message import Bold, Code, Line, Message, line
from postings.model import Posting, Record
from postings.store import Hold
from postings.store.codec import Json
from postings.text import french
from postings.wording import counted, number, pick, quoted


def baseline(source: str | None, open_now: int, unreadable: int = 0) -> Json:
    """A source is followed from now on; it is named where there are several. `unreadable` counts its files."""
    return {"note": "baseline", "source": source, "open": open_now, "unreadable": unreadable}


def mass(hold: Hold, source: str | None, announcements: int) -> Json:
    """Too many postings moved at once: what would be told of them is held."""
    return {
        "note": "mass",
        "source": source,
        "hold": hold.number,
        "reason": hold.reason,
        "entered": hold.entered,
        "left": hold.left,
        "open_before": hold.open_before,
        "announcements": announcements,
        "void": hold.state == "void",
    }


def overwritten(
    hold: int | None, source: str | None, before: Record, after: Record, announcements: int
) -> Json:
    """A posting seems to have been written over another; without a hold nothing was to be told of it."""
    return {
        "note": "overwritten",
        "source": source,
        "hold": hold,
        "before": _posting(before.posting),
        "after": _posting(after.posting),
        "path": after.posting.path if after.posting else after.id,
        "announcements": announcements,
    }


def void(hold: int) -> Json:
    """Nothing is left of what was held."""
    return {"note": "void", "hold": hold}


def stopped(target: str, why: str, english: str) -> Json:
    """A target refuses what is sent to it, for the reason that a French and an English sentence give."""
    return {"note": "stopped", "target": target, "french": why, "english": english}


def works(target: str) -> Json:
    """A target that was stopped takes messages again."""
    return {"note": "works", "target": target}


def subscriptions_stopped(stopped: Json, numbers: Sequence[int]) -> Json:
    """As `stopped`, for a person who made subscriptions there."""
    return {**stopped, "note": "subscriptions_stopped", "numbers": list(numbers)}


def subscriptions_work(target: str, numbers: Sequence[int]) -> Json:
    """As `works`, for a person who made subscriptions there."""
    return {"note": "subscriptions_work", "target": target, "numbers": list(numbers)}


def message(payload: Mapping[str, object], language: str) -> Message:
    """The words of a note."""
    match payload["note"]:
        case "baseline":
            return _baseline(payload, language)
        case "mass":
            return _mass(payload, language)
        case "overwritten":
            return _overwritten(payload, language)
        case "stopped":
            return _stopped(payload, language)
        case "works":
            return _works(payload, language)
        case "subscriptions_stopped" | "subscriptions_work":
            return owner_notes.message(payload, language)
        case "unreadable":
            return unreadable.message(payload, language)
        case "stale":
            return reminders.message(payload, language)
        case "alarm" | "over":
            return alarm_notes.message(payload, language)
        case _:
            return _void(payload, language)


def what_moved(hold: Mapping[str, object], language: str) -> str:
    """What a mass change did, in a sentence: "543 offres quittent d’un coup la liste, qui en comptait 560."

    `hold` has `reason`, `entered`, `left` and `open_before`.
    """
    entered, left, before = (cast(int, hold[name]) for name in ("entered", "left", "open_before"))
    en = language == "en"
    if hold["reason"] == "emptied":
        if en:
            return f"The source lists no posting any more; {counted(before, 'was', 'were', 'en')} open."
        were = counted(before, "offre y était ouverte", "offres y étaient ouvertes", "fr")
        return french(f"La source ne contient plus aucune offre ; {were}.")
    if hold["reason"] == "restored":
        if en:
            opened = counted(entered, "posting has", "postings have", "en")
            return (
                f"{opened} opened since the backup that was restored. What was announced of them in a message of "
                "their own is recognised; what one message named together would be told again."
            )
        opened = counted(entered, "offre s’est ouverte", "offres se sont ouvertes", "fr")
        return french(
            f"{opened} depuis la sauvegarde qui a été restaurée. Une annonce faite à part est reconnue ; ce qu’un "
            "même message avait annoncé à plusieurs serait redit."
        )
    if en:
        moves = [
            f"{counted(entered, 'posting enters', 'postings enter', 'en')} the list" if entered else "",
            f"{counted(left, 'posting leaves', 'postings leave', 'en')} it" if left else "",
        ]
        return f"{' and '.join(filter(None, moves))} at once; {number(before, 'en')} were open."
    goes = "quitte" if left == 1 else "quittent"
    comes = "s’ajoute" if entered == 1 else "s’ajoutent"
    held = f"qui en comptait {number(before, 'fr')}" if before else "qui était vide"
    if entered and left:
        came = counted(entered, "offre", "offres", "fr")
        return f"{came} {comes} d’un coup à la liste, {held}, et {number(left, 'fr')} la {goes}."
    if entered:
        return f"{counted(entered, 'offre', 'offres', 'fr')} {comes} d’un coup à la liste, {held}."
    return f"{counted(left, 'offre', 'offres', 'fr')} {goes} d’un coup la liste, {held}."


def commands(number: int) -> tuple[Code, Code]:
    """What a person types to release a hold, and to drop it."""
    return Code(f"vigie held --release {number}"), Code(f"vigie held --drop {number}")


def _baseline(payload: Mapping[str, object], language: str) -> Message:
    count = cast(int, payload["open"])
    name = payload["source"]
    where = "" if name is None else pick(language, " la source ", " ") + quoted(str(name), language)
    if language == "en":
        offers = counted(count, "open posting", "open postings", "en") if count else "no open posting"
        told = line(f"Vigie is watching{where}: {offers}. Nothing was announced.")
        return Message((told, *_unreadable(payload, language)))
    offers = counted(count, "offre ouverte", "offres ouvertes", "fr") if count else "aucune offre ouverte"
    told = line(french(f"Vigie veille{where} : {offers}. Rien n’a été annoncé."))
    return Message((told, *_unreadable(payload, language)))


def _unreadable(payload: Mapping[str, object], language: str) -> tuple[Line, ...]:
    """How many files could not be read at a first look, and what says why; nothing where all could be."""
    count = cast(int, payload.get("unreadable", 0))
    if not count:
        return ()
    if language == "en":
        files = counted(count, "file cannot be read", "files cannot be read", "en")
        return (line(f"{files}: ", Code("vigie read"), " on a checkout says what to mend."),)
    files = counted(count, "fiche est illisible", "fiches sont illisibles", "fr")
    return (line(french(f"{files} : "), Code("vigie read"), " sur une copie du dépôt dit quoi corriger."),)


def _mass(payload: Mapping[str, object], language: str) -> Message:
    en, count = language == "en", cast(int, payload["announcements"])
    moved = what_moved(payload, language)
    if payload["void"]:
        head = pick(language, "Changement massif", "Mass change")
        nothing = pick(
            language,
            "Aucune n’avait été annoncée, il n’y a donc rien à retenir. "
            "Si elles reviennent d’ici quatorze jours, rien n’en sera dit non plus.",
            "None of them had been announced, so nothing is held. "
            "If they come back within fourteen days, nothing is said of that either.",
        )
        return Message((_head(head, moved, payload, language), line(nothing)))
    if en:
        kept = f"{counted(count, 'announcement is', 'announcements are', 'en')} held; nothing was said yet."
        mended = "If it is a mistake, restore the files: the hold then ends by itself and nothing is told."
    else:
        kept = f"{counted(count, 'annonce est retenue', 'annonces sont retenues', 'fr')}. Rien n’a encore été dit."
        mended = french(
            "Si c’est une erreur, rétablissez les fiches : la retenue tombera d’elle-même et rien ne sera dit."
        )
    plural = "" if count == 1 else "s"
    head = pick(language, f"Annonce{plural} retenue{plural}", f"Announcement{plural} held")
    said = (line(kept),) if payload["reason"] == "restored" else (line(kept), line(mended))
    return Message((_head(head, moved, payload, language), *said, _decide(payload, language)))


def _overwritten(payload: Mapping[str, object], language: str) -> Message:
    before, after = (cast("Mapping[str, str]", payload[name]) for name in ("before", "after"))
    en = language == "en"
    asked = Bold("Posting overwritten?" if en else french("Fiche écrasée ?"))
    lines: list[Line] = [
        line(
            asked,
            pick(language, " La fiche de ", " The file of "),
            Bold(before["role"]),
            pick(language, f"{_team(before)} décrit maintenant ", f"{_team(before)} now describes "),
            Bold(after["role"]),
            f"{_team(after).removesuffix(',')}.",
        ),
        line(
            pick(language, french("Fichier : "), "File: "),
            Code(str(payload["path"])),
            _source(payload, language),
        ),
    ]
    apart = pick(
        language,
        "Si ce sont deux offres, rétablissez l’ancienne fiche et donnez à la nouvelle un fichier à elle",
        "If these are two postings, restore the former one and give the new one a file of its own",
    )
    if payload["hold"] is None:
        lines.append(
            line(pick(language, f"Rien n’était à annoncer. {apart}.", f"Nothing was to be told. {apart}."))
        )
        return Message(tuple(lines))
    release, drop = commands(cast(int, payload["hold"]))
    count = cast(int, payload["announcements"])
    if en:
        kept = counted(count, "announcement is", "announcements are", "en")
        lines += [
            line(f"{kept} held. {apart}; ", drop, " then forgets what is held."),
            line("If it is the same posting, ", release, " announces the change."),
        ]
    else:
        kept = counted(count, "annonce est retenue", "annonces sont retenues", "fr")
        lines += [
            line(f"{kept}. {apart}{french(' ; ')}", drop, " abandonne ensuite ce qui est retenu."),
            line("Si c’est bien la même offre, ", release, " annonce la modification."),
        ]
    return Message(tuple(lines))


def _void(payload: Mapping[str, object], language: str) -> Message:
    shown = number(cast(int, payload["hold"]), language)
    told = pick(
        language,
        french(f"La retenue {shown} est tombée d’elle-même : il n’en reste rien à dire."),
        f"Hold {shown} ended by itself: nothing of it is left to be told.",
    )
    return Message((line(told),))


def _stopped(payload: Mapping[str, object], language: str) -> Message:
    target = str(payload["target"])
    resume = Code(f"vigie deliveries --resume {target}")
    head = pick(language, "Canal arrêté", "Channel stopped")
    why = str(payload["french" if language != "en" else "english"])
    if language == "en":
        kept: Line = line("What is to be told there waits, in order. Vigie tries again every six hours, ")
        at_once = line("or at once: ", resume)
    else:
        kept = line("Ce qui doit y être annoncé attend, dans l’ordre. Vigie réessaie toutes les six heures, ")
        at_once = line(french("ou tout de suite : "), resume)
    first = line(Bold(head), french(f" : {target}") if language != "en" else f": {target}")
    return Message((first, line(why), kept + at_once))


def _works(payload: Mapping[str, object], language: str) -> Message:
    head = Bold(pick(language, "Canal rétabli", "Channel works again"))
    told = pick(
        language,
        french(f" : {payload['target']}. Ce qui attendait est envoyé."),
        f": {payload['target']}. What waited is being sent.",
    )
    return Message((line(head, told),))


def _head(label: str, moved: str, payload: Mapping[str, object], language: str) -> Line:
    where, moved = _source(payload, language), moved[0].lower() + moved[1:]
    return line(Bold(label + where), french(f" : {moved}") if language != "en" else f": {moved}")


def _decide(payload: Mapping[str, object], language: str) -> Line:
    release, drop = commands(cast(int, payload["hold"]))
    one = payload["announcements"] == 1
    if language == "en":
        it = "it" if one else "them"
        return line("Otherwise ", release, f" publishes {it}, ", drop, f" drops {it}.")
    if one:
        return line("Sinon, ", release, " la publie et ", drop, " l’abandonne.")
    return line("Sinon, ", release, " les publie et ", drop, " les abandonne.")


def _source(payload: Mapping[str, object], language: str) -> str:
    """Which source it is, where there are several."""
    name = payload["source"]
    return "" if name is None else f" (source {quoted(str(name), language)})"


def _team(posting: Mapping[str, str]) -> str:
    """The team between commas, where the posting names one."""
    return f", {posting['team']}," if posting["team"] else ""


def _posting(posting: Posting | None) -> Json:
    team = posting.team.name if posting and posting.team else ""
    return {"role": posting.role if posting else "", "team": team}
