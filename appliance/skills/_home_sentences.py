"""What people also say to a home, beside what home-assistant-intents knows: the same intents, slots and responses, and a few
of our own."""

from __future__ import annotations

from typing import Any

from appliance.skills import _home_sentences_en, _home_sentences_fr

MORE: dict[str, dict[str, list[Any]]] = {"fr": _home_sentences_fr.MORE, "en": _home_sentences_en.MORE}
