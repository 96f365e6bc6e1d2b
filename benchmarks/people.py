"""The people of the comparison: what they do in Leads, and the count of rows that came out wrong.

Nothing here knows how a tool works. People keep a journal of what each of their cells held when
they last looked at it or typed into it; afterwards every lead is found again by its card.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from benchmarks.shop import CARD, LEADS, POINTS, TAGS, TODAY, tags
from tests.google import Operator
from tests.google.locales import EPOCH

Row = dict[str, Any]
TODAY_SERIAL = (TODAY - EPOCH).days
OPEN = ("New", "In touch", "Parked", "Options sent", "Office visit", "Prepaid")


@dataclass
class Damage:
    """The cards of the leads that a run left wrong, by kind.

    Parameters
    ----------
    lost : rows that are gone, came back after they were deleted, or stand there twice
    changed : rows with a cell of people's that displays something else than they put there
    misplaced : rows with a result that is not the lead's own, or none
    ids : rows whose id changed, vanished, or is another row's too
    retyped : rows with text of people's that became a number which reads the same; not in ``rows``
    """

    lost: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    misplaced: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)
    retyped: set[str] = field(default_factory=set)

    @property
    def rows(self) -> set[str]:
        """Every row that is wrong in any way."""
        return self.lost | self.changed | self.misplaced | self.ids


class People:
    """The operators of one spreadsheet.

    Parameters
    ----------
    operator : somebody who works in it
    headers : the columns that belong to people, ``Card`` and ``Tags`` among them
    """

    def __init__(self, operator: Operator, headers: list[str]) -> None:
        self.operator, self.headers = operator, headers
        self.added = 0
        self.look()

    def look(self) -> None:
        """Take the sheet as it is now for what people want it to be."""
        rows = {str(row[CARD]): row for row in self.operator.rows(LEADS) if row[CARD] is not None}
        self.cells: dict[str, Row] = {
            card: {header: row[header] for header in self.headers} for card, row in rows.items()
        }
        self.ids = {card: row["ID"] for card, row in rows.items()}
        self.deleted: set[str] = set()
        self.at_first = {card: results(cells) for card, cells in self.cells.items()}

    # -- what they do ------------------------------------------------------------------------

    def type(self, row: int, values: Mapping[str, Any]) -> None:
        """Type into the cells of one row; what it displays then goes into the journal."""
        for header, value in values.items():
            self.operator.type(LEADS, row, header, value)
        card = str(self.operator.cell(LEADS, row, CARD))
        cells = self.cells.setdefault(card, dict.fromkeys(self.headers))
        cells |= {header: self.operator.cell(LEADS, row, header) for header in values}

    def edit(self, count: int, rng: np.random.Generator) -> None:
        """Work on so many leads: other tags, and here and there a status or a comment."""
        places = self.places()
        for number, card in enumerate(_some(rng, self.cells, count)):
            new: Row = {TAGS: tags(rng)}
            if number % 3 == 0:
                new["Status"] = str(rng.choice(OPEN))
            if number % 3 == 1:
                new["Comment"] = f"asked for {rng.integers(2, 9)} rooms, 0{rng.integers(100, 999)}"
            self.type(places[card], new)

    def interrupt(self, rng: np.random.Generator) -> None:
        """What happens in a busy minute: typing, inserting, sorting, adding, deleting."""
        self.edit(10, rng)
        for card in _some(rng, self.cells, 2):
            row = self.places()[card]
            self.operator.insert_row(LEADS, row)
            self.type(row, self._newcomer(rng))
        for card in _some(rng, self.ids, 2):
            self.operator.delete_row(LEADS, self.places()[card])
            self.deleted.add(card)
            del self.cells[card]
        self.operator.sort(LEADS, "Name")
        for _ in range(2):
            row = max(self.places().values()) + 1
            self.type(row, self._newcomer(rng))
        self.edit(10, rng)

    def places(self) -> dict[str, int]:
        """Card -> the number of its row now."""
        sheet = self.operator.file.titled(LEADS)
        assert sheet is not None
        column = sheet.columns[self.operator.headers(LEADS).index(CARD)].key
        return {
            str(cell.entered): number
            for number, row in enumerate(sheet.rows[1:], 2)
            if (cell := row.cells.get(column)) is not None and cell.entered is not None
        }

    def _newcomer(self, rng: np.random.Generator) -> Row:
        self.added += 1
        return {
            CARD: f"N-{self.added:03d}",
            "Created": TODAY,
            "Name": f"Newcomer {self.added}",
            "Phone": f"+1212555{self.added:04d}",
            "Status": "New",
            TAGS: tags(rng),
        }

    # -- what came of it ---------------------------------------------------------------------

    def damage(self) -> Damage:
        """Compare the sheet with the journal, and every result with what it should be."""
        damage = Damage()
        seen: dict[str, Row] = {}
        ids: dict[Any, str] = {}
        for number, row in enumerate(self.operator.rows(LEADS)):
            if row[CARD] is None:
                if any(row[header] is not None for header in (*self.headers, "Score")):
                    damage.lost.add(f"no card {number}")
                continue
            card = str(row[CARD])
            if card in seen or card in self.deleted:
                damage.lost.add(card)
            if row["ID"] is not None and ids.setdefault(row["ID"], card) != card:
                damage.ids |= {card, ids[row["ID"]]}
            seen[card] = row
        damage.lost |= self.cells.keys() - seen.keys()
        for card, cells in self.cells.items():
            if (now := seen.get(card)) is None:
                continue
            for header in self.headers:
                if not _same(cells[header], now[header]):
                    alike = _reading(cells[header]) == _reading(now[header])
                    (damage.retyped if alike else damage.changed).add(card)
            if self.ids.get(card) not in (None, now["ID"]):
                damage.ids.add(card)
            if not self._own_results(card, now):
                damage.misplaced.add(card)
        return damage

    def _own_results(self, card: str, now: Row) -> bool:
        """Whether the results are the lead's: by its cells as the run found them, or as they are.

        A lead that came in during the run may have none yet.
        """
        score, tier, late = (now[header] for header in ("Score", "Tier", "Overdue, days"))
        if card not in self.at_first and score is None:
            return True
        allowed = [results(self.cells[card])]
        if card in self.at_first:
            allowed.append(self.at_first[card])
        return any((score, tier) == known[:2] and known[2] in (late, None) for known in allowed)


def results(cells: Mapping[str, Any]) -> tuple[int, str, int | None]:
    """Score, tier, and days overdue of a lead; None for days that are not to be compared, where
    the date or the status is not written as the dropdown has it."""
    score = sum(POINTS[tag] for tag in str(cells[TAGS] or "").split(", ") if tag)
    tier = "A" if score >= 60 else "B" if score >= 25 else "C"
    due = cells["Next action"]
    known = isinstance(due, (int, float)) and cells["Status"] in OPEN
    return score, tier, max(TODAY_SERIAL - int(due), 0) if known else None


def _some(rng: np.random.Generator, cards: Mapping[str, Any], count: int) -> list[str]:
    return [str(card) for card in rng.choice(sorted(cards), min(count, len(cards)), replace=False)]


def _same(before: Any, after: Any) -> bool:
    text = isinstance(before, str), isinstance(after, str)
    return before == after and text[0] == text[1]


def _reading(value: Any) -> str:
    """What a cell reads like, whether it is text or a number."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value)
