"""What the staff is told of holds: announcements that are held, a posting written over another, a hold that fell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from bot.wording.message import Bold, Code, Line, Message, line
from postings.model import Posting, Record
from postings.store import Hold
from postings.store.codec import Json
from postings.text import french
from postings.wording import counted, number, pick, quoted


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


def message(payload: Mapping[str, object], language: str) -> Message:
    """The words of a note about a hold."""
    words = {"mass": _mass, "overwritten": _overwritten}
    return words.get(str(payload["note"]), _void)(payload, language)


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
