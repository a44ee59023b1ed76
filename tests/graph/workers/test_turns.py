import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from graph.workers.child import Child
from graph.workers.errors import QueueFull
from graph.workers.turns import Turn, Turns


def turns(processes: int, clock: Callable[[], float] = lambda: 0.0, **more: int) -> Turns:
    values = {"places": 2, "long_places": 1, "per_client": 2, "queued": 6, "queued_per_client": 3}
    idle = [Child("unused", ()) for _ in range(processes)]
    return Turns(**{**values, **more}, idle=idle, clock=clock)


class Hand:
    """A clock that goes on when it is told to, and uses of a queue that take so long."""

    def __init__(self) -> None:
        self.now = 0.0
        self.queue = turns(1, lambda: self.now, queued=20, queued_per_client=20)
        self.given: list[str] = []

    async def use(self, client: str, seconds: float) -> None:
        turn = await self.queue.take(client, 5)
        self.given.append(client)
        await asyncio.sleep(0)
        self.now += seconds
        self.queue._idle.append(turn.child)
        self.queue.give_back(turn)


def run(scenario: Coroutine[Any, Any, None]) -> None:
    asyncio.run(scenario)


def test_turns_go_round_among_clients() -> None:
    async def scenario() -> None:
        queue = turns(1)
        given: list[str] = []

        async def use(client: str) -> None:
            turn = await queue.take(client, 5)
            given.append(client)
            await asyncio.sleep(0)
            queue._idle.append(turn.child)
            queue.give_back(turn)

        await asyncio.gather(*(use(client) for client in ("a", "a", "a", "b", "c", "a")))
        assert given[:4] == ["a", "a", "b", "c"]

    run(scenario())


def test_who_has_used_long_waits_behind_who_has_used_little() -> None:
    async def scenario() -> None:
        hand = Hand()
        await hand.use("slow", 20)
        await hand.use("quick", 0.01)
        uses = [("slow", 20.0)] * 2 + [("quick", 0.01)] * 4
        await asyncio.gather(hand.use("first", 1), *(hand.use(*use) for use in uses))
        assert hand.given[2:] == ["first", *["quick"] * 4, "slow", "slow"]

    run(scenario())


def test_time_is_shared_and_not_the_number_of_turns() -> None:
    async def scenario() -> None:
        hand = Hand()
        uses = [("slow", 4.0)] * 4 + [("quick", 1.0)] * 12
        await asyncio.gather(*(hand.use(*use) for use in uses))
        assert hand.given[:10].count("slow") == 2

    run(scenario())


def test_a_turn_that_is_not_over_counts_too() -> None:
    async def scenario() -> None:
        hand = Hand()
        queue = hand.queue
        queue._idle.append(Child("unused", ()))
        await queue.take("slow", 1)
        other = await queue.take("other", 1)
        hand.now += 5
        waiting = [asyncio.create_task(queue.take(c, 1)) for c in ("slow", "new")]
        await asyncio.sleep(0)
        queue._idle.append(other.child)
        queue.give_back(other)
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        assert [task.done() for task in waiting] == [False, True]
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    run(scenario())


def test_what_was_used_is_forgotten() -> None:
    async def scenario() -> None:
        hand = Hand()
        await hand.use("slow", 20)
        hand.now += 600
        uses = [("slow", 0.0), ("quick", 0.0)]
        await asyncio.gather(hand.use("first", 0), *(hand.use(*use) for use in uses))
        assert hand.given == ["slow", "first", "slow", "quick"]
        for number in range(3000):
            await hand.use(f"client {number}", 0.001)
        assert len(hand.queue._used) < 2000

    run(scenario())


def test_a_client_runs_only_so_many_at_once() -> None:
    async def scenario() -> None:
        queue = turns(5, places=5)
        await queue.take("a", 1)
        await queue.take("a", 1)
        with pytest.raises(QueueFull):
            await queue.take("a", 0.01)
        assert (await queue.take("", 1)).client == ""
        assert queue.waiting == 0

    run(scenario())


def test_a_turn_that_has_become_long_makes_room() -> None:
    async def scenario() -> None:
        queue = turns(5)
        first, second = await queue.take("a", 1), await queue.take("a", 1)
        waiting = asyncio.create_task(queue.take("b", 1))
        await asyncio.sleep(0)
        assert not waiting.done()
        assert queue.has_become_long(first)
        assert (await waiting).client == "b"
        # There is a place for one long turn only.
        assert not queue.has_become_long(second)
        for turn in (first, second, waiting.result()):
            queue.give_back(turn)
        assert queue.running == 0

    run(scenario())


def test_the_queue_is_bounded_for_each_and_for_all() -> None:
    async def scenario() -> None:
        queue = turns(0)

        async def wait(client: str) -> Turn | QueueFull:
            try:
                return await queue.take(client, 0.05)
            except QueueFull as full:
                return full

        ended = await asyncio.gather(*(wait(client) for client in "aaaabbbbcccc"))
        messages = [str(full) for full in ended]
        assert sum("You have too many" in message for message in messages) == 2
        assert sum("Too many requests" in message for message in messages) == 4
        assert sum("did not move" in message for message in messages) == 6
        assert queue.waiting == 0

    run(scenario())


def test_who_stops_waiting_loses_no_process() -> None:
    async def scenario() -> None:
        queue = turns(1)
        turn = await queue.take("a", 1)
        waiting = asyncio.create_task(queue.take("b", 1))
        await asyncio.sleep(0)
        queue._idle.append(turn.child)
        queue.give_back(turn)
        # The turn was given in the same moment.
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        assert queue.running == 0
        assert (await queue.take("c", 1)).child is turn.child

    run(scenario())
