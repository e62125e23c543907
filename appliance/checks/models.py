"""The models of the profile are in the store, whole, and a voice is there."""

from __future__ import annotations

from appliance.catalog import Catalog
from appliance.checks import CheckContext, Problem, error


def check(context: CheckContext) -> list[Problem]:
    """Ask the catalogue; models that have a stand-in may be absent. Raises ModelError where a language has no voice."""
    config, catalog = context.config, Catalog.load()
    profile = catalog.profiles[config.profile]
    replaced = {profile.llm} if config.llm.engine != "auto" else set()
    absent = [
        name
        for name in profile.models
        if name not in replaced and not catalog.models[name].optional and not catalog.ready(context.store, name)
    ]
    if absent:
        return [error("check-models", names=", ".join(absent), store=context.store, profile=config.profile)]
    for language in {config.language, *config.languages}:
        if config.tts.engine == "auto" or language != config.language:
            catalog.voice(config.profile, language, context.store)
    return []
