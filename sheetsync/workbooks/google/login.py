"""``sheetsync login``: consent in the browser, once, for people without a service account."""

from __future__ import annotations

import json
import os
import secrets
import webbrowser
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import google.auth.exceptions
import requests
from google_auth_oauthlib.flow import InstalledAppFlow, WSGITimeoutError
from oauthlib.oauth2 import OAuth2Error

from sheetsync.errors import CredentialsError
from sheetsync.workbooks.google.auth import (
    SCOPES,
    SCRIPT_SCOPE,
    Found,
    config_dir,
    read_credentials,
    usual_places,
)


def client_file() -> Path:
    """The OAuth client file in the usual places.

    Raises
    ------
    CredentialsError
        There is none.
    """
    for path in usual_places():
        if path.name == "credentials.json" and path.is_file():
            return path
    raise CredentialsError("login_no_client", path=str(config_dir() / "credentials.json"))


def login(
    client: Path,
    *,
    port: int = 0,
    timeout: int = 300,
    show: Callable[[str], None] | None = None,
    open_browser: bool = True,
    folder: Path | None = None,
    addon: bool = False,
) -> Path:
    """Ask for consent in the browser and save what came of it, readable by nobody else.

    Parameters
    ----------
    client : the OAuth client file of the Google Cloud console (kind "Desktop app")
    port : of the loopback address that the browser comes back to; 0 for any free one
    timeout : how long to wait for the consent. [s]
    show : gets the address to open, for people whose browser does not open by itself
    folder : where to save; our own folder by default
    addon : ask for the right to work with script projects, too

    Returns
    -------
    Path of the saved ``authorized_user.json``

    Raises
    ------
    CredentialsError
        The file is no OAuth client of a desktop app, or no consent was given in time.
    """
    found = read_credentials(client)
    if found.kind != "client" or "installed" not in found.info:
        raise CredentialsError("login_wrong_client", path=str(client))
    try:
        flow = _flow(found, show, (*SCOPES, SCRIPT_SCOPE) if addon else SCOPES)
        credentials = flow.run_local_server(
            port=port,
            open_browser=open_browser and _has_browser(),
            authorization_prompt_message=None,
            timeout_seconds=timeout,
            prompt="consent",  # a second login, too, has to bring a refresh token
        )
    except WSGITimeoutError:
        raise CredentialsError("login_timeout") from None
    except (
        OAuth2Error,
        google.auth.exceptions.GoogleAuthError,
        requests.RequestException,
        Warning,  # oauthlib raises one when a box of the consent screen was left empty
        ValueError,
        OSError,
    ):
        # The texts of these may quote the answer with its codes: they stay inside.
        raise CredentialsError("login_refused") from None
    path = (folder or config_dir()) / "authorized_user.json"
    save_secret(path, json.loads(credentials.to_json(strip=["token", "expiry"])))
    return path


def save_secret(path: Path, content: dict[str, Any]) -> None:
    """Write JSON that only its owner can read (mode 0600), whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=2)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _flow(found: Found, show: Callable[[str], None] | None, scopes: Sequence[str]) -> Any:
    class Flow(InstalledAppFlow):  # type: ignore[misc] # google-auth-oauthlib ships no types
        def authorization_url(self, **kwargs: Any) -> tuple[str, str]:
            url, state = super().authorization_url(**kwargs)
            if show is not None:
                show(url)
            return url, state

    return Flow.from_client_config(dict(found.info), scopes=list(scopes))


def _has_browser() -> bool:
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True
