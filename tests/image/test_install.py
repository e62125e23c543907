"""scripts/install --root lays out a box that runs, twice the same, without touching the system it runs on."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance import config

CHECKOUT = Path(__file__).parents[2]
INSTALL = CHECKOUT / "scripts" / "install"
OF_THE_SYSTEM = (
    *("systemctl", "systemd-sysusers", "systemd-tmpfiles", "useradd", "userdel", "usermod", "groupadd"),
    *("apt-get", "pip", "sudo", "runuser"),
)


class Machine:
    """A root folder to install into, and a watch on the commands that would change the running system."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "a root"
        self.called = folder / "called"
        self._commands = folder / "commands"
        self._commands.mkdir()
        for name in OF_THE_SYSTEM:
            (self._commands / name).write_text(f'#!/bin/sh\necho {name} "$@" >>"{self.called}"\n')
            (self._commands / name).chmod(0o755)
        self._models = folder / "models"
        self._models.mkdir()

    def install(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the script, with a store that holds no model."""
        environment = os.environ | {
            "PATH": f"{self._commands}:{os.environ['PATH']}",
            "GRILLON_MODELS": str(self._models),
            "GRILLON_LANG": "en",
        }
        command = [INSTALL, "--root", self.root, *arguments]
        # With a careful administrator's mask: the service must be able to read all the same.
        return subprocess.run(
            command, cwd="/", env=environment, capture_output=True, text=True, check=False, umask=0o077
        )

    def tree(self) -> dict[str, tuple[int, int, str]]:
        """Return mode, time of change and size or target of everything below the root."""
        found = {}
        for path in sorted(self.root.rglob("*")):
            about = path.lstat()
            what = os.readlink(path) if path.is_symlink() else "" if path.is_dir() else str(about.st_size)
            found[str(path.relative_to(self.root))] = (about.st_mode, 0 if path.is_dir() else about.st_mtime_ns, what)
        return found

    def run(self, code: str) -> subprocess.CompletedProcess[str]:
        """Run Python code in the installed environment, away from the checkout."""
        python = self.root / "opt/grillon/bin/python"
        return subprocess.run([python, "-I", "-c", code], cwd="/", capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A machine where Grillon was just laid out. Read it; tests that change it put it back."""
    made = Machine(tmp_path_factory.mktemp("machine"))
    done = made.install()
    assert done.returncode == 0, done.stderr
    yield made
    shutil.rmtree(made.root, ignore_errors=True)


def test_everything_is_in_its_place(machine: Machine) -> None:
    for place in (
        "opt/grillon/bin/grillon",
        "opt/grillon/share/LICENSE",
        "etc/grillon/grillon.toml",
        "usr/local/lib/systemd/system/grillon.service",
        "usr/local/lib/sysusers.d/grillon.conf",
        "usr/local/lib/tmpfiles.d/grillon.conf",
        "var/lib/grillon/models",
    ):
        assert (machine.root / place).exists(), place
    assert os.readlink(machine.root / "usr/local/bin/grillon") == "/opt/grillon/bin/grillon"


def test_nothing_of_the_running_system_is_touched(machine: Machine) -> None:
    assert not machine.called.exists(), machine.called.read_text()


def test_the_laid_out_program_runs_with_its_own_libraries(machine: Machine) -> None:
    done = machine.run(
        "import appliance, numpy, llama_cpp, ctranslate2, sys\n"
        "from importlib.metadata import version, entry_points\n"
        "print(sys.prefix, appliance.__file__, numpy.__file__, llama_cpp.__file__, version('grillon'), sep='\\n')"
    )
    assert done.returncode == 0, done.stderr
    *places, version = done.stdout.splitlines()
    assert all(place.startswith(f"{machine.root}/opt/grillon") for place in places), places
    declared = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))
    assert version == declared["project"]["version"]


def test_the_command_line_answers(machine: Machine) -> None:
    done = machine.run("import sys; sys.argv = ['grillon', '--help']; from appliance.__main__ import main; main()")
    assert done.returncode == 0, done.stderr
    assert "grillon" in done.stdout


def test_what_only_developers_need_stays_away(machine: Machine) -> None:
    libraries = next((machine.root / "opt/grillon/lib").iterdir()) / "site-packages"
    assert (libraries / "faster_whisper").is_dir()
    assert not [name for name in ("pytest", "mypy", "ruff", "pip", "tests") if (libraries / name).exists()]
    assert not list(libraries.glob("__editable__*"))


def test_no_path_of_the_building_machine_is_left(machine: Machine) -> None:
    opt = machine.root / "opt/grillon"
    for path in (opt / "pyvenv.cfg", *(opt / "bin").glob("[!p]*"), *machine.root.glob("usr/local/lib/*/*.conf")):
        text = path.read_text()
        assert str(CHECKOUT) not in text
        assert str(machine.root) not in text
    assert os.readlink(opt / "bin/python").startswith("/usr/")
    for link in (path for path in machine.root.rglob("*") if path.is_symlink()):
        assert os.readlink(link).startswith(("/usr/", "/opt/grillon/")) or not os.path.isabs(os.readlink(link))


