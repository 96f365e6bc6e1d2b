"""``python -m sheetsync`` is the ``sheetsync`` command."""

from __future__ import annotations

from sheetsync.cli import main

if __name__ == "__main__":
    main()
