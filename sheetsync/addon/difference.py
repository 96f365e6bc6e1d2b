"""What a new build would change in a place where an earlier one, and files of the owner's, may lie.

The place is a folder or a script project; both are file name -> text here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sheetsync.addon import banner, manifest
from sheetsync.errors import InputError


@dataclass(frozen=True)
class Difference:
    """File names by what happens to them, each sorted.

    Parameters
    ----------
    added, changed, removed : what is done
    kept : the owner's own files, which are left alone
    edited : files of ours that somebody edited by hand since, and that would be lost
    taken : files that were never ours and stand where one of ours belongs
    wanted : what shall be there, kept files not included
    there : what is there
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    kept: tuple[str, ...]
    edited: tuple[str, ...]
    taken: tuple[str, ...]
    wanted: Mapping[str, str]
    there: Mapping[str, str]

    @property
    def nothing(self) -> bool:
        return not (self.added or self.changed or self.removed)

    def check(self, *, force: bool) -> None:
        """Refuse to lose what people made; ``force`` gives up edits of our own files only.

        Raises
        ------
        InputError
            A file of the owner's has the name of one of ours, or one of ours was edited.
        """
        if self.taken:
            raise InputError("addon_name_taken", names=", ".join(self.taken))
        if self.edited and not force:
            raise InputError("addon_edited", names=", ".join(self.edited))


def difference(built: Mapping[str, str], there: Mapping[str, str]) -> Difference:
    """Compare a build with what is there.

    A file of ours that the build no longer has is removed. The manifest has no banner: it is joined
    with the one that is there, see :func:`sheetsync.addon.manifest.merged`.
    """
    states = {name: banner.state(text) for name, text in there.items() if name != manifest.NAME}
    kept = [name for name, state in states.items() if state == "foreign" and name not in built]
    wanted = {**built, manifest.NAME: _manifest(built, there, shared=bool(kept))}
    both = [name for name in wanted if name in there and not banner.same(wanted[name], there[name])]
    gone = [name for name, state in states.items() if state != "foreign" and name not in built]
    touched = {*both, *gone}

    def of(state: str) -> tuple[str, ...]:
        return tuple(sorted(name for name in touched if states.get(name) == state))

    return Difference(
        added=tuple(sorted(name for name in wanted if name not in there)),
        changed=tuple(sorted(both)),
        removed=tuple(sorted(gone)),
        kept=tuple(sorted(kept)),
        edited=of("edited"),
        taken=of("foreign"),
        wanted=wanted,
        there=there,
    )


def _manifest(built: Mapping[str, str], there: Mapping[str, str], *, shared: bool) -> str:
    ours = manifest.read(built[manifest.NAME])
    theirs = manifest.read(there.get(manifest.NAME, ""))
    if ours is None or theirs is None:
        return built[manifest.NAME]
    result = manifest.merged(ours, theirs, shared=shared)
    # Only spaces differ: that is no change.
    return there[manifest.NAME] if result == theirs else manifest.dumps(result)
