"""The home in the configuration: `[home]`, its floors, areas and things, and what the owner marks and adds.

    [home]
    floors = ["Rez-de-chaussée", "Premier étage"]

    [[home.areas]]
    name = "Bureau"
    floor = "Premier étage"

    [[home.things]]
    name = "Lumière du plafond"
    domain = "light"
    area = "Bureau"
    mqtt = { command_topic = "bureau/plafond/set", state_topic = "bureau/plafond" }

    [home.levels]
    "Portail" = 3
    "cover.open" = 2

What Home Assistant's MQTT discovery tells on the bus need not be written here; what is written here wins.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from appliance.config_table import Table
from appliance.home import Area, Floor, Home, Thing
from appliance.rules import Deed, Rule

NAME = Field(min_length=1, max_length=80)
Domain = Literal[
    "light", "switch", "cover", "lock", "fan", "climate", "scene", "script", "media_player", "vacuum",
    "sensor", "binary_sensor", "weather",
]  # fmt: skip


class FloorOptions(Table):
    """A storey."""

    name: str = NAME
    aliases: list[str] = Field(default_factory=list, max_length=20)


class AreaOptions(Table):
    """A room of the home, or a place around it."""

    name: str = NAME
    floor: str = ""
    """Name of its floor."""
    aliases: list[str] = Field(default_factory=list, max_length=20)


class ThingOptions(Table):
    """Something that can be asked about or acted upon."""

    name: str = NAME
    domain: Domain
    area: str = ""
    """Name of its area."""
    device_class: str = ""
    """As Home Assistant names it: shutter, blind, garage, door, temperature..."""
    aliases: list[str] = Field(default_factory=list, max_length=20)
    id: str = Field("", pattern=r"^[\w.-]{0,80}$")
    """Empty: made of domain and name."""
    mqtt: dict[str, Any] = Field(default_factory=dict)
    """How it is reached: the keys of Home Assistant's MQTT discovery (command_topic, state_topic, payload_on...)."""


class DeedOptions(Table):
    """One action of a sentence: a service of a thing, or of everything of that domain in an area."""

    service: str = Field(pattern=r"^\w+\.\w+$")
    """As Home Assistant names it: light.turn_on, cover.close_cover..."""
    thing: str = Field("", max_length=80)
    """Name of the thing; {name}: the one that was said. Empty: everything of that domain, in `area` where one is given."""
    area: str = Field("", max_length=80)
    """Name of the area; {area}: the one that was said."""
    data: dict[str, str | int | float | bool] = Field(default_factory=dict)
    """What the service needs: brightness_percent, position, temperature..."""


def _template(text: str) -> str:
    """Return the template, if it is one: brackets that close, no list but those of names."""
    from hassil.parse_expression import parse_sentence
    from hassil.parser import ParseError

    try:
        lists = set(parse_sentence(text).list_names())
    except ParseError as error:
        raise PydanticCustomError("template", "no template", {"detail": str(error)}) from error
    if "<" in text:
        raise PydanticCustomError("template", "no template", {"detail": "<...>"})
    if unknown := sorted(lists - NAMED):
        raise PydanticCustomError("template_list", "no such list", {"list": unknown[0]})
    return text


NAMED = frozenset({"name", "area", "floor"})
"""The lists that an owner's sentence may use."""
Template = Annotated[str, Field(min_length=1, max_length=300), AfterValidator(_template)]


class SentenceOptions(Table):
    """A sentence of the owner's own, and what it does or says."""

    say: list[Template] = Field(min_length=1, max_length=100)
    """Templates: [optional], (one|or another), {name}, {area}, {floor}."""
    language: Literal["fr", "en"] | None = None
    """None: every language of the box."""
    do: list[DeedOptions] = Field(default_factory=list, max_length=50)
    """Actions, in order."""
    answer: str = Field("", max_length=500)
    """What is said; empty: that it is done."""


class HomeOptions(Table):
    """The home."""

    floors: list[str | FloorOptions] = Field(default_factory=list, max_length=50)
    areas: list[str | AreaOptions] = Field(default_factory=list, max_length=500)
    things: list[ThingOptions] = Field(default_factory=list, max_length=2000)
    sentences: list[SentenceOptions] = Field(default_factory=list, max_length=500)
    levels: dict[str, Annotated[int, Field(ge=1, le=3)]] = Field(default_factory=dict)
    """Level of an action, by thing ("Portail"), service ("cover.open") or domain ("script"): 1 done and undone for a
    while, 2 after a spoken yes, 3 after a second factor. The most particular mark holds. A mark never takes what opens or
    disarms the home (lock, alarm, garage, gate, valve, siren) below 3; "lock.lock" alone, locking, it may."""
    approve_buttons: list[str] = Field(default_factory=list, max_length=20)
    """Names or ids of binary sensors whose turning on approves the one wish that waits for a second factor: a button that
    voices do not reach. Whoever can publish the state of that thing on the MQTT bus can press it: protect its topic."""

    @model_validator(mode="after")
    def _names_are_known(self) -> Self:
        floors, areas = {_name(floor) for floor in self.floors}, {_name(area) for area in self.areas}
        for area in self.areas:
            if isinstance(area, AreaOptions) and area.floor:
                _known(area.floor, floors, "floors", area.name)
        ids: set[str] = set()
        for thing in self.things:
            if thing.area:
                _known(thing.area, areas, "areas", thing.name)
            if (identity := self.thing(thing).id) in ids:
                raise PydanticCustomError("same_thing", "two things have the same id", {"id": identity})
            ids.add(identity)
        return self

    def home(self) -> Home:
        """Return the home as it is declared."""
        floors = [Floor(f) if isinstance(f, str) else Floor(f.name, tuple(f.aliases)) for f in self.floors]
        areas = [Area(a) if isinstance(a, str) else Area(a.name, a.floor, tuple(a.aliases)) for a in self.areas]
        return Home(floors, areas, (self.thing(options) for options in self.things))

    def rules(self) -> list[Rule]:
        """Return the owner's sentences."""
        return [
            Rule(
                tuple(one.say),
                tuple(Deed(deed.service, deed.thing, deed.area, deed.data) for deed in one.do),
                one.answer,
                one.language or "",
            )
            for one in self.sentences
        ]

    @staticmethod
    def thing(options: ThingOptions) -> Thing:
        """Return a declared thing."""
        slugs = (_slug(part) for part in (options.domain, options.area, options.name) if part)
        identity = options.id or ".".join(slugs)
        return Thing(identity, options.name, options.domain, options.area, options.device_class, tuple(options.aliases))


def _name(one: str | FloorOptions | AreaOptions) -> str:
    return one if isinstance(one, str) else one.name


def _known(name: str, known: set[str], table: str, whose: str) -> None:
    if name not in known:
        about = {"name": name, "table": table, "whose": whose, "known": ", ".join(sorted(known)) or "-"}
        raise PydanticCustomError("unknown_name", "no such name", about)


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFD", name.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"\W+", "_", plain).strip("_")
