import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import networkx as nx
import pytest

from graph.analyst import Analyst, in_process
from graph.measures import MEASURES, measure
from graph.network import Avoid, connections
from graph.search import SearchIndex
from graph.stores import StorePlace
from graph.workers import WorkerDied
from tests.graph.small_world import BASIC, FUND, MINISTRY, SPEAKER


@asynccontextmanager
async def _analyst(data: Path) -> AsyncIterator[Analyst]:
    analyst = Analyst(StorePlace(data))
    try:
        yield analyst
    finally:
        analyst.close()


def _process(network: "nx.MultiDiGraph[str]") -> int:
    return os.getpid()


def _end(network: "nx.MultiDiGraph[str]") -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_the_network_is_asked_in_other_processes(world: Path, world_index: SearchIndex) -> None:
    ends = world_index.named(SPEAKER).iri, world_index.named(MINISTRY).iri

    async def ask() -> None:
        async with _analyst(world) as analyst:
            ways = await analyst.find("1", connections, *ends, 3, 3, Avoid())
            assert {step.target.label for way in ways for step in way.steps} >= {FUND, MINISTRY}
            pids = await analyst.find("1", _process), await analyst.measure("1", _process)
            assert len({*pids, os.getpid()}) == 3

    asyncio.run(ask())


def test_a_process_that_dies_is_replaced(world: Path) -> None:
    async def ask() -> None:
        async with _analyst(world) as analyst:
            with pytest.raises(WorkerDied):
                await analyst.measure("1", _end)
            total, _ = await analyst.measure("1", measure, "degree")
            assert total > 10

    asyncio.run(ask())


def test_ways_avoid_types_things_and_hubs(
    world_network: "nx.MultiDiGraph[str]", world_index: SearchIndex
) -> None:
    start, end = world_index.named(SPEAKER).iri, world_index.named(MINISTRY).iri
    fund, basic = world_index.named(FUND).iri, world_index.named(BASIC).iri

    def through(avoid: Avoid) -> set[str]:
        ways = connections(world_network, start, end, 10, 3, avoid)
        return {step.target.label for way in ways for step in way.steps[:-1]}

    assert through(Avoid()) == {FUND, BASIC}
    assert through(Avoid(types=("Instrument",))) == {BASIC}
    assert through(Avoid(things=(basic,))) == {FUND}
    most = max(world_network.degree(fund), world_network.degree(basic))
    assert through(Avoid(hubs=most)) == {FUND, BASIC}
    assert through(Avoid(hubs=0)) == set()
    assert through(Avoid(types=("Person", "Organization"))) == {FUND, BASIC}


@pytest.mark.parametrize("name", MEASURES)
def test_every_measure_names_its_sentences(
    world_network: "nx.MultiDiGraph[str]", name: str
) -> None:
    total, found = measure(world_network, name)  # type: ignore[arg-type]
    assert total == len(found)
    assert all(finding.sentences > 0 for finding in found if name != "communities")


def test_work_in_a_process_is_done_by_another_one() -> None:
    assert in_process(os.getpid) != os.getpid()


def test_what_fails_in_a_process_is_told() -> None:
    with pytest.raises(ZeroDivisionError):
        in_process(divmod, 1, 0)


def test_a_process_that_ends_is_told() -> None:
    with pytest.raises(WorkerDied):
        in_process(os._exit, 1)
