"""Headcount: how many managers the leads need, and how many leads the managers can handle."""

from __future__ import annotations

from sheetsync.crm.base import Capability

CAPABILITY = Capability(name="headcount")
