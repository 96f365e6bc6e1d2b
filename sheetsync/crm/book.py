"""From raw cells to a :class:`~sheetsync.crm.base.Book`: every tab typed, every misfit listed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import pandas as pd

from sheetsync import cells
from sheetsync.cells import Parsed
from sheetsync.crm import settings_of_all
from sheetsync.crm.base import Book, Problem, no_logged
from sheetsync.crm.lists import Names, group_names, list_names
from sheetsync.crm.losses import kept_open
from sheetsync.crm.reading import Reader, TabReader
from sheetsync.crm.record import read_record
from sheetsync.crm.script import read_script
from sheetsync.crm.settings import read_settings
from sheetsync.locales import Words


@dataclass(frozen=True)
class Raw:
    """One tab as it was read: object cells by column key, indexed by sheet row, and row keys."""

    frame: pd.DataFrame
    keys: pd.Series

    @staticmethod
    def empty() -> Raw:
        return Raw(pd.DataFrame(dtype=object), pd.Series(dtype=object))


@dataclass(frozen=True)
class Locale:
    """How the workbook's own texts read: dates by ``day_first`` unless Settings say otherwise."""

    words: Words
    day_first: bool | None = None

    def reads_day_first(self, date_order: str) -> bool:
        """Settings first, then the workbook's locale, then the CRM's language."""
        if date_order in ("dmy", "mdy"):
            return date_order == "dmy"
        return self.day_first if self.day_first is not None else self.words.lang == "ru"


_TEXTS = ("name", "company", "request", "next_step", "comment", "not_duplicate")
_NUMBERS = ("people", "days")
"""Columns that only some kinds of shop have."""


def understand(
    raw: Mapping[str, Raw],
    *,
    headers: Mapping[str, str],
    locale: Locale,
    today: date,
    now: datetime,
    problems: tuple[Problem, ...] = (),
    recorded: pd.DataFrame | None = None,
) -> Book:
    """Type every tab.

    Parameters
    ----------
    raw : tab key -> cells and row keys; a tab that is missing counts as empty
    headers : column key -> header text of the Leads tab
    locale : language and reading order of dates
    today, now : given by the caller
    problems : what was found before (in the identity of rows)
    recorded : what the last refresh recorded of leads: raw cells by lead id
    """
    reader = Reader(locale.words, list(problems))
    typed = _tab(raw, "settings")
    settings = read_settings(typed.frame, typed.keys, settings_of_all(), reader, today)
    day_first = locale.reads_day_first(settings["date_order"])
    # From here on "auto" is decided, so that dates in rules read as the dates in cells do.
    settings["date_order"] = "dmy" if day_first else "mdy"
    statuses, status_names = _statuses(_tab(raw, "statuses"), reader)
    sources, source_names = _sources(_tab(raw, "sources"), reader, settings)
    team, team_names = _team(_tab(raw, "team"), reader)
    leads_raw = _tab(raw, "leads")
    read = reader.of("leads", leads_raw.frame, leads_raw.keys)
    names = {
        "status": status_names,
        "source": source_names,
        "manager": team_names,
        "approved_by": team_names,
        "loss_reason": list_names(_tab(raw, "reasons").frame, "reason"),
        "channel": group_names("channel"),
        "segment": group_names("segment"),
    }
    leads = _leads(read, names, settings, today)
    leads["kind"] = leads["status"].map(statuses["kind"])
    leads["row"] = leads_raw.frame.index
    steps = _steps(_tab(raw, "steps"), reader, status_names)
    notes = _notes(_tab(raw, "notes"), reader, day_first, today)
    script = _tab(raw, "script")
    pages = read_script(script.frame, script.keys, reader, status_names)
    book = Book(
        leads=leads,
        fields=read.fields(),
        unreadable=read.unreadable(),
        headers=dict(headers),
        statuses=statuses,
        sources=sources,
        team=team,
        steps=steps,
        checks=_checks(_tab(raw, "checklist"), steps.index, reader),
        rules=_rules(_tab(raw, "scoring")),
        history=_history(_tab(raw, "history"), status_names, day_first),
        settings=settings,
        today=today,
        now=now,
        words=locale.words,
        problems=_in_sheet_order(reader.problems),
        unset=tuple(s for s in settings_of_all() if s.key not in set(typed.keys)),
        notes=notes,
        recorded=read_record(
            pd.DataFrame() if recorded is None else recorded, leads.index, status_names
        ),
        logged=_logged(recorded),
        lists=names,
        script=pages,
    )
    return kept_open(book)


