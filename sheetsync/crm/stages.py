"""Stage statistics: how long leads stay in a stage, where they are lost, who comes back."""

from __future__ import annotations

from sheetsync.crm.base import Capability

CAPABILITY = Capability(name="stages")
