"""Data filters: which ranges, and which metadata, they select."""

from __future__ import annotations

from typing import Any

from . import a1
from .errors import invalid
from .grid import Metadata, Span, Spreadsheet
from .metadata import Index, matching


def _kind(data_filter: dict[str, Any]) -> str:
    if len(data_filter) != 1:
        raise invalid("DataFilter must have an a1Range, a gridRange or a developerMetadataLookup")
    return next(iter(data_filter))


def spans_of(spreadsheet: Spreadsheet, data_filter: dict[str, Any], index: Index) -> list[Span]:
    """The ranges that one filter selects."""
    kind = _kind(data_filter)
    if kind == "a1Range":
        return [a1.parse(data_filter[kind], spreadsheet)]
    if kind == "gridRange":
        return [spreadsheet.span(data_filter[kind])]
    found: list[Span] = []
    for each in matching(spreadsheet, data_filter[kind], index):
        span = index.span(each)
        found += [Span(sheet.id) for sheet in spreadsheet.sheets] if span is None else [span]
    return list(dict.fromkeys(found))


def select(
    spreadsheet: Spreadsheet, data_filters: list[dict[str, Any]]
) -> list[tuple[Span, list[dict[str, Any]]]]:
    """The union of several filters: each range once, with all the filters that select it.

    The ranges come in the order of the document, whatever the order of the filters: nobody
    promises another one.
    """
    if not data_filters:
        raise invalid("Must specify at least one data filter.")
    index = Index(spreadsheet)
    chosen: dict[Span, list[dict[str, Any]]] = {}
    for each in data_filters:
        for span in spans_of(spreadsheet, each, index):
            chosen.setdefault(span, []).append(each)
    order = {sheet.id: i for i, sheet in enumerate(spreadsheet.sheets)}
    return sorted(chosen.items(), key=lambda p: (order[p[0].sheet], p[0].left, p[0].top))


def metadata_of(spreadsheet: Spreadsheet, data_filters: list[dict[str, Any]]) -> list[Metadata]:
    """The metadata that any of the filters selects."""
    return [each for each, _ in search(spreadsheet, data_filters)]


def search(
    spreadsheet: Spreadsheet, data_filters: list[dict[str, Any]]
) -> list[tuple[Metadata, list[dict[str, Any]]]]:
    """Each metadata that is selected, with the filters that select it."""
    if not data_filters:
        raise invalid("Must specify at least one data filter.")
    index = Index(spreadsheet)
    chosen: dict[int, list[dict[str, Any]]] = {}
    for each in data_filters:
        kind = _kind(each)
        if kind == "developerMetadataLookup":
            found = matching(spreadsheet, each[kind], index)
        else:
            (span,) = spans_of(spreadsheet, each, index)
            found = [
                metadata
                for metadata in spreadsheet.metadata.values()
                if (where := index.span(metadata)) is not None and where.overlaps(span)
            ]
        for metadata in found:
            chosen.setdefault(metadata.id, []).append(each)
    return [(spreadsheet.metadata[id], filters) for id, filters in sorted(chosen.items())]
