"""``appsscript.json``: what the add-on may ask for, and what an owner added to it.

The format: https://developers.google.com/apps-script/manifest
"""

from __future__ import annotations

import json
from typing import Any

from sheetsync.addon import sources

NAME = "appsscript.json"
_SCOPES = "oauthScopes"

DIGEST_SCOPES = (
    "https://www.googleapis.com/auth/script.send_mail",
    "https://www.googleapis.com/auth/script.scriptapp",
)
"""What the daily report asks for on top: sending mail as oneself, and keeping a daily trigger."""

Manifest = dict[str, Any]


def manifest(timezone: str, *, digest: bool) -> Manifest:
    """Ours: least privilege, in the spreadsheet's time zone (an IANA name)."""
    ours: Manifest = json.loads(sources.read(NAME))
    ours["timeZone"] = timezone
    if digest:
        ours[_SCOPES] = [*ours[_SCOPES], *DIGEST_SCOPES]
    return ours


def merged(ours: Manifest, theirs: Manifest, *, shared: bool) -> Manifest:
    """Our manifest with what an owner added to the one that is there.

    Parameters
    ----------
    ours : from :func:`manifest`
    theirs : what stands in the project now
    shared : whether the project holds scripts of the owner's, which rely on theirs

    What we don't speak of (libraries, web app, ...) stays. Scopes that the owner added stay; ours
    go when they are no longer needed, except where the owner's own scripts may use them. A manifest
    without scopes lets Google find out what the owner's scripts need: a list would take that from
    them, so none is added.
    """
    result = {**theirs, **ours}
    for key in ("timeZone", "dependencies", "exceptionLogging"):
        if key in theirs and (shared or key != "timeZone"):
            result[key] = theirs[key]
    asked = theirs.get(_SCOPES)
    if asked is None and shared:
        del result[_SCOPES]
    elif asked is not None:
        known = set(ours[_SCOPES]) | set(DIGEST_SCOPES)
        result[_SCOPES] = ours[_SCOPES] + [
            scope
            for scope in asked
            if scope not in ours[_SCOPES] and (shared or scope not in known)
        ]
    return result


def read(text: str) -> Manifest | None:
    """A manifest; None where the text is none."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def dumps(manifest: Manifest) -> str:
    """A manifest as the script editor shows it."""
    return json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
