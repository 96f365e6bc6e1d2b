"""What a provisioning batch is made of, as it grows."""

from __future__ import annotations

from dataclasses import dataclass, field

from sheetsync.workbooks.base import Provision, Step
from sheetsync.workbooks.google.requests import Request
from sheetsync.workbooks.google.scan import Scan
from sheetsync.workbooks.google.wanted import WantedTab


@dataclass
class Placed:
    """One sheet of ours, as it is when the batch has built it.

    Parameters
    ----------
    sheet : id and title
    positions : column key -> index
    new : the sheet is made by this batch
    fresh : keys of the columns that this batch makes, or takes over from an import
    """

    wanted: WantedTab
    sheet: int
    title: str
    positions: dict[str, int]
    new: bool
    fresh: set[str] = field(default_factory=set)


@dataclass
class Draft:
    """The batch as it grows: sheets and columns first, then what refers to them."""

    scan: Scan
    want: Provision
    account: str | None
    steps: list[Step] = field(default_factory=list)
    build: list[Request] = field(default_factory=list)
    fill: list[Request] = field(default_factory=list)
    placed: dict[str, Placed] = field(default_factory=dict)

    @property
    def upgrade(self) -> bool:
        """The sheet was made by another version of the layout."""
        there = self.scan.structure.meta.get("layout")
        return there is not None and there != self.want.meta.get("layout")

    def tell(self, what: str, tab: str, column: str | None = None, detail: str = "") -> None:
        self.steps.append(Step(what, tab.lstrip("_"), column, detail))