def _in_sheet_order(problems: list[Problem]) -> tuple[Problem, ...]:
    """Tab by tab, each from its first row down, as people go through them."""
    tabs = {tab: place for place, tab in enumerate(dict.fromkeys(p.tab for p in problems))}
    return tuple(sorted(problems, key=lambda p: (tabs[p.tab], p.row)))


def _leads(
    read: TabReader, names: Mapping[str, Names], settings: Mapping[str, Any], today: date
) -> pd.DataFrame:
    """The people's columns of Leads, typed; see :class:`Book`."""
    day_first = settings["date_order"] == "dmy"
    created = read(
        "created", lambda c: cells.parse_dates(c, day_first=day_first, today=today, lean="past")
    )

    def money(c: pd.Series) -> Parsed:
        return cells.parse_money(c, currency=settings["currency"])

    columns: dict[str, pd.Series] = {
        "created": created,
        "phone": read("phone", lambda c: cells.parse_phones(c, country=settings["country"])),
        "email": read("email", cells.parse_emails),
        "budget": read("budget", money),
        "amount": read("amount", money),
        "next_action": read(
            "next_action",
            lambda c: cells.parse_dates(
                c, day_first=day_first, today=today, anchor=created, lean="future"
            ),
        ),
    }
    columns |= {key: read(key, known.match) for key, known in names.items()}
    columns |= {key: cells.text_values(read.raw(key)) for key in _TEXTS}
    columns |= {key: read(key, cells.parse_numbers) for key in _NUMBERS if read.has(key)}
    return pd.DataFrame(columns, index=read.index)


def _required(parsed: Parsed, code: str) -> Parsed:
    """The same, with a problem ``code`` where nothing is typed at all."""
    empty = parsed.values.isna() & parsed.problems.isna()
    return replace(parsed, problems=parsed.problems.mask(empty, code))


def _tab(raw: Mapping[str, Raw], key: str) -> Raw:
    return raw.get(key) or Raw.empty()


def _statuses(raw: Raw, reader: Reader) -> tuple[pd.DataFrame, Names]:
    read = reader.of("statuses", raw.frame, raw.keys, unique=True)
    order = read("order", cells.parse_numbers)
    frame = pd.DataFrame(
        {
            "kind": read("kind", lambda c: _required(group_names("kind").match(c), "status.kind")),
            # A status without an order comes after those that have one, as it stands.
            "order": order.fillna(order.max() if order.notna().any() else 0.0),
            "days_allowed": read("days_allowed", cells.parse_numbers),
            **{
                key: read(key, cells.parse_bools).fillna(False).astype(bool)
                for key in ("may_skip", "needs_comment", "needs_approval", "parks")
            },
        },
        index=read.index,
    )
    # Not lenient: everything else is told by the kinds and the order of the statuses that are here.
    names = replace(list_names(raw.frame, "status"), lenient=False)
    return frame.sort_values("order", kind="stable"), names


def _sources(raw: Raw, reader: Reader, settings: Mapping[str, Any]) -> tuple[pd.DataFrame, Names]:
    read = reader.of("sources", raw.frame, raw.keys, unique=True)
    cost = read("cost", lambda c: cells.parse_money(c, currency=settings["currency"]))
    return pd.DataFrame({"cost": cost}, index=read.index), list_names(raw.frame, "source")


