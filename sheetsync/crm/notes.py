"""Notes: a dated word of a person's beside a number that needs explaining."""

from __future__ import annotations

from sheetsync.crm.base import Capability

CAPABILITY = Capability(name="notes")
