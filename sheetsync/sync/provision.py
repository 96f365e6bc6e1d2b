"""Init: what a workbook shall have, for its kind of shop and its language."""

from __future__ import annotations

from sheetsync import crm, locales
from sheetsync.crm import kinds
from sheetsync.errors import TargetError
from sheetsync.sync.understand import Understood, layout_of, missing_columns, steps_of, words_of
from sheetsync.workbooks.base import Provision, Provisioned, Snapshot, Workbook

_NO_CRM_YET = frozenset({"xlsx_not_found", "xlsx_no_crm", "google_no_crm"})
"""What the workbooks' :meth:`read` says of a place where a CRM can be made."""


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
    meta = {**existing.meta, "layout": crm.LAYOUT_VERSION}
    return workbook.provision(Provision(layout, words, seeds, meta), dry_run=dry_run)


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
