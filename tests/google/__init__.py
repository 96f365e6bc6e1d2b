"""A stand-in for Google Sheets v4, the few Drive calls around it, and OAuth.

``from tests.google import Server``; README.md tells what it does and what it does not.
"""

from .errors import ApiError
from .faults import Fault
from .operators import Operator
from .server import Server

__all__ = ["ApiError", "Fault", "Operator", "Server"]
