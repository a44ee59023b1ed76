"""Foreign queries, uploads and updates, done by processes that can be killed.

    endpoint = await Endpoint.start(data, Limits())
    answer = await endpoint.query(QueryRequest("SELECT * { ?s ?p ?o } LIMIT 3"))

`Endpoint` is the one door, `RemoteEndpoint` the one to a store elsewhere; requests, limits and
errors are named here as well.
"""

from graph.guard import FetchingRefused, GuardLimits, QueryRefused, QueryTooLarge
from graph.workers.elsewhere import RemoteEndpoint
from graph.workers.endpoint import Endpoint
from graph.workers.errors import (
    AnswerTooLarge,
    LimitReached,
    MalformedQuery,
    NoSuchFormat,
    OutOfMemory,
    QueryTimeout,
    QueueFull,
    UpdateFailed,
    UploadError,
    WorkerDied,
)
from graph.workers.requests import Answer, Formats, Limits, QueryRequest, UpdateRequest, Upload

__all__ = [
    "Answer",
    "AnswerTooLarge",
    "Endpoint",
    "FetchingRefused",
    "Formats",
    "GuardLimits",
    "LimitReached",
    "Limits",
    "MalformedQuery",
    "NoSuchFormat",
    "OutOfMemory",
    "QueryRefused",
    "QueryRequest",
    "QueryTimeout",
    "QueryTooLarge",
    "QueueFull",
    "RemoteEndpoint",
    "UpdateFailed",
    "UpdateRequest",
    "Upload",
    "UploadError",
    "WorkerDied",
]
