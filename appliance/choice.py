"""What the configuration comes to: which engine plays each role, which voice speaks which language, which clock counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from appliance import config
from appliance.catalog import Catalog
from appliance.config import Config, EngineChoice
from appliance.engines import EngineOptions, Role

Clock = Callable[[], datetime]


def system_clock(settings: Config) -> Clock:
    """Return the clock of the box: the configured time zone, else the system's."""
    zone = ZoneInfo(settings.timezone) if settings.timezone else None
    return lambda: datetime.now(zone).astimezone(zone)


def choices(settings: Config, store: Path, catalog: Catalog) -> dict[Role, tuple[str, EngineOptions]]:
    """Return which engine plays each role, with its options: the owner's choice, else the profile's.

    Raises ConfigError for a wrong choice and ModelError where no voice is there.
    """
    profile = catalog.profiles[settings.profile]
    chosen: dict[Role, EngineChoice] = {"wake": settings.wake, "vad": settings.vad, "stt": settings.stt}
    if settings.stt.engine == config.Stt().engine:  # the profile's options are for the profile's engine
        options = {"model": profile.stt} | dict(profile.options.get("stt", {})) | settings.stt.options
        chosen["stt"] = settings.stt.model_copy(update={"options": options})
    if settings.llm.engine == "auto" and profile.llm:
        options = {"model": profile.llm} | dict(profile.options.get("llm", {})) | settings.llm.options
        chosen["llm"] = EngineChoice(engine=config.AUTO_LLM, options=options)
    elif settings.llm.engine not in ("auto", "none"):
        chosen["llm"] = settings.llm
    if settings.tts.engine == "auto":
        voice = catalog.voice(settings.profile, settings.language, store)
        chosen["tts"] = EngineChoice(engine=voice.engine, options=dict(voice.options) | settings.tts.options)
    else:
        chosen["tts"] = settings.tts
    return {role: (choice.engine, config.engine_options(role, choice)) for role, choice in chosen.items()}


def further(settings: Config) -> list[str]:
    """Return the languages that are spoken to the box beside its own."""
    return [language for language in dict.fromkeys(settings.languages) if language != settings.language]


def voices(settings: Config, store: Path, catalog: Catalog) -> dict[str, tuple[str, EngineOptions]]:
    """Return engine and options of the voice of each further language: the first of the profile's that is there.

    Raises ModelError for none.
    """
    found = {language: catalog.voice(settings.profile, language, store) for language in further(settings)}
    choice = {language: EngineChoice(engine=one.engine, options=dict(one.options)) for language, one in found.items()}
    return {language: (one.engine, config.engine_options("tts", one)) for language, one in choice.items()}


def require(chosen: dict[Role, tuple[str, EngineOptions]], need: Iterable[Role], store: Path, catalog: Catalog) -> None:
    """Check the digests of the models that are about to be loaded. Raises ModelError, which says how to get one."""
    for role in need:
        model = getattr(chosen[role][1], "model", "") if role in chosen else ""
        if model in catalog.models:
            catalog.require(store, model)
