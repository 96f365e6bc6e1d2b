"""Google's refusals, as sentences that say what to do.

Everything here looks only at answers, never at requests: no header, no token can get into a text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from google.auth.exceptions import RefreshError
from requests import Response

from sheetsync.errors import (
    AccessError,
    CredentialsError,
    ServiceError,
    SheetsyncError,
    TargetError,
)

_BUSY = frozenset({429, 500, 502, 503, 504})
_USAGE = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"})
_SECRET = re.compile(r"(ya29\.|1//|Bearer\s+|eyJ)[\w.~+/=-]{8,}")
_LINK = re.compile(r"https?://[^\s\"'<>]+")


@dataclass(frozen=True)
class Refusal:
    """An answer that is not a success, taken apart.

    Parameters
    ----------
    code : HTTP status
    status : Google's word for it (``PERMISSION_DENIED``), or ""
    reasons : machine-readable reasons from ``details`` and from Drive's older ``errors``
    message : Google's sentence, shortened, secrets blotted out
    link : the address that Google offers as the way out, or ""
    """

    code: int
    status: str = ""
    reasons: frozenset[str] = field(default_factory=frozenset)
    message: str = ""
    link: str = ""

    @property
    def limited(self) -> bool:
        """Too many requests: refused before anything was done."""
        return self.code == 429 or (self.code == 403 and bool(self.reasons & _USAGE))

    @property
    def passing(self) -> bool:
        """Likely to go away by itself."""
        return self.code in _BUSY or self.limited


def read_refusal(response: Response) -> Refusal:
    """An error answer, whatever its body looks like."""
    try:
        error = response.json()["error"]
    except (ValueError, KeyError, TypeError):
        return Refusal(response.status_code, message=clean(response.reason or ""))
    if not isinstance(error, Mapping):
        return Refusal(response.status_code, message=clean(str(error)))
    details = [d for d in _list(error.get("details")) if isinstance(d, Mapping)]
    older = [d for d in _list(error.get("errors")) if isinstance(d, Mapping)]
    message = str(error.get("message", ""))
    return Refusal(
        code=response.status_code,
        status=str(error.get("status", "")),
        reasons=frozenset(str(d["reason"]) for d in (*details, *older) if "reason" in d),
        message=clean(message),
        link=_link(details, message),
    )


def error_of(refusal: Refusal, *, account: str | None, creating: bool = False) -> SheetsyncError:
    """The error that a final refusal becomes.

    Parameters
    ----------
    refusal : what Google said
    account : the e-mail that the requests were made as, where we know it
    creating : the request was to make a new spreadsheet
    """
    reasons, message = refusal.reasons, refusal.message
    if refusal.limited:
        return ServiceError("google_quota")
    if refusal.code == 401:
        return CredentialsError("google_expired")
    if refusal.code == 403:
        if "SERVICE_DISABLED" in reasons or "accessNotConfigured" in reasons:
            return AccessError("google_api_off", link=refusal.link or message)
        if reasons & {"ACCESS_TOKEN_SCOPE_INSUFFICIENT", "insufficientPermissions"}:
            return CredentialsError("google_scope")
        if creating or reasons & {"storageQuotaExceeded", "teamDriveFileLimitExceeded"}:
            robot = (account or "").endswith(".gserviceaccount.com")
            return AccessError("google_create_robot" if robot else "google_create", email=account)
        if account:
            return AccessError("google_not_shared", email=account)
        return AccessError("google_not_shared_user")
    if refusal.code == 404:
        if account:
            return TargetError("google_not_found", email=account)
        return TargetError("google_not_found_user")
    if refusal.code == 400:
        if "not supported for this document" in message:
            return TargetError("google_office_file")
        if "protected cell" in message:
            return AccessError("google_protected")
    if refusal.code in _BUSY:
        return ServiceError("google_down", code=refusal.code)
    return ServiceError("google_refused", code=refusal.code, message=message)


def login_error(error: RefreshError) -> CredentialsError:
    """Why Google gave no access token, as a sentence."""
    text = " ".join(str(part) for part in error.args)
    if "invalid_grant" in text:
        if "JWT" in text or "account not found" in text:
            return CredentialsError("google_key_refused")
        return CredentialsError("google_expired")
    if "deleted_client" in text or "invalid_client" in text or "unauthorized_client" in text:
        return CredentialsError("google_client_refused")
    return CredentialsError("google_no_token", message=clean(text))


def clean(text: str) -> str:
    """A short, one-line form of a message, without anything that looks like a token."""
    return _SECRET.sub("...", " ".join(text.split()))[:300]


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def _link(details: Sequence[Mapping[str, Any]], message: str) -> str:
    for detail in details:
        metadata = detail.get("metadata")
        if isinstance(metadata, Mapping) and "activationUrl" in metadata:
            return str(metadata["activationUrl"])
    found = _LINK.search(message)
    return found[0].rstrip(".,") if found else ""
