"""Where a store elsewhere is, and who we are there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from graph.errors import StoreError

PREFIX = "SCIPOL_STORE"


@dataclass(frozen=True)
class RemoteAddress:
    """The addresses of an endpoint and the credentials for it.

    `update` and `graphs` (SPARQL 1.1 Graph Store Protocol) are None where it offers none. With a
    `token`, it is sent as a bearer token; with `user`, name and password, by `scheme`.
    """

    query: str
    update: str | None = None
    graphs: str | None = None
    user: str | None = None
    password: str = field(default="", repr=False)
    token: str | None = field(default=None, repr=False)
    scheme: Literal["basic", "digest"] = "basic"
    # How long one request may take in all, with everything that is tried again.
    seconds: float = 60.0
    # The longest answer that is taken.
    bytes: int = 1 << 30

    def __post_init__(self) -> None:
        """Check the addresses. Raises StoreError."""
        for address in filter(None, (self.query, self.update, self.graphs)):
            parts = urlsplit(address)
            if parts.scheme not in ("http", "https") or not parts.hostname:
                raise StoreError(f"{address!r} is not an address of a store: it needs http(s)://")
            if parts.username or parts.password:
                raise StoreError(
                    f"the address of the store at {parts.hostname} holds a user name; "
                    f"give it as {PREFIX}_USER and {PREFIX}_PASSWORD, so that no log shows it"
                )

    def environment(self) -> dict[str, str]:
        """The variables that `address_from` reads this address from, for another process."""
        values = {
            "": self.query,
            "_UPDATE": self.update,
            "_GRAPHS": self.graphs,
            "_USER": self.user,
            "_PASSWORD": self.password,
            "_TOKEN": self.token,
            "_AUTH": self.scheme,
            "_TIMEOUT": f"{self.seconds:g}",
        }
        return {f"{PREFIX}{name}": value for name, value in values.items() if value}

    @property
    def host(self) -> str:
        """What messages call the store."""
        return urlsplit(self.query).netloc


def address_from(environment: Mapping[str, str]) -> RemoteAddress | None:
    """The store that `SCIPOL_STORE` and the variables beside it name; None where it is not set.

    Raises StoreError for values without a meaning.
    """
    given = {
        name: value
        for name in ("QUERY", "UPDATE", "GRAPHS", "USER", "PASSWORD", "TOKEN", "AUTH", "TIMEOUT")
        if (value := environment.get(PREFIX if name == "QUERY" else f"{PREFIX}_{name}"))
    }
    if "QUERY" not in given:
        return None
    scheme = given.get("AUTH", "basic")
    if scheme not in ("basic", "digest"):
        raise StoreError(f"{PREFIX}_AUTH is {scheme!r}; it may be basic or digest")
    try:
        seconds = float(given.get("TIMEOUT", 60))
        if not 0 < seconds <= 3600:
            raise ValueError
    except ValueError:
        raise StoreError(
            f"{PREFIX}_TIMEOUT is {given['TIMEOUT']!r}; it needs seconds, at most 3600"
        ) from None
    return RemoteAddress(
        query=given["QUERY"],
        update=given.get("UPDATE"),
        graphs=given.get("GRAPHS"),
        user=given.get("USER"),
        password=given.get("PASSWORD", ""),
        token=given.get("TOKEN"),
        scheme="digest" if scheme == "digest" else "basic",
        seconds=seconds,
    )
