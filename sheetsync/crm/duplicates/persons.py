"""From links between leads to persons: what hangs together, less what people say is two."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


class Persons:
    """Leads 0 to n-1 in disjoint groups, some of which must stay apart (union-find, Tarjan 1975).

    Every group is known by its smallest lead.
    """

    def __init__(self, n: int) -> None:
        self._of = list(range(n))
        self._apart: dict[int, set[int]] = {}

    def keep_apart(self, one: int, other: int) -> None:
        """Never let the groups of these two become one; those that are one stay so."""
        a, b = self.of(one), self.of(other)
        if a != b:
            self._apart.setdefault(a, set()).add(b)
            self._apart.setdefault(b, set()).add(a)

    def join(self, one: int, other: int) -> bool:
        """Make one group of two; False where they must stay apart."""
        a, b = sorted((self.of(one), self.of(other)))
        if a == b:
            return True
        if b in self._apart.get(a, ()):
            return False
        self._of[b] = a
        for group in self._apart.pop(b, set()):
            self._apart[group].discard(b)
            self._apart[group].add(a)
            self._apart.setdefault(a, set()).add(group)
        return True

    def of(self, lead: int) -> int:
        """The group of a lead."""
        top = lead
        while self._of[top] != top:
            top = self._of[top]
        while self._of[lead] != top:
            self._of[lead], lead = top, self._of[lead]
        return top

    def are_apart(self, one: int, other: int) -> bool:
        """Whether the groups of two leads must stay apart."""
        return self.of(other) in self._apart.get(self.of(one), ())

    @property
    def groups(self) -> Ints:
        """The group of every lead: array of int, shape (n,)."""
        return np.array([self.of(lead) for lead in range(len(self._of))], dtype=np.int64)
