"""Small understood workbooks for tests, built by hand: :func:`make_book`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pandas as pd

from sheetsync import layout as lay
from sheetsync import locales
from sheetsync.crm import base, layout, settings_of_all
from sheetsync.crm.leads import LEADS
from sheetsync.crm.losses import kept_open
from sheetsync.crm.scoring.capability import SCORING
from sheetsync.crm.settings import default

TODAY = date(2026, 11, 21)
"""A Saturday."""
NOW = datetime(2026, 11, 21, 12, 0)

STATUSES = {
    "en": ("New", "In work", "Proposal", "Won", "Lost", "Spam", "Partner", "Wrong number"),
    "ru": ("Новый", "В работе", "Предложение", "Продажа", "Отказ", "Спам", "Партнёр", "Не лид"),
}
"""The default statuses: three open ones (1, 5 and 7 days allowed), then one of each other kind."""
_KINDS = ("open", "open", "open", "won", "lost", "spam", "partner", "not_a_lead")
_DAYS = (1.0, 5.0, 7.0, None, None, None, None, None)

SOURCES = {
    "en": ("Recommendation", "Instagram", "Website"),
    "ru": ("Рекомендация", "Инстаграм", "Сайт"),
}
TEAM = {"en": ("Anna", "Boris"), "ru": ("Анна", "Борис")}

SETTINGS = {
    "currency": "RUB",
    "country": "RU",
    "date_order": "auto",
    "days": "calendar",
    "few": 30,
    "work_from": None,
    "today_size": 30,
    "tier_a": 60,
    "tier_b": 25,
    "spam_below": -30,
}

NO_RESULTS = base.Results({}, {}, {}, base.no_flags(), (), {})

Rows = pd.DataFrame | Iterable[Mapping[str, Any]]

_PEOPLES = (*(column.key for column in LEADS.owned("person")), "not_duplicate")
_DATES = ("created", "next_action")
_NUMBERS = ("budget", "people", "days", "amount")


def make_book(
    *,
    lang: str = "en",
    leads: Rows = (),
    own: Mapping[str, Sequence[Any]] | None = None,
    raw: Mapping[str, Sequence[Any]] | None = None,
    unreadable: Mapping[str, Sequence[str]] | None = None,
    headers: Mapping[str, str] | None = None,
    statuses: Rows | None = None,
    sources: Rows | None = None,
    team: Rows | None = None,
    steps: Rows = (),
    checks: pd.DataFrame | None = None,
    rules: Iterable[Sequence[Any] | Mapping[str, Any]] = (),
    history: Rows = (),
    settings: Mapping[str, Any] | None = None,
    today: date = TODAY,
    now: datetime = NOW,
    problems: Sequence[base.Problem] = (),
) -> base.Book:
    """A book of what is given, the rest in sensible defaults.

    Parameters
    ----------
    leads : rows of *typed* values by column key (``channel="inbound"``); ``id``, ``row`` and
        ``kind`` are filled in where they are left out (L-00001..., 2..., by the status), and a loss
        that is only proposed is open
    own : header -> cells of people's own columns, one per lead
    raw : column key -> raw cells, where they are not simply the typed values
    unreadable : column key -> ids of the leads whose cell was not understood
    headers : column key -> header, where it was renamed
    statuses, sources, team, steps : rows with their name (``status``, ``source``, ``name``,
        ``id``) and the columns of :class:`~sheetsync.crm.base.Book`
    rules : (field, condition, value, points[, note[, on]]) each, or a mapping of columns
    history : rows of at, lead, from_status, to_status and whatever else matters
    settings : those that are not as in :data:`SETTINGS`, or as a new CRM has them
    """
    words = locales.load(lang)
    status_table = _statuses(lang, statuses)
    lead_table = _leads(leads, status_table)
    fields = _fields(words, lead_table, own or {}, raw or {})
    seen = pd.DataFrame(False, index=lead_table.index, columns=list(fields))
    for key, ids in (unreadable or {}).items():
        seen.loc[list(ids), key] = True
    every = layout("travel")["leads"]
    titles = {column.key: lay.header(words, every, column) for column in every.columns}
    titles |= {f"own:{header}": header for header in own or {}}
    source_rows = [{"source": s} for s in SOURCES[lang]] if sources is None else sources
    team_rows = [{"name": n} for n in TEAM[lang]] if team is None else team
    book = base.Book(
        leads=lead_table,
        fields=fields,
        unreadable=seen,
        headers=titles | dict(headers or {}),
        statuses=status_table,
        sources=_table(source_rows, "source", {"cost": float("nan")}),
        team=_table(team_rows, "name", {"email": None, "role": "operator"}),
        steps=_table(
            steps,
            "id",
            {"step": None, "before": None, "deadline": float("nan"), "required": False},
        ),
        checks=pd.DataFrame(index=pd.Index([], dtype=object)) if checks is None else checks,
        rules=_rules(rules),
        history=_history(history),
        settings=_defaults(words) | SETTINGS | dict(settings or {}),
        today=today,
        now=now,
        words=words,
        problems=tuple(problems),
    )
    return kept_open(book)


def _defaults(words: locales.Words) -> dict[str, Any]:
    return {setting.key: default(setting, words) for setting in settings_of_all()}


def with_rules(book: base.Book, *rules: Sequence[Any] | Mapping[str, Any]) -> base.Book:
    """The same book with other scoring rules."""
    return replace(book, rules=_rules(rules))


def _frame(rows: Rows) -> pd.DataFrame:
    return rows.copy() if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows))


def _table(rows: Rows, key: str, defaults: Mapping[str, Any]) -> pd.DataFrame:
    table = _frame(rows)
    for name, value in {key: None, **defaults}.items():
        if name not in table:
            table[name] = value
    return table.set_index(key)


def _statuses(lang: str, rows: Rows | None) -> pd.DataFrame:
    if rows is None:
        rows = [
            {"status": name, "kind": kind, "days_allowed": days}
            for name, kind, days in zip(STATUSES[lang], _KINDS, _DAYS, strict=True)
        ]
    table = _frame(rows)
    if "order" not in table:
        table["order"] = range(1, len(table) + 1)
    flags = dict.fromkeys(("may_skip", "needs_comment", "needs_approval", "parks"), False)
    defaults = {"kind": None, "days_allowed": float("nan"), **flags}
    table = _table(table, "status", defaults)
    for flag in flags:
        table[flag] = table[flag].eq(True)
    return table.astype({"days_allowed": "float64"})


def _leads(rows: Rows, statuses: pd.DataFrame) -> pd.DataFrame:
    table = _frame(rows)
    if "id" in table:
        table = table.set_index("id")
    else:
        table.index = pd.Index([f"L-{n + 1:05d}" for n in range(len(table))], dtype="str")
    table.index.name = "id"
    if "row" not in table:
        table["row"] = range(2, len(table) + 2)
    for key in _PEOPLES:
        if key not in table:
            table[key] = None
    if "kind" not in table:
        table["kind"] = table["status"].map(statuses["kind"])
    for key in _DATES:
        table[key] = pd.to_datetime(table[key], format="ISO8601")
    return table.astype(dict.fromkeys(_NUMBERS, "float64"))


def _fields(
    words: locales.Words,
    leads: pd.DataFrame,
    own: Mapping[str, Sequence[Any]],
    raw: Mapping[str, Sequence[Any]],
) -> pd.DataFrame:
    """Raw cells as a sheet in the CRM's language would hold them."""
    cells = leads[list(_PEOPLES)].copy()
    for key in ("channel", "segment"):
        cells[key] = cells[key].map(words.group(f"choices.{key}"))
    cells = cells.astype(object).where(cells.notna(), None)
    given = dict(raw) | {f"own:{header}": values for header, values in own.items()}
    for key, values in given.items():
        cells[key] = pd.Series(list(values), index=cells.index, dtype=object)
    return cells


def _rules(rules: Iterable[Sequence[Any] | Mapping[str, Any]]) -> pd.DataFrame:
    names = ("field", "condition", "value", "points", "note", "on")
    columns = [column.key for column in SCORING.owned("person")]
    rows = [
        dict(rule) if isinstance(rule, Mapping) else dict(zip(names, rule, strict=False))
        for rule in rules
    ]
    index = pd.Index([f"R-{n + 1:03d}" for n in range(len(rows))], dtype="str", name="id")
    table = pd.DataFrame(
        {name: pd.Series([row.get(name) for row in rows], index, dtype=object) for name in columns}
    )
    table["row"] = range(2, len(rows) + 2)
    return table


def _history(rows: Rows) -> pd.DataFrame:
    table = _frame(rows)
    for name in ("at", "lead", "from_status", "to_status", "by", "comment", "via", "id"):
        if name not in table:
            table[name] = None
    table["at"] = pd.to_datetime(table["at"], format="ISO8601")
    return table
