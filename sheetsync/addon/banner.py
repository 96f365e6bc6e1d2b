"""The line at the head of every built file, by which we know it again, and know it unchanged.

It carries a checksum of the rest. So a file of ours may be replaced or removed without asking; one
that somebody edited by hand, or that was never ours, may not.
"""

from __future__ import annotations

import hashlib
import re
from typing import Literal

State = Literal["ours", "edited", "foreign"]

_MARKS = {"html": ("<!-- ", " -->"), "md": ("<!-- ", " -->"), ".claspignore": ("# ", "")}
_SIGN = re.compile(r"\A\ufeff?\W*sheetsync add-on: .* \[([0-9a-f]{12})\]")
_SAYS = "sheetsync add-on: {name}. Made by sheetsync; what is changed here is lost. [{checksum}]"


def stamped(name: str, text: str) -> str:
    """A file of ours with its banner; ``name`` tells which kind of comment it takes."""
    start, end = _MARKS.get(name) or _MARKS.get(name.rpartition(".")[2]) or ("// ", "")
    return f"{start}{_SAYS.format(name=name, checksum=_checksum(text))}{end}\n{text}"


def state(text: str) -> State:
    """Whose a file is: ours as it was made, ours but edited since, or somebody else's."""
    head, _, rest = text.replace("\r\n", "\n").replace("\r", "\n").partition("\n")
    found = _SIGN.match(head)
    if found is None:
        return "foreign"
    return "ours" if found[1] == _checksum(rest) else "edited"


def same(one: str, other: str) -> bool:
    """Whether two texts are equal but for what editors change by themselves."""
    return _body(one) == _body(other)


def _checksum(text: str) -> str:
    return hashlib.sha256(_body(text).encode()).hexdigest()[:12]


def _body(text: str) -> str:
    # Editors end lines in their own way, and add or drop empty ones at the end.
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip()
