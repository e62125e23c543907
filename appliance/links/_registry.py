"""The things that are reached over MQTT: declared by the owner, or announced on the bus, and how each stands.

It hears every message, keeps the live home, and tells the bus what came, went, changed or was refused. It sends nothing.
"""

from __future__ import annotations

import dataclasses
import re
import time
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from appliance import events, levels
from appliance.errors import ConfigError, InputError
from appliance.events import Event
from appliance.folding import fold
from appliance.home import Area, Home, State, Thing
from appliance.links._abbreviations import expand
from appliance.links._availability import Availability
from appliance.links._discovery import PAYLOAD_LIMIT, Announced, announced, clean, parts
from appliance.links._guarded import guarded
from appliance.links._keys import Keys
from appliance.links._kind import Kind
from appliance.links._kinds import DECLARED, DISCOVERED
from appliance.links._pace import Later, Pace, later
from appliance.links._reaches import Reaches
from appliance.links._topics import allowed, reserved

THINGS_LIMIT = 2000
AREAS_LIMIT = 100
"""Areas that the owner did not write down; each is there as long as a thing is in it."""
GUARDED_LIMIT = 5000
"""Once so many dangerous things were announced, each announced thing counts as one of theirs."""
HEARD_KEPT, HEARD_BYTES = 2000, 4096
TELL_LIMIT, TELL_SECONDS = 20, 60.0
TOLD_KEPT = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """A thing, and how it is reached."""

    thing: Thing
    kind: Kind
    commands: frozenset[str]
    availability: Availability
    announced: Announced | None = None
    """None for a thing that the owner declared."""

    @property
    def topics(self) -> set[str]:
        """Topics to follow."""
        return {reading.topic for reading in self.kind.readings} | self.availability.topics


