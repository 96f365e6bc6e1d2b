"""Google's discovery documents, and the check of every request against them.

The documents are the ones that google-api-python-client carries. A path, a query parameter, a
field at any depth, a type or an enum value that they do not know is refused as Google refuses it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib import resources
from typing import Any
from urllib.parse import unquote

from .errors import ApiError, violation

Checker = Callable[[Any], Any]

# Fields of which only one may be set; the discovery document does not say so.
_ONE_OF = {
    "Request": ("kind", None),
    "ExtendedValue": ("value", None),
    "DataFilter": ("filter", None),
    "ColorStyle": ("kind", None),
    "UpdateCellsRequest": ("area", ("start", "range")),
    "FindReplaceRequest": ("scope", ("range", "sheetId", "allSheets")),
}


class _Wrong(Exception):  # noqa: N818 - never leaves this module
    """A value that does not fit; the path grows as the exception rises."""

    def __init__(self, describe: Callable[[str], str]) -> None:
        super().__init__()
        self.path: list[str] = []
        self.describe = describe

    def error(self, root: str) -> ApiError:
        path = root
        for part in reversed(self.path):
            path += part if part.startswith("[") or not path else f".{part}"
        return violation(path, self.describe(path))


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda m: "_" + m[1].lower(), name)


def _unknown(name: str, why: str = "Cannot find field.") -> _Wrong:
    return _Wrong(
        lambda path: (
            f'Invalid JSON payload received. Unknown name "{name}"'
            + (f" at '{path}'" if path else "")
            + f": {why}"
        )
    )


def _bad(kind: str, value: Any) -> _Wrong:
    shown = json.dumps(value, ensure_ascii=False)
    return _Wrong(lambda path: f"Invalid value at '{path}' ({kind}), {shown}")


@dataclass(frozen=True)
class Method:
    """One method of an API: ``sheets.spreadsheets.batchUpdate``, ``drive.v2.files.get``."""

    id: str
    verb: str
    pattern: re.Pattern[str]
    parameters: dict[str, Any]
    request: str | None
    response: str | None
    scopes: frozenset[str]
    uploads: bool = False  # the body is a file


def _pattern(path: str) -> re.Pattern[str]:
    """A path with ``{parameters}`` as a regular expression with groups."""
    return re.compile(
        "".join(
            f"(?P<{part[1:-1]}>[^/]+?)" if part.startswith("{") else re.escape(part)
            for part in re.split(r"(\{\w+\})", path)
        )
        + r"\Z"
    )


class Discovery:
    """One discovery document."""

    def __init__(self, name: str) -> None:
        folder = resources.files("googleapiclient.discovery_cache") / "documents"
        self.document = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        self.schemas: dict[str, Any] = self.document["schemas"]
        self._checkers: dict[str, Checker] = {}

    @cached_property
    def methods(self) -> tuple[Method, ...]:
        def walk(node: dict[str, Any]) -> Iterable[Method]:
            for spec in node.get("methods", {}).values():
                yield self._method(spec)
                if simple := spec.get("mediaUpload", {}).get("protocols", {}).get("simple"):
                    yield self._upload(spec, simple["path"])
            for child in node.get("resources", {}).values():
                yield from walk(child)

        # The most literal path first: ``{range}:append`` before ``{range}``.
        return tuple(sorted(walk(self.document), key=lambda m: -len(m.pattern.pattern)))

    def _method(self, spec: dict[str, Any]) -> Method:
        path = "/" + self.document["servicePath"] + spec.get("flatPath", spec["path"])
        old = self.document["version"] == "v2"
        return Method(
            id=spec["id"].replace("drive.", "drive.v2.") if old else spec["id"],
            verb=spec["httpMethod"],
            pattern=_pattern(path),
            parameters={**self.document["parameters"], **spec.get("parameters", {})},
            request=spec.get("request", {}).get("$ref"),
            response=spec.get("response", {}).get("$ref"),
            scopes=frozenset(spec.get("scopes", ())),
        )

    def _upload(self, spec: dict[str, Any], path: str) -> Method:
        """The twin of a method that takes a file for its body."""
        method = self._method(spec)
        return replace(
            method, id=f"{method.id}:upload", pattern=_pattern(path), request=None, uploads=True
        )

    def match(self, verb: str, raw_path: str) -> tuple[Method, dict[str, str]] | None:
        """The method behind a raw (still quoted) path, and its path parameters."""
        for method in self.methods:
            if method.verb == verb and (found := method.pattern.match(raw_path)):
                return method, {k: unquote(v) for k, v in found.groupdict().items()}
        return None

    @cached_property
    def _ignored(self) -> frozenset[str]:
        """Drive overlooks a parameter that another of its methods has (as recorded); Sheets does
        not."""
        if self.document["name"] != "drive":
            return frozenset()
        return frozenset(name for method in self.methods for name in method.parameters)

    # -- the query ---------------------------------------------------------------------------

    def query(self, method: Method, pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
        """The query parameters with their types; repeated ones as lists.

        Raises
        ------
        ApiError
            A parameter the method does not have, or a value that does not fit.
        """
        found: dict[str, Any] = {}
        for name, text in pairs:
            spec = method.parameters.get(name)
            if spec is None and name in self._ignored:
                continue
            if spec is None or spec.get("location") == "path":
                raise violation(
                    "",
                    f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query '
                    f"parameter. Field '{name}' could not be found in request message.",
                )
            try:
                value = self._parameter(spec)(text)
            except _Wrong as wrong:
                raise wrong.error(_snake(name)) from None
            if spec.get("repeated"):
                found.setdefault(name, []).append(value)
            elif name in found:
                raise violation(
                    "",
                    f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query '
                    f"parameter. Field '{name}' is not repeating.",
                )
            else:
                found[name] = value
        return found

    def _parameter(self, spec: dict[str, Any]) -> Checker:
        if spec["type"] == "boolean":

            def boolean(text: str) -> bool:
                if text.lower() not in ("true", "false"):
                    raise _bad("TYPE_BOOL", text)
                return text.lower() == "true"

            return boolean
        return self._checker("", spec)

    # -- the body ----------------------------------------------------------------------------

    def body(self, schema: str, value: Any, root: str = "") -> dict[str, Any]:
        """The body with nulls dropped (they mean "not set"), or Google's refusal.

        ``root`` is the name of the request field that holds the body, as it appears in messages.
        """
        try:
            return self._named(schema)(value)  # type: ignore[no-any-return]
        except _Wrong as wrong:
            raise wrong.error(root) from None

    def _named(self, schema: str) -> Checker:
        if schema not in self._checkers:
            self._checkers[schema] = lambda value: self._checkers[schema](value)  # recursion
            self._checkers[schema] = self._object(schema, self.schemas[schema])
        return lambda value: self._checkers[schema](value)

    def _checker(self, name: str, spec: dict[str, Any]) -> Checker:
        if "$ref" in spec:
            return self._named(spec["$ref"])
        if "enum" in spec:
            return _enum(name, frozenset(spec["enum"]))
        kind, form = spec["type"], spec.get("format")
        if kind == "array":
            return self._array(name, spec["items"])
        if kind == "object":
            return self._object(name, spec)
        if kind == "any":
            return lambda value: value
        if kind == "boolean":
            return _boolean
        if kind == "number":
            return _number(form or "double")
        if kind == "integer" or form in ("int64", "uint64"):
            return _integer(form or "int32")
        return _string

    def _array(self, name: str, items: dict[str, Any]) -> Checker:
        if items.get("type") == "array":  # rows of values: google.protobuf.ListValue

            def row(value: Any) -> Any:
                if not isinstance(value, list):
                    raise _bad("type.googleapis.com/google.protobuf.ListValue", value)
                return value

            item: Checker = row
        else:
            item = self._checker(name, items)

        def array(value: Any) -> Any:
            if not isinstance(value, list):  # Google takes a single element for a list of one
                return [item(value)]
            i = -1
            try:
                result = []
                for i, each in enumerate(value):  # noqa: B007
                    result.append(item(each))
                return result
            except _Wrong as wrong:
                wrong.path.append(f"[{i}]")
                raise

        return array

    def _object(self, name: str, spec: dict[str, Any]) -> Checker:
        if "additionalProperties" in spec:
            return lambda value: value
        fields = {k: self._checker(k, v) for k, v in spec.get("properties", {}).items()}
        one_of, members = _ONE_OF.get(name, (None, None))

        def check(value: Any) -> Any:
            if not isinstance(value, dict):
                if isinstance(value, list):
                    raise _unknown(name, "Proto field is not repeating, cannot start list.")
                raise _bad(f"type.googleapis.com/google.apps.sheets.v4.{name}", value)
            if not value.keys() <= fields.keys():
                raise _unknown(next(key for key in value if key not in fields))
            result = {}
            key = ""
            try:
                for key, each in value.items():
                    if each is not None:
                        result[key] = fields[key](each)
            except _Wrong as wrong:
                wrong.path.append(_snake(key))
                raise
            if one_of and len(result) > 1:
                set_ = [k for k in result if members is None or k in members]
                if len(set_) > 1:
                    raise _Wrong(
                        lambda path: (
                            f"Invalid value at '{path}' (oneof), oneof field '{one_of}' is "
                            f"already set. Cannot set '{set_[1]}'"
                        )
                    )
            return result

        return check


def _enum(name: str, values: frozenset[str]) -> Checker:
    kind = f"type.googleapis.com/google.apps.sheets.v4.{name[:1].upper()}{name[1:]}"

    def check(value: Any) -> Any:
        if not isinstance(value, str) or value not in values:
            raise _bad(kind, value)
        return value

    return check


def _boolean(value: Any) -> Any:
    if not isinstance(value, bool):
        raise _bad("TYPE_BOOL", value)
    return value


def _string(value: Any) -> Any:
    if not isinstance(value, str):
        raise _bad("TYPE_STRING", value)
    return value


def _integer(form: str) -> Checker:
    bits = 64 if form.endswith("64") else 32
    low, high = (0, 2**bits) if form.startswith("u") else (-(2 ** (bits - 1)), 2 ** (bits - 1))

    def check(value: Any) -> Any:
        number = value
        if type(number) is not int:
            try:
                if isinstance(value, bool) or float(value) != int(float(value)):
                    raise ValueError
                number = int(value)
            except (TypeError, ValueError, OverflowError):
                raise _bad(f"TYPE_{form.upper()}", value) from None
        if not low <= number < high:
            raise _bad(f"TYPE_{form.upper()}", value)
        return number

    return check


def _number(form: str) -> Checker:
    def check(value: Any) -> Any:
        if type(value) in (int, float):
            return value
        try:
            if isinstance(value, bool):
                raise ValueError
            return float(value)
        except (TypeError, ValueError):
            raise _bad(f"TYPE_{form.upper()}", value) from None

    return check


@cache
def sheets() -> Discovery:
    """Google Sheets v4."""
    return Discovery("sheets.v4")


@cache
def drive() -> Discovery:
    """Google Drive v3."""
    return Discovery("drive.v3")


@cache
def drive_v2() -> Discovery:
    """Google Drive v2."""
    return Discovery("drive.v2")


@cache
def script() -> Discovery:
    """Apps Script v1."""
    return Discovery("script.v1")
