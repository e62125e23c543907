"""What a person writes wrong is told at once, where it is, and in the person's language."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance import config
from appliance.commands.check import check
from appliance.config import Config, InvalidConfigError
from appliance.errors import ConfigError


@pytest.fixture(autouse=True)
def _empty_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRILLON_MODELS", str(tmp_path / "store"))


def written(folder: Path, toml: str) -> Path:
    file = folder / "grillon.toml"
    file.write_text(toml, "utf-8")
    return file


def lines(raised: ConfigError, language: str = "en") -> dict[str, str]:
    """Return what is wrong by table.key."""
    told = [line.split(": ", 2) for line in raised.text(language).splitlines()]
    return {key: reason for _, key, reason in told}


def refused(folder: Path, toml: str, language: str = "en") -> dict[str, str]:
    with pytest.raises(InvalidConfigError) as raised:
        config.load(written(folder, toml))
    return lines(raised.value, language)


@pytest.mark.parametrize("zone", ["Europe/Pariss", "Europe", "../etc/passwd", "x" * 300])
def test_a_time_zone_must_exist(tmp_path: Path, zone: str) -> None:
    assert zone in refused(tmp_path, f'timezone = "{zone}"', "fr")["timezone"]
    assert "no time zone" in refused(tmp_path, f'timezone = "{zone}"')["timezone"]


def test_no_time_zone_and_a_real_one_are_fine() -> None:
    assert Config(timezone="Europe/Paris").timezone == "Europe/Paris"
    assert Config().timezone == ""


WRONG = """
lagnuage = "fr"
[turn]
silence_seconds = 99
[llm]
max_tokens = 1
options = { gpu_layer = 1 }
[stt]
options = { beam_size = 0 }
[vad]
engine = "nobody"
[links.mqtt]
hots = "broker"
[links.pigeon]
[tts]
options = { sped = 2 }
[wake]
options = { words = ["no_such_word_at_all"] }
[[rooms]]
name = "with space"
"""


def test_load_tells_every_mistake_at_once(tmp_path: Path) -> None:
    told = refused(tmp_path, WRONG)
    assert set(told) == {
        *("lagnuage", "turn.silence_seconds", "llm.max_tokens", "llm.options.gpu_layer", "stt.options.beam_size"),
        *("vad.engine", "rooms.0.name"),
    }
    assert told["lagnuage"] == 'unknown key, did you mean "language"?'
    assert told["llm.options.gpu_layer"] == 'unknown key, did you mean "gpu_layers"?'


def test_check_tells_those_of_links_voice_and_wake_word_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRILLON_CONFIG", str(written(tmp_path, WRONG)))
    with pytest.raises(InvalidConfigError) as raised:
        check()
    more = {"links.mqtt.hots", "links.pigeon", "tts.options.sped", "wake.options"}
    assert set(lines(raised.value)) == set(refused(tmp_path, WRONG)) | more


def test_a_right_file_is_checked_and_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = written(tmp_path, 'timezone = "Europe/Paris"\n[llm]\noptions = { threads = 2 }\n[tts]\nengine = "pico"\n')
    assert config.load(file).llm.options == {"threads": 2}
    monkeypatch.setenv("GRILLON_CONFIG", str(file))
    check()


@pytest.mark.parametrize(
    ("toml", "key", "fr", "en"),
    [
        ('language = "de"', "language", "il faut fr ou en", "must be fr or en"),
        ('profile = "big"', "profile", "nano, base, plus ou gpu", "nano, base, plus or gpu"),
        (f'place = "{"x" * 81}"', "place", "trop long, il faut au plus 80", "too long, 80 characters at most"),
        (f"words = {['x'] * 201}", "words", "il en faut au plus 200", "200 at most"),
        ('words = "Zoé"', "words", "une liste est attendue", "a list is expected"),
        ("[rooms]", "rooms", "une liste est attendue", "a list is expected"),
        ("rooms = []", "rooms", "il en faut au moins un", "at least one is needed"),
        ("turn = 1", "turn", "une table TOML", "a TOML table"),
    ],
)
def test_the_words_are_ours(tmp_path: Path, toml: str, key: str, fr: str, en: str) -> None:
    assert fr in refused(tmp_path, toml, "fr")[key]
    assert en in refused(tmp_path, toml, "en")[key]


def test_a_file_that_is_not_toml(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="not valid TOML"):
        config.load(written(tmp_path, "= 1"))


def test_state_is_where_systemd_says_else_the_services_for_root_else_ones_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = tmp_path / "service"
    monkeypatch.setattr(config, "SERVICE_STATE", service)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "own"))
    monkeypatch.delenv("STATE_DIRECTORY", raising=False)
    assert config.default_state_folder() == tmp_path / "own" / "grillon"
    service.mkdir()
    assert config.default_state_folder() == service
    monkeypatch.setattr("os.access", lambda path, mode: False)  # somebody else's
    assert config.default_state_folder() == tmp_path / "own" / "grillon"
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path / "given"))
    assert config.default_state_folder() == tmp_path / "given"
