"""The add-on as a folder: what ``clasp push`` takes as it is, and what one can paste by hand.

Beside the project itself it holds a README of five steps, all scripts as one text, and what an
editor needs to check the types of the rest. clasp: https://github.com/google/clasp
"""

from __future__ import annotations

import json
from pathlib import Path

from sheetsync.addon import banner, card, config, manifest, sources
from sheetsync.addon.build import Project, in_one, project
from sheetsync.addon.config import Options
from sheetsync.addon.difference import Difference, difference

CLASP, IGNORED, README = ".clasp.json", ".claspignore", "README.md"
CODE_TO_PASTE, PAGE_TO_PASTE = "paste-1-Code.txt", "paste-2-Sidebar.txt"
"""Texts and not scripts, which Windows would run when they are opened."""

_IGNORE = f"""\
**/**
!{manifest.NAME}
!*.js
!*.html
"""


def files(options: Options) -> dict[str, str]:
    """Everything that the folder gets: file name -> text."""
    made = project(options)
    extras = {
        CODE_TO_PASTE: in_one(made),
        IGNORED: _IGNORE,
        "tsconfig.json": _tsconfig(),
        "types.d.ts": sources.read("types.d.ts"),
        README: _readme(options, made),
    }
    return {
        **made,
        PAGE_TO_PASTE: made[card.NAME],
        **{name: banner.stamped(name, text) for name, text in extras.items()},
    }


def compare(folder: Path, options: Options) -> Difference:
    """What a build would change in a folder, which need not be there.

    Only files with one of our names or with our banner are looked at; a ``.clasp.json`` that is
    there already is the owner's.
    """
    built = files(options)
    there = _texts(folder)
    if options.script is not None and CLASP not in there:
        settings = {"scriptId": options.script, "rootDir": "."}
        built[CLASP] = json.dumps(settings, indent=2) + "\n"
    there.pop(CLASP, None)
    return difference(built, there)


def write(folder: Path, found: Difference) -> None:
    """Bring a folder to the state that was found wanting."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in (*found.added, *found.changed):
        (folder / name).write_text(found.wanted[name], encoding="utf-8", newline="\n")
    for name in found.removed:
        (folder / name).unlink()


def digest_hour(folder: Path) -> int | None:
    """When the report goes out by the build that lies there; None for never. [h]"""
    path = folder / config.NAME
    return config.digest_of(path.read_text(encoding="utf-8")) if path.is_file() else None


def _texts(folder: Path) -> dict[str, str]:
    """Every text right in the folder; what is no text can't be one of ours."""
    found = {}
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.is_file():
            found[path.name] = path.read_text(encoding="utf-8", errors="replace")
    return found


def _tsconfig() -> str:
    """How an editor, or ``tsc -p DIR``, checks the types; needs ``@types/google-apps-script``."""
    options = json.loads(sources.read("tsconfig.json"))["compilerOptions"]
    return json.dumps({"compilerOptions": options, "include": ["types.d.ts", "*.js"]}, indent=2)


def _readme(options: Options, made: Project) -> str:
    return sources.render(
        f"addon-README.{options.lang}.md.j2",
        options=options,
        code=CODE_TO_PASTE,
        card=PAGE_TO_PASTE,
        manifest=made[manifest.NAME].strip(),
    )
