"""Whether a thing is there, by what it or its bridge says on its availability topics.

Until something was said a thing counts as there: unlike in Home Assistant, where it is not. What was said may be lost with
a broker that restarts, and a lamp that could be lit is not refused for that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from appliance.links._filters import TemplateError
from appliance.links._keys import Keys, wrong
from appliance.links._templates import Template, read

TOPICS_LIMIT = 20


@dataclass(frozen=True, slots=True)
class _Source:
    topic: str
    template: Template | None
    words: tuple[tuple[str, bool], ...]


class Availability:
    """What is known of one thing's availability."""

    def __init__(self, keys: Keys, listed: Any) -> None:
        """`listed` is the list under `availability`. Raises InputError."""
        self.mode = keys.text("availability_mode", "latest")
        if self.mode not in ("all", "any", "latest"):
            raise wrong("availability_mode")
        if listed is None:
            listed = []
        if not isinstance(listed, list) or len(listed) > TOPICS_LIMIT or not all(isinstance(a, dict) for a in listed):
            raise wrong("availability")
        sources = [_source(Keys(one), "topic", "value_template") for one in listed]
        sources.append(_source(keys, "availability_topic", "availability_template"))
        self._sources = [source for source in sources if source.topic]
        self.topics = {source.topic for source in self._sources}
        self._said: dict[str, bool] = {}
        self._latest = True

    def follow(self, topic: str, payload: str) -> None:
        """Note what is said."""
        for source in self._sources:
            if source.topic == topic:
                try:
                    word = dict(source.words).get(read(source.template, payload))
                except TemplateError:
                    continue
                if word is not None:
                    self._said[topic] = self._latest = word

    @property
    def now(self) -> bool:
        """Whether the thing is there."""
        if self.mode == "latest" or not self._said:
            return self._latest
        if self.mode == "all":
            return all(self._said.values())
        return any(self._said.values()) or len(self._said) < len(self.topics)


def _source(keys: Keys, topic: str, template: str) -> _Source:
    gone, there = keys.text("payload_not_available", "offline"), keys.text("payload_available", "online")
    return _Source(keys.topic(topic), keys.template(template), ((gone, False), (there, True)))
