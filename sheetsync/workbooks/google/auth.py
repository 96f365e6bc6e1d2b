"""Where credentials are looked for, what they are, and why they cannot be used.

A key or a token is read here and handed to google-auth; it is never part of an error, of a
description or of a ``repr``.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import google.auth
import google.auth.exceptions
import google.oauth2.credentials
import google.oauth2.service_account
import platformdirs

from sheetsync.errors import CredentialsError

SCOPES = ("https://www.googleapis.com/auth/spreadsheets",)
"""All that we ask for: reading and writing spreadsheets by their address. ``drive`` would open
every file of the account, and even ``drive.file`` is not needed: POST v4/spreadsheets makes a new
one."""

SCRIPT_SCOPE = "https://www.googleapis.com/auth/script.projects"
"""Asked for on top, and only of people who let us bring the add-on into their sheet."""

VARIABLE = "SHEETSYNC_CREDENTIALS"
GOOGLE_VARIABLE = "GOOGLE_APPLICATION_CREDENTIALS"

Kind = Literal["service_account", "authorized_user", "client", "default"]

_NEEDED: Mapping[str, tuple[str, ...]] = {
    "service_account": ("client_email", "private_key", "token_uri"),
    "authorized_user": ("client_id", "client_secret", "refresh_token"),
    "client": ("client_id", "client_secret"),
}


@dataclass(frozen=True)
class Found:
    """A credentials file that was read.

    Parameters
    ----------
    kind : ``service_account``; ``authorized_user`` (after a login); ``client`` (an OAuth client,
        of use only for a login); ``default``, what google-auth finds by itself
    path : the file, or None for ``default``
    account : the e-mail of a service account, or of a user where the file tells it
    info : the file's content
    """

    kind: Kind
    path: Path | None = None
    account: str | None = None
    info: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True)
class Place:
    """One line of :func:`describe_credentials`.

    ``state`` is ``used``, ``unused`` (there, but an earlier place wins), ``absent`` or ``broken``;
    ``problem`` says why it is broken.
    """

    path: Path | None
    state: Literal["used", "unused", "absent", "broken"]
    kind: Kind | None = None
    account: str | None = None
    problem: CredentialsError | None = None


def config_dir() -> Path:
    """Our own folder for credentials; ``sheetsync login`` writes there."""
    return Path(platformdirs.user_config_dir("sheetsync", appauthor=False))


def gspread_dir() -> Path:
    """Where gspread users keep theirs."""
    if os.name == "nt":
        return Path(os.environ.get("APPDATA", Path.home())) / "gspread"
    return Path.home() / ".config" / "gspread"


def named_place(explicit: str | Path | None = None) -> Path | None:
    """The file that the command line or a variable names; None when nothing does."""
    named = explicit or os.environ.get(VARIABLE) or os.environ.get(GOOGLE_VARIABLE)
    return Path(named).expanduser() if named else None


def usual_places() -> Iterator[Path]:
    """Where a file is looked for when none is named, in order."""
    for folder in (config_dir(), gspread_dir()):
        for name in ("service_account.json", "authorized_user.json"):
            yield folder / name
    for folder in (config_dir(), gspread_dir()):
        yield folder / "credentials.json"


def read_credentials(path: Path) -> Found:
    """A credentials file, recognised by what is in it.

    Raises
    ------
    CredentialsError
        It is not there, cannot be read, is no JSON, is JSON of another kind, or lacks fields.
    """
    try:
        info = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise CredentialsError("credentials_absent", path=str(path)) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise CredentialsError("credentials_unreadable", path=str(path), reason=reason) from None
    except ValueError:
        raise CredentialsError("credentials_not_json", path=str(path)) from None
    kind: Kind
    if not isinstance(info, dict):
        raise CredentialsError("credentials_other_kind", path=str(path))
    if isinstance(client := info.get("installed", info.get("web")), dict):
        kind, fields = "client", client
    elif info.get("type") == "service_account":
        kind, fields = "service_account", info
    elif info.get("type") == "authorized_user" or "refresh_token" in info:
        kind, fields = "authorized_user", info
    elif "type" in info and info["type"] in ("external_account", "impersonated_service_account"):
        return Found("default", path, info=info)
    else:
        raise CredentialsError("credentials_other_kind", path=str(path))
    if missing := [name for name in _NEEDED[kind] if not fields.get(name)]:
        raise CredentialsError("credentials_fields", path=str(path), fields=", ".join(missing))
    return Found(kind, path, info.get("client_email") or info.get("account") or None, info)


def find_credentials(explicit: str | Path | None = None) -> Found:
    """The credentials to use.

    Raises
    ------
    CredentialsError
        There are none, or those that were named cannot be used, or only an OAuth client is there
        and nobody has logged in with it yet.
    """
    if (named := named_place(explicit)) is not None:
        found = read_credentials(named)
    else:
        there = next((path for path in usual_places() if path.is_file()), None)
        if there is not None:
            found = read_credentials(there)
        elif _default_may_work():
            return Found("default")
        else:
            raise CredentialsError("credentials_none", folder=str(config_dir()))
    if found.kind == "client":
        saved = config_dir() / "authorized_user.json"
        if saved.is_file():
            return read_credentials(saved)
        raise CredentialsError("credentials_need_login", path=str(found.path))
    return found


def load_credentials(found: Found, *, scopes: Sequence[str] = SCOPES) -> Any:
    """Credentials of google-auth for what was found; nothing is sent yet.

    A login has the scopes that it was given; the others get those that are named here.

    Raises
    ------
    CredentialsError
        The file looks right but its key cannot be read, or google-auth finds no default.
    """
    try:
        if found.kind == "service_account":
            return google.oauth2.service_account.Credentials.from_service_account_info(
                found.info, scopes=scopes
            )
        if found.kind == "authorized_user":
            return _user(found.info)
        if found.path is not None:
            return google.auth.load_credentials_from_dict(dict(found.info), scopes=scopes)[0]
        return google.auth.default(scopes=scopes)[0]
    except google.auth.exceptions.DefaultCredentialsError:
        raise CredentialsError("credentials_none", folder=str(config_dir())) from None
    except (ValueError, google.auth.exceptions.GoogleAuthError):
        # The text of these errors may quote the file: it stays inside.
        raise CredentialsError("credentials_bad_key", path=str(found.path)) from None


def describe_credentials(explicit: str | Path | None = None) -> tuple[Place, ...]:
    """Every place that was looked at, in order, for people to see which file is used and why."""
    named = named_place(explicit)
    places: list[Place] = []
    used = False
    for path in [named] if named is not None else list(usual_places()):
        if named is None and not path.is_file():
            places.append(Place(path, "absent"))
            continue
        try:
            found = read_credentials(path)
        except CredentialsError as problem:
            places.append(Place(path, "unused" if used else "broken", problem=problem))
            used = True
            continue
        places.append(Place(path, "unused" if used else "used", found.kind, found.account))
        used = True
    if not used and _default_may_work():
        places.append(Place(None, "used", "default"))
    return tuple(places)


def _user(info: Mapping[str, Any]) -> Any:
    # Not from_authorized_user_info: it puts Google's token address in the place of the file's own.
    return google.oauth2.credentials.Credentials(
        token=None,
        refresh_token=info["refresh_token"],
        token_uri=info.get("token_uri") or "https://oauth2.googleapis.com/token",
        client_id=info["client_id"],
        client_secret=info["client_secret"],
        quota_project_id=info.get("quota_project_id"),
    )


def _default_may_work() -> bool:
    """Whether google-auth has a chance without asking the network.

    ``google.auth.default`` pings a metadata server when it finds nothing else, which takes
    seconds on every machine that is not Google's.
    """
    gcloud = os.environ.get("CLOUDSDK_CONFIG")
    if gcloud:
        folder = Path(gcloud)
    elif os.name == "nt":
        folder = Path(os.environ.get("APPDATA", Path.home())) / "gcloud"
    else:
        folder = Path.home() / ".config" / "gcloud"
    on_google = any(name in os.environ for name in ("K_SERVICE", "GAE_ENV", "GCE_METADATA_HOST"))
    return on_google or (folder / "application_default_credentials.json").is_file()
