"""The people of a workbook: who is in its Team, and who is at the keyboard of the preview."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from sheetsync.cells import fold
from sheetsync.errors import InputError
from sheetsync.locales import Words
from sheetsync.workbooks.base import Snapshot

STRANGER = "owner@example.com"
"""The owner of a workbook whose Team tab names none."""


@dataclass(frozen=True)
class Person:
    """Who is at the keyboard: the address of the account, and the name in Team, if it has one."""

    email: str
    name: str | None = None


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
    team = {name: email for name, email, _ in _team(snapshot) if name}
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


def permissions_of(snapshot: Snapshot, words: Words) -> tuple[str, dict[str, str]]:
    """The owner's address, and everybody's role in the document, by the Team tab."""
    members = [(email, role) for _, email, role in _team(snapshot) if email]
    owners = (email for email, role in members if role == words("choices.role.owner"))
    owner = next(owners, STRANGER)
    return owner, {**{email: "writer" for email, _ in members}, owner: "owner"}


def _team(snapshot: Snapshot) -> Iterator[tuple[str, str, object]]:
    """Name, address and role of everybody in Team; "" for a name or address that is none."""
    data = snapshot.tabs.get("team")
    if data is None:
        return
    frame = data.frame.reindex(columns=["name", "email", "role"])
    for name, email, role in zip(frame["name"], frame["email"], frame["role"], strict=True):
        address = email.strip() if isinstance(email, str) and "@" in email else ""
        yield name.strip() if isinstance(name, str) else "", address, role
