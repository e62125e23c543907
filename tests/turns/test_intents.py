"""The events of a turn say how a sentence was matched, and what was nearest to one that was not."""

from __future__ import annotations

from appliance.events import IntentMatched, IntentMissed
from tests import fakes
from tests.fakes import ScriptedEar
from tests.scene import Scene


def told(text: str) -> IntentMatched | IntentMissed:
    scene = Scene(
        ScriptedEar(20).at(1, wake=True).at(1.4, speech=1.2), stt=fakes.recogniser(text), llm=fakes.model("Non.")
    )
    scene.run()
    return next(event for _, event in scene.events if isinstance(event, IntentMatched | IntentMissed))


def test_an_exact_sentence() -> None:
    event = told("Quelle heure est-il ?")
    assert isinstance(event, IntentMatched)
    assert (event.how, event.distance) == ("exact", 0.0)


def test_a_sentence_by_its_sound() -> None:
    event = told("Quelle eure est-il ?")
    assert isinstance(event, IntentMatched)
    assert event.how == "near" and 0 <= event.distance < 0.2


def test_no_sentence() -> None:
    event = told("Quelle est la capitale du Pérou ?")
    assert isinstance(event, IntentMissed)
    assert event.nearest and event.distance > 0.2
