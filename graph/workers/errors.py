"""What can go wrong with foreign queries, uploads and updates.

ScipolError
├── QueryError
│   ├── MalformedQuery     not SPARQL; line and column
│   ├── UpdateFailed       valid, but not possible with the data as they are
│   ├── QueryRefused       more than the guard lets through (graph.guard); limit, line and column
│   ├── NoSuchFormat       the answer has another form than the formats on offer, or does not fit
│   └── UploadError        foreign RDF is malformed or has what is not allowed; line and column
├── LimitReached           a limit ended the work
│   ├── QueryTimeout
│   ├── OutOfMemory
│   └── AnswerTooLarge
├── QueueFull              too much waits already; when to come back
└── WorkerDied             the process ended for another reason
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from graph.errors import QueryError, ScipolError


class MalformedQuery(QueryError):
    """The text is not SPARQL; `line` and `column` count from 1 and may be unknown."""

    @classmethod
    def of(cls, report: Mapping[str, Any], what: str) -> Self:
        """The error for what a process reports about a `query` or an `update`."""
        line, column = report["line"], report["column"]
        where = f" at line {line}, column {column}" if line else ""
        detail = f", {report['detail']}" if report["detail"] else ""
        return cls(f"The {what} is not valid SPARQL{where}{detail}.", line, column)

    def __init__(self, what: str, line: int | None, column: int | None) -> None:
        super().__init__(what)
        self.line = line
        self.column = column


class UpdateFailed(QueryError):
    """The update is valid, but cannot be carried out on the data as they are."""


class NoSuchFormat(QueryError):
    """The answer cannot be written in any format that was asked for; `form` is its form."""

    def __init__(self, what: str, form: str) -> None:
        super().__init__(what)
        self.form = form


class UploadError(QueryError):
    """Foreign RDF cannot be read; `line` and `column` count from 1 and may be unknown."""

    def __init__(self, what: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(what)
        self.line = line
        self.column = column


class LimitReached(ScipolError):
    """The work was ended by a limit, which the message names."""


class QueryTimeout(LimitReached):
    """The time was over."""


class OutOfMemory(LimitReached):
    """The work wanted more memory than it may take."""


class AnswerTooLarge(LimitReached):
    """The answer has more bytes than may be sent."""


class QueueFull(ScipolError):
    """Too much waits already; `retry_after` is when to come back, in seconds."""

    def __init__(self, what: str, retry_after: int) -> None:
        super().__init__(what)
        self.retry_after = retry_after


class WorkerDied(ScipolError):
    """The process that did the work has ended; a new one takes its place."""
