"""Quality of leads: conversions with and without junk and duplicates."""

from __future__ import annotations

from sheetsync.crm.base import Capability

CAPABILITY = Capability(name="quality")
