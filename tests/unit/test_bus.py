"""Publishing never waits, and who does not keep up loses the oldest."""

from __future__ import annotations

import asyncio

import pytest

from appliance.bus import Bus
from appliance.events import SentenceReady, VolumeChanged


def sentences(count: int) -> list[SentenceReady]:
    return [SentenceReady(text=str(number)) for number in range(count)]


async def test_every_subscriber_gets_every_event_in_order() -> None:
    bus = Bus()
    with bus.subscribe() as one, bus.subscribe() as other:
        for event in sentences(5):
            bus.publish(event)
        assert [await anext(one) for _ in range(5)] == sentences(5)
        assert other.drain() == sentences(5) and other.drain() == []


async def test_a_subscriber_that_does_not_keep_up_loses_the_oldest_and_harms_nobody() -> None:
    bus = Bus()
    with bus.subscribe(limit=3) as slow, bus.subscribe() as quick:
        for event in sentences(10):
            bus.publish(event)
        assert (slow.drain(), slow.dropped) == (sentences(10)[-3:], 7)
        assert (quick.drain(), quick.dropped) == (sentences(10), 0)


async def test_a_waiting_subscriber_wakes_and_loses_nothing() -> None:
    bus = Bus()
    with bus.subscribe() as subscription:
        waiting = asyncio.create_task(anext(subscription))
        await asyncio.sleep(0)
        assert not waiting.done()
        for event in sentences(2):
            bus.publish(event)
        assert await waiting == sentences(2)[0]
        assert await anext(subscription) == sentences(2)[1]


async def test_cancelling_a_wait_loses_no_event() -> None:
    bus = Bus()
    with bus.subscribe() as subscription:
        waiting = asyncio.create_task(anext(subscription))
        await asyncio.sleep(0)
        bus.publish(VolumeChanged(percent=1))
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert subscription.drain() == [VolumeChanged(percent=1)]


async def test_a_subscription_lasts_for_its_block_only() -> None:
    bus = Bus()
    with bus.subscribe() as subscription:
        pass
    bus.publish(VolumeChanged(percent=1))
    assert subscription.drain() == []


async def test_subscribing_while_an_event_is_handed_out_is_safe() -> None:
    bus = Bus()
    with bus.subscribe() as early:
        bus.publish(VolumeChanged(percent=1))
        with bus.subscribe() as late:
            bus.publish(VolumeChanged(percent=2))
            assert late.drain() == [VolumeChanged(percent=2)]
        assert len(early.drain()) == 2
