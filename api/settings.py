"""What an operator can set: one model, built once, passed in, never changed later.

Every field is an environment variable `SCIPOL_NAME`, a line `name = value` of the file that
`SCIPOL_SETTINGS` names (TOML), and, where it is needed often, an option of `scipol serve`.
An option wins over the environment, the environment over the file, the file over the default.
"""

from __future__ import annotations

import os
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated

from pydantic import Field, HttpUrl, SecretStr, ValidationError, field_validator
from pydantic.networks import IPvAnyNetwork
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from api.plain import plainly
from graph.errors import ScipolError
from graph.guard import GuardLimits
from graph.remote.address import address_from
from graph.stores import StorePlace
from graph.workers import Limits

PREFIX = "SCIPOL_"
FILE = f"{PREFIX}SETTINGS"
_MEGABYTE = 1 << 20


class SettingsError(ScipolError):
    """A setting has no meaning; the message names it, its value, and what was expected."""


def _cores() -> int:
    return os.cpu_count() or 1


class Settings(BaseSettings):
    """All settings of the service. Times are seconds, sizes megabytes."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="forbid", env_ignore_empty=True
    )

    data: Path = Field(Path("scipol-data"), description="The data directory.")
    store: str = Field(
        "", description="Address for queries of the store that holds the graph instead."
    )
    store_update: str = Field("", description="Its address for updates; it is only read without.")
    store_graphs: str = Field("", description="Its address of the Graph Store Protocol.")
    store_user: str = Field("", description="Name for it.")
    store_password: SecretStr = Field(SecretStr(""), description="Password for it.")
    store_auth: str = Field("basic", description="How they are sent: basic or digest.")
    store_token: SecretStr = Field(SecretStr(""), description="A bearer token for it instead.")
    store_timeout: float = Field(
        60.0, gt=0, le=3600, description="Longest time of one request to it."
    )
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    public_url: HttpUrl | None = Field(
        None, description="Address the service is known by, where a proxy stands before it."
    )
    trusted_proxies: str = Field(
        "", description="Addresses of proxies whose X-Forwarded-For is believed, by commas."
    )
    workers: int = Field(
        default_factory=_cores, ge=1, le=256, description="Processes that answer queries."
    )
    spare_workers: int = Field(1, ge=0, le=16, description="Processes kept warm beside them.")
    union_default_graph: bool = Field(
        True, description="Whether the default graph of a query is the union of all graphs."
    )
    tokens: Path | None = Field(
        None, description="File of token hashes; `tokens.json` in the data directory otherwise."
    )
    query_timeout: float = Field(30.0, gt=0, le=3600, description="Longest time of a query.")
    query_memory: int = Field(1024, ge=64, description="Memory that a query may take.")
    query_size: int = Field(400_000, ge=1000, description="Longest query, in bytes.")
    query_queue: int = Field(64, ge=1, description="Queries that may wait for a worker.")
    queue_timeout: float = Field(10.0, gt=0, le=600, description="Longest wait for a worker.")
    queries_per_client: int = Field(
        2, ge=1, description="Queries of one client that run at the same time."
    )
    answer_size: int = Field(2048, ge=1, description="Largest answer.")
    answer_buffer: int = Field(
        4, ge=1, description="Part of an answer that is kept back so that errors can be told."
    )
    update_timeout: float = Field(60.0, gt=0, le=3600, description="Longest time of an update.")
    update_size: int = Field(8, ge=1, le=1024, description="Longest text of an update.")
    upload_size: int = Field(64, ge=1, le=4096, description="Largest upload of data or documents.")
    body_timeout: float = Field(
        10.0, gt=0, le=600, description="Time for a body to arrive, beside 20 s for each megabyte."
    )
    header_timeout: float = Field(10.0, gt=0, le=600, description="Time for headers to arrive.")
    header_size: int = Field(64_000, ge=4096, description="All headers and the address, in bytes.")
    header_count: int = Field(100, ge=16, description="Headers of a request.")
    parameter_count: int = Field(200, ge=16, description="Parameters in an address or a form.")
    connections: int = Field(1000, ge=8, description="Connections at the same time.")
    client_rate: float = Field(
        50.0, ge=0, description="Requests per second that a client may send for long; 0: any."
    )
    client_burst: int = Field(200, ge=1, description="Requests that a client may send at once.")
    unlimited_clients: Annotated[tuple[IPvAnyNetwork, ...], NoDecode] = Field(
        (ip_network("127.0.0.0/8"), ip_network("::1/128")),
        description="Networks whose clients may send any number of requests, by commas.",
    )
    public_share: float = Field(
        0.6,
        ge=0,
        le=1,
        description="Share of facts that were right from the confidence on that the explorer "
        "begins with; 0 shows all.",
    )
    log_level: str = Field(
        "info",
        pattern="^(debug|info|warning|error)$",
        description="debug, info (each request), warning or error.",
    )
    stop_timeout: float = Field(
        10.0, ge=0, description="Time that requests get to finish when the service is stopped."
    )

    @field_validator("unlimited_clients", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Options, then environment, then the file, if one is named."""
        sources = [init_settings, env_settings]
        if path := os.environ.get(FILE):
            sources.append(TomlConfigSettingsSource(settings_cls, Path(path)))
        return tuple(sources)

    @property
    def tokens_file(self) -> Path:
        """Where the hashes of tokens are."""
        return self.tokens or self.data / "tokens.json"

    def place(self) -> StorePlace:
        """Where the graph is. Raises StoreError for an address without a meaning."""
        return StorePlace(self.data, address_from(self._of_store()))

    def _of_store(self) -> dict[str, str]:
        """The settings of a store elsewhere, by the names that the other commands know."""
        values = {name: getattr(self, name) for name in type(self).model_fields}
        return {
            f"{PREFIX}{name.upper()}": (
                value.get_secret_value() if isinstance(value, SecretStr) else str(value)
            )
            for name, value in values.items()
            if name.startswith("store")
        }

    def limits(self) -> Limits:
        """What foreign queries, uploads and updates may take."""
        return Limits(
            readers=self.workers,
            spares=self.spare_workers,
            query_seconds=self.query_timeout,
            query_memory=self.query_memory * _MEGABYTE,
            buffered=self.answer_buffer * _MEGABYTE,
            answer=self.answer_size * _MEGABYTE,
            queued=self.query_queue,
            running_per_client=self.queries_per_client,
            queue_seconds=self.queue_timeout,
            update_seconds=self.update_timeout,
            upload=self.upload_size * _MEGABYTE,
            query_guard=GuardLimits(bytes=self.query_size),
            update_guard=GuardLimits(bytes=self.update_size * _MEGABYTE, tokens=2_000_000),
        )


def load_settings(**options: object) -> Settings:
    """Settings from options, environment and file. Raises SettingsError.

    An option that is None was not given.
    """
    given = {name: value for name, value in options.items() if value is not None}
    if (path := os.environ.get(FILE)) and not Path(path).is_file():
        raise SettingsError(f"{FILE} names {path}, but there is no such file")
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(map(str, first["loc"]))
        raise SettingsError(
            f"the setting {name} ({PREFIX}{name.upper()}) is {first['input']!r}: "
            f"{plainly(first['msg'])}"
        ) from None
    except ValueError as error:
        raise SettingsError(f"the settings cannot be read: {error}") from None
