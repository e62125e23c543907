"""When an utterance starts and ends, from probabilities alone."""

from __future__ import annotations

import pytest

from appliance.endpoint import Endpointer, Phase

STEP = 0.02


def run(endpointer: Endpointer, *parts: tuple[float, float]) -> list[tuple[float, Phase]]:
    """Feed (seconds, probability) parts; return when the phase changed, and to what."""
    changes, last, t = [], Phase.WAITING, 0.0
    for seconds, speech in parts:
        for _ in range(round(seconds / STEP)):
            t += STEP
            if (phase := endpointer.feed(STEP, speech)) is not last:
                changes.append((round(t, 2), phase))
                last = phase
    return changes


def test_speech_then_silence() -> None:
    endpointer = Endpointer()
    assert run(endpointer, (1, 0), (2, 0.9), (2, 0)) == [
        (pytest.approx(1.1, abs=STEP * 1.5), Phase.SPEAKING),
        (pytest.approx(3.8, abs=STEP * 1.5), Phase.ENDED),
    ]
    assert endpointer.reason == "silence"


def test_a_pause_in_a_sentence_does_not_end_it() -> None:
    assert run(Endpointer(), (1, 0.9), (0.7, 0), (1, 0.9), (0.7, 0)) == [
        (pytest.approx(0.1, abs=STEP * 1.5), Phase.SPEAKING)
    ]


def test_a_click_opens_nothing_and_nobody_speaking_ends_it() -> None:
    endpointer = Endpointer()
    assert run(endpointer, (0.06, 0.9), (2, 0), (0.06, 0.9), (4, 0)) == [
        (pytest.approx(5.0, abs=STEP * 1.5), Phase.ENDED)
    ]
    assert endpointer.reason == "no_speech"


def test_a_soft_end_is_still_speech() -> None:
    endpointer = Endpointer(threshold=0.5)
    run(endpointer, (1, 0.9), (2, 0.4))
    assert endpointer.phase is Phase.SPEAKING


def test_somebody_who_never_stops_is_cut() -> None:
    endpointer = Endpointer(too_long_seconds=5)
    assert run(endpointer, (9, 0.9))[-1] == (pytest.approx(5.1, abs=STEP * 1.5), Phase.ENDED)
    assert endpointer.reason == "too_long"


def test_once_ended_it_stays_ended() -> None:
    endpointer = Endpointer()
    run(endpointer, (1, 0.9), (1, 0), (1, 0.9))
    assert endpointer.phase is Phase.ENDED
