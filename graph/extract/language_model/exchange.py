"""One question to a language model: time, repetition, cost, and what may go wrong with it.

A service is not trusted to be well: it may be down, slow, busy, cut off in the middle, behind a
proxy that answers pages of HTML, or answer nothing at all and call that success.
"""

from __future__ import annotations

import json
import math
import random
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Self

import httpx

from graph.errors import ExtractorError, ExtractorStopped
from graph.extract.language_model.ledger import Ledger
from graph.extract.language_model.settings import PREFIX, ModelSettings

_CONNECT_SECONDS = 10.0
_LONGEST_ANSWER = 16 << 20
_LONGEST_EXPLANATION = 200
_LONGEST_PAUSE = 60.0
# A token has three bytes at least in nearly every text, which makes this a cautious guess.
_BYTES_PER_TOKEN = 3
_REFUSED = re.compile(r"content.?(?:filter|policy|management)|safety", re.IGNORECASE)
_TOO_LONG = re.compile(
    r"context.?(?:length|window|size)|too (?:long|large|many tokens)|maximum.{0,20}tokens",
    re.IGNORECASE,
)


class TooLong(Exception):
    """The question, or the answer to it, is longer than the model allows."""


@dataclass(frozen=True, slots=True)
class _Usage:
    sent: int
    answered: int


