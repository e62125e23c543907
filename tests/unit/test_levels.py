"""Which human decision an action needs."""

from __future__ import annotations

from typing import Any

import pytest

from appliance.actions import Action
from appliance.home import Thing
from appliance.levels import level, strictest
from appliance.yes_no import said_no, said_yes


def of(service: str, name: str = "X", kind: str = "", marks: dict[str, int] | None = None, **data: Any) -> int:
    domain, _, verb = service.partition(".")
    return level(Action(domain, verb, "x", data), Thing("x", name, domain, device_class=kind), marks or {})


@pytest.mark.parametrize(
    ("service", "name", "kind", "expected"),
    [
        ("light.turn_on", "Lumière du garage", "", 1),
        ("light.turn_on", "Garage", "", 1),
        ("light.turn_on", "Portail", "", 3),
        ("light.turn_off", "Lampe de la porte", "", 1),
        ("light.explode", "Lampe", "", 3),
        ("switch.turn_on", "Cafetière", "", 1),
        ("switch.turn_on", "Portail", "", 3),
        ("switch.turn_on", "GÂCHE électrique", "", 3),
        ("switch.turn_off", "Alarme", "", 3),
        ("switch.turn_on", "Lampe du portail", "", 1),
        ("switch.turn_on", "Four", "", 3),
        ("switch.turn_on", "Garage door", "", 3),
        ("fan.turn_on", "Ventilateur", "", 1),
        ("cover.open_cover", "Volet", "", 1),
        ("cover.open_cover", "Volets du bureau", "shutter", 1),
        ("cover.open_cover", "Rideau", "curtain", 1),
        ("cover.open_cover", "Volet de la porte-fenêtre", "shutter", 1),
        ("cover.open_cover", "Volet du garage", "shutter", 3),
        ("cover.close_cover", "Grand machin", "garage", 3),
        ("cover.stop_cover", "Porte de garage", "garage", 3),
        ("cover.open_cover", "Velux", "window", 2),
        ("cover.open_cover", "Machin", "", 3),
        ("lock.lock", "Porte", "", 3),
        ("lock.unlock", "Porte", "", 3),
        ("valve.open_valve", "Arrosage", "", 3),
        ("scene.turn_on", "Film", "", 1),
        ("scene.turn_on", "Ouvrir le portail", "", 3),
        ("script.turn_on", "Bonne nuit", "", 2),
        ("media_player.media_pause", "Télé", "", 1),
        ("vacuum.start", "Aspirateur", "", 1),
    ],
)
def test_things(service: str, name: str, kind: str, expected: int) -> None:
    assert of(service, name, kind) == expected


def test_temperatures_outside_comfort_are_costly() -> None:
    assert of("climate.set_temperature", temperature=21) == 1
    assert of("climate.set_temperature", temperature=31) == 2
    assert of("climate.set_temperature", temperature=-3) == 2
    assert of("climate.set_temperature", temperature="21") == 2
    assert of("climate.set_temperature", temperature=float("nan")) == 2


def test_what_has_no_thing() -> None:
    def plain(service: str) -> int:
        domain, _, verb = service.partition(".")
        return level(Action(domain, verb), None, {})

    assert plain("timer.cancel_all") == plain("list.clear") == plain("box.broadcast") == 2
    assert plain("list.add") == plain("timer.add") == 1
    assert plain("light.turn_on") == plain("alarm_control_panel.alarm_disarm") == plain("x.y") == 3


def test_an_action_that_takes_a_lock_for_a_lamp() -> None:
    lock = Thing("x", "Porte", "lock")
    assert level(Action("light", "turn_on", "x"), lock, {"light": 1, "Porte": 1, "light.turn_on": 1}) == 3


def test_the_most_particular_mark_holds() -> None:
    marks = {"light": 2, "light.turn_off": 3, "lampe  de chevet": 1}
    assert of("light.turn_on", "Lustre", marks=marks) == 2
    assert of("light.turn_off", "Lustre", marks=marks) == 3
    assert of("light.turn_off", "Lampe de Chevet", marks=marks) == 1
    assert of("cover.open_cover", "Volet", "shutter", marks={"cover.open": 2}) == 2
    assert of("cover.close_cover", "Volet", "shutter", marks={"cover.open": 2}) == 1
    assert of("script.turn_on", "Film", marks={"Film": 1}) == 1
    assert of("cover.open_cover", "Pergola", marks={"Pergola": 1}) == 1


@pytest.mark.parametrize("marked", ["lock", "lock.unlock", "lock.open", "Porte", "x"])
def test_no_mark_lowers_what_opens_the_home(marked: str) -> None:
    assert of("lock.unlock", "Porte", marks={marked: 1}) == 3
    assert of("cover.open_cover", "Porte", "garage", marks={marked: 1, "cover": 1, "cover.open": 1}) == 3
    assert of("switch.turn_on", "Porte", marks={marked: 1, "switch": 1}) == 3


def test_locking_may_be_made_easy_by_its_own_mark() -> None:
    assert of("lock.lock", "Porte", marks={"lock.lock": 1}) == 1
    assert of("lock.lock", "Porte", marks={"lock": 1, "Porte": 1}) == 3
    assert level(Action("lock", "lock", "x"), Thing("x", "Portail", "switch"), {"lock.lock": 1}) == 3


def test_the_strictest_of_things() -> None:
    assert strictest([], {}) == 0
    assert strictest([Thing("a", "Lampe", "light"), Thing("b", "Chauffage", "climate")], {}) == 1
    assert strictest([Thing("a", "Lampe", "light"), Thing("b", "Nuit", "script")], {}) == 2
    assert strictest([Thing("a", "Lampe", "light"), Thing("b", "Porte", "lock")], {}) == 3
    assert strictest([Thing("b", "Thermomètre", "sensor")], {}) == 0


@pytest.mark.parametrize(
    "text",
    ["Oui.", "ouais", "D’accord !", "Vas-y", "oui, s'il te plaît", "Euh... oui", "OK", "Je confirme.", "oui merci"],
)
def test_yes(text: str) -> None:
    assert said_yes(text, "fr") and not said_no(text, "fr")


@pytest.mark.parametrize("text", ["Non.", "annule", "Laisse tomber !", "non merci", "surtout pas", "Ah non"])
def test_no(text: str) -> None:
    assert said_no(text, "fr") and not said_yes(text, "fr")


@pytest.mark.parametrize(
    "text",
    ["", "ouïe", "Louis", "oui mais non", "oui ou non", "pas oui", "weekend", "oui et la lumière", "merci", "yes"],
)
def test_neither(text: str) -> None:
    assert not said_yes(text, "fr")


def test_english() -> None:
    assert said_yes("Yes, please.", "en") and said_no("No, thanks", "en") and not said_yes("yes no", "en")
