"""OAuth: keys, credentials files, the token endpoint, and who a request comes from."""

from __future__ import annotations

import base64
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from .errors import ApiError

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
SCOPES = "https://www.googleapis.com/auth/"
SERVICE_ACCOUNT = "sheetsync@shop-crm.iam.gserviceaccount.com"
OWNER = "owner@example.com"


@dataclass(frozen=True)
class Token:
    """What a bearer token stands for."""

    email: str
    scopes: frozenset[str]
    expires: float
    service_account: bool


class TokenError(Exception):
    """A refusal of the token endpoint, in OAuth's form."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error, self.description = error, description

    def body(self) -> dict[str, str]:
        return {"error": self.error, "error_description": self.description}


@cache
def private_key() -> rsa.RSAPrivateKey:
    """A key made for this run: making one takes a while, so all accounts share it."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _decode(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


class Accounts:
    """Everybody who can log in, and the tokens that were handed out."""

    def __init__(self, url: Callable[[], str], clock: Callable[[], float] = time.time) -> None:
        self.url, self.clock = url, clock
        self.tokens: dict[str, Token] = {}
        self.service_accounts: dict[str, str] = {}  # e-mail -> key id
        self.refresh_tokens: dict[str, tuple[str, frozenset[str]]] = {}
        self.codes: dict[str, tuple[str, frozenset[str]]] = {}

    # -- credentials files -------------------------------------------------------------------

    def credentials(
        self, kind: str, path: Path, email: str | None = None, *, addon: bool = False
    ) -> Path:
        """Write a credentials file of a kind: service_account, authorized_user, or client."""
        if kind == "service_account":
            data = self._service_account(email or SERVICE_ACCOUNT)
        elif kind == "authorized_user":
            data = self._authorized_user(email or OWNER, addon=addon)
        elif kind == "client":
            data = {
                "installed": {
                    "client_id": "stand-in.apps.googleusercontent.com",
                    "project_id": "shop-crm",
                    "client_secret": "not-a-secret",
                    "auth_uri": f"{self.url()}/o/oauth2/auth",
                    "token_uri": f"{self.url()}/token",
                    "redirect_uris": ["http://localhost"],
                }
            }
        else:
            raise ValueError(kind)
        path.write_text(json.dumps(data, indent=2), encoding="utf-8")
        return path

    def _service_account(self, email: str) -> dict[str, Any]:
        self.service_accounts[email] = key_id = secrets.token_hex(20)
        pem = private_key().private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        return {
            "type": "service_account",
            "project_id": "shop-crm",
            "private_key_id": key_id,
            "private_key": pem.decode(),
            "client_email": email,
            "client_id": "100000000000000000001",
            "auth_uri": f"{self.url()}/o/oauth2/auth",
            "token_uri": f"{self.url()}/token",
            "universe_domain": "googleapis.com",
        }

    def _authorized_user(self, email: str, *, addon: bool) -> dict[str, Any]:
        refresh = secrets.token_urlsafe(24)
        names = ("spreadsheets", "drive.file", *(("script.projects",) if addon else ()))
        scopes = frozenset(f"{SCOPES}{name}" for name in names)
        self.refresh_tokens[refresh] = email, scopes
        return {
            "type": "authorized_user",
            "client_id": "stand-in.apps.googleusercontent.com",
            "client_secret": "not-a-secret",
            "refresh_token": refresh,
            "token_uri": f"{self.url()}/token",
            "scopes": sorted(scopes),
            "universe_domain": "googleapis.com",
        }

    # -- tokens ------------------------------------------------------------------------------

    def issue(
        self,
        email: str,
        scopes: frozenset[str] | None = None,
        *,
        service_account: bool = False,
        lifetime: float = 3600,
    ) -> str:
        """A bearer token for a user; without scopes one for everything."""
        token = "ya29." + secrets.token_urlsafe(32)
        scopes = scopes or frozenset({f"{SCOPES}spreadsheets", f"{SCOPES}drive"})
        self.tokens[token] = Token(email, scopes, self.clock() + lifetime, service_account)
        return token

    def expire(self) -> None:
        """Make every token that was handed out worthless."""
        self.tokens.clear()

    def grant(self, form: str) -> dict[str, Any]:
        """The token endpoint.

        Raises
        ------
        TokenError
            As Google refuses: ``invalid_grant`` and its like.
        """
        data = {name: values[0] for name, values in parse_qs(form).items()}
        kind = data.get("grant_type")
        if kind == JWT_BEARER:
            return self._jwt(data.get("assertion", ""))
        if kind == "refresh_token":
            known = self.refresh_tokens.get(data.get("refresh_token", ""))
            if known is None:
                raise TokenError("invalid_grant", "Token has been expired or revoked.")
            return self._answer(*known)
        if kind == "authorization_code":
            known = self.codes.pop(data.get("code", ""), None)
            if known is None:
                raise TokenError("invalid_grant", "Malformed auth code.")
            refresh = secrets.token_urlsafe(24)
            self.refresh_tokens[refresh] = known
            return {**self._answer(*known), "refresh_token": refresh}
        raise TokenError("unsupported_grant_type", f"Invalid grant_type: {kind}")

    def _answer(
        self, email: str, scopes: frozenset[str], service_account: bool = False
    ) -> dict[str, Any]:
        token = self.issue(email, scopes, service_account=service_account)
        return {
            "access_token": token,
            "expires_in": 3599,
            "scope": " ".join(sorted(scopes)),
            "token_type": "Bearer",
        }

    def _jwt(self, assertion: str) -> dict[str, Any]:
        try:
            head, claims_part, signature = assertion.split(".")
            header = json.loads(_decode(head))
            claims = json.loads(_decode(claims_part))
        except ValueError:
            raise TokenError("invalid_request", "Bad Request") from None
        email = claims.get("iss", "")
        if email not in self.service_accounts:
            raise TokenError("invalid_grant", "Invalid grant: account not found")
        try:
            if header.get("alg") != "RS256" or header.get("kid") != self.service_accounts[email]:
                raise InvalidSignature
            private_key().public_key().verify(
                _decode(signature),
                f"{head}.{claims_part}".encode(),
                padding.PKCS1v15(),
                hashes.SHA256(),
            )
        except InvalidSignature:
            raise TokenError("invalid_grant", "Invalid JWT Signature.") from None
        if claims.get("aud") not in (
            f"{self.url()}/token",
            "https://oauth2.googleapis.com/token",
        ):
            raise TokenError(
                "invalid_grant",
                f"Invalid JWT: Failed audience check. The right audience is {self.url()}/token",
            )
        now = self.clock()
        if not now - 3900 < claims.get("iat", 0) < now + 300 or claims.get("exp", 0) < now:
            raise TokenError(
                "invalid_grant",
                "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable "
                "timeframe. Check your iat and exp values in the JWT claim.",
            )
        scopes = frozenset(claims.get("scope", "").split())
        if not scopes or not all(scope.startswith(SCOPES) for scope in scopes):
            raise TokenError("invalid_scope", "Invalid OAuth scope or ID token audience provided.")
        return self._answer(email, scopes, service_account=True)

    def consent(self, query: str) -> str:
        """The consent page: the owner agrees at once; the address to go on to."""
        data = {name: values[0] for name, values in parse_qs(query).items()}
        code = secrets.token_urlsafe(16)
        self.codes[code] = OWNER, frozenset(data.get("scope", "").split())
        back = {"code": code, "scope": data.get("scope", ""), "state": data.get("state", "")}
        return f"{data['redirect_uri']}?{urlencode(back)}"

    def who(self, header: str | None) -> Token:
        """The caller of a request.

        Raises
        ------
        ApiError
            401, without a valid bearer token.
        """
        tail = (
            " Expected OAuth 2 access token, login cookie or other valid authentication "
            "credential. See https://developers.google.com/identity/sign-in/web/devconsole-project."
        )
        if not header:
            raise ApiError(401, "Request is missing required authentication credential." + tail)
        token = self.tokens.get(header.removeprefix("Bearer "))
        if not header.startswith("Bearer ") or token is None or token.expires < self.clock():
            raise ApiError(401, "Request had invalid authentication credentials." + tail)
        return token
