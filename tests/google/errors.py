"""Refusals, in Google's words and Google's JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    502: "UNAVAILABLE",
    503: "UNAVAILABLE",
}


class ApiError(Exception):
    """An answer that is not 200."""

    def __init__(
        self,
        code: int,
        message: str,
        details: Sequence[dict[str, Any]] = (),
        *,
        status: str | None = None,
        reason: str | None = None,
        location: tuple[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details = list(details)
        self.status = status or _STATUS.get(code, "UNKNOWN")
        self.reason = reason
        self.location = location

    def body(self) -> dict[str, Any]:
        error: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.reason:  # Drive's older form
            domain = "usageLimits" if self.code in (403, 429) else "global"
            line = {"message": self.message, "domain": domain, "reason": self.reason}
            if self.location:
                line |= dict(zip(("locationType", "location"), self.location, strict=True))
            error["errors"] = [line]
        else:
            error["status"] = self.status
        if self.details:
            error["details"] = self.details
        return {"error": error}


def invalid(message: str) -> ApiError:
    """400 INVALID_ARGUMENT."""
    return ApiError(400, message)


def violation(field: str, description: str, message: str | None = None) -> ApiError:
    """400 with the field that is wrong, as the JSON layer of Google reports it."""
    return ApiError(
        400,
        message or description,
        [
            {
                "@type": "type.googleapis.com/google.rpc.BadRequest",
                "fieldViolations": [
                    {"field": field, "description": description}
                    if field
                    else {"description": description}
                ],
            }
        ],
    )


def over_quota(kind: str, project: str = "100000000000") -> ApiError:
    """429 for too many requests of a kind ("Read" or "Write") within a minute."""
    return ApiError(
        429,
        f"Quota exceeded for quota metric '{kind} requests' and limit '{kind} requests per minute "
        f"per user' of service 'sheets.googleapis.com' for consumer 'project_number:{project}'.",
        [
            {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "RATE_LIMIT_EXCEEDED",
                "domain": "googleapis.com",
                "metadata": {
                    "consumer": f"projects/{project}",
                    "quota_limit": f"{kind}RequestsPerMinutePerUser",
                    "quota_metric": f"sheets.googleapis.com/{kind.lower()}_requests",
                    "service": "sheets.googleapis.com",
                },
            }
        ],
    )


def not_found() -> ApiError:
    return ApiError(404, "Requested entity was not found.")


def forbidden() -> ApiError:
    return ApiError(403, "The caller does not have permission")


PROTECTED = (
    "You are trying to edit a protected cell or object. Please contact the spreadsheet owner to "
    "remove protection if you need to edit."
)
