"""The functions that formulas may call, one family per module."""

from . import arithmetic, counting, dates, logic, lookups, text  # noqa: F401 - they register
from .arguments import FUNCTIONS

__all__ = ["FUNCTIONS"]
