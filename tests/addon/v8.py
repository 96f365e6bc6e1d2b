"""The add-on's JavaScript, run in V8 as Apps Script runs it: files share one global scope."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from py_mini_racer import MiniRacer

from sheetsync.addon.preview.closing import Closes
from sheetsync.addon.preview.scripts import parsed

APPSCRIPT = Path(__file__).parents[2] / "appscript"
SHARED = sorted((APPSCRIPT / "shared").glob("*.js"))
"""The pure files, which run on the server, in the card, and here."""


class V8(Closes):
    """Scripts that were loaded one after another, and their functions.

    Parameters
    ----------
    files : scripts, in the order in which they are loaded; a ``str`` is a path below appscript/
    globals : values that are there before the scripts are: name -> what JSON can say
    """

    def __init__(self, *files: Path | str, globals: Mapping[str, Any] | None = None) -> None:
        self._racer = MiniRacer()
        for name, value in (globals or {}).items():
            self._racer.eval(f"globalThis[{json.dumps(name)}] = {parsed(value)}; null")
        for file in files:
            path = APPSCRIPT / file
            source = path.read_text(encoding="utf-8")
            self._racer.eval(f"{source}\n;null\n//# sourceURL={path.name}")

    def call(self, function: str, *args: Any) -> Any:
        """What a function gives: arguments and answer travel as JSON, so None is null.

        Raises
        ------
        py_mini_racer.JSEvalException
            The function has thrown; the message has the JavaScript stack.
        """
        return self._answer(f"{function}(...{parsed(args)})")

    def each(self, function: str, first: Sequence[Any], *rest: Any) -> list[Any]:
        """:meth:`call` for every first argument, all in one go."""
        answers: list[Any] = self._answer(
            f"((rest) => {parsed(first)}.map((one) => {function}(one, ...rest)))({parsed(rest)})"
        )
        return answers

    def close(self) -> None:
        """Free what V8 holds."""
        self._racer.close()

    def _answer(self, expression: str) -> Any:
        answer = self._racer.eval(f"JSON.stringify(({expression}) ?? null)")
        assert isinstance(answer, str), f"{expression[:80]} gave what JSON can't say"
        return json.loads(answer, parse_int=_number)


def _number(digits: str) -> int | float:
    """A whole number of JavaScript: it is a float, whose digits are not all meant beyond 2**53."""
    return int(digits) if abs(int(digits)) <= 2**53 else float(digits)
