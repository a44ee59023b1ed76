"""Numbers for operators, in the text format of Prometheus."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

_BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
# Addresses are counted by their first part: there are as many addresses as there are things.
_ROUTES = frozenset(
    ("sparql", "update", "graphs", "id", "ns", "voc", "graph", ".well-known", "api", "explore")
)
_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"))


class Metrics:
    """The counters of one application; `status` gives the numbers of its processes."""

    def __init__(self, status: Callable[[], dict[str, Any]]) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "scipol_requests",
            "Requests answered.",
            ("route", "method", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "scipol_request_seconds",
            "Time until the whole answer was sent.",
            ("route",),
            buckets=_BOUNDS,
            registry=self._registry,
        )
        self.in_progress = Gauge(
            "scipol_requests_in_progress", "Requests being answered.", registry=self._registry
        )
        self._registry.register(_Processes(status))

    def count(self, scope: Scope, status: int, seconds: float) -> None:
        """Count one request."""
        first = scope["path"][1:].partition("/")[0]
        route = first if first in _ROUTES else "other"
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        """All numbers as Prometheus reads them."""
        return generate_latest(self._registry)


class _Processes(Collector):
    """The numbers of the query processes, asked for when the metrics are read."""

    def __init__(self, status: Callable[[], dict[str, Any]]) -> None:
        self._status = status

    def collect(self) -> Iterable[Metric]:
        for name, value in sorted(self._status().items()):
            if isinstance(value, int | float):
                metric = GaugeMetricFamily(f"scipol_processes_{name}", f"Processes: {name}.")
                metric.add_metric((), float(value))
                yield metric


async def show_metrics(request: Request) -> Response:
    """The route `/metrics`."""
    metrics: Metrics = request.app.state.metrics
    return Response(metrics.text(), headers={"Content-Type": CONTENT_TYPE_LATEST})
