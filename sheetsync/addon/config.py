"""``Config.js``: the one generated file with something of the shop in it.

Everything else of the add-on is the same in every sheet, so that this file is the one to look at
when two sheets behave differently.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeGuard
from zoneinfo import available_timezones

from sheetsync import __version__, layout, locales
from sheetsync.addon import sources
from sheetsync.locales import Message
from sheetsync.workbooks.base import OWN, Snapshot

NAME = "Config.js"
TEXTS = "addon."
"""Begins the keys of every text of the add-on; the add-on itself leaves it out."""

_DIGEST = re.compile(r'^\s*digest: \{"hour": (\d{1,2})\},?$', re.MULTILINE)


@dataclass(frozen=True)
class Titles:
    """What people call a tab, and its columns by key."""

    title: str
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Options:
    """What a build depends on.

    Parameters
    ----------
    lang, kind, layout : as ``init`` recorded them
    timezone : of the spreadsheet, as an IANA name
    tabs : tab key -> titles
    digest : hour of the day at which the day's report goes out; None for none. [h]
    script : id of the script project that is bound to the spreadsheet, where it is known
    address : where people open the spreadsheet; None for a file
    """

    lang: str
    kind: str
    layout: str
    timezone: str
    tabs: Mapping[str, Titles]
    digest: int | None = None
    script: str | None = None
    address: str | None = None


def of_workbook(
    snapshot: Snapshot, *, timezone: str, digest: int | None = None, address: str | None = None
) -> Options:
    """The options for a workbook; ``timezone`` counts where the workbook has none of its own.

    Google Sheets also knows zones by their distance (GMT-07:00), which no browser understands.
    """
    from sheetsync import crm

    meta = snapshot.meta
    lang = meta.get("lang", "en")
    tabs = {
        key: Titles(
            data.title, {k: text for k, text in data.headers.items() if not k.startswith(OWN)}
        )
        for key, data in snapshot.tabs.items()
    }
    return Options(
        lang=lang if lang in locales.LANGUAGES else "en",
        kind=meta.get("kind", "general"),
        layout=meta.get("layout", crm.LAYOUT_VERSION),
        timezone=snapshot.timezone if _is_known(snapshot.timezone) else timezone,
        tabs=tabs,
        digest=digest,
        script=meta.get("script"),
        address=address,
    )


def _is_known(timezone: str | None) -> TypeGuard[str]:
    return timezone in available_timezones()


def of_kind(kind: str, lang: str, *, timezone: str, digest: int | None = None) -> Options:
    """The options for a CRM as ``init`` makes it."""
    from sheetsync import crm
    from sheetsync.crm import kinds

    words = locales.load(lang)
    steps = [(str(row["id"]), str(row["step"])) for row in kinds.seeds(kind, words)["steps"]]
    tabs = {
        tab.key: Titles(
            layout.tab_title(words, tab),
            {c.key: layout.header(words, tab, c) for c in tab.columns if c.shown and not c.hidden},
        )
        for tab in crm.layout(kind, steps).tabs
    }
    return Options(lang, kind, crm.LAYOUT_VERSION, timezone, tabs, digest)


def config_js(options: Options) -> str:
    """The text of Config.js."""
    return sources.render(
        f"{NAME}.j2",
        options=options,
        version=__version__,
        messages=messages(options.lang),
        tabs={
            key: {"title": tab.title, "columns": tab.columns} for key, tab in options.tabs.items()
        },
    )


def messages(lang: str) -> dict[str, Message]:
    """Every text of the add-on in a language, by its key without ``addon.``."""
    return {
        key.removeprefix(TEXTS): message
        for key, message in locales.load(lang).messages.items()
        if key.startswith(TEXTS)
    }


def digest_of(text: str) -> int | None:
    """The hour of the report that a Config.js was built with; None for no report. [h]"""
    found = _DIGEST.search(text)
    return int(found[1]) if found else None
