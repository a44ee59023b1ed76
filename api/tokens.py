"""Tokens that let their holders write: shown once, kept as salted hashes.

A token is `scipol_<name>_<secret>`; the name finds the entry, the secret of 256 random bits is
hashed with the entry's salt. A guess cannot be made faster than by trying the service, which
answers the slower the more often a client is wrong.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import os
import re
import secrets
import time
from collections import OrderedDict
from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.datastructures import Headers
from starlette.types import Scope

from api.errors import Forbidden, TooManyRequests, Unauthorized
from api.settings import SettingsError
from graph.errors import ScipolError

Role = Literal["curator", "administrator"]
ROLES: tuple[Role, ...] = get_args(Role)
_FORM = re.compile(r"scipol_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="scipol"'}
# The wait before the answer doubles with each failure; after so many, others are not looked at.
_FIRST_WAIT = 0.25
_LONGEST_WAIT = 4.0
_MOST_FAILURES = 20
_FORGET_SECONDS = 300.0
_MOST_CLIENTS = 10_000


class Entry(BaseModel):
    """What is kept of a token."""

    name: str
    role: Role
    salt: str
    hash: str


_ENTRIES = TypeAdapter(list[Entry])


class TokenFile:
    """The file of hashes; read again when it has changed, so that new tokens count at once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._state: tuple[int, int] | None = None
        self._entries: dict[str, Entry] = {}

    def new(self, role: Role) -> str:
        """Make a token, keep its hash, and return it; it cannot be shown again."""
        name, secret, salt = secrets.token_hex(6), secrets.token_urlsafe(32), secrets.token_hex(16)
        entry = Entry(name=name, role=role, salt=salt, hash=_hash(salt, secret))
        self._write([*self.entries().values(), entry])
        return f"scipol_{name}_{secret}"

    def revoke(self, name: str) -> None:
        """Let a token count no more. Raises ScipolError where there is none of this name."""
        entries = dict(self.entries())
        if entries.pop(name, None) is None:
            raise ScipolError(f"there is no token {name!r}; `scipol token list` names them")
        self._write(list(entries.values()))

    def role_of(self, token: str) -> Role | None:
        """The role of who holds this token, None for one that does not count."""
        match = _FORM.fullmatch(token)
        name, secret = match.groups() if match else ("", "")
        entry = self.entries().get(name)
        # As long for a name that there is not, so that names cannot be told by the time.
        expected = entry.hash if entry else _hash("", "")
        is_right = hmac.compare_digest(_hash(entry.salt if entry else "", secret), expected)
        return entry.role if entry and is_right else None

    def entries(self) -> dict[str, Entry]:
        """All tokens by name. Raises SettingsError where the file is damaged."""
        try:
            found = self._path.stat()
        except FileNotFoundError:
            self._state, self._entries = None, {}
            return self._entries
        state = (found.st_mtime_ns, found.st_ino)
        if state != self._state:
            try:
                entries = _ENTRIES.validate_json(self._path.read_bytes())
            except ValidationError as error:
                raise SettingsError(
                    f"{self._path} is not a file of tokens; delete it and make new ones"
                ) from error
            self._entries = {entry.name: entry for entry in entries}
            self._state = state
        return self._entries

    def _write(self, entries: list[Entry]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        text = json.dumps([entry.model_dump() for entry in entries], indent=1) + "\n"
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text)
        draft.replace(self._path)


class Gate:
    """Lets those in who hold a token, and slows down those who guess."""

    def __init__(self, file: TokenFile) -> None:
        self._file = file
        self._failures: OrderedDict[str, tuple[int, float]] = OrderedDict()

    async def admit(self, scope: Scope, roles: tuple[Role, ...] = ROLES) -> Role:
        """The role of who sends this request. Raises Forbidden, Unauthorized, TooManyRequests."""
        if not self._file.entries():
            raise Forbidden(
                "Writing over HTTP is off: no token is configured. "
                "Make one with `scipol token new --role curator`."
            )
        given = Headers(scope=scope).getlist("authorization")
        if not given:
            raise Unauthorized("Writing needs a token: Authorization: Bearer scipol_…", _CHALLENGE)
        client = scope["client"][0] if scope["client"] else ""
        failures = self._failures_of(client)
        if failures >= _MOST_FAILURES:
            raise TooManyRequests(
                "Too many wrong tokens came from this client; wait some minutes.",
                {"Retry-After": str(int(_FORGET_SECONDS))},
            )
        kind, _, token = given[0].partition(" ")
        role = self._file.role_of(token.strip()) if kind.lower() == "bearer" else None
        if role is None or len(given) > 1:
            await self._slow_down(client, failures)
            raise Unauthorized("This token does not count here.", _CHALLENGE)
        self._failures.pop(client, None)
        if role not in roles:
            raise Forbidden(f"A {role} may not do this; it takes the role {' or '.join(roles)}.")
        return role

    def _failures_of(self, client: str) -> int:
        failures, last = self._failures.get(client, (0, 0.0))
        return failures if time.monotonic() - last < _FORGET_SECONDS else 0

    async def _slow_down(self, client: str, failures: int) -> None:
        self._failures[client] = (failures + 1, time.monotonic())
        self._failures.move_to_end(client)
        if len(self._failures) > _MOST_CLIENTS:
            self._failures.popitem(last=False)
        await asyncio.sleep(min(_LONGEST_WAIT, _FIRST_WAIT * 2**failures))


def _hash(salt: str, secret: str) -> str:
    return hashlib.sha256(f"{salt}:{secret}".encode()).hexdigest()
