"""Field masks: parsed, checked against the schemas, used to cut answers and to merge updates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

from .discovery import Discovery, sheets
from .errors import invalid, violation

Mask = dict[str, Optional["Mask"]]
"""Field -> mask of its inner fields, or None for all of it. ``*`` stands for every field."""


class MaskError(ValueError):
    """The text is not a field mask."""


def parse(text: str) -> Mask:
    """``a.b,c(d,e/f),*`` as a tree.

    Raises
    ------
    MaskError
        The text is not a mask.
    """
    mask, end = _fields(text, 0)
    if end != len(text):
        raise MaskError(text)
    return mask


def _fields(text: str, at: int) -> tuple[Mask, int]:
    mask: Mask = {}
    while True:
        path: list[str] = []
        while True:
            start = at
            while at < len(text) and (text[at].isalnum() or text[at] in "_*$"):
                at += 1
            if start == at:
                raise MaskError(text)
            path.append(text[start:at])
            if at < len(text) and text[at] in "./":
                at += 1
                continue
            break
        inner: Mask | None = None
        if at < len(text) and text[at] == "(":
            inner, at = _fields(text, at + 1)
            if at >= len(text) or text[at] != ")":
                raise MaskError(text)
            at += 1
        _add(mask, path, inner)
        while at < len(text) and text[at] == " ":
            at += 1
        if at < len(text) and text[at] == ",":
            at += 1
            while at < len(text) and text[at] == " ":
                at += 1
            continue
        return mask, at


def _add(mask: Mask, path: list[str], inner: Mask | None) -> None:
    for name in path[:-1]:
        below = mask.setdefault(name, {})
        if below is None:  # a wider path came before
            return
        mask = below
    last = path[-1]
    if inner is None or (last in mask and mask[last] is None):
        mask[last] = None
        return
    below = mask.setdefault(last, {})
    assert below is not None
    for name, sub in inner.items():
        _add(below, [name], sub)


def unknown_path(
    mask: Mask, schema: str | Mapping[str, Any], discovery: Discovery, prefix: str = ""
) -> str | None:
    """The first path of a mask that the schema does not have."""
    spec: Mapping[str, Any] = discovery.schemas[schema] if isinstance(schema, str) else schema
    while True:
        if "$ref" in spec:
            spec = discovery.schemas[spec["$ref"]]
        elif spec.get("type") == "array":
            spec = spec["items"]
        else:
            break
    if "additionalProperties" in spec:
        return None
    fields = spec.get("properties", {})
    for name, inner in mask.items():
        path = f"{prefix}{name}"
        if name == "*":
            children = list(fields.values()) if inner else []
            if inner and all(unknown_path(inner, each, discovery) for each in children):
                return f"{path}.{next(iter(inner))}"
            continue
        if name not in fields:
            return path
        if inner and (bad := unknown_path(inner, fields[name], discovery, f"{path}.")):
            return bad
    return None


def for_answer(text: str, schema: str, discovery: Discovery) -> Mask:
    """The mask of a ``fields`` query parameter."""
    try:
        mask = parse(text)
    except MaskError:
        bad: str | None = text
    else:
        bad = unknown_path(mask, schema, discovery)
    if bad is not None:
        raise violation(
            bad,
            f"Error expanding 'fields' parameter. Cannot find matching fields for path '{bad}'.",
            "Request contains an invalid argument.",
        )
    return mask


def for_update(text: str | None, schema: str) -> Mask:
    """The required ``fields`` of an update request, over the fields of ``schema``."""
    if not text:
        raise invalid(
            "At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)"
        )
    try:
        mask = parse(text)
    except MaskError:
        raise invalid(f"Invalid field: {text}") from None
    bad = unknown_path(mask, schema, sheets())
    if bad is not None:
        raise invalid(f"Invalid field: {bad}")
    return mask


def covers(mask: Mask | None, name: str) -> bool:
    """Whether anything of a field is wanted."""
    return mask is None or name in mask or "*" in mask


def inside(mask: Mask | None, name: str) -> Mask | None:
    """The mask of what is wanted inside a field that is covered."""
    if mask is None:
        return None
    if name in mask:
        return mask[name]
    return mask.get("*")


def cut(mask: Mask | None, value: Any) -> Any:
    """A partial response: containers stay, though nothing of them may be left."""
    if mask is None:
        return value
    if isinstance(value, list):
        return [cut(mask, each) for each in value]
    if not isinstance(value, dict):
        return value
    if "*" not in mask:  # as a rule; answers are long
        return {
            name: each if mask[name] is None else cut(mask[name], each)
            for name, each in value.items()
            if name in mask
        }
    return {
        name: cut(inside(mask, name), each) for name, each in value.items() if covers(mask, name)
    }


def merge(mask: Mask | None, old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """``old`` with the masked fields taken from ``new``; those that ``new`` lacks are cleared."""
    if mask is None or "*" in mask:
        return dict(new)
    result = dict(old)
    for name, inner in mask.items():
        if inner is None:
            merged: Any = new.get(name)
        else:
            merged = merge(inner, old.get(name) or {}, new.get(name) or {})
        if merged is None or merged == {}:
            result.pop(name, None)
        else:
            result[name] = merged
        # A colour and its style are two names of one thing: the one that is written wins.
        twin = name.removesuffix("Style") if name.endswith("Style") else f"{name}Style"
        if twin not in mask and "olor" in name:
            result.pop(twin, None)
    return result
