"""Numbers for operators, in the text format of Prometheus."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

if TYPE_CHECKING:
    from prometheus_client.core import Metric

_BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
# Addresses are counted by their first part: there are as many addresses as there are things.
_ROUTES = frozenset(
    ("sparql", "update", "graphs", "id", "ns", "voc", "graph", ".well-known", "api", "explore")
)
_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"))


@dataclass
class _Times:
    """How often a route took how long: a number for each bound, and one for what is longer."""

    numbers: list[int] = field(default_factory=lambda: [0] * (len(_BOUNDS) + 1))
    sum: float = 0.0


class Metrics:
    """The counters of one application; `status` gives the numbers of its processes.

    Counting is in the way of every request, so it is plain addition; the library that knows the
    format is asked, and imported, when somebody reads the numbers.
    """

    def __init__(self, status: Callable[[], dict[str, Any]]) -> None:
        self._status = status
        self._requests: Counter[tuple[str, str, str]] = Counter()
        self._times: dict[str, _Times] = {}
        self.in_progress = 0

    def count(self, scope: Scope, status: int, seconds: float) -> None:
        """Count one request."""
        first = scope["path"][1:].partition("/")[0]
        route = first if first in _ROUTES else "other"
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._requests[route, method, str(status)] += 1
        times = self._times.get(route)
        if times is None:
            times = self._times[route] = _Times()
        times.numbers[bisect_left(_BOUNDS, seconds)] += 1
        times.sum += seconds

    def text(self) -> bytes:
        """All numbers as Prometheus reads them."""
        from prometheus_client import CollectorRegistry, generate_latest

        registry = CollectorRegistry(auto_describe=False)
        registry.register(self)
        return generate_latest(registry)

    def collect(self) -> Iterator[Metric]:
        """Of prometheus_client: the numbers as they are now."""
        from prometheus_client.core import (
            CounterMetricFamily,
            GaugeMetricFamily,
            HistogramMetricFamily,
        )

        requests = CounterMetricFamily(
            "scipol_requests", "Requests answered.", labels=("route", "method", "status")
        )
        for labels, number in sorted(self._requests.items()):
            requests.add_metric(labels, number)
        yield requests
        seconds = HistogramMetricFamily(
            "scipol_request_seconds", "Time until the whole answer was sent.", labels=("route",)
        )
        bounds = [*(str(float(bound)) for bound in _BOUNDS), "+Inf"]
        for route, times in sorted(self._times.items()):
            buckets = list(zip(bounds, accumulate(times.numbers), strict=True))
            seconds.add_metric((route,), buckets, times.sum)
        yield seconds
        yield GaugeMetricFamily(
            "scipol_requests_in_progress", "Requests being answered.", self.in_progress
        )
        for name, value in sorted(self._status().items()):
            if isinstance(value, int | float):
                yield GaugeMetricFamily(
                    f"scipol_processes_{name}", f"Processes: {name}.", float(value)
                )


async def show_metrics(request: Request) -> Response:
    """The route `/metrics`."""
    from prometheus_client import CONTENT_TYPE_LATEST

    metrics: Metrics = request.app.state.metrics
    return Response(metrics.text(), headers={"Content-Type": CONTENT_TYPE_LATEST})
