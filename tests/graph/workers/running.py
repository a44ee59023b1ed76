"""A real endpoint on a real data directory, driven from tests that are not asynchronous."""

import asyncio
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, Self, TypeVar

import pyoxigraph as ox

from graph import checkpoints
from graph.layout import DataDirectory
from graph.workers import Endpoint, Limits, QueryRequest, UpdateRequest, Upload

T = TypeVar("T")


def stored(data: Path, nquads: str) -> Path:
    """A data directory with a published store, made without the writer, which starts slowly."""
    places = DataDirectory(data)
    places.root.mkdir(parents=True, exist_ok=True)
    engine = ox.Store(str(places.store))
    engine.bulk_load(nquads.encode(), format=ox.RdfFormat.N_QUADS)
    checkpoints.publish(engine, places)
    del engine
    return data


class Running:
    """An endpoint and the loop it runs in."""

    def __init__(self, data: Path, **limits: Any) -> None:
        self.data = data
        self._limits = Limits(**limits)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    def __enter__(self) -> Self:
        self._thread.start()
        self.endpoint = self.do(Endpoint.start(self.data, self._limits))
        return self

    def __exit__(self, *_: object) -> None:
        self.do(self.endpoint.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def query(self, text: str, **more: Any) -> bytes:
        return self.do(self.asked(text, **more))

    async def asked(self, text: str, **more: Any) -> bytes:
        answer = await self.endpoint.query(QueryRequest(text, **more))
        try:
            return b"".join([portion async for portion in answer.body])
        finally:
            await answer.close()

    def update(self, text: str, **more: Any) -> int:
        return self.do(self.endpoint.update(UpdateRequest(text, **more)))

    def parse(self, body: bytes, media_type: str, **more: Any) -> bytes:
        return self.do(self.endpoint.parse(Upload(body, media_type, **more)))
