"""What weighs how much in the bodies of some requests, by kind and tab."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import requests

LINES = 12
"""How many lines to show for each body; the rest is summed up."""


def weigh(answers: Iterable[requests.Response], titles: Mapping[int, str]) -> str:
    """Lines of bytes, the heaviest first, for what was sent and for what came back.

    Parameters
    ----------
    titles : sheet id -> title of the tab
    """
    lines = []
    for answer in answers:
        path = urlsplit(str(answer.request.url)).path.rsplit("/", 1)[-1]
        sent, came = _loaded(answer.request.body), answer.json()
        lines.append(f"{answer.request.method} {path}")
        lines += _heaviest("up", _sent(sent, titles))
        lines += _heaviest("down", _came(came))
    return "\n".join(lines)


def _heaviest(way: str, parts: Iterable[tuple[str, int]]) -> Iterator[str]:
    weights: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    for name, size in parts:
        weights[name] += size
        counts[name] += 1
    order = weights.most_common()
    for name, size in order[:LINES]:
        yield f"  {way:<5}{size:>11,}  {counts[name]:>6} x {name}"
    if rest := order[LINES:]:
        size, count = sum(size for _, size in rest), sum(counts[name] for name, _ in rest)
        yield f"  {way:<5}{size:>11,}  {count:>6} x others"


def _sent(body: Any, titles: Mapping[int, str]) -> Iterator[tuple[str, int]]:
    """The requests of a batch by kind and tab; the parts of any other body by name."""
    for request in body.get("requests", ()):
        for kind, what in request.items():
            yield f"{kind} {titles.get(_sheet(what), '')}", _size(request)
    for name, value in body.items():
        if name != "requests":
            yield name, _size(value)


def _came(body: Any) -> Iterator[tuple[str, int]]:
    """Values and structure by tab; the parts of any other body by name."""
    for each in body.get("valueRanges", ()):
        where = each.get("valueRange", each).get("range", "")
        yield where.partition("!")[0], _size(each)
    for sheet in body.get("sheets", ()):
        yield sheet.get("properties", {}).get("title", ""), _size(sheet)
    for name, value in body.items():
        if name not in ("valueRanges", "sheets"):
            yield name, _size(value)


def _sheet(what: Any) -> int:
    """The first sheet id in a request; -1 where there is none."""
    if isinstance(what, Mapping):
        if "sheetId" in what:
            return int(what["sheetId"])
        what = what.values()
    elif not isinstance(what, list):
        return -1
    return next((found for value in what if (found := _sheet(value)) >= 0), -1)


def _loaded(body: Any) -> Any:
    return json.loads(body) if body else {}


def _size(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())
