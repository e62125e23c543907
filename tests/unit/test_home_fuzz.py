"""Whatever is asked in whatever home: something is said, no question acts, and nothing is unlocked that was not meant."""

from __future__ import annotations

from random import Random

from appliance.home import DOMAINS, Area, Floor, Home, State, Thing
from appliance.skills import home
from tests.house import Recorder, ask

ROUNDS = 1500
NAMES = (
    "Lampe",
    "Volets",
    "Porte d'entrée",
    "Bidule",
    "Été",
    "  x",
    "Température",
    "L'aspirateur",
    "9",
    "Lumière",
    "lights",
)
VALUES = (
    "",
    "on",
    "off",
    "open",
    "21.5",
    "nan",
    "inf",
    "-1e99",
    "unknown",
    "unavailable",
    "{x}",
    "heat",
    "playing",
    "(e)",
)
CLASSES = ("", "shutter", "door", "garage", "window", "temperature", "motion", "zzz")
ATTRIBUTES = (
    *("brightness_percent", "position", "temperature", "current_temperature", "volume_percent", "volume_level"),
    *("media_title", "wind_speed", "uv_index"),
)
AREAS = ("", "Salon", "Extérieur", "Cuisine")
SLOTS: dict[str, tuple[object, ...]] = {
    "name": NAMES,
    "area": ("Salon", "Cuisine", "Nulle part"),
    "floor": ("RDC", "Étage", "X"),
    "domain": ("light", "cover", "zzz", "person"),
    "device_class": ("shutter", "door", "blind,shade", ["window"], "zzz"),
    "state": ("on", "off", "open", "closed", "locked", "zzz", "opening"),
    "response": ("one", "one_yesno", "any", "all", "which", "how_many", "cover", "lock", "default", "zzz"),
    "brightness": VALUES,
    "position": (10, "x"),
    "percentage": (10, "1e400"),
    "temperature": (20, "21,5", "x"),
    "color": ("red", "mauve", ""),
    "volume_level": (10, "x"),
    "volume_step": ("up", "down", -10, "x"),
    "everywhere": ("yes",),
    "outdoors": ("yes",),
}


def some_home(dice: Random) -> Home:
    built = Home([Floor("RDC"), Floor("Étage")], [Area(name, dice.choice(("", "RDC", "Étage"))) for name in AREAS[1:]])
    for number in range(dice.randrange(6)):
        name, domain, area, device_class = (dice.choice(choices) for choices in (NAMES, DOMAINS, AREAS, CLASSES))
        built.add(Thing(f"i{number}", name, domain, area, device_class, unit=dice.choice(("", "%", "°C"))))
        attributes = {key: dice.choice((*VALUES, 1, 2.5, True)) for key in ATTRIBUTES if dice.random() < 0.3}
        if dice.random() < 0.8:
            built.report(f"i{number}", State(dice.choice(VALUES), attributes, dice.random() < 0.85))
    return built


async def test_anything() -> None:
    dice = Random(11)
    for _ in range(ROUNDS):
        there = some_home(dice)
        intent, language = dice.choice(home.INTENTS), dice.choice(("fr", "en"))
        slots = {slot: dice.choice(choices) for slot, choices in SLOTS.items() if dice.random() < 0.35}
        recorder = Recorder()
        said = await ask(
            intent, slots, recorder, area=dice.choice(("", "Salon", "Inconnu")), language=language, at=there
        )
        what = (intent, slots, there.things, said)
        assert said and "[" not in said, what
        assert {action.target for action in recorder.actions} <= set(there.things), what
        assert not (recorder.actions and intent in ("HassGetState", "HassClimateGetTemperature", "HassGetWeather")), (
            what
        )
        unlocked = [action for action in recorder.actions if action.service == "unlock"]
        assert not unlocked or (intent == "HassTurnOff" and slots.get("response") not in ("default", "cover")), what