class Exchange:
    """Questions to one service. Raises ExtractorError for one text, ExtractorStopped for all."""

    def __init__(self, settings: ModelSettings, ledger: Ledger) -> None:
        """Nothing is sent yet; `close` it in the end."""
        self._settings = settings
        self._ledger = ledger
        self._client: httpx.Client | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            self._client.close()

    def ask(self, request: Mapping[str, Any]) -> str:
        """What the model answers; the request is sent again while that may help.

        Raises TooLong where only a shorter part of the text will do.
        """
        body = json.dumps(request, ensure_ascii=False).encode()
        settings = self._settings
        for attempt in range(1, settings.attempts + 1):
            try:
                return self._once(body)
            except _Passing as passing:
                if attempt == settings.attempts:
                    raise passing.error from passing.__cause__
                self._wait(passing, attempt)
        raise AssertionError("the last attempt returns or raises")

    def _wait(self, passing: _Passing, attempt: int) -> None:
        asked, settings = passing.wait, self._settings
        if asked > settings.longest_wait:
            raise ExtractorStopped(
                f"{passing.error}; it asks for a pause of {asked:.0f} seconds, more than the "
                f"{settings.longest_wait:g} of {PREFIX}LONGEST_WAIT; begin again later"
            ) from passing.__cause__
        if asked:
            self._ledger.hold(asked)
        backoff = min(settings.pause * 2 ** (attempt - 1), _LONGEST_PAUSE)
        # Half of it by chance, so that those who were refused together do not come back together.
        time.sleep(asked + backoff * random.uniform(0.5, 1.0))

    def _once(self, body: bytes) -> str:
        settings = self._settings
        guess = _Usage(math.ceil(len(body) / _BYTES_PER_TOKEN), settings.answer_tokens)
        number = self._ledger.reserve(guess.sent, guess.answered, settings)
        # Where nobody can say what was used, what was set aside counts.
        used = guess
        try:
            time.sleep(self._ledger.turn(self._seconds_per_turn(guess)))
            envelope = self._sent(body)
            used = _usage(envelope) or guess
            return self._content(envelope)
        except _Passing as passing:
            used = used if passing.may_cost else _Usage(0, 0)
            raise
        except _Free as free:
            used = _Usage(0, 0)
            raise free.error from None
        finally:
            self._ledger.settle(number, used.sent, used.answered)

    def _seconds_per_turn(self, guess: _Usage) -> float:
        settings = self._settings
        seconds = [0.0]
        if settings.requests_per_minute:
            seconds.append(60 / settings.requests_per_minute)
        if settings.tokens_per_minute:
            seconds.append(60 * (guess.sent + guess.answered) / settings.tokens_per_minute)
        return max(seconds)

    def _sent(self, body: bytes) -> Any:
        """The JSON that comes back to one request."""
        host, seconds = self._settings.host, self._settings.timeout
        deadline = time.monotonic() + seconds
        try:
            with self._opened().stream(
                "POST", self._settings.endpoint, content=body, timeout=self._patience()
            ) as response:
                answer = self._body(response, deadline)
                self._check(response, answer)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            away = f"the language model at {host} cannot be reached ({_why(error)})"
            raise _Passing(ExtractorStopped(away), may_cost=False) from error
        except (httpx.TimeoutException, TimeoutError) as error:
            late = f"the language model at {host} gave no answer within {seconds:g} seconds"
            raise _Passing(ExtractorError(f"{late}; raise {PREFIX}TIMEOUT")) from error
        except (httpx.TransportError, httpx.DecodingError) as error:
            broken = f"the language model at {host} broke off in its answer ({_why(error)})"
            raise _Passing(ExtractorError(broken)) from error
        except httpx.InvalidURL as error:
            wrong = f"{self._settings.endpoint} cannot be asked: {error}"
            raise _Free(ExtractorStopped(wrong)) from error
        try:
            return json.loads(answer)
        except (ValueError, RecursionError) as error:
            damaged = f"the language model at {host} answers with something that is no JSON"
            raise _Passing(ExtractorError(damaged)) from error

    def _opened(self) -> httpx.Client:
        if self._client is None:
            key = self._settings.key
            headers = {"Content-Type": "application/json", "User-Agent": "scipol"}
            if key is not None:
                headers["Authorization"] = f"Bearer {key.get_secret_value()}"
            self._client = httpx.Client(
                headers=headers,
                # Key and text go where they were meant to go and nowhere else.
                follow_redirects=False,
                # Loading certificates takes a tenth of a second, for nothing where none is shown.
                verify=self._settings.endpoint.startswith("https:"),
                # A proxy of the environment is for other machines than this one.
                trust_env=not self._settings.is_local,
            )
        return self._client

    def _patience(self) -> httpx.Timeout:
        seconds = self._settings.timeout
        return httpx.Timeout(seconds, connect=min(seconds, _CONNECT_SECONDS))

    def _body(self, response: httpx.Response, deadline: float) -> bytes:
        portions: list[bytes] = []
        size = 0
        for portion in response.iter_bytes():
            portions.append(portion)
            size += len(portion)
            # The client's own limit is for each portion, and a drip would never meet it.
            if time.monotonic() > deadline:
                raise TimeoutError
            if size > _LONGEST_ANSWER:
                raise ExtractorError(
                    f"the answer of the language model at {self._settings.host} is longer than "
                    f"{_LONGEST_ANSWER >> 20} MB"
                )
        return b"".join(portions)

    def _check(self, response: httpx.Response, answer: bytes) -> None:
        """Let only success pass. Raises what the status means."""
        status, host = response.status_code, self._settings.host
        if status == 200:
            return
        said = self._explanation(response, answer)
        if 300 <= status < 400:
            there = response.headers.get("Location", "another address")[:200]
            raise _Free(
                ExtractorStopped(
                    f"the language model at {host} says that it moved to {there}; give that "
                    f"address as {PREFIX}URL if it is right, it is not followed"
                )
            )
        if status in (401, 403):
            raise _Free(
                ExtractorStopped(
                    f"the language model at {host} does not let us in ({status}); "
                    f"see {PREFIX}KEY: {said}"
                )
            )
        if status == 402 or (status == 429 and "insufficient_quota" in said):
            error = f"the account at {host} has nothing left to spend ({status}): {said}"
            raise _Free(ExtractorStopped(error))
        if status == 429:
            busy = f"the language model at {host} is asked too often (429): {said}"
            raise _Passing(ExtractorStopped(busy), _retry_after(response.headers), may_cost=False)
        if status in (408, 409, 425) or status >= 500:
            failed = f"the language model at {host} failed ({status}): {said}"
            raise _Passing(ExtractorError(failed), _retry_after(response.headers), may_cost=False)
        raise _Free(self._rejection(status, said))

    def _rejection(self, status: int, said: str) -> Exception:
        """What it means that a service does not take a request."""
        settings = self._settings
        if status == 413 or _TOO_LONG.search(said):
            return TooLong(said)
        if _REFUSED.search(said):
            return ExtractorError(
                f"the language model at {settings.host} refuses this text: {said}"
            )
        if status == 404:
            return ExtractorStopped(
                f"there is no model {settings.model!r} at {settings.endpoint} (404); "
                f"see {PREFIX}URL and {PREFIX}MODEL: {said}"
            )
        hint = f"; see {PREFIX}PARAMETERS"
        if "response_format" in said or "json_schema" in said:
            hint = f"; set {PREFIX}FORMAT to json_object or text"
        return ExtractorStopped(
            f"the language model at {settings.host} does not take the request ({status}): "
            f"{said}{hint}"
        )

    def _explanation(self, response: httpx.Response, answer: bytes) -> str:
        """The first words of an error, without the key, unless it is a page for people."""
        if "html" in response.headers.get("Content-Type", ""):
            return "it sent a page of HTML"
        text = answer[: 8 * _LONGEST_EXPLANATION].decode("utf-8", "replace")
        if (key := self._settings.key) is not None:
            text = text.replace(key.get_secret_value(), "…")
        text = re.sub(r"[\x00-\x1f\x7f\s]+", " ", text).strip()
        return text[:_LONGEST_EXPLANATION] or "it does not say why"

    def _content(self, envelope: Any) -> str:
        """The words of the model. Raises where there are none, or not all of them."""
        host = self._settings.host
        choice = _first_choice(envelope)
        if choice is None:
            raise _Passing(ExtractorError(f"the language model at {host} answers without a choice"))
        message = choice.get("message")
        message = message if isinstance(message, dict) else {}
        finish, content = choice.get("finish_reason"), message.get("content")
        if (refusal := message.get("refusal")) or finish == "content_filter":
            why = " ".join(str(refusal or "its filter")[:_LONGEST_EXPLANATION].split())
            raise ExtractorError(f"the language model at {host} refuses this text: {why}")
        if finish == "length":
            raise TooLong("the answer does not fit")
        if not isinstance(content, str) or not content.strip():
            raise _Passing(ExtractorError(f"the language model at {host} answers with nothing"))
        return content


