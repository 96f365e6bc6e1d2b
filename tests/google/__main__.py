"""``python -m tests.google --port N``: try the tool against the stand-in by hand."""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
from datetime import date
from pathlib import Path

from .server import Server


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.google", description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--locale", default="en_US")
    parser.add_argument("--timezone", default="Europe/Moscow")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="stand-in-"))
    with Server(port=options.port, today=date.today()) as server:
        id = server.create("Shop", locale=options.locale, timezone=options.timezone)
        server.share(id, server.SERVICE_ACCOUNT)
        robot = server.credentials("service_account", folder / "service_account.json")
        person = server.credentials("authorized_user", folder / "authorized_user.json")
        sys.stdout.write(
            f"An empty spreadsheet, shared with the service account: {id}\n"
            f"  export SHEETSYNC_API_ENDPOINT={server.url}\n"
            f"  export GOOGLE_APPLICATION_CREDENTIALS={robot}\n"
            f"  sheetsync init {id}\n"
            f"Its owner's credentials, who may create files: {person}\n"
            "Ctrl-C stops the server.\n"
        )
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            sys.stdout.write("\n")


if __name__ == "__main__":
    main()
