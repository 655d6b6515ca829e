"""Ids through renames, swaps, doubles, deletion and return (docs/specification.md, section 1, "Identity")."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from postings.identity import Added, Deleted, Identities, Move, Renamed, moves_between

J = "content/_jobs/"


def identities(*paths: str, prefix: str = "") -> Identities:
    made = Identities(prefix)
    made.apply(Added(J + path) for path in paths)
    return made


def live(made: Identities) -> dict[str, str]:
    return {path.removeprefix(J): id for path, id in made.live.items()}


def test_the_id_is_the_first_name_without_its_extension() -> None:
    made = identities("2024-01-01-a.md", "2024/b.v2.markdown", "c.MD", "sans-extension", "d.html")
    assert set(made.live.values()) == {"2024-01-01-a", "b.v2", "c", "sans-extension", "d.html"}


def test_the_id_survives_renames() -> None:
    made = identities("a.md")
    made.apply([Renamed(J + "a.md", J + "b.md")])
    made.apply([Renamed(J + "b.md", J + "2024/c.markdown")])
    assert live(made) == {"2024/c.markdown": "a"}
    assert made.passed["a"] == ["a", "b", "c"]


def test_two_renames_that_swap_names_swap_ids() -> None:
    made = identities("a.md", "b.md")
    made.apply([Renamed(J + "a.md", J + "b.md"), Renamed(J + "b.md", J + "a.md")])
    assert live(made) == {"b.md": "a", "a.md": "b"}


def test_a_chain_of_renames_in_one_commit() -> None:
    made = identities("a.md", "b.md")
    made.apply([Renamed(J + "a.md", J + "b.md"), Renamed(J + "b.md", J + "c.md")])
    assert live(made) == {"b.md": "a", "c.md": "b"}


def test_a_new_file_under_a_name_that_another_file_began_with() -> None:
    made = identities("a.md")
    made.apply([Renamed(J + "a.md", J + "b.md")])
    made.apply([Added(J + "a.md")])
    made.apply([Renamed(J + "a.md", J + "c.md")])
    made.apply([Added(J + "a.md")])
    assert live(made) == {"b.md": "a", "c.md": "a-2", "a.md": "a-3"}


def test_the_name_is_free_in_the_commit_that_renames_its_file() -> None:
    made = identities("a.md")
    made.apply([Added(J + "a.md"), Renamed(J + "a.md", J + "b.md")])
    assert live(made) == {"b.md": "a", "a.md": "a-2"}


def test_two_extensions_of_one_name_in_one_folder_are_two_postings() -> None:
    assert live(identities("a.md", "a.markdown")) == {"a.md": "a", "a.markdown": "a-2"}


def test_deleted_and_added_again_is_the_same() -> None:
    made = identities("a.md")
    made.apply([Renamed(J + "a.md", J + "b.md")])
    made.apply([Deleted(J + "b.md")])
    assert live(made) == {}
    made.apply([Added(J + "b.md")])
    assert live(made) == {"b.md": "a"}
    made.apply([Deleted(J + "b.md")])
    made.apply([Added(J + "2024/b.markdown")])
    assert live(made) == {"2024/b.markdown": "a"}


def test_one_name_in_two_folders_is_one_posting_of_the_first_path() -> None:
    made = identities("z/a.md", "b/a.md")
    assert live(made) == {"z/a.md": "a", "b/a.md": "a"}
    assert made.winner("a") == J + "b/a.md"
    assert made.twins("a") == [J + "b/a.md", J + "z/a.md"]
    made.apply([Deleted(J + "b/a.md")])
    assert made.winner("a") == J + "z/a.md"
    made.apply([Deleted(J + "z/a.md")])
    assert made.winner("a") is None


def test_a_double_that_gets_its_own_name_becomes_its_own_posting() -> None:
    made = identities("1/a.md", "2/a.md")
    made.apply([Renamed(J + "2/a.md", J + "2/b.md")])
    assert live(made) == {"1/a.md": "a", "2/b.md": "b"}


def test_the_posting_that_is_renamed_leaves_its_double_behind() -> None:
    made = identities("1/a.md", "2/a.md")
    made.apply([Renamed(J + "1/a.md", J + "1/b.md")])
    assert live(made) == {"1/b.md": "a", "2/a.md": "a-2"}


def test_doubles_whose_folders_move_stay_doubles() -> None:
    made = identities("1/a.md", "2/a.md")
    made.apply([Renamed(J + "1/a.md", J + "3/a.md"), Renamed(J + "2/a.md", J + "4/a.md")])
    assert live(made) == {"3/a.md": "a", "4/a.md": "a"}


def test_another_source_prefixes_its_ids_and_not_its_names() -> None:
    made = identities("a.md", "a.markdown", prefix="autre:")
    made.apply([Renamed(J + "a.md", J + "b.md")])
    assert live(made) == {"b.md": "autre:a", "a.markdown": "autre:a-2"}
    made.apply([Deleted(J + "b.md")])
    made.apply([Added(J + "b.md")])
    assert live(made)["b.md"] == "autre:a"


def test_what_is_stored_goes_on() -> None:
    before = identities("a.md", "c.md")
    before.apply([Renamed(J + "a.md", J + "b.md"), Deleted(J + "c.md")])
    after = Identities(live=dict(before.live), gone=dict(before.gone))
    after.apply([Added(J + "a.md"), Added(J + "c.md")])
    assert live(after) == {"b.md": "a", "a.md": "a-2", "c.md": "c"}


def test_moves_that_no_history_tells_are_exact_renames_or_nothing() -> None:
    before = {"a": "1", "b": "2", "c": "3", "d": "3", "e": "5"}
    after = {"x": "1", "b": "9", "y": "3", "z": "6"}
    moves = moves_between(before, after)
    assert Renamed("a", "x") in moves
    assert {move for move in moves if isinstance(move, Added)} == {Added("y"), Added("z")}
    assert {move for move in moves if isinstance(move, Deleted)} == {Deleted("c"), Deleted("d"), Deleted("e")}
    assert moves_between(before, before) == []


def test_a_moved_folder_is_all_renames_even_with_files_of_one_content() -> None:
    before = {f"{J}{n}.md": str(n // 2) for n in range(6)}
    after = {f"{J}2024/{n}.md": str(n // 2) for n in range(6)}
    assert set(moves_between(before, after)) == {Renamed(f"{J}{n}.md", f"{J}2024/{n}.md") for n in range(6)}


paths = st.sampled_from(
    [f"{J}{folder}{name}" for folder in ("", "1/", "2/") for name in ("a.md", "b.md", "b")]
)


def _left(move: Move) -> object:
    return move if isinstance(move, Added) else move.old if isinstance(move, Renamed) else move.path


def _came(move: Move) -> object:
    return move if isinstance(move, Deleted) else move.new if isinstance(move, Renamed) else move.path


# As git tells them: no path leaves or comes twice in one commit.
moves: st.SearchStrategy[list[Move]] = st.lists(
    st.one_of(st.builds(Added, paths), st.builds(Deleted, paths), st.builds(Renamed, paths, paths)),
    max_size=4,
    unique_by=(_left, _came),
)


@settings(max_examples=150)
@given(st.lists(moves, max_size=8))
def test_whatever_happens_to_paths_the_books_agree(commits: list[list[Move]]) -> None:
    made = Identities()
    for commit in commits:
        made.apply(commit)
        for path, id in made.live.items():
            assert path in made.twins(id)
            assert id
        for id in set(made.live.values()):
            twins = made.twins(id)
            assert made.winner(id) == twins[0]
            assert len({path.rpartition("/")[2].removesuffix(".md") for path in twins}) == 1
            assert len({path.rpartition("/")[0] for path in twins}) == len(twins)


@settings(max_examples=50)
@given(st.dictionaries(paths, st.sampled_from("123")), st.dictionaries(paths, st.sampled_from("123")))
def test_the_moves_between_two_listings_lead_from_one_to_the_other(
    before: dict[str, str], after: dict[str, str]
) -> None:
    made = Identities()
    made.apply(Added(path) for path in before)
    made.apply(moves_between(before, after))
    assert set(made.live) == set(after)
