"""The second half of provisioning: names, formats, dropdowns, rules, protections.

Each is compared with what is there and touched only where it is missing: what people changed
stays, and a dropdown that is laid again would lose the colours they gave its options.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sheetsync.layout import Rule
from sheetsync.workbooks.google import names
from sheetsync.workbooks.google.draft import Draft, Placed
from sheetsync.workbooks.google.dress import (
    conditional_format,
    format_request,
    lock,
    size_request,
    validate,
    validation,
    warn,
    warn_of_log,
)
from sheetsync.workbooks.google.formulas import named_columns, rule_mark
from sheetsync.workbooks.google.requests import area


def finish(draft: Draft) -> None:
    """Everything that refers to sheets and columns, once it is known where they are."""
    _names(draft)
    for placed in draft.placed.values():
        _formats(draft, placed)
        _dropdowns(draft, placed)
        _rules(draft, placed)
        _protections(draft, placed)


def _names(draft: Draft) -> None:
    for tab, column in named_columns(draft.want.layout, draft.want.words):
        placed = draft.placed.get(tab)
        if placed is None or column not in placed.positions:
            continue
        name, index = names.range_name(tab, column), placed.positions[column]
        there = draft.scan.named.get(name)
        if there is not None and there[1:] == (placed.sheet, index):
            continue
        named = {"name": name, "range": area(placed.sheet, None, None, index, index + 1)}
        if there is None:
            draft.fill.append({"addNamedRange": {"namedRange": named}})
        else:
            update = {"namedRange": named | {"namedRangeId": there[0]}, "fields": "range"}
            draft.fill.append({"updateNamedRange": update})
        if not placed.new:
            draft.tell("name", tab, column, name)


def _formats(draft: Draft, placed: Placed) -> None:
    """Formats and widths of new columns; those of older ones belong to people."""
    for column in placed.wanted.columns:
        if column.key not in placed.fresh:
            continue
        sheet, index, what = placed.sheet, placed.positions[column.key], column.column
        look = format_request(sheet, index, what, formula=column.formula)
        if look is not None:
            draft.fill.append(look)
        draft.fill.append(size_request(sheet, index, what.width, hidden=what.hidden))


def _dropdowns(draft: Draft, placed: Placed) -> None:
    def list_range(full_key: str) -> str | None:
        tab, _, key = full_key.partition(".")
        source = draft.placed.get(tab)
        if source is None or key not in source.positions:
            return None
        letters = names.letters(source.positions[key])
        return f"={names.quoted(source.title)}!${letters}$2:${letters}"

    if placed.wanted.kind != "people":
        return
    look = None if placed.new else draft.scan.looks.get(placed.sheet)
    for column in placed.wanted.columns:
        index = placed.positions[column.key]
        if look is not None and column.key not in placed.fresh and index in look.validated:
            continue
        rule = validation(column.column, draft.want.words, list_range)
        if rule is not None:
            draft.fill.append(validate(area(placed.sheet, 1, None, index, index + 1), rule))
            if look is not None:
                draft.tell("dropdown", placed.wanted.key, column.key)


def _rules(draft: Draft, placed: Placed) -> None:
    """Conditional formats in the layout's order; people's own keep theirs among them."""
    look = None if placed.new else draft.scan.looks.get(placed.sheet)
    there: list[Mapping[str, Any]] = list(look.rules) if look is not None else []
    cursor = 0
    for rule in draft.want.layout.rules:
        if rule.tab != placed.wanted.key:
            continue
        wanted = conditional_format(rule, placed.sheet, placed.positions, draft.want.words)
        if wanted is None:
            continue
        at = next((i for i, each in enumerate(there) if _is(each, rule, placed)), None)
        if at is None:
            there.insert(cursor, wanted)
            request = {"rule": wanted, "index": cursor}
            draft.fill.append({"addConditionalFormatRule": request})
            at = cursor
        elif draft.upgrade and "booleanRule" in wanted and _formula(there[at]) != _formula(wanted):
            request = {"rule": wanted, "index": at, "sheetId": placed.sheet}
            draft.fill.append({"updateConditionalFormatRule": request})
        else:
            cursor = at + 1
            continue
        cursor = at + 1
        if not placed.new:
            draft.tell("rule", placed.wanted.key, None, rule.key)


def _is(existing: Mapping[str, Any], rule: Rule, placed: Placed) -> bool:
    """Whether a conditional format of the sheet is this rule of ours."""
    if rule.scale is None:
        return f'"{rule_mark(rule)}"' in _formula(existing)
    columns = {placed.positions[key] for key in rule.columns if key in placed.positions}
    return "gradientRule" in existing and any(
        each.get("startColumnIndex", 0) in columns for each in existing.get("ranges", ())
    )


def _formula(rule: Mapping[str, Any]) -> str:
    values = rule.get("booleanRule", {}).get("condition", {}).get("values", ())
    return str(values[0].get("userEnteredValue", "")) if values else ""


def _protections(draft: Draft, placed: Placed) -> None:
    look = None if placed.new else draft.scan.looks.get(placed.sheet)
    guarded = look.protected if look is not None else frozenset()
    if placed.wanted.kind == "log":
        locked = look.locked if look is not None else None
        if -1 not in guarded or locked is not None:
            draft.fill.append(warn_of_log(placed.sheet, draft.want.words, locked))
            if look is not None:
                draft.tell("protection", placed.wanted.key)
        return
    if placed.wanted.kind != "people":
        if -1 not in guarded:
            draft.fill.append(lock(placed.sheet, draft.want.words, draft.account))
            if look is not None:
                draft.tell("protection", placed.wanted.key)
        return
    for column in placed.wanted.columns:
        index = placed.positions[column.key]
        if column.column.owner == "person" or index in guarded:
            continue
        # Each by itself, so that it goes along when its column is moved.
        block = area(placed.sheet, None, None, index, index + 1)
        draft.fill.append(warn(block, draft.want.words))
        if look is not None and column.key not in placed.fresh:
            draft.tell("protection", placed.wanted.key, column.key)
