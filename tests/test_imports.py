"""Imports run one way, and what is heavy waits until a command needs it."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import sheetsync

PACKAGE = Path(sheetsync.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))

# What the modules of a part may import of our own house (and always of their own part).
FOUNDATION = {"errors", "locales", "cells", "layout", "sheetsync"}
MAY_USE = {
    "errors": {"locales"},
    "locales": set[str](),
    "cells": {"errors", "locales"},
    "layout": {"errors", "locales", "cells"},
    "crm": FOUNDATION,
    "workbooks": FOUNDATION,
    "demo": FOUNDATION | {"crm"},
    "sync": FOUNDATION | {"crm", "workbooks", "demo"},
    "addon": FOUNDATION | {"crm", "workbooks"},
    "report": FOUNDATION | {"crm", "workbooks"},
    "cli": FOUNDATION | {"crm", "workbooks", "sync", "addon", "report"},
    "__main__": {"cli"},
    "sheetsync": set[str](),
}

# Libraries that live in one place, by the start of the module's path within the package.
HOME = {
    "click": ("cli/",),
    "rich": ("cli/",),
    "jinja2": ("cli/", "addon/", "report/"),
    "gspread": ("workbooks/google",),
    "google": ("workbooks/google",),
    "google_auth_oauthlib": ("workbooks/google",),
    "googleapiclient": (),
    "requests": ("workbooks/google",),
    "lxml": ("workbooks/xlsx",),
    "py_mini_racer": ("addon/preview/",),
    "python_calamine": ("workbooks/xlsx",),
    "zipfile": ("workbooks/xlsx",),
    "openpyxl": (),
    "sklearn": ("crm/scorecard/",),
}


def imports(path: Path) -> Iterator[str]:
    """Full names of everything a module imports, at its top or inside functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the direction"
            assert node.module is not None
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def part(name: str) -> str:
    """The part of the house a full name belongs to: its first word under the package."""
    words = name.split(".")
    known = len(words) > 1 and words[1] in MAY_USE
    return words[1] if known else "sheetsync"


def relative(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_a_module_imports_only_parts_below_its_own(path: Path) -> None:
    mine = part(".".join(("sheetsync", *path.relative_to(PACKAGE).with_suffix("").parts)))
    assert mine in MAY_USE
    for name in imports(path):
        if name.split(".")[0] == "sheetsync":
            assert part(name) in MAY_USE[mine] | {mine}, f"{relative(path)} imports {name}"


def test_every_part_of_the_package_has_its_place_in_the_order() -> None:
    parts = {p.stem for p in PACKAGE.iterdir() if p.suffix == ".py"}
    parts |= {p.name for p in PACKAGE.iterdir() if (p / "__init__.py").exists()}
    assert parts - {"__init__"} <= set(MAY_USE)


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_a_library_is_imported_only_where_it_lives(path: Path) -> None:
    for name in imports(path):
        home = HOME.get(name.split(".")[0])
        if home is not None:
            assert relative(path).startswith(home or "nowhere"), f"{relative(path)}: {name}"


def test_no_module_of_the_model_reads_the_clock() -> None:
    for path in PACKAGE.glob("crm/**/*.py"):
        calls = [
            ast.unparse(node.func)
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call)
        ]
        clocks = {"date.today", "datetime.now", "datetime.utcnow", "time.time", "pd.Timestamp.now"}
        assert not clocks & set(calls), relative(path)


HEAVY = {"pandas", "numpy", "lxml", "gspread", "google", "requests", "rich", "jinja2", "sklearn"}


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["--version"], ["refresh", "--help"], ["demo", "--help"], ["nonsense"]],
    ids=" ".join,
)
def test_help_and_usage_errors_import_nothing_heavy(arguments: list[str]) -> None:
    program = (
        "import sys, atexit\n"
        "atexit.register(lambda: sys.stderr.write('|' + ' '.join(sys.modules)))\n"
        "from sheetsync.cli import main\n"
        f"sys.argv[1:] = {arguments!r}\n"
        "main()\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(PACKAGE.parent)},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    loaded = {name.split(".")[0] for name in run.stderr.rpartition("|")[2].split()}
    assert "sheetsync" in loaded
    assert not HEAVY & loaded
