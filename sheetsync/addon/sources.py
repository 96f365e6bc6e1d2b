"""Where the add-on's hand-written source and our templates lie, and which of it is used where."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).parents[1]
_NAME = re.compile(r"\b[A-Z]\w*")


def folder(name: str) -> Path:
    """``appscript`` or ``templates``: inside an installed package, beside it in a checkout."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


def read(name: str) -> str:
    """A file of the source by its path within ``appscript``, with ``\\n`` for every line end."""
    return (folder("appscript") / name).read_text(encoding="utf-8")


def scripts(part: str) -> dict[str, str]:
    """The files ``*.js`` of one part (``shared``, ``server``, ``card``): name -> text, by name."""
    return _files(part, "js")


def with_shared(part: str) -> dict[str, str]:
    """The scripts of one part, after those of ``shared`` that it needs, directly or by another.

    ``Phones.js`` defines the namespace ``Phones``, so whoever uses it has its name. A name that
    stands only in a comment counts, too: that is a file too many, never one too few.
    """
    own, shared = scripts(part), scripts("shared")
    needed: set[str] = set()
    looking = list(own.values())
    while looking:
        named = {f"{name}.js" for name in _NAME.findall(looking.pop())} & shared.keys() - needed
        needed |= named
        looking.extend(shared[name] for name in named)
    return {**{name: text for name, text in shared.items() if name in needed}, **own}


def styles(part: str) -> dict[str, str]:
    """The files ``*.css`` of one part, likewise."""
    return _files(part, "css")


def _files(part: str, ending: str) -> dict[str, str]:
    paths = sorted((folder("appscript") / part).glob(f"*.{ending}"), key=lambda path: path.name)
    return {path.name: path.read_text(encoding="utf-8") for path in paths}


def render(template: str, **values: Any) -> str:
    """A template of the folder ``templates`` with values put in; ``| json`` makes a literal."""
    return str(_environment().get_template(template).render(values))


@cache
def _environment() -> Any:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder("templates")),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["json"] = literal
    return environment


def literal(value: Any) -> str:
    """A value as JSON that is safe in a script, and in a script inside a page.

    No text can leave its quotes: ``<`` is spelled by its number, so that neither ``</script>`` nor
    ``<!--`` can come about, and so is every character that isn't printable: the line ends of
    JavaScript (U+2028, U+2029), signs that turn the direction of writing, halves of a character.
    """
    import json

    text = json.dumps(_plain(value), ensure_ascii=False, allow_nan=False)
    return "".join(
        sign if sign.isprintable() and sign != "<" else _by_number(sign) for sign in text
    )


def _plain(value: Any) -> Any:
    """Mappings of any kind as those that JSON knows."""
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    return value


def _by_number(sign: str) -> str:
    units = sign.encode("utf-16-be", errors="surrogatepass")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))
