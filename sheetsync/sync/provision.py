"""Init: what a workbook shall have, for its kind of shop and its language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import pandas as pd

from sheetsync import cells, crm, locales
from sheetsync.crm import kinds
from sheetsync.errors import TargetError
from sheetsync.layout import Tab
from sheetsync.locales import Words
from sheetsync.sync.identity import identify, next_keys
from sheetsync.sync.understand import Understood, layout_of, missing_columns, steps_of, words_of
from sheetsync.workbooks.base import (
    NewRows,
    Provision,
    Provisioned,
    Snapshot,
    Step,
    Workbook,
)

_NO_CRM_YET = frozenset({"xlsx_not_found", "xlsx_no_crm", "google_no_crm"})
"""What the workbooks' :meth:`read` says of a place where a CRM can be made."""

_SAYING = ("field", "condition", "value")
"""The columns of the Scoring tab that make two rows the same rule."""


def provision(
    workbook: Workbook,
    *,
    kind: str | None = None,
    lang: str | None = None,
    default_lang: str = "en",
    dry_run: bool = False,
) -> Provisioned:
    """Make a workbook a CRM, or bring a CRM's layout up to date.

    Parameters
    ----------
    kind, lang : for a new CRM ("general" and ``default_lang`` when left out); a CRM that exists
        keeps its own, and another one given here is refused, since its lists are people's by now
    default_lang : of a new CRM; a CRM that exists may well have another
    dry_run : tell what would be added, write nothing
    """
    existing = _existing(workbook)
    if existing is None:
        return workbook.provision(_wanted(kind or "general", lang or default_lang), dry_run=dry_run)
    had = {key: existing.meta.get(key) for key in ("kind", "lang")}
    for key, given in (("kind", kind), ("lang", lang)):
        if given is not None and had[key] is not None and given != had[key]:
            raise TargetError(f"other_{key}", target=workbook.label, had=had[key], given=given)
    words, layout = words_of(existing), layout_of(existing)
    seeds = kinds.seeds(had["kind"] or "general", words)
    # Of the two versions the later: an older sheetsync must not make the rules of a later one new.
    meta = {**existing.meta, "layout": str(max(_version(existing), int(crm.LAYOUT_VERSION)))}
    rules = _new_rules(existing, layout["scoring"], had["kind"] or "general", words)
    news = {"scoring": rules} if rules.rows else {}
    done = workbook.provision(Provision(layout, words, seeds, meta, news), dry_run=dry_run)
    return replace(done, steps=tuple(_told(done.steps, rules))) if news else done


def _wanted(kind: str, lang: str) -> Provision:
    words = locales.load(lang)
    seeds = kinds.seeds(kind, words)
    steps = [(row["id"], row["step"]) for row in seeds["steps"]]
    meta = {"lang": lang, "kind": kind, "layout": crm.LAYOUT_VERSION}
    return Provision(crm.layout(kind, steps), words, seeds, meta)


def _existing(workbook: Workbook) -> Snapshot | None:
    try:
        return workbook.read()
    except TargetError as error:
        if error.key in _NO_CRM_YET:
            return None
        raise


def _version(existing: Snapshot) -> int:
    """The layout that a CRM was last brought to."""
    recorded = existing.meta.get("layout", "")
    return int(recorded) if recorded.isdecimal() else 1


def _new_rules(existing: Snapshot, tab: Tab, kind: str, words: Words) -> NewRows:
    """The rules that came since a CRM's layout, switched off: no score changes by an upgrade.

    A rule that the owner deleted is of that layout or an earlier one, so it does not come back; one
    that the tab says already, whatever its points, does not come twice.
    """
    data = existing.tabs.get(tab.key)
    came = kinds.rules_since(kind, words, _version(existing))
    if data is None or not came:
        return NewRows(0, ())  # a tab that was deleted comes back as in a new CRM
    # A column that was deleted comes back, too, but empty.
    frame = data.frame.reindex(columns=[column.key for column in tab.columns])
    said = set(_says(frame))
    says = _says(pd.DataFrame(came))
    fresh = [row for row, what in zip(came, says, strict=True) if what not in said]
    taken = {*identify(tab, frame, data.stored).keys, *map(str, data.stored.index)}
    ids = next_keys(tab, taken, len(fresh))
    rows = [{"id": key, **row, "on": False} for key, row in zip(ids, fresh, strict=True)]
    return NewRows(data.last_row, rows)


def _says(rules: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    """What each row of the Scoring tab looks at, however it is spelled."""
    texts = {key: cells.text_values(rules[key]).fillna("").map(cells.fold) for key in _SAYING}
    return zip(*texts.values(), strict=True)


def _told(steps: Iterable[Step], rules: NewRows) -> Iterator[Step]:
    """The steps of a workbook, to which rules are rows like others."""
    for step in steps:
        if (step.what, step.tab) != ("row", "scoring"):
            yield step
            continue
        for row in rules.rows:
            says = " ".join(str(row[key]) for key in _SAYING if row[key] is not None)
            yield Step("new_rule", "scoring", None, says)


def new_steps(understood: Understood) -> tuple[str, ...]:
    """The steps that the owner added and the Checklist has no column for yet."""
    missing = set(missing_columns(understood.snapshot, understood.layout))
    return tuple(
        text for key, text in steps_of(understood.snapshot) if f"checklist.{key}" in missing
    )


def add_steps(workbook: Workbook, understood: Understood) -> None:
    """Give the Checklist a column for every step."""
    want = Provision(understood.layout, understood.words, {}, dict(understood.snapshot.meta))
    workbook.provision(want)
