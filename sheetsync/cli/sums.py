"""The sum behind a lead's score, line by line: what counts, what can't be told, what is off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sheetsync.cli import machine

if TYPE_CHECKING:
    from sheetsync.cli.terminal import Terminal
    from sheetsync.sync.understand import Understood


def sums(known: Understood, lead: str) -> dict[str, Any]:
    """What a lead's score and marks are made of.

    Returns
    -------
    dict with
        points : rule, group, points, text of each rule that it meets and that gives points
        groups : group and points, the sub-totals, in the order of the list of groups
        unknown : rule, points, text, column, title, why of each rule that can't tell; see
            :func:`sheetsync.crm.scoring.scores.unknown_rules`
        switched_off : rule, text, why of each rule that has switched itself off
        marks : mark, why, points
    """
    from sheetsync.crm.scoring.effects import switched_off
    from sheetsync.crm.scoring.scores import unknown_rules

    figures, words = known.results.figures, known.words
    lines = figures["scores"]
    mine = lines[lines["lead"].eq(lead)]
    by_group = mine.groupby(mine["group"].fillna(""), sort=False)["points"].sum().round(6)
    rules = figures["rules"].set_index("rule", drop=False)
    unknown = unknown_rules(known.book, lead, known.results)
    # What a rule that gives nobody points can't tell is no loss.
    unknown = unknown[unknown["rule"].map(rules["state"]).eq("on")]
    about = rules[["points", "reason"]].rename(columns={"reason": "text"})
    unknown = unknown.join(about, on="rule")
    off = rules[rules["state"].eq("self_off")]
    marks = figures["marks"]
    return {
        "points": machine.records(mine.drop(columns="lead")),
        "groups": [
            {"group": group or None, "points": machine.value(by_group[group])}
            for group in _in_order(by_group.index, list(words.group("choices.rule_group")))
        ],
        "unknown": machine.records(unknown[["rule", "points", "text", "column", "title", "why"]]),
        "switched_off": [
            {"rule": line["rule"], "text": line["reason"], "why": switched_off(line, words)}
            for line in off.to_dict("records")
        ],
        "marks": machine.records(marks.loc[marks["lead"].eq(lead), ["mark", "why", "points"]]),
    }


def _in_order(groups: Iterable[str], listed: Sequence[str]) -> list[str]:
    """The groups of the list in its order, the owner's own after them, then no group."""
    places = {group: place for place, group in enumerate(listed)}
    return sorted(groups, key=lambda group: (not group, places.get(group, len(listed)), group))


def _points(points: float, known: Understood) -> str:
    """``+25``, as the rules of this CRM write points."""
    from sheetsync.crm.scoring.rules import UNIT, points_text

    return points_text(round(points * UNIT), known.words.lang)


def tell(terminal: Terminal, known: Understood, found: Mapping[str, Any]) -> None:
    """The same for people, under headings."""
    words = terminal.words
    score = "–" if found["score"] is None else str(found["score"])
    title = words("cli.explain.score", score=score, tier=found["tier"] or "–")
    if found["handling"]:
        title = words("cli.explain.handling", score=title, handling=found["handling"])
    terminal.heading(title)
    if found["points"]:
        _tell_points(terminal, known, found, score)
    else:
        terminal.say("  " + words("cli.explain.no_rules"))
    if found["unknown"]:
        terminal.heading(words("cli.explain.unknown"))
        for line in found["unknown"]:
            why = words(f"cli.explain.why_unknown.{line['why']}", title=line["title"])
            points = _points(line["points"], known)
            terminal.note(f"{points:>6}  {line['rule']}  {line['text']} ({why})")
    if found["switched_off"]:
        terminal.heading(words("cli.explain.switched_off"))
        for line in found["switched_off"]:
            terminal.note(f"{line['rule']}  {line['text']}. {line['why']}", "  • ")
    if found["marks"]:
        terminal.heading(known.words("columns.leads.mark"))
        for mark in found["marks"]:
            terminal.note(_mark(terminal, known, mark), "  • ")


def _tell_points(
    terminal: Terminal, known: Understood, found: Mapping[str, Any], score: str
) -> None:
    names = known.words.group("choices.rule_group")
    # The texts stand under one another; sub-totals and the total in the column of the points.
    wide = max(len(_points(line["points"], known)) for line in found["points"])
    wide = max(wide, *(len(_points(line["points"], known)) for line in found["groups"]), len(score))
    for group in found["groups"]:
        key = group["group"]
        name = names.get(key, key) if key else terminal.words("cli.explain.no_group")
        terminal.say(f"  {_points(group['points'], known):>{wide}}  {name}")
        for line in found["points"]:
            if line["group"] == key:
                points = _points(line["points"], known)
                # The text begins with the points.
                reason = line["text"].removeprefix(points).strip()
                terminal.say(f"  {'':{wide}}  {points:>{wide}}  {line['rule']}  {reason}")
    exact = round(sum(line["points"] for line in found["groups"]), 6)
    total = score if exact == found["score"] else f"{_points(exact, known)} ≈ {score}"
    terminal.say(f"  {total:>{wide}}  {terminal.words('cli.explain.total')}")


def _mark(terminal: Terminal, known: Understood, mark: Mapping[str, Any]) -> str:
    why = "status" if mark["why"] == "status" else mark["mark"]
    return terminal.words(
        f"cli.explain.marked.{why}",
        mark=known.words(f"choices.mark.{mark['mark']}"),
        points=_points(mark["points"], known),
        border=_points(known.book.settings["junk_at"], known),
    )
