"""What the Attention column says of duplicates and of those who came before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from sheetsync.crm.base import FLAG_COLUMNS, Book, no_flags
from sheetsync.crm.duplicates.attempts import CLOSED, Attempts, together
from sheetsync.locales import Words

SURE = 65
"""Severity: two people calling one client is worse than a missing date, and shows at once."""
LIKELY = 45
SHARED = 12
ATTEMPT = 10
"""Nothing to mend, but good to know before the call."""

NAMED = 3
"""Other leads that a flag names; of more it tells how many."""

Flag = tuple[int, int, str, str]


def flags(
    book: Book,
    leads: pd.DataFrame,
    pairs: pd.DataFrame,
    found: Attempts,
    strangers: pd.DataFrame,
) -> pd.DataFrame:
    """The flags of open leads; nothing is left to do about the others.

    Parameters
    ----------
    leads, pairs, found, strangers : see :class:`~.capability.Duplicates`
    """
    if not len(pairs) and not len(strangers) and not len(found.lines):
        return no_flags()
    speaker = _Speaker(book, leads, found)
    rows: list[Flag] = [
        *speaker.sure(pairs[pairs["sure"]]),
        *speaker.likely(pairs[~pairs["sure"].to_numpy(dtype=bool)]),
        *speaker.attempts(pairs[pairs["maybe_attempt"]]),
        *speaker.shared(strangers),
    ]
    if not rows:
        return no_flags()
    table = pd.DataFrame(rows, columns=list(FLAG_COLUMNS))
    table["lead"] = leads["id"].to_numpy(dtype=object)[table["lead"].to_numpy(np.int64)]
    return table


class _Speaker:
    """Says what there is to say of each lead."""

    def __init__(self, book: Book, leads: pd.DataFrame, found: Attempts) -> None:
        self._words: Words = book.words
        # A sheet from before this column was there still hears what it will be called.
        usual = book.words("columns.leads.not_duplicate")
        self._header = book.headers.get("not_duplicate", usual)
        self._headers = book.headers
        self._found = found
        self._ids = leads["id"].tolist()
        self._statuses = leads["status"].tolist()
        self._reasons = leads["loss_reason"].tolist()
        self._closed_at = leads["closed_at"].tolist()
        self._kinds = leads["kind"].tolist()
        self._has_date = leads["created"].notna().tolist()
        self._open = leads["kind"].eq("open").fillna(False).to_numpy(dtype=bool)

    def sure(self, pairs: pd.DataFrame) -> Iterator[Flag]:
        """Of every attempt with several leads: its first open lead is the one to go on with."""
        evidence = {
            (one, other): text
            for one, other, text in zip(
                pairs["one"].tolist(), pairs["other"].tolist(), pairs["evidence"], strict=True
            )
        }
        linked = np.unique(pairs[["one", "other"]].to_numpy(np.int64))
        for group in together(linked, self._found.first):
            waiting = [row for row in group if self._open[row]]
            closed = [row for row in group if self._kinds[row] in CLOSED]
            if not waiting:
                continue
            first, *later = waiting
            if closed:
                later_known = closed[0] > first and self._dated(first, closed[0])
                which = "closed_later" if later_known else "closed"
                yield self._flag(
                    first, "sure", which, closed[:1], self._why(evidence, first, closed[0])
                )
            if later:
                yield self._flag(
                    first, "sure", "first", later, self._why(evidence, later[0], first)
                )
            for row in later:
                yield self._flag(row, "sure", "later", [first], self._why(evidence, row, first))

    def likely(self, pairs: pd.DataFrame) -> Iterator[Flag]:
        """The best of a lead's likely duplicates."""
        best: dict[int, tuple[float, int, int, str]] = {}
        pairs = pairs[~pairs["maybe_attempt"]]
        columns = (pairs[name].tolist() for name in ("one", "other", "score", "evidence"))
        for one, other, score, evidence in zip(*columns, strict=True):
            for row, its in ((one, other), (other, one)):
                candidate = (-score, its, row, evidence)
                if self._open[row] and candidate < best.get(row, (1.0, 0, 0, "")):
                    best[row] = candidate
        for row in sorted(best):
            _, its, _, evidence = best[row]
            if self._open[its]:
                which = "later" if its < row else "first"
            elif self._kinds[its] in CLOSED:
                which = "closed"
            else:
                continue
            yield self._flag(row, "likely", which, [its], self._tell(evidence))

    def attempts(self, maybe: pd.DataFrame) -> Iterator[Flag]:
        """Who came before; of several times the last."""
        lines = self._found.lines
        lines = lines[lines["lead"] != lines["previous"]]
        said = {}
        for row, previous, number in zip(
            lines["lead"].tolist(), lines["previous"].tolist(), lines["number"], strict=True
        ):
            said[row] = self._came(previous, int(number))
        for one, row, evidence in zip(
            maybe["one"].tolist(), maybe["other"].tolist(), maybe["evidence"], strict=True
        ):
            text = self._came(one, int(self._found.number[one]) + 1)
            told = self._words("duplicates.uncertain", text=text, evidence=self._tell(evidence))
            said.setdefault(row, told)
        for row, text in said.items():
            if self._open[row]:
                yield row, ATTEMPT, "duplicates.attempt", text

    def shared(self, strangers: pd.DataFrame) -> Iterator[Flag]:
        """One phone under different names: a family, or a slip."""
        said: set[int] = set()
        for one, other in zip(strangers["one"].tolist(), strangers["other"].tolist(), strict=True):
            if self._found.first[one] == self._found.first[other]:
                continue  # somebody between them made them one person
            for row, its in ((one, other), (other, one)):
                if row not in said and self._open[row] and self._open[its]:
                    said.add(row)
                    text = self._words("duplicates.shared", other=self._ids[its])
                    yield row, SHARED, "duplicates.shared", text

    def _flag(self, row: int, how: str, which: str, others: list[int], evidence: str) -> Flag:
        severity = SURE if how == "sure" else LIKELY
        key = f"duplicates.{how}.{which}"
        if not self._dated(row, *others) and f"{key}_undated" in self._words:
            key += "_undated"
        text = self._words(
            key,
            other=self._names(others),
            evidence=evidence,
            status=self._statuses[others[0]],
            header=self._header,
        )
        return row, severity, f"duplicates.{how}", text

    def _dated(self, *rows: int) -> bool:
        """Whether it is known when these leads were created, and so which came first."""
        return all(self._has_date[row] for row in rows)

    def _names(self, rows: list[int]) -> str:
        names = ", ".join(self._ids[row] for row in rows[:NAMED])
        more = len(rows) - NAMED
        return names if more <= 0 else self._words("duplicates.more", others=names, n=more)

    def _why(self, evidence: Mapping[tuple[int, int], str], one: int, other: int) -> str:
        """What two leads of one person have in common; a third may join them."""
        direct = evidence.get((one, other)) or evidence.get((other, one))
        return self._words("duplicates.evidence.chain") if direct is None else self._tell(direct)

    def _tell(self, evidence: str) -> str:
        said = []
        for key in evidence.split(";"):
            if key.startswith("own:") or key == "request":
                header = self._headers.get(key, key.removeprefix("own:"))
                said.append(self._words("duplicates.evidence.column", header=header))
            else:
                said.append(self._words(f"duplicates.evidence.{key}"))
        return ", ".join(said)

    def _came(self, previous: int, number: int) -> str:
        kind, at = self._kinds[previous], self._closed_at[previous]
        reason = self._reasons[previous]
        known = kind == "lost" and not pd.isna(reason)
        return self._words(
            f"duplicates.attempt.{kind}" + ("" if pd.isna(at) else "_on"),
            previous=self._ids[previous],
            date="" if pd.isna(at) else at.date().isoformat(),
            reason=self._words("duplicates.reason", reason=reason) if known else "",
            number=number,
        )
