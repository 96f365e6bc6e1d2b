"""Who is at the keyboard of the preview."""

from __future__ import annotations

import zlib

from sheetsync.addon.preview.session import Person
from sheetsync.cells import fold
from sheetsync.errors import InputError
from sheetsync.workbooks.base import Snapshot


def person_of(snapshot: Snapshot, typed: str | None, *, owner: str) -> Person:
    """The person that ``typed`` means: a name of the Team tab or a part of one, or an address.

    Parameters
    ----------
    owner : the address of whoever it is when nobody is named

    Raises
    ------
    InputError
        Team has nobody, or several, of that name.
    """
    team = _team(snapshot)
    if typed is None:
        return Person(owner)
    if "@" in typed:
        names = [name for name, email in team.items() if fold(email) == fold(typed)]
        return Person(typed.strip(), names[0] if names else None)
    wanted = fold(typed)
    found = [name for name in team if fold(name) == wanted]
    found = found or [name for name in team if wanted in fold(name).split()]
    if len(found) != 1:
        known = ", ".join(team) or "–"
        raise InputError("addon_nobody", label=snapshot.label, typed=typed, names=known)
    (name,) = found
    # Somebody without an address has an account of the same kind for as long as the preview lasts.
    return Person(team[name] or f"person-{zlib.crc32(name.encode()):08x}@example.com", name)


def _team(snapshot: Snapshot) -> dict[str, str]:
    """Name -> address of everybody in Team, "" where there is none."""
    data = snapshot.tabs.get("team")
    if data is None or "name" not in data.frame:
        return {}
    frame = data.frame.reindex(columns=["name", "email"])
    return {
        str(name).strip(): email.strip() if isinstance(email, str) and "@" in email else ""
        for name, email in zip(frame["name"], frame["email"], strict=True)
        if isinstance(name, str) and name.strip()
    }
