"""Which keys stand beside another row than their own, and what to write to put them right.

Pure comparisons of two images of a tab: as it was read with its keys as planned, and as it is now.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from sheetsync.workbooks.google.keys import Image, Mark


def misplaced(base: Image, now: Image, moved: frozenset[str]) -> set[int]:
    """Rows of the sheet as it is now where a key that was written is beside another row's cells."""
    mark = {key: base.marks.get(row, ()) for row, key in base.keys.items() if key in moved}
    return {row for row, key in now.keys.items() if key in mark and now.marks[row] != mark[key]}


def lost_or_doubled(base: Image, now: Image) -> bool:
    """Whether people copied a row with its key, or lost a key, since the tab was read."""
    keys = [key for key in now.keys.values() if key is not None]
    there = set(keys)
    if len(there) < len(keys):
        return True
    known = {key for key in base.keys.values() if key is not None}
    beside = {(key, now.marks[row]) for row, key in now.keys.items() if key is not None}
    # Also where the key is still there, but beside other cells: pasted over another lead's.
    homeless = {
        base.marks.get(row)
        for row, key in base.keys.items()
        if key is not None and (key, base.marks.get(row)) not in beside
    }
    return any(
        now.marks[row] in homeless and any(part is not None for part in now.marks[row])
        for row, key in now.keys.items()
        if key not in known
    )


def corrections(base: Image, now: Image, moved: frozenset[str]) -> dict[int, str | None]:
    """What to write so that every key stands beside its own row again.

    Rows are known by their marks: first those whose mark is unchanged, then, as somebody may
    have edited one, those that share the most with it.

    Parameters
    ----------
    base : keys as planned, marks as they were read
    now : keys and marks as they are
    moved : the keys that were written

    Returns
    -------
    dict : sheet row -> key, None to empty the cell
    """
    wrong = misplaced(base, now, moved)
    right = {key for row, key in now.keys.items() if key is not None and row not in wrong}
    seeking = {
        key: base.marks.get(row, ())
        for row, key in base.keys.items()
        if key is not None and key not in right
    }
    nothing = {row for row, mark in now.marks.items() if all(part is None for part in mark)}
    empty = wrong | {r for r, key in now.keys.items() if key is None and r not in nothing}
    free = sorted(empty | _superfluous(base, now, wrong))
    written: dict[int, str | None] = {}
    by_mark: dict[Mark, list[int]] = {}
    for row in free:
        by_mark.setdefault(now.marks[row], []).append(row)
    alike: dict[Mark, list[str]] = {}
    for key, mark in seeking.items():
        alike.setdefault(mark, []).append(key)
    for mark, keys in alike.items():
        for key, row in _paired(keys, by_mark.get(mark, ()), base, now, right):
            written[row] = key
            del seeking[key]
    left = [row for row in free if row in empty and row not in written and row not in nothing]
    for key, mark in seeking.items():
        shared = [_shared(now.marks[row], mark) for row in left]
        if shared and max(shared) * 2 > sum(part is not None for part in mark):
            written[left.pop(shared.index(max(shared)))] = key
    for row in wrong - written.keys():
        mine = now.keys[row] or ""
        edited = mine in seeking and row in left and _like(now.marks[row], seeking[mine])
        written[row] = mine if edited else None
    return {row: key for row, key in written.items() if now.keys.get(row) != key}


def _paired(
    keys: Sequence[str], rows: Sequence[int], base: Image, now: Image, right: Set[str]
) -> Iterator[tuple[str, int]]:
    """Keys and rows with the same marks, one to one.

    Where there are several, they are told apart by their place: rows around them that have kept
    their keys say how far rows have shifted.
    """
    if len(keys) == len(rows) == 1:
        yield keys[0], rows[0]
        return
    place = {key: row for row, key in base.keys.items() if key is not None}
    shifts = sorted(
        (row, place[key] - row) for row, key in now.keys.items() if key in right & place.keys()
    )
    pairs = []
    for row in rows:
        near = min(shifts, key=lambda each: abs(each[0] - row), default=(row, 0))
        pairs += [(abs(place[key] - row - near[1]), row, key) for key in keys]
    taken: set[str | int] = set()
    for _, row, key in sorted(pairs):
        if not taken & {row, key}:
            taken |= {row, key}
            yield key, row


def _superfluous(base: Image, now: Image, wrong: set[int]) -> set[int]:
    """Rows whose key is nobody's, or another row's as well: a copy, or an id pasted over another.

    They were to get keys of their own. Of the rows with one key, the one whose cells are those
    that were read with it keeps it; else the first.
    """
    place = {key: row for row, key in base.keys.items() if key is not None}
    rows: dict[str, list[int]] = {}
    for row, key in now.keys.items():
        if key is not None and row not in wrong:
            rows.setdefault(key, []).append(row)
    found: set[int] = set()
    for key, holding in rows.items():
        if key not in place:
            found.update(holding)
            continue
        mark = base.marks.get(place[key])
        keeper = next((row for row in holding if now.marks[row] == mark), holding[0])
        found.update(row for row in holding if row != keeper)
    return found


def _shared(one: Mark, other: Mark) -> int:
    return sum(a == b is not None for a, b in zip(one, other, strict=False))


def _like(one: Mark, other: Mark) -> bool:
    """Whether a row may be another one that was edited: half of what tells them apart is the same.

    One cell alone would not do: rows that were pasted share a source with many.
    """
    filled = sum(part is not None for part in other)
    return 2 * _shared(one, other) >= filled or len(other) < 2