class _Passing(Exception):
    """A failure that may pass; `error` is what to raise where it does not.

    `may_cost`: whether the service may have worked, and be paid, for it.
    """

    def __init__(self, error: ExtractorError, wait: float = 0.0, *, may_cost: bool = True) -> None:
        super().__init__(str(error))
        self.error = error
        self.wait = wait
        self.may_cost = may_cost


class _Free(Exception):
    """A failure for which nothing was used."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error


def _first_choice(envelope: Any) -> Mapping[str, Any] | None:
    choices = envelope.get("choices") if isinstance(envelope, dict) else None
    first = choices[0] if isinstance(choices, list) and choices else None
    return first if isinstance(first, dict) else None


def _usage(envelope: Any) -> _Usage | None:
    """The tokens that the service says it counted."""
    said = envelope.get("usage") if isinstance(envelope, dict) else None
    if not isinstance(said, dict):
        return None
    counts = [said.get(name) for name in ("prompt_tokens", "completion_tokens")]
    numbers = [c for c in counts if isinstance(c, int) and c >= 0]
    return _Usage(*numbers) if len(numbers) == 2 else None


def _retry_after(headers: httpx.Headers) -> float:
    """Seconds that the service asks us to wait, given as such or as a date; 0: it does not."""
    text = str(headers.get("Retry-After", "")).strip()
    if re.fullmatch(r"\d{1,9}(?:\.\d+)?", text):
        return float(text)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max((until - datetime.now(UTC)).total_seconds(), 0.0)


def _why(error: Exception) -> str:
    return str(error)[:100] or type(error).__name__
