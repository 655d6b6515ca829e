"""The files of a source as they were last seen, and the paragraphs that postings hold.

A look asks for what surrounds the paths that changed, by indexes: it costs what changed, not what exists.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, exists, literal, select, union_all, update
from sqlalchemy.ext.asyncio import AsyncConnection

from postings.reading.address import name_of
from postings.store.tables import files, paragraphs
from postings.store.values import File
from postings.store.writing import chunks, put

_DIGESTS_AT_ONCE = 100
"""Parts of one compound statement; SQLite takes 500."""
_NUMBERS = 8
"""How many ids of one name (`name-2`, `name-3`…) are looked up ahead."""


async def files_of(connection: AsyncConnection, source: str) -> dict[str, File]:
    """All the files of a source, by path."""
    columns = (files.c.path, files.c.posting, files.c.blob)
    query = select(*columns).where(files.c.source == source, ~files.c.gone)
    return {row.path: File(row.path, row.posting, row.blob) for row in await connection.execute(query)}


async def gone_names(connection: AsyncConnection, source: str) -> dict[str, str]:
    """The last path and the last name of each posting whose file is gone, with the posting's id."""
    columns = (files.c.path, files.c.posting)
    query = select(*columns).where(files.c.source == source, files.c.gone).order_by(files.c.path)
    return _gone(await connection.execute(query))


async def team_files(connection: AsyncConnection, source: str) -> dict[str, str]:
    """The blobs of the files that are no posting's, by path."""
    query = select(files.c.path, files.c.blob).where(
        files.c.source == source, files.c.posting == "", ~files.c.gone
    )
    return {row.path: row.blob for row in await connection.execute(query)}


async def files_around(
    connection: AsyncConnection, source: str, prefix: str, paths: Collection[str], ids: Collection[str]
) -> tuple[dict[str, File], dict[str, str]]:
    """What happens to some paths and postings may concern these files, and these gone names.

    They are the files at the paths, all those of the same postings, all of the same names, and those whose
    ids a new file of such a name could be given; `prefix` begins the ids of the source.
    """
    rows: dict[str, Row[*tuple[Any, ...]]] = {}
    asked: dict[str, set[str]] = {"path": set(), "name": set(), "posting": set()}
    numbers: defaultdict[str, int] = defaultdict(lambda: _NUMBERS)
    for path in paths:
        numbers[name_of(path)] += 1
    wanted = {"path": set(paths), "name": {name_of(path) for path in paths}, "posting": set(ids)}
    while any(wanted.values()):
        for name in wanted["name"]:
            wanted["posting"] |= _ids_of(prefix + name, numbers[name]) - asked["posting"]
        for column, values in wanted.items():
            asked[column] |= values
            for row in await _files_where(connection, source, files.c[column], values):
                rows[row.path] = row
        found = {row.posting for row in rows.values()}
        wanted = {
            "path": set(),
            "name": {name_of(path) for path in rows} - asked["name"],
            "posting": found - asked["posting"],
        }
        for name in list(numbers):
            # So many files were called so that the next number may be taken too.
            if f"{prefix}{name}-{numbers[name]}" in found:
                numbers[name] *= 2
                wanted["posting"] |= _ids_of(prefix + name, numbers[name]) - asked["posting"]
    live = {path: File(path, row.posting, row.blob) for path, row in rows.items() if not row.gone}
    return live, _gone(rows[path] for path in sorted(rows) if rows[path].gone)


