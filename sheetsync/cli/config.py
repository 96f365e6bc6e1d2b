"""``sheetsync.toml``: the workbook that commands mean when TARGET is left out.

Written by ``sheetsync init`` into the current folder, found from any folder below it.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sheetsync.errors import InputError
from sheetsync.locales import Words

NAME = "sheetsync.toml"


@dataclass(frozen=True)
class Config:
    """What a ``sheetsync.toml`` says.

    Parameters
    ----------
    path : the file itself
    target : a path (as it is written from the current folder), a Google Sheets address or an id
    credentials : a Google credentials file, or None for the usual places
    """

    path: Path
    target: str
    credentials: Path | None = None


@dataclass(frozen=True)
class Where:
    """The workbook that a command was asked to work on."""

    target: str
    credentials: Path | None = None


def find(folder: Path) -> Config | None:
    """The nearest ``sheetsync.toml`` in ``folder`` or above it; None when there is none.

    Raises
    ------
    InputError
        The file cannot be read as TOML, or does not name a target.
    """
    for place in (folder, *folder.parents):
        path = place / NAME
        if path.is_file():
            return _read(path)
    return None


def resolve(target: str | None, credentials: Path | None = None) -> Where:
    """The workbook that is meant: ``target`` if given, else what ``sheetsync.toml`` names.

    Raises
    ------
    InputError
        Neither says it.
    """
    config = find(Path.cwd())
    if target is not None:
        # The credentials of a folder's CRM serve every sheet that is named from there.
        return Where(target, credentials or (config.credentials if config else None))
    if config is None:
        raise InputError("no_target")
    return Where(config.target, credentials or config.credentials)


def write(folder: Path, target: str, credentials: Path | None, words: Words) -> Path | None:
    """Write ``folder/sheetsync.toml`` unless there is one or the folder can't be written.

    Paths inside ``folder`` are kept relative, so that the folder can be moved or shared.

    Returns
    -------
    Path or None
        The new file; None when one was there and was left as it is, or the folder is read-only.
    """
    path = folder / NAME
    text = _render(
        words=words,
        target=(
            _from(folder, Path(target)).as_posix() if target.lower().endswith(".xlsx") else target
        ),
        credentials=_from(folder, credentials).as_posix() if credentials else None,
    )
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError:
        # One is there, or nobody may write here: the CRM is made all the same.
        return None
    return path


def _read(path: Path) -> Config:
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError("config_unreadable", path=str(path), reason=str(error)) from error
    target, credentials = said.get("target"), said.get("credentials")
    if not isinstance(target, str) or not target.strip():
        raise InputError("config_no_target", path=str(path))
    if credentials is not None and not isinstance(credentials, str):
        raise InputError("config_bad_credentials", path=str(path))
    if target.lower().endswith(".xlsx"):
        target = str(_from(Path.cwd(), path.parent / target))
    return Config(path, target, path.parent / credentials if credentials else None)


def _from(folder: Path, path: Path) -> Path:
    """The path as one writes it in ``folder``: relative if it lies inside, else whole."""
    full = Path(os.path.abspath(path))  # noqa: PTH100 (resolve() would follow the owner's links)
    return full.relative_to(folder) if full.is_relative_to(folder) else full


def _render(**values: Any) -> str:
    import jinja2

    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_templates()),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters["toml"] = _toml
    return env.get_template(f"{NAME}.j2").render(values)


def _templates() -> Path:
    """In an installed package the templates lie inside it; in a checkout, beside it."""
    package = Path(__file__).parents[1]
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"


def _toml(text: str) -> str:
    """``text`` as a TOML basic string."""
    escaped = "".join(
        f"\\u{ord(c):04x}" if ord(c) < 32 or c == "\x7f" else f"\\{c}" if c in '"\\' else c
        for c in text
    )
    return f'"{escaped}"'


def same(one: str, other: str) -> bool:
    """Whether two targets name the same workbook."""
    if one.lower().endswith(".xlsx") and other.lower().endswith(".xlsx"):
        return os.path.abspath(one) == os.path.abspath(other)  # noqa: PTH100
    return one == other


def quoted(word: str) -> str:
    """``word`` as it has to be typed into a shell."""
    import shlex

    return f'"{word}"' if os.name == "nt" and " " in word else shlex.quote(word)