class Registry:
    """Knows every thing of the bus."""

    def __init__(
        self,
        home: Home,
        language: str,
        publish: Callable[[Event], None],
        filters: Iterable[str] = (),
        prefix: str = "homeassistant",
        clock: Callable[[], float] = time.monotonic,
        wait: Later = later,
    ) -> None:
        self._home, self._language, self._publish, self._clock = home, language, publish, clock
        self._filters, self._prefix = tuple(filters), prefix
        self._pace = Pace(self._tell, clock, wait)
        self._entries: dict[str, Entry] = {}
        self._declared: list[Thing] = []
        self._unique: dict[tuple[str, str], str] = {}
        self._announcing: dict[str, tuple[str, ...]] = {}
        """What each discovery topic announces."""
        self._following: defaultdict[str, set[str]] = defaultdict(set)
        self._reaches = Reaches[str]()
        self._guarded = Reaches[tuple[str, frozenset[str]]]()
        """What ever was a dangerous thing's, and stays so: whoever takes the announcement back may claim the topics next."""
        self._suggested: Counter[str] = Counter()
        """Areas that devices suggested, and how many things are in each."""
        self._twins: set[str] = set()
        """Ids of what the present payload announces and the owner declared himself."""
        self._guards: set[tuple[str, frozenset[str]]] = set()
        self._heard: OrderedDict[str, bytes] = OrderedDict()
        self._tellings: deque[float] = deque(maxlen=TELL_LIMIT)
        self._told: OrderedDict[tuple[str, str], None] = OrderedDict()
        self.topics_version = 0
        """Grows whenever `topics` changes."""
        self.refused = 0
        """Announcements that were refused since the start, told or not."""

    @property
    def topics(self) -> frozenset[str]:
        """Topics to follow."""
        return frozenset(self._following)

    def get(self, thing_id: str) -> Entry | None:
        """Return a thing and how it is reached; None for one that is unknown."""
        return self._entries.get(thing_id)

    def sharing(self, thing_id: str) -> frozenset[str]:
        """Return the ids of other things whose command topics move the same device."""
        entry = self._entries.get(thing_id)
        if entry is None:
            return frozenset()
        return frozenset(self._reaches.touching(entry.commands) - {thing_id})

    def dangerous(self, thing_id: str) -> bool:
        """Tell whether commands of a thing reach what was announced as dangerous and is not in the home as that now.

        What is there is told by `sharing`, for the owner's marks hold for it. A restart forgets what is no longer announced.
        """
        entry = self._entries.get(thing_id)
        if entry is None or not entry.commands:
            return False
        if entry.announced and len(self._guards) >= GUARDED_LIMIT:
            return True
        return any(not self._stands(*guard) for guard in self._guarded.touching(entry.commands))

    def declare(self, thing: Thing, config: Mapping[str, Any]) -> None:
        """Take a thing of the owner's. Raises ConfigError where its keys cannot work."""
        try:
            keys = Keys(expand(dict(config)))
            kind = DECLARED[thing.domain](keys)
            self._put(self._entry(thing, kind, keys, expand(dict(config)).get("availability"), None))
        except InputError as error:
            detail = error.text(self._language)
            raise ConfigError("thing-misdeclared", name=thing.name, detail=detail) from error
        self._declared.append(thing)

    def discover(self, topic: str, payload: bytes) -> None:
        """Take what a discovery topic announces, in the place of what it announced before."""
        found = parts(topic, self._prefix)
        self._twins.clear()
        try:
            if found is None:
                raise InputError("discovery-wrong-topic-form", stage="home", component="")
            announcement = announced(*found, payload)
        except InputError as error:
            self._guard(found, payload)
            self._refuse(topic, error)
            return
        for refusal in announcement.refused:
            self._refuse(topic, refusal)
        ids = []
        for one in announcement.things:
            try:
                if self._take(one, topic):
                    ids.append(one.id)
            except InputError as error:
                self._refuse(topic, error)
                if one.id in self._announcing.get(topic, ()):
                    ids.append(one.id)  # what it said before still holds
        for lost in set(self._announcing.pop(topic, ())) - set(ids):
            self._drop(lost)
        if ids:
            self._announcing[topic] = tuple(ids)
        self._guard(found, payload)

    def follow(self, topic: str, payload: bytes) -> None:
        """Take what a thing says of itself."""
        if topic not in self._following or len(payload) > PAYLOAD_LIMIT:
            return
        if len(payload) <= HEARD_BYTES:
            self._heard[topic] = payload
            self._heard.move_to_end(topic)
            if len(self._heard) > HEARD_KEPT:
                self._heard.popitem(last=False)
        for thing_id in sorted(self._following[topic]):
            self._hear(self._entries[thing_id], topic, payload)

    def report(self, thing_id: str, state: State) -> None:
        """Note how a thing stands, and tell it where that is news."""
        if self._home.report(thing_id, state):
            self._pace.changed(thing_id)

    def _tell(self, thing_id: str) -> None:
        thing, state = self._home.things.get(thing_id), self._home.state(thing_id)
        if thing:
            self._publish(
                events.ThingChanged(
                    thing_id=thing_id,
                    name=thing.name,
                    state=state.value,
                    attributes=dict(state.attributes),
                    available=state.available,
                )
            )

    def _hear(self, entry: Entry, topic: str, payload: bytes) -> None:
        text = payload.decode("utf-8", "replace")
        entry.availability.follow(topic, text)
        state = entry.kind.follow(topic, text, self._home.state(entry.thing.id))
        self.report(entry.thing.id, dataclasses.replace(state, available=entry.availability.now))

    def _take(self, one: Announced, topic: str) -> bool:
        """Take an announced thing; return False for one that the owner declared himself. Raises InputError."""
        known = self._entries.get(one.id)
        if known and known.announced == one:
            return True
        self._check_place(one, topic)
        keys = Keys(one.config, self._permit)
        kind = DISCOVERED[one.component](keys)
        if any(_same(thing, one.name, kind.domain) for thing in self._declared):
            self._twins.add(one.id)
            return False
        device_class, unit = keys.text("device_class"), clean(keys.text("unit_of_measurement"))[:20]
        if not re.fullmatch(r"[a-z0-9_]{0,40}", device_class):
            raise InputError("discovery-wrong-value", stage="home", key="device_class")
        area = self._area(one.area)
        thing = Thing(one.id, one.name, kind.domain, area, device_class, (), frozenset(kind.features), unit)
        entry = self._entry(thing, kind, keys, one.config.get("availability"), one)
        self._put(entry)
        if known is None or (known.thing.name, known.thing.area) != (thing.name, thing.area):
            self._publish(events.ThingFound(thing_id=thing.id, name=thing.name, domain=thing.domain, area=thing.area))
        for followed in sorted(entry.topics & self._heard.keys()):
            self._hear(entry, followed, self._heard[followed])
        return True

    def _check_place(self, one: Announced, topic: str) -> None:
        elsewhere = one.id in self._entries and one.id not in self._announcing.get(topic, ())
        twin = one.unique_id and self._unique.get((one.component, one.unique_id), one.id) != one.id
        if elsewhere or twin:
            raise InputError("discovery-duplicate", stage="home", name=one.name)
        if one.id not in self._entries and len(self._entries) >= THINGS_LIMIT:
            raise InputError("discovery-too-many", stage="home", limit=THINGS_LIMIT)

    def _guard(self, found: tuple[str, str, str] | None, payload: bytes) -> None:
        """Note the topics of dangerous things that were announced and not taken."""
        for identity, topics in (guarded(*found, payload) if found else {}).items():
            if identity not in self._entries and identity not in self._twins:
                self._keep_guarded(identity, topics)

    def _keep_guarded(self, identity: str, topics: frozenset[str]) -> None:
        if len(self._guards) < GUARDED_LIMIT and (identity, topics) not in self._guards:
            self._guards.add((identity, topics))
            self._guarded.add((identity, topics), topics)

    def _stands(self, identity: str, topics: frozenset[str]) -> bool:
        """Tell whether a dangerous thing is in the home as it was when it was noted."""
        entry = self._entries.get(identity)
        return entry is not None and topics <= entry.commands and _is_dangerous(entry.thing)

    def _permit(self, topic: str) -> None:
        if reserved(topic, self._prefix):
            raise InputError("discovery-never-allowed", stage="home", topic=topic)
        if not allowed(topic, self._filters, self._prefix):
            raise InputError("discovery-not-allowed", stage="home", topic=topic)

    def _entry(self, thing: Thing, kind: Kind, keys: Keys, listed: Any, one: Announced | None) -> Entry:
        features = thing.features | frozenset(kind.features)
        thing = dataclasses.replace(thing, features=features, unit=thing.unit or keys.text("unit_of_measurement")[:20])
        return Entry(thing, kind, frozenset(keys.commands), Availability(keys, listed), one)

    def _put(self, entry: Entry) -> None:
        known = self._entries.get(entry.thing.id)
        if known:
            self._unfollow(known)
        self._entries[entry.thing.id] = entry
        if entry.announced and entry.announced.unique_id:
            self._unique[entry.announced.component, entry.announced.unique_id] = entry.thing.id
        for topic in entry.topics:
            self._following[topic].add(entry.thing.id)
        if entry.announced:
            self._enter(entry.thing)
        self._reaches.add(entry.thing.id, entry.commands)
        if _is_dangerous(entry.thing):
            self._keep_guarded(entry.thing.id, entry.commands)
        self.topics_version += 1
        self._home.add(entry.thing)

    def _drop(self, thing_id: str) -> None:
        self._unfollow(self._entries.pop(thing_id))
        self._home.remove(thing_id)
        self._pace.forget(thing_id)
        self._publish(events.ThingLost(thing_id=thing_id))

    def _unfollow(self, entry: Entry) -> None:
        self.topics_version += 1
        if entry.announced:
            self._leave(entry.thing)
        self._reaches.remove(entry.thing.id, entry.commands)
        if entry.announced:
            self._unique.pop((entry.announced.component, entry.announced.unique_id), None)
        for topic in entry.topics:
            self._following[topic].discard(entry.thing.id)
            if not self._following[topic]:
                del self._following[topic]
                self._heard.pop(topic, None)

    def _area(self, suggested: str) -> str:
        """Return the name of the area that a device suggests: the owner's, where it is the same without case and accents."""
        if not suggested:
            return ""
        for area in self._home.areas.values():
            if fold(suggested) in (fold(name) for name in (area.name, *area.aliases)):
                return area.name
        return suggested if len(self._suggested) < AREAS_LIMIT else ""

    def _enter(self, thing: Thing) -> None:
        if thing.area and (thing.area in self._suggested or thing.area not in self._home.areas):
            self._suggested[thing.area] += 1
            self._home.areas.setdefault(thing.area, Area(thing.area))

    def _leave(self, thing: Thing) -> None:
        if thing.area in self._suggested:
            self._suggested[thing.area] -= 1
            if not self._suggested[thing.area]:
                del self._suggested[thing.area]
                self._home.areas.pop(thing.area, None)

    def _refuse(self, topic: str, error: InputError) -> None:
        """Count a refusal, and tell it: each once, and not more than a few a minute."""
        self.refused += 1
        shown, message = clean(topic[:200]), error.text(self._language)
        now = self._clock()
        full = len(self._tellings) == TELL_LIMIT and now - self._tellings[0] < TELL_SECONDS
        if full or (shown, message) in self._told:
            return
        self._tellings.append(now)
        self._told[(shown, message)] = None
        if len(self._told) > TOLD_KEPT:
            self._told.popitem(last=False)
        self._publish(events.DiscoveryRefused(topic=shown, message=message))


def _same(thing: Thing, name: str, domain: str) -> bool:
    return thing.domain == domain and fold(name) in (fold(known) for known in (thing.name, *thing.aliases))


def _is_dangerous(thing: Thing) -> bool:
    return levels.strictest([thing], {}) >= levels.DANGEROUS
