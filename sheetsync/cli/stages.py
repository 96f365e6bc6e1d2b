"""The statistics of stages, drawn for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sheetsync.cli import show
from sheetsync.cli.terminal import Table, Terminal
from sheetsync.locales import Words

if TYPE_CHECKING:
    from sheetsync.sync.understand import Understood

BAR = 16
"""How long the bar of a share of 100 % is, in characters."""

NAMED = 8
"""How many leads, sources or reasons a line names before it counts the rest."""

_EIGHTHS = " ▏▎▍▌▋▊▉"

Record = Mapping[str, Any]


def tell(terminal: Terminal, known: Understood, found: Record) -> None:
    """Everything about a selection, or a matrix of its groups."""
    words = terminal.words
    terminal.heading(words("cli.funnel.title", label=found["workbook"]))
    for line in _about(found["selection"], words):
        terminal.note(line)
    set_apart(terminal, found["total"]["base"])
    if found["by"]:
        _matrices(terminal, found)
    else:
        _one(terminal, known, found)


def _about(selection: Record, words: Words) -> Iterable[str]:
    """What was selected, and what that left out."""
    wishes = [
        words(f"cli.funnel.only.{key}", value=_spoken(key, selection[key], words))
        for key in ("from", "to", "source", "manager", "channel", "segment")
        if selection[key]
    ]
    if wishes:
        yield words("cli.funnel.only.all", wishes=", ".join(wishes))
    for key in ("undated", "junk", "duplicates"):
        if selection[key]:
            yield words(f"cli.funnel.left_out.{key}", n=selection[key])


def _spoken(field: str, name: str, words: Words) -> str:
    """A value of a field as people say it."""
    key = f"choices.{field}.{name}"
    return words(key) if field in ("channel", "segment") and key in words else name


def set_apart(terminal: Terminal, base: Record) -> None:
    """How many leads were created, and what is left after the parts that are not divided."""
    words = terminal.words
    parts = [
        words(f"cli.funnel.part.{part}", n=n)
        for part, n in base.items()
        if part not in ("created", "base") and n
    ]
    text = words("cli.funnel.created", n=base["created"])
    if parts:
        text += " " + words("cli.funnel.set_apart", parts=", ".join(parts))
    terminal.note(text + " " + words("cli.funnel.base", n=base["base"]))


def _one(terminal: Terminal, known: Understood, found: Record) -> None:
    total, few = found["total"], found["selection"]["few"]
    if total["base"]["base"]:
        _funnel(terminal, total["funnel"], few)
        _skipped(terminal, total)
        _returns(terminal, total)
    _times(terminal, total["times"])
    _losses(terminal, known, total)


def _funnel(terminal: Terminal, lines: Sequence[Record], few: int) -> None:
    words = terminal.words
    terminal.heading(words("cli.funnel.heading.funnel"))
    rows = [
        (
            line["stage"],
            str(line["visited"]),
            show.percent(line["share"], words),
            _between(line, "", words),
            str(line["assumed"]),
            show.percent(line["assumed_share"], words),
            _between(line, "assumed_", words),
            show.percent(line["previous_share"], words),
            bar(line["assumed_share"]),
        )
        for line in lines
    ]
    names = ("stage", "visited", "share", "interval", "assumed", "share", "interval", "previous")
    header = (*(words(f"cli.funnel.column.{name}") for name in names), "")
    terminal.table(Table(header, rows, frozenset(range(1, 8))))
    if lines and lines[0]["few"]:
        terminal.note(words("dashboard.few", few=few), "  ! ")
    for line in lines:
        if line["exceeds"]:
            text = words("cli.funnel.alarm", stage=line["stage"], earlier=line["exceeds"])
            terminal.note(text, "  ! ")


def _between(line: Record, prefix: str, words: Words) -> str:
    if line["few"]:
        return words("cli.summary.too_few")
    return show.between(line[f"{prefix}low"], line[f"{prefix}high"], words)


def bar(share: float | None) -> str:
    """A share of 1 as a bar, to an eighth of a character."""
    eighths = round((share or 0) * BAR * 8)
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


def _skipped(terminal: Terminal, total: Record) -> None:
    words = terminal.words
    if not total["skipped"]:
        return
    terminal.heading(words("cli.funnel.heading.skipped"))
    for stage in dict.fromkeys(line["stage"] for line in total["skipped"]):
        here = [line for line in total["skipped"] if line["stage"] == stage]
        text = words("cli.funnel.skipped", stage=stage, n=len(here))
        terminal.note(f"{text}: {_named([line['lead'] for line in here], words)}", "  • ")
        for by in ("source", "manager"):
            if counts := _counts(line[by] for line in here):
                says = words(f"dashboard.skipped_by_{by}", counts=_named(counts, words))
                terminal.note(says, "    ")


def _returns(terminal: Terminal, total: Record) -> None:
    words = terminal.words
    lines = [line for line in total["funnel"] if line["returned"] or line["back"]]
    if lines or total["moved_back"]:
        terminal.heading(words("cli.funnel.heading.returns"))
    for line in lines:
        here = [r["lead"] for r in total["returns"] if r["stage"] == line["stage"]]
        text = words("cli.funnel.returned", **_only(line, "stage", "returned", "returns", "back"))
        terminal.note(f"{text}: {_named(here, words)}", "  • ")
    if total["moved_back"]:
        leads = [line["lead"] for line in total["moved_back"]]
        text = words("cli.funnel.stand_back", n=len(leads))
        terminal.note(f"{text}: {_named(leads, words)}", "  • ")


def _only(line: Record, *keys: str) -> dict[str, Any]:
    return {key: line[key] for key in keys}


def _times(terminal: Terminal, lines: Sequence[Record]) -> None:
    words = terminal.words
    lines = [line for line in lines if line["stays"] or line["unknown"]]
    if not lines:
        return
    terminal.heading(words("cli.funnel.heading.times"))
    rows = [
        (
            line["stage"],
            str(line["stays"]),
            str(line["here"]),
            days(line, "typical", words),
            days(line, "slow", words),
            words("cli.summary.too_few") if line["few"] else "",
        )
        for line in lines
    ]
    names = ("stage", "stays", "here", "typical", "slow")
    header = (*(words(f"cli.funnel.column.{name}") for name in names), "")
    terminal.table(Table(header, rows, frozenset({1, 2, 3, 4})))


def days(line: Record, key: str, words: Words) -> str:
    """The days within which half or nine of ten have left; ``> 40`` where so many never did."""
    if not line["stays"]:
        return "–"
    value = line[key]
    number = show.value(round(float(line["longest"] if value is None else value), 1))
    text = number.replace(".", words("sources.decimal"))
    return f"> {text}" if value is None else text


def _losses(terminal: Terminal, known: Understood, total: Record) -> None:
    from sheetsync.crm.stages.statistics import verdict_text

    words, few = terminal.words, int(known.book.settings["few"])
    reasons: dict[str | None, list[str]] = {}
    lost: Counter[str | None] = Counter()
    for line in total["losses"]:
        lost[line["stage"]] += line["lost"]
        named = line["reason"] or words("cli.funnel.no_reason")
        reasons.setdefault(line["stage"], []).append(f"{named} {line['lost']}")
    if lost:
        terminal.heading(words("cli.funnel.heading.losses"))
        at = {line["stage"]: line for line in total["bottleneck"]}
        rows = []
        for stage, n in lost.items():
            line = at.get(stage) or {}
            rows.append(
                (
                    stage or words("stages.before_any"),
                    str(n),
                    str(line.get("decided", "")),
                    show.percent(line.get("loss"), words),
                    show.between(line.get("low"), line.get("high"), words),
                    _named(reasons[stage], words, 4),
                )
            )
        names = ("stage", "lost", "decided", "share", "interval", "why")
        header = tuple(words(f"cli.funnel.column.{name}") for name in names)
        terminal.table(Table(header, rows, frozenset({1, 2, 3, 4})))
    chosen = next((line for line in total["bottleneck"] if line["verdict"]), None)
    if chosen is not None:
        terminal.heading(words("cli.funnel.heading.bottleneck"))
        text = verdict_text(chosen, few, words)
        stage = "" if chosen["verdict"] in ("few", "none") else f"{chosen['stage']}: "
        terminal.note(stage + text)


def _matrices(terminal: Terminal, found: Record) -> None:
    words = terminal.words
    stages = [line["stage"] for line in found["total"]["funnel"]]
    by = found["by"]
    blocks = [
        (
            _spoken(by, group["group"], words)
            if group["group"]
            else words(f"cli.funnel.nobody.{by}"),
            group,
        )
        for group in found["groups"]
    ]
    blocks.append((words("cli.funnel.all"), found["total"]))
    for what, share in (("visited", "share"), ("assumed", "assumed_share")):
        terminal.heading(words(f"cli.funnel.heading.{what}"))
        rows = [
            (
                name,
                str(block["base"]["created"]),
                str(block["base"]["base"]),
                *(_cell(line, what, share, words) for line in block["funnel"]),
                words("cli.summary.too_few") if _few(block) else "",
            )
            for name, block in blocks
        ]
        counts = (words(f"cli.funnel.column.{name}") for name in ("created", "base"))
        header = (words(f"cli.funnel.by.{found['by']}"), *counts, *stages, "")
        terminal.table(Table(header, rows, frozenset(range(1, len(header) - 1))))
    _matrix_of_times(terminal, found, blocks)
    _matrix_of_counts(terminal, found, blocks)


def _few(block: Record) -> bool:
    return any(line["few"] for line in block["funnel"])


def _cell(line: Record, what: str, share: str, words: Words) -> str:
    return f"{line[what]}" if line["few"] else f"{line[what]} · {show.percent(line[share], words)}"


def _matrix_of_times(
    terminal: Terminal, found: Record, blocks: Sequence[tuple[str, Record]]
) -> None:
    words = terminal.words
    stages = [line["stage"] for line in found["total"]["times"]]
    if not stages:
        return
    terminal.heading(words("cli.funnel.heading.typical"))
    rows = [
        (
            name,
            *(
                words("cli.funnel.few_mark") if line["few"] else days(line, "typical", words)
                for line in block["times"]
            ),
        )
        for name, block in blocks
    ]
    header = (words(f"cli.funnel.by.{found['by']}"), *stages)
    terminal.table(Table(header, rows, frozenset(range(1, len(header)))))


def _matrix_of_counts(
    terminal: Terminal, found: Record, blocks: Sequence[tuple[str, Record]]
) -> None:
    words = terminal.words
    stages = [line["stage"] for line in found["total"]["funnel"]]
    for what in ("skipped", "returned", "lost"):
        if not any(line[what] for line in found["total"]["funnel"]):
            continue
        terminal.heading(words(f"cli.funnel.heading.by_{what}"))
        rows = [
            (name, *(str(line[what]) if line[what] else "–" for line in block["funnel"]))
            for name, block in blocks
        ]
        header = (words(f"cli.funnel.by.{found['by']}"), *stages)
        terminal.table(Table(header, rows, frozenset(range(1, len(header)))))


def _counts(names: Iterable[str | None]) -> list[str]:
    return [f"{name} {n}" for name, n in Counter(filter(None, names)).most_common()]


def _named(names: Sequence[str], words: Words, most: int = NAMED) -> str:
    named = ", ".join(names[:most])
    rest = len(names) - most
    return named if rest <= 0 else words("dashboard.and_more", named=named, rest=rest)
