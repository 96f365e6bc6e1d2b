"""The command line: one file per command; a command parses, calls the library, prints."""

from __future__ import annotations

from sheetsync.cli.app import App

main = App(name="sheetsync")
"""The ``sheetsync`` command."""