def _team(raw: Raw, reader: Reader) -> tuple[pd.DataFrame, Names]:
    read = reader.of("team", raw.frame, raw.keys, unique=True)
    frame = pd.DataFrame(
        {
            "email": read("email", cells.parse_emails),
            "role": read("role", group_names("role").match),
            "norm": read("norm", cells.parse_numbers),
        },
        index=read.index,
    )
    names = list_names(raw.frame, "name")
    # Who is logged by an address is known by it, too.
    known = frame["email"].dropna()[::-1]
    mails = dict(zip(known, known.index, strict=True))
    return frame, replace(names, aliases=mails | dict(names.aliases))


def _steps(raw: Raw, reader: Reader, status_names: Names) -> pd.DataFrame:
    read = reader.of("steps", raw.frame, raw.keys, unique=True)
    frame = pd.DataFrame(
        {
            "step": cells.text_values(read.raw("step")),
            "before": read("before", status_names.match),
            "deadline": read("deadline", cells.parse_numbers),
            "required": read("required", cells.parse_bools).fillna(False).astype(bool),
        },
        index=read.index,
    )
    return frame[frame["step"].notna()]


def _notes(raw: Raw, reader: Reader, day_first: bool, today: date) -> pd.DataFrame:
    """Lines with a note in them."""
    read = reader.of("notes", raw.frame, raw.keys, unique=True)
    days = read(
        "date", lambda c: cells.parse_dates(c, day_first=day_first, today=today, lean="past")
    )
    texts = {key: cells.text_values(read.raw(key)) for key in ("about", "note", "by")}
    frame = pd.DataFrame({"date": days, **texts}, index=read.index)
    return frame[frame["note"].notna()]


def _checks(raw: Raw, steps: pd.Index, reader: Reader) -> pd.DataFrame:
    """Ticks by lead. Two lines of one lead count as one; ticks that lost their lead are told."""
    ticks = pd.DataFrame(
        {
            step: cells.parse_bools(raw.frame[step]).values.fillna(False).astype(bool)
            for step in steps
            if step in raw.frame
        },
        index=raw.frame.index,
    ).reindex(columns=steps, fill_value=False)
    for row in ticks.index[raw.keys.isna() & ticks.any(axis=1)]:
        reader.add("checklist", "lead", int(row), None, "", "checklist.no_lead")
    keyed = raw.keys.notna()
    lines = ticks[keyed].groupby(raw.keys[keyed].astype(str).to_numpy(), sort=False).any()
    return lines.rename_axis("lead")


def _rules(raw: Raw) -> pd.DataFrame:
    keyed = raw.keys.notna()
    frame = raw.frame[keyed].copy()
    frame["row"] = frame.index
    return frame.set_axis(pd.Index(raw.keys[keyed].astype(str), name="id"), axis=0)


def _history(raw: Raw, status_names: Names, day_first: bool) -> pd.DataFrame:
    frame = raw.frame.reindex(
        columns=["at", "lead", "from", "to", "by", "comment", "via", "id"]
    ).astype(object)
    known = {
        "from_status": status_names.canonical(frame["from"]),
        "to_status": status_names.canonical(frame["to"]),
    }
    return pd.DataFrame(
        {
            "at": cells.parse_datetimes(frame["at"], day_first=day_first).values,
            "lead": cells.text_values(frame["lead"]),
            **known,
            **{key: cells.text_values(frame[key]) for key in ("by", "comment", "via", "id")},
            **{key: cells.text_values(raw.frame[key]) for key in ("checksum",) if key in raw.frame},
        }
    ).reset_index(drop=True)


def _logged(recorded: pd.DataFrame | None) -> pd.Series:
    if recorded is None or "logged" not in recorded:
        return no_logged()
    return cells.text_values(recorded["logged"]).dropna()
