"""Where the language model is, who we are there, and how much may be spent.

Every field is an environment variable `SCIPOL_LLM_NAME`; what a command is told wins over it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from graph.errors import ExtractorError

PREFIX = "SCIPOL_LLM_"


class ModelSettings(BaseSettings):
    """All settings of the extractor `llm`. Times are seconds, prices are per million tokens."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="forbid", env_ignore_empty=True
    )

    url: str = Field(description="Address of the service, up to and with its `/v1`.")
    model: str = Field(min_length=1, description="Name of the model, as the service knows it.")
    key: SecretStr | None = Field(
        None, description="Key of the service; only ever taken from the environment."
    )
    format: Literal["json_schema", "json_object", "text"] = Field(
        "json_schema", description="What is asked of the service as `response_format`."
    )
    parameters: Annotated[dict[str, Any], NoDecode] = Field(
        default_factory=dict,
        description='More parameters of a request, as JSON; null takes one away: {"seed": null}.',
    )
    chunk: int = Field(
        6000, ge=200, le=200_000, description="Characters of a text that are asked about at once."
    )
    answer_tokens: int = Field(4096, ge=64, description="Longest answer to one request, in tokens.")
    timeout: float = Field(120.0, gt=0, le=3600, description="Longest time of one request.")
    attempts: int = Field(
        5, ge=1, le=20, description="How often one request is sent until it is answered."
    )
    pause: float = Field(
        1.0, ge=0, le=60, description="First pause before a request is sent again; it doubles."
    )
    longest_wait: float = Field(
        120.0, ge=0, le=86_400, description="Longest pause that the service may ask for."
    )
    requests_per_minute: float = Field(0.0, ge=0, description="Most requests in a minute; 0: any.")
    tokens_per_minute: float = Field(0.0, ge=0, description="Most tokens in a minute; 0: any.")
    max_tokens: int = Field(
        0, ge=0, description="Most tokens that one command may use, in and out; 0: any."
    )
    max_cost: float = Field(
        0.0, ge=0, description="Most money that one command may spend; 0: any. Needs the prices."
    )
    input_price: float = Field(0.0, ge=0, description="Price of a million tokens sent.")
    output_price: float = Field(0.0, ge=0, description="Price of a million tokens answered.")
    cache: Path | None = Field(
        None, description="Folder of the answers; `llm` in the data directory otherwise."
    )

    @field_validator("parameters", mode="before")
    @classmethod
    def _from_json(cls, value: object) -> object:
        return json.loads(value) if isinstance(value, str) else value

    @field_validator("url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("an address of a service begins with http:// or https://")
        if parts.username or parts.password:
            raise ValueError(f"give the key as {PREFIX}KEY, so that no log shows it")
        return value.rstrip("/").removesuffix("/chat/completions")

    @model_validator(mode="after")
    def _prices_are_known(self) -> Self:
        if self.max_cost and not (self.input_price or self.output_price):
            raise ValueError(
                f"{PREFIX}MAX_COST needs {PREFIX}INPUT_PRICE and {PREFIX}OUTPUT_PRICE, "
                "the prices of a million tokens"
            )
        return self

    @property
    def host(self) -> str:
        """What messages call the service."""
        return urlsplit(self.url).netloc

    @property
    def endpoint(self) -> str:
        """Where requests go."""
        return f"{self.url}/chat/completions"

    @property
    def is_local(self) -> bool:
        """Whether the service runs on this machine."""
        return urlsplit(self.url).hostname in ("localhost", "127.0.0.1", "::1")

    def cost(self, sent: int, answered: int) -> float:
        """Price of so many tokens."""
        return (sent * self.input_price + answered * self.output_price) / 1_000_000


def load_settings(given: Mapping[str, str]) -> ModelSettings:
    """Settings by name over those of the environment. Raises ExtractorError naming a wrong one."""
    known = {f"{PREFIX}{name.upper()}" for name in ModelSettings.model_fields}
    for variable in sorted(v for v in os.environ if v.startswith(PREFIX)):
        if variable not in known:
            raise ExtractorError(
                f"there is no setting {variable}; there are: {', '.join(sorted(known))}"
            )
    try:
        return ModelSettings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        raise ExtractorError(_explained(error)) from None


def _explained(error: ValidationError) -> str:
    first = error.errors()[0]
    said = first["msg"].removeprefix("Value error, ")
    if not first["loc"]:
        return f"the settings of the extractor llm do not fit: {said}"
    name = str(first["loc"][0])
    if first["type"] == "missing":
        hint = (
            "for example http://localhost:11434/v1" if name == "url" else "as the service lists it"
        )
        return f"the extractor llm needs {PREFIX}{name.upper()}, {hint}"
    if first["type"] == "extra_forbidden":
        return f"there is no setting {name!r} of the extractor llm"
    shown = "" if name == "key" else f" is {first['input']!r}"
    return f"the setting {PREFIX}{name.upper()}{shown}: {said}"
