"""Databases as earlier versions left them: migrated so far and no further, with rows in the SQL of that time."""

from __future__ import annotations

import json

from alembic.script import ScriptDirectory
from sqlalchemy import text

from postings.store import schema
from postings.store.engine import Database

REVISIONS = sorted(
    script.revision
    for script in ScriptDirectory.from_config(schema._configuration()).walk_revisions()
    if script.revision is not None
)

_POSTING = {
    "id": "dev",
    "path": "content/_jobs/dev.md",
    "role": "Développeuse",
    "team": {"id": "exemple", "name": "Exemple"},
    "contracts": ["freelance"],
    "opens": "2024-05-01",
    "summary": "L’été, c’est ‹ bien ›.",
}
_RECORD = {
    "id": "dev",
    "posting": _POSTING,
    "state": "open",
    "openings": 1,
    "opened_at": "2024-05-14T12:00:00+00:00",
    "told": ["opened:1"],
    "names": ["dev"],
}
_ENDED = {
    **_RECORD,
    "id": "fin",
    "posting": {**_POSTING, "id": "fin", "path": "content/_jobs/fin.md"},
    "state": "closed",
    "ended_at": "2024-05-14T12:00:00+00:00",
    "names": ["fin"],
}
_EVENT = {
    "id": "dev:opened:1",
    "kind": "opened",
    "posting": "dev",
    "at": "2024-05-14T12:00:00+00:00",
    "state": "open",
    "previous_state": None,
    "role": "Développeuse",
    "team": None,
    "opening": 1,
}

# Since which revision, until which one (None: it can still be written so), and the statement.
_ROWS: list[tuple[str, str | None, str]] = [
    (
        "0001",
        None,
        "INSERT INTO sources (name, address, revision, rules, baseline_at, looked_at) "
        "VALUES ('site', 'https://git.example.org/site.git', 'r1', '1', {at}, {at})",
    ),
    (
        "0001",
        None,
        "INSERT INTO files (source, path, posting, blob, gone) "
        "VALUES ('site', 'content/_jobs/dev.md', 'dev', 'b1', false)",
    ),
    (
        "0001",
        None,
        "INSERT INTO postings (id, source, state, team, team_name, cities, technologies, opened_at, record) "
        "VALUES ('dev', 'site', 'open', 'exemple', 'Exemple', '[\"Lyon\"]', '[]', {at}, :record), "
        "('fin', 'site', 'closed', 'exemple', 'Exemple', '[]', '[]', {at}, :ended)",
    ),
    (
        "0001",
        None,
        "INSERT INTO names (source, name, posting, latest) VALUES ('site', 'dev', 'dev', true), "
        "('site', 'ancien', 'dev', false), ('site', 'fin', 'fin', true)",
    ),
    (
        "0001",
        None,
        "INSERT INTO teams (source, kind, id, name, title) "
        "VALUES ('site', 'startup', 'exemple', 'Exemple', 'L’Exemple')",
    ),
    (
        "0001",
        None,
        "INSERT INTO events (id, source, posting, kind, at, event) "
        "VALUES ('dev:opened:1', 'site', 'dev', 'opened', {at}, :event)",
    ),
    (
        "0001",
        None,
        "INSERT INTO outbox (key, target, posting, kind, payload, state, created_at, ready_at, attempts, message_id, "
        "finished_at) VALUES ('dev:opened:1:salon', 'salon', 'dev', 'opened', :event, 'sent', {at}, {at}, 1, 'm1', "
        "{at}), ('dev:updated:salon', 'salon', 'dev', 'updated', :event, 'pending', {at}, {at}, 0, NULL, NULL)",
    ),
    (
        "0001",
        None,
        "INSERT INTO messages (target, posting, message_id, opening, posted_at) "
        "VALUES ('salon', 'dev', 'm1', 1, {at})",
    ),
    (
        "0003",
        None,
        'INSERT INTO holds (source, at, reason, entered, "left", open_before, state) '
        "VALUES ('site', {at}, 'mass_change', 0, 12, 15, 'held')",
    ),
    (
        "0003",
        "0013",
        'INSERT INTO holds (source, at, reason, entered, "left", open_before, state, ended_at, ended_by) '
        "VALUES ('site', {at}, 'mass_change', 0, 12, 15, 'dropped', {at}, '@elle')",
    ),
    (
        "0003",
        None,
        "INSERT INTO outbox (key, target, posting, kind, payload, state, created_at, ready_at, attempts, hold) "
        "VALUES ('dev:closed:salon', 'salon', 'dev', 'closed', :event, 'held', {at}, {at}, 0, 1)",
    ),
    (
        "0004",
        "0009",
        "INSERT INTO stopped (target, since, retry_at, french, english, fingerprint, note) "
        "VALUES ('parti', {at}, {at}, 'Il est archivé.', 'It is archived.', 'f1', 'n1')",
    ),
    (
        "0010",
        None,
        "INSERT INTO stopped (target, since, retry_at, french, english, fingerprint) "
        "VALUES ('parti', {at}, {at}, 'Il est archivé.', 'It is archived.', 'f1')",
    ),
    ("0005", None, "INSERT INTO pacing (\"key\", tat) VALUES ('slack:C1', {at})"),
    (
        "0006",
        None,
        "INSERT INTO questions (number, digest, question, contracts, domains) VALUES (1, 'q1', '{{}}', 0, 0)",
    ),
    ("0006", None, "INSERT INTO anchors (anchor, question) VALUES ('*', 1)"),
    (
        "0006",
        None,
        "INSERT INTO subscriptions (number, target, text, words, language, made_at, made_by, question) "
        "VALUES (7, 'salon', 'freelance', 'freelance', 'fr', {at}, '@nom', 1)",
    ),
    (
        "0007",
        None,
        "INSERT INTO alerts (\"key\", kind, since, detail) VALUES ('unreadable:dev', 'unreadable', {at}, 'front')",
    ),
    ("0008", None, "INSERT INTO moved (target, place) VALUES ('telegram:-1', '-1001')"),
    ("0009", None, "INSERT INTO generations (source, number) VALUES ('site', 3)"),
    ("0011", None, "INSERT INTO bodies (posting, markdown) VALUES ('dev', 'Une *mission* utile.')"),
    ("0013", None, "UPDATE sources SET restored_from = {at}"),
]


async def fill(url: str, revision: str) -> None:
    """Makes the database at `url` that of a revision, with a row of each kind that it had."""
    database = Database(url)
    instant = "'2024-05-14 12:00:00.000000'" if database.is_sqlite else "'2024-05-14 12:00:00+00'"
    values = {
        name: json.dumps(value, ensure_ascii=False)
        for name, value in {"record": _RECORD, "ended": _ENDED, "event": _EVENT}.items()
    }
    try:
        async with database.write() as connection:
            await connection.run_sync(schema.upgrade_to, revision, database.shown)
            for since, until, statement in _ROWS:
                if since <= revision <= (until or revision):
                    sql = statement.format(at=instant)
                    given = {name: value for name, value in values.items() if f":{name}" in sql}
                    await connection.execute(text(sql), given)
    finally:
        await database.close()