async def put_files(
    connection: AsyncConnection,
    source: str,
    set_: Iterable[File],
    removed: Iterable[str],
    left: Mapping[str, str],
) -> None:
    """Stores files, and takes those `removed` away, save for paths that are stored too.

    The last file of a posting keeps leading to it (`gone_names`) until the posting has one again. `left` are the
    last paths of postings that went, by id: they may have moved since they were stored.
    """
    rows = [
        {"source": source, "path": f.path, "posting": f.id, "blob": f.blob, "gone": False, "name": name_of(f.path)}
        for f in set_
    ]  # fmt: skip
    leaving = set(removed) - {row["path"] for row in rows}
    here = files.c.source == source
    concerned = {str(row["posting"]) for row in rows}
    await put(connection, files, rows)
    for paths in chunks(leaving):
        gone = update(files).where(here, files.c.path.in_(paths)).values(gone=True).returning(files.c.posting)
        concerned |= set(await connection.scalars(gone))
    stored = {row["path"] for row in rows}
    last = {id: path for id, path in left.items() if path not in stored}
    for ids in chunks(last):
        await connection.execute(delete(files).where(here, files.c.posting.in_(ids), files.c.gone))
    await put(
        connection,
        files,
        [
            {"source": source, "path": path, "posting": id, "blob": "", "gone": True, "name": name_of(path)}
            for id, path in last.items()
        ],
    )
    other = files.alias("other")
    has_file = exists().where(other.c.source == source, other.c.posting == files.c.posting, ~other.c.gone)
    for ids in chunks(concerned - {""}):
        await connection.execute(delete(files).where(here, files.c.posting.in_(ids), files.c.gone, has_file))
    await connection.execute(delete(files).where(here, files.c.posting == "", files.c.gone))


async def paragraphs_of(connection: AsyncConnection, source: str) -> dict[str, set[str]]:
    """The digests of the paragraphs of every posting of a source that has a file, by id."""
    held: defaultdict[str, set[str]] = defaultdict(set)
    query = select(paragraphs.c.posting, paragraphs.c.digest).where(paragraphs.c.source == source)
    for posting, digest in await connection.execute(query):
        held[posting].add(digest)
    return dict(held)


async def paragraphs_around(
    connection: AsyncConnection, source: str, ids: Collection[str], digests: Collection[str], holders: int
) -> dict[str, set[str]]:
    """The paragraphs of some postings, and of each of those and of `digests` at least `holders` that hold it."""
    held: defaultdict[str, set[str]] = defaultdict(set)
    here = paragraphs.c.source == source
    for some in chunks(ids):
        query = select(paragraphs.c.posting, paragraphs.c.digest).where(here, paragraphs.c.posting.in_(some))
        for posting, digest in await connection.execute(query):
            held[posting].add(digest)
    asked = sorted({digest for own in held.values() for digest in own} | set(digests))
    for some in chunks(asked, _DIGESTS_AT_ONCE):
        # One index search a digest: what thousands of postings share costs no more than what two do.
        parts = (
            select(paragraphs.c.posting, paragraphs.c.digest)
            .where(here, paragraphs.c.digest == literal(digest))
            .limit(holders)
            .subquery()
            for digest in some
        )
        for posting, digest in await connection.execute(union_all(*map(select, parts))):
            held[posting].add(digest)
    return dict(held)


async def put_paragraphs(
    connection: AsyncConnection, source: str, held: Mapping[str, Collection[str]]
) -> None:
    """Stores which paragraphs some postings hold, in place of those they held."""
    for ids in chunks(held):
        gone = (paragraphs.c.source == source, paragraphs.c.posting.in_(ids))
        await connection.execute(delete(paragraphs).where(*gone))
    rows = [
        {"source": source, "posting": id, "digest": digest}
        for id, digests in held.items()
        for digest in sorted(digests)
    ]
    await put(connection, paragraphs, rows)


def _gone(rows: Iterable[Row[*tuple[Any, ...]]]) -> dict[str, str]:
    """By last path and by last name; of several that were called so, the last path counts."""
    gone: dict[str, str] = {}
    for row in rows:
        gone[row.path] = gone[name_of(row.path)] = row.posting
    return gone


def _ids_of(id: str, numbers: int) -> set[str]:
    return {id, *(f"{id}-{number}" for number in range(2, numbers + 1))}


async def _files_where(
    connection: AsyncConnection, source: str, column: ColumnElement[str], values: Iterable[str]
) -> list[Row[*tuple[Any, ...]]]:
    columns = (files.c.path, files.c.posting, files.c.blob, files.c.gone)
    rows: list[Row[*tuple[Any, ...]]] = []
    for some in chunks(values):
        # Team files belong to no posting, and are none of a posting's neighbours.
        query = select(*columns).where(files.c.source == source, column.in_(some), files.c.posting != "")
        rows += (await connection.execute(query)).all()
    return rows
