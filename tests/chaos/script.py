"""What is played, in plain data: it can be printed, kept, and played again."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

from sheetsync.errors import SheetsyncError

if TYPE_CHECKING:
    from tests.chaos.view import View

COMMANDS = ("refresh", "init")
KILLS = ("killed before", "killed after")
LOST = "answer lost"
CUT = -1
MACHINE = "machine"
"""Who does it, when a command is killed, or runs elsewhere under the same account."""


@dataclass(frozen=True)
class Deed:
    """Somebody does something just before the n-th request of a command.

    ``what`` is the name of an action; or that of a command: the same on another machine; or one of
    ``KILLS``: there and then the command dies, before its request was sent, or after it was carried
    out; or LOST: the request is carried out, and its answer never comes. Where the deed starts a
    script of the add-on, ``slow`` requests are served before that writes what it has to; CUT says
    that it is cut off, with half of it written.
    """

    before: int
    who: str
    what: str
    a: int = 0
    b: int = 0
    slow: int = 0


@dataclass(frozen=True)
class Run:
    """A command, and what happens while it runs.

    Parameters
    ----------
    quiet : whether a quiet refresh follows, after which everything has to be right
    branches : what else may happen from the moment on when a refresh begins to write, its first
        request then being number 1. Each is tried from the same state, which is then put back:
        the computing is done once, the writing many times
    large : bytes from which a plan goes in portions; 0 for those that the tool has by itself
    cli : whether it is the command line that runs, login and all, and not the function behind it;
        its deeds are done by the server, which can't serve other machines meanwhile
    addon : whether people work with the add-on meanwhile
    """

    command: str
    deeds: tuple[Deed, ...] = ()
    quiet: bool = True
    branches: tuple[tuple[Deed, ...], ...] = ()
    large: int = 0
    cli: bool = False
    addon: bool = False


@dataclass
class Ended:
    """How a command went.

    ``moments`` are the states that its requests met, first to last; ``read`` is the place, among
    them, of the last one whose values it read; -1 when it read none; ``read_at`` is the world's
    time then. ``unsettled`` says that a branch was refused, or was to be computed anew. ``breaks``
    are the lines of History, as it read them, that don't fit their checksums: lead and what is
    wrong with one.
    """

    command: str
    moments: list[View]
    read: int = -1
    read_at: int = 0
    requests: int = 0
    writes: int = 0
    healed: int = 0
    unsettled: bool = False
    killed: bool = False
    error: SheetsyncError | None = None
    breaks: frozenset[tuple[str, str]] = frozenset()

    @property
    def whole(self) -> bool:
        """Whether it did all that it set out to do."""
        return not (self.error or self.unsettled or self.killed)


@dataclass
class Tally:
    """What was done so far."""

    runs: int = 0
    branches: int = 0
    deeds: int = 0
    refused: int = 0
    errors: int = 0
    conflicts: int = 0
    kills: int = 0
    portions: int = 0
    healed: int = 0
    scripts: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))
