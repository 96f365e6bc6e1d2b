"""The scripts of a project joined to one, where in it something went wrong, and values for it."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Mapping
from typing import Any

PROJECT = "project"
"""What V8 calls the joined scripts."""

_FUNCTION = re.compile(r"^(?:async\s+)?function\s+([A-Za-z_$][\w$]*)", re.M)
_LINE = re.compile(rf"\b{PROJECT}:(\d+)")


class Scripts:
    """The scripts of a project as one function, whose call is a fresh start of them all.

    Attributes
    ----------
    text : the function; it gives the global functions of the scripts by name
    """

    def __init__(self, project: Mapping[str, str]) -> None:
        names = sorted(name for name in project if name.endswith(".js"))
        lines = ["(function () {"]
        self._files: list[tuple[int, str]] = []  # first line of a file, its name
        functions: list[str] = []
        for name in names:
            self._files.append((len(lines) + 1, name))
            lines.extend(project[name].split("\n"))
            functions.extend(_FUNCTION.findall(project[name]))
        lines.append(f"return {{ {', '.join(dict.fromkeys(functions))} }};\n}})")
        self.text = "\n".join(lines)

    def frames(self, stack: str) -> list[str]:
        """The lines of a JavaScript stack that are in the project, by file and line."""
        found = []
        for frame in stack.splitlines():
            text, at = frame.strip().removeprefix("at "), _LINE.search(frame)
            if not frame.lstrip().startswith("at ") or at is None:
                continue
            place = bisect_right(self._files, (int(at[1]), "\uffff")) - 1
            if place >= 0:
                first, name = self._files[place]
                found.append(f"{text.split(' (')[0]} ({name}:{int(at[1]) - first + 1})")
        return found


def parsed(value: Any) -> str:
    """An expression that gives a value back in JavaScript. Not a literal: in one, the key
    ``__proto__`` would be no key."""
    text = json.dumps(value, allow_nan=False)  # ASCII: no line end or quote but the plain ones
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"JSON.parse('{escaped}')"
