"""Cohorts: the leads created in one calendar month, and where a young one will end."""

from __future__ import annotations

from sheetsync.crm.base import Capability

CAPABILITY = Capability(name="cohorts")
