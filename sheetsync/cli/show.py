"""How plans, receipts and problems look to people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sheetsync.cli import machine
from sheetsync.cli.terminal import Table, Terminal
from sheetsync.locales import Words

if TYPE_CHECKING:
    from sheetsync.crm.base import Problem
    from sheetsync.workbooks.base import Change, Plan, Provisioned, Receipt, Snapshot, Step

EXAMPLES = 2
"""Examples shown per line of a plan."""

PROBLEMS, ALIKE = 15, 3
"""Problems shown before we only count the rest, in all and of one column."""

_LONGEST, _NAMES = 40, 6


def value(cell: Any, longest: int | None = None) -> str:
    """A cell's value as people read it; missing is nothing, a text may be cut."""
    if machine.missing(cell):
        return ""
    if isinstance(cell, bool):
        return "✓" if cell else "–"
    if isinstance(cell, datetime):
        midnight = cell.hour == cell.minute == cell.second == 0
        return cell.strftime("%Y-%m-%d" if midnight else "%Y-%m-%d %H:%M")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return f"{cell:,.2f}".rstrip("0").rstrip(".").replace(",", " ")
    text = " ".join(str(cell).split())
    return text if longest is None or len(text) <= longest else text[: longest - 1] + "…"


def moment(iso: str | None) -> str:
    """A moment of :func:`machine.value` as people read it, to the minute."""
    return (iso or "").replace("T", " ")[:16]


def percent(share: Any, words: Words) -> str:
    """A fraction of 1 as whole per cents; nothing when it is missing."""
    return "" if machine.missing(share) else words("cli.percent", n=f"{100 * float(share):.0f}")


def between(low: Any, high: Any, words: Words) -> str:
    """A 95 % interval as ``12–31 %``; nothing when it is missing."""
    if machine.missing(low):
        return ""
    return words("cli.percent", n=f"{100 * float(low):.0f}–{100 * float(high):.0f}")


def place(snapshot: Snapshot | None, tab: str, column: str | None, words: Words) -> str:
    """A tab and a column as they are called in the workbook right now."""
    data = snapshot.tabs.get(tab) if snapshot else None
    title = data.title if data else words(f"tabs.{tab}")
    if column is None:
        return title
    header = data.headers.get(column) if data else None
    key = f"columns.{tab}.{column}"
    return f"{title} · {header or (words(key) if key in words else column)}"


def plan(terminal: Terminal, planned: Plan, new_steps: Sequence[str] = ()) -> None:
    """The changes of a plan: where, how many of which kind, and a few examples."""
    words = terminal.words
    checklist = place(planned.base, "checklist", None, planned.words)
    rows = [("+", "1", f"{checklist} · {step}", words("cli.plan.new_column")) for step in new_steps]
    inner = 0
    for change in planned.changes:
        if _unseen(planned, change):
            inner += change.count
            continue
        examples = "; ".join(_example(*example) for example in change.examples[:EXAMPLES])
        where = place(planned.base, change.tab, change.column, planned.words)
        rows.append((change.kind, str(change.count), where, examples))
    if inner:
        rows.append(("~", str(inner), words("cli.plan.inner"), ""))
    terminal.table(
        Table(
            ("", words("cli.plan.cells"), words("cli.plan.where"), words("cli.plan.examples")),
            rows,
            right=frozenset({1}),
        )
    )


def _unseen(planned: Plan, change: Change) -> bool:
    """Whether a change is of cells that nobody is shown."""
    tab = planned.layout.get(change.tab)
    if tab is None or change.column is None or change.column not in tab:
        return False
    return tab[change.column].hidden or not tab[change.column].shown


def _example(key: str, old: Any, new: Any) -> str:
    before, after = value(old, _LONGEST), value(new, _LONGEST)
    change = f"{before} → {after}" if before and after else after or f"{before} → ∅"
    return f"{key}: {change}" if key else change


def receipt(terminal: Terminal, done: Receipt, seconds: float) -> None:
    """What a refresh did, in one line, and where the version before it is."""
    words = terminal.words
    parts = [words("cli.receipt.cells", n=done.cells)]
    if done.rows_appended:
        parts.append(words("cli.receipt.rows", n=done.rows_appended))
    if done.healed:
        parts.append(words("cli.receipt.healed", n=done.healed))
    if done.requests:
        parts.append(words("cli.receipt.requests", n=done.requests))
    if done.retries:
        parts.append(words("cli.receipt.retries", n=done.retries))
    terminal.say(
        words(
            "cli.receipt.line",
            what=", ".join(parts),
            revision=done.revision,
            seconds=f"{seconds:.1f}",
        )
    )
    if done.backup:
        terminal.say(words("cli.receipt.backup", path=done.backup))


def problems(
    terminal: Terminal, found: Sequence[Problem], snapshot: Snapshot, crm_words: Words
) -> None:
    """What could not be understood: where it stands, and what to do about it.

    A few of each kind, so that forty bad phones don't hide the one unknown status.
    """
    if not found:
        return
    words = terminal.words
    terminal.heading(words("cli.problems.title", n=len(found)))
    shown = few_of_each(found)
    for line in problem_lines(shown, snapshot, crm_words):
        terminal.note(line, "  • ")
    if len(found) > len(shown):
        column = place(snapshot, "leads", "attention", crm_words)
        terminal.note(words("cli.problems.more", n=len(found) - len(shown), where=column))


def few_of_each(found: Sequence[Problem]) -> list[Problem]:
    """At most :data:`PROBLEMS`, and of each column at most :data:`ALIKE`, in their order."""
    seen: Counter[tuple[str, str | None]] = Counter()
    chosen = []
    for problem in found:
        seen[problem.tab, problem.column] += 1
        if seen[problem.tab, problem.column] <= ALIKE:
            chosen.append(problem)
    return chosen[:PROBLEMS]


def problem_lines(found: Iterable[Problem], snapshot: Snapshot, words: Words) -> list[str]:
    """One line per problem: the tab, the row, whose row it is, and the sentence."""
    from sheetsync.crm.attention import sentence

    lines = []
    for problem in found:
        data = snapshot.tabs.get(problem.tab)
        header = data.headers.get(problem.column or "") if data else None
        where = [
            words(
                "cli.problems.row", tab=place(snapshot, problem.tab, None, words), row=problem.row
            )
        ]
        if problem.key:
            where.append(problem.key)
        lines.append(f"{', '.join(where)}: {sentence(words, problem, header)}")
    return lines


def steps(terminal: Terminal, done: Provisioned) -> None:
    """What init added or mended, counted by kind, with the names of a few."""
    words = terminal.words
    for what in dict.fromkeys(step.what for step in done.steps):
        same = [step for step in done.steps if step.what == what]
        # One step about rows tells how many there are.
        n = sum(int(step.detail or 1) for step in same) if what == "row" else len(same)
        names = list(dict.fromkeys(filter(None, (_name(step, words) for step in same))))
        shown = ", ".join(names[:_NAMES]) + (" …" if len(names) > _NAMES else "")
        terminal.note(words(f"cli.steps.{what}", n=n) + (f": {shown}" if shown else ""), "  + ")


def _name(step: Step, words: Words) -> str:
    """What to call a step; nothing where the count says it all."""
    if step.what in ("tab", "column", "new_rule"):
        return step.detail
    if step.tab is None or step.what in ("workbook", "row", "rule"):
        return ""
    return place(None, step.tab, step.column, words)