def test_modes_let_the_service_read_and_only_root_write(machine: Machine) -> None:
    for path in machine.root.rglob("*"):
        if not path.is_symlink():
            mode = path.stat().st_mode
            assert mode & stat.S_IROTH, path
            assert not mode & (stat.S_IWGRP | stat.S_IWOTH | stat.S_ISUID | stat.S_ISGID), path


def test_a_second_run_changes_nothing(machine: Machine) -> None:
    before = machine.tree()
    assert machine.install().returncode == 0
    assert machine.tree() == before


def test_what_an_interrupted_run_left_is_cleaned_up(machine: Machine) -> None:
    before = set(machine.tree())
    left = machine.root / "opt/grillon.new/lib"
    left.mkdir(parents=True)
    (left / "half").touch()
    (machine.root / "opt/grillon/.stamp").write_text("of another version\n")
    assert machine.install().returncode == 0
    assert set(machine.tree()) == before


def test_the_persons_configuration_is_never_overwritten(machine: Machine) -> None:
    file = machine.root / "etc/grillon/grillon.toml"
    shipped = file.read_text()
    file.write_text('profile = "nano"\nplace = "Lyon"\n')
    assert machine.install().returncode == 0
    assert file.read_text() == 'profile = "nano"\nplace = "Lyon"\n'
    file.write_text(shipped)


def test_the_shipped_configuration_is_the_defaults(machine: Machine, tmp_path: Path) -> None:
    shipped = machine.root / "etc/grillon/grillon.toml"
    assert config.load(shipped) == config.Config()
    told = tmp_path / "all.toml"
    lines = shipped.read_text("utf-8").splitlines()
    told.write_text("\n".join(line.removeprefix("# ") if " = " in line else line for line in lines))
    assert config.load(told).timezone == "Europe/Paris"


def test_no_password_is_shipped(machine: Machine) -> None:
    for path in (machine.root / "etc/grillon/grillon.toml", *machine.root.glob("usr/local/lib/*/*")):
        if path.is_file():
            assert "password =" not in path.read_text("utf-8")
    if not shutil.which("systemd-sysusers"):
        pytest.skip("no systemd-sysusers here")
    (machine.root / "etc").mkdir(exist_ok=True)
    subprocess.run(["systemd-sysusers", f"--root={machine.root}"], check=True, capture_output=True)
    try:
        shadow = (machine.root / "etc/shadow").read_text()
        assert [line.split(":")[1][0] for line in shadow.splitlines() if line.startswith("grillon:")] == ["!"]
        assert "/usr/sbin/nologin" in (machine.root / "etc/passwd").read_text()
        assert "audio:" in (machine.root / "etc/group").read_text()
    finally:
        for name in ("passwd", "shadow", "group", "gshadow", "passwd-", "shadow-", "group-", "gshadow-", ".pwd.lock"):
            (machine.root / "etc" / name).unlink(missing_ok=True)


@pytest.mark.parametrize(
    ("language", "said"), [("fr", "À faire : ./scripts/setup"), ("en", "Please run: ./scripts/setup")]
)
def test_a_fresh_clone_is_told_to_set_up_first(tmp_path: Path, language: str, said: str) -> None:
    for folder in ("scripts", "systemd"):
        shutil.copytree(CHECKOUT / folder, tmp_path / "clone" / folder, ignore=shutil.ignore_patterns("__pycache__"))
    command = [tmp_path / "clone/scripts/install", "--root", tmp_path / "root"]
    environment = os.environ | {"GRILLON_LANG": language}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("arguments", [["--root", "/"], ["--root"], ["--what"], ["--uninstall", "now"]])
def test_wrong_arguments_are_refused(arguments: list[str]) -> None:
    done = subprocess.run([INSTALL, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("Usage: ")


def test_uninstall_keeps_what_is_the_persons_and_purge_does_not(machine: Machine) -> None:
    """The last one: it takes the machine apart."""
    (machine.root / "var/lib/grillon/state.json").write_text("{}")
    assert machine.install("--uninstall").returncode == 0
    left = {path for path, (mode, _, _) in machine.tree().items() if not stat.S_ISDIR(mode)}
    assert {"etc/grillon/grillon.toml", "var/lib/grillon/state.json"} <= left
    assert {path for path in left if not path.startswith(("etc/grillon/", "var/lib/grillon/"))} == set()
    assert machine.install("--uninstall", "--purge").returncode == 0
    assert [path for path, (mode, _, _) in machine.tree().items() if not stat.S_ISDIR(mode)] == []
    assert not machine.called.exists()
