"""Duplicates: rows of the same person, and new attempts of somebody who came before."""

from __future__ import annotations

from sheetsync.crm.base import Capability
from sheetsync.layout import Column

CAPABILITY = Capability(name="duplicates", columns={"leads": (Column("not_duplicate", width=110),)})
