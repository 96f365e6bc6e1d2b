"""Parked leads: asleep until a day to come, and back by themselves."""

from __future__ import annotations

from sheetsync.crm.base import Capability

CAPABILITY = Capability(name="parking")
