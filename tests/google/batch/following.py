"""What points at cells follows them: names, rules, protections, charts, formulas."""

from __future__ import annotations

from typing import Any

from ..edits import Edit, moved
from ..formulas import Reference, rewrite
from ..grid import Cell, Formula, Sheet, Span, Spreadsheet, grid_range


def shift(spreadsheet: Spreadsheet, edit: Edit) -> None:
    """Let everything that points at the edited sheet follow: ranges, names, formulas."""
    for named in spreadsheet.names.values():
        if "range" in named:
            _shift_key(named, "range", edit)
    for sheet in spreadsheet.sheets:
        if sheet.id == edit.sheet:
            _shift_things(sheet, edit)
    change_references(spreadsheet, edit.sheet, lambda reference: reference.edited(edit))


def _shift_key(thing: dict[str, Any], key: str, edit: Edit) -> bool:
    """Shift the GridRange under a key; it is removed, and False returned, when it is gone."""
    if key not in thing:
        return True
    span = moved(Span.of(thing[key]), edit)
    if span is None:
        del thing[key]
        return False
    thing[key] = grid_range(span)
    return True


def _shift_list(ranges: list[dict[str, Any]], edit: Edit) -> list[dict[str, Any]]:
    spans = [moved(Span.of(each), edit) for each in ranges]
    return [grid_range(span) for span in spans if span is not None]


def _shift_things(sheet: Sheet, edit: Edit) -> None:
    sheet.merges = [
        each
        for each in _shift_list(sheet.merges, edit)
        if (each["endRowIndex"] - each["startRowIndex"])
        * (each["endColumnIndex"] - each["startColumnIndex"])
        > 1
    ]
    rules = []
    for rule in sheet.conditional_formats:
        rule["ranges"] = _shift_list(rule["ranges"], edit)
        if rule["ranges"]:
            rules.append(rule)
    sheet.conditional_formats = rules
    for table in (sheet.protected, sheet.banding, sheet.filter_views):
        for id, thing in list(table.items()):
            if not _shift_key(thing, "range", edit):
                del table[id]
            elif "unprotectedRanges" in thing:
                thing["unprotectedRanges"] = _shift_list(thing["unprotectedRanges"], edit)
    if sheet.basic_filter is not None and not _shift_key(sheet.basic_filter, "range", edit):
        sheet.basic_filter = None
    groups = []
    for group in sheet.groups:
        run = group["range"]
        if run["dimension"] == edit.dimension:
            ends = edit.ends(run["startIndex"], run["endIndex"])
            if ends is None:
                continue
            run["startIndex"], run["endIndex"] = ends
        groups.append(group)
    sheet.groups = groups
    for chart in sheet.charts.values():
        _shift_sources(chart, edit)


def _shift_sources(node: Any, edit: Edit) -> None:
    """Data of charts: every ``sources`` list in their specs."""
    if isinstance(node, dict):
        if isinstance(node.get("sources"), list):
            node["sources"] = _shift_list(node["sources"], edit)
        for child in node.values():
            _shift_sources(child, edit)
    elif isinstance(node, list):
        for child in node:
            _shift_sources(child, edit)


def change_references(spreadsheet: Spreadsheet, sheet_id: int, change: Any) -> None:
    """Rewrite the references to one sheet in all formulas: cells, validations, formats."""
    target = spreadsheet.sheet(sheet_id).title.casefold()
    for sheet in spreadsheet.sheets:
        here = sheet.id == sheet_id
        known: dict[str, str] = {}
        rules: dict[int, Any] = {}

        def one(reference: Reference, here: bool = here) -> Reference | None:
            own = here if reference.sheet is None else reference.sheet.casefold() == target
            return change(reference) if own else reference

        def text(formula: str, known: dict[str, str] = known, one: Any = one) -> str:
            if formula not in known:
                known[formula] = rewrite(formula, one)
            return known[formula]

        for r, row in enumerate(sheet.rows):
            for key, cell in row.cells.items():
                if cell.validation is None and type(cell.entered) is not Formula:
                    continue
                new = _with_formulas(cell, text, rules)
                if new is not cell:
                    row = sheet.row_to_write(r)
                    row.cells = {**row.cells, key: new}
        for rule in sheet.conditional_formats:
            _change_condition(rule.get("booleanRule", {}).get("condition"), text)


def _with_formulas(cell: Cell, text: Any, rules: dict[int, Any]) -> Cell:
    if isinstance(cell.entered, Formula):
        new = text(cell.entered)
        if new != cell.entered:
            cell = cell.replace(entered=Formula(new))
    rule = cell.validation
    if rule is not None:
        if id(rule) not in rules:
            values = rule["condition"].get("values", [])
            new_values = [_changed(value, text) for value in values]
            changed = new_values != values
            new_rule = (
                {**rule, "condition": {**rule["condition"], "values": new_values}}
                if changed
                else rule
            )
            rules[id(rule)] = (rule, new_rule)  # the rule is kept: its id stays its own
        if rules[id(rule)][1] is not rule:
            cell = cell.replace(validation=rules[id(rule)][1])
    return cell


def _changed(value: dict[str, Any], text: Any) -> dict[str, Any]:
    entered = value.get("userEnteredValue", "")
    return {**value, "userEnteredValue": text(entered)} if entered.startswith("=") else value


def _change_condition(condition: dict[str, Any] | None, text: Any) -> None:
    if condition and "values" in condition:
        condition["values"] = [_changed(value, text) for value in condition["values"]]
