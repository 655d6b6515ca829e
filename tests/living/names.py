"""Which posting a file is (docs/specification.md, section 1, "Identity"): the test knows whose text it holds."""

from __future__ import annotations

from tests.living.files import Tree, folder_of, name_of


class Names:
    """The paths of one source."""

    def __init__(self) -> None:
        self.ids: dict[str, str] = {}
        """The paths that exist, each with its posting."""
        self.gone: dict[str, str] = {}
        """The last path and the last name of postings without a file."""

    def follow(self, before: Tree, after: Tree, exact: bool) -> None:
        """Follows one commit, or what lies between two trees. `exact`: only equal bytes are known again."""
        left = {before[path].text(exact): path for path in before.keys() - after.keys()}
        came = {after[path].text(exact): path for path in after.keys() - before.keys()}
        renamed = {path: left.pop(text) for text, path in came.items() if text in left}
        added = set(after.keys() - before.keys() - renamed.keys())
        # Files of one name in several folders are one posting, the first of them: another that takes a name of
        # its own is another posting, and so is one left behind by that, or brought into one folder with it.
        own = {
            new for new, old in renamed.items() if name_of(new) != name_of(old) and old != self._first(old)
        }
        taken = {new: self.ids.pop(old) for new, old in renamed.items()}
        for path in left.values():
            id = self.ids.pop(path)
            if id not in self.ids.values() and id not in taken.values():
                self.gone[path] = self.gone[name_of(path)] = id
        self.ids |= {new: id for new, id in taken.items() if new not in own}
        for new, id in taken.items():
            folders: set[str] = set()
            for path in sorted(p for p, of in self.ids.items() if of == id and new not in own):
                if name_of(path) != name_of(new) or folder_of(path) in folders:
                    del self.ids[path]
                    added.add(path)
                else:
                    folders.add(folder_of(path))
        for path in sorted(own | added):
            self._add(path)

    def _first(self, path: str) -> str:
        return min(other for other, id in self.ids.items() if id == self.ids[path])

    def _add(self, path: str) -> None:
        """A file that was not there: a name in another folder again, a posting that is back, or a new one."""
        name, live = name_of(path), set(self.ids.values())
        twin = next(
            (
                id
                for other, id in sorted(self.ids.items())
                if name_of(other) == name
                and all(folder_of(p) != folder_of(path) for p, of in self.ids.items() if of == id)
            ),
            None,
        )
        former = self.gone.get(path) or self.gone.get(name)
        if twin is not None:
            id = twin
        elif former is not None and former not in live:
            id = former
        else:
            id, number = name, 1
            while id in live:
                number += 1
                id = f"{name}-{number}"
        self.ids[path] = id
        self.gone = {key: of for key, of in self.gone.items() if of != id}
