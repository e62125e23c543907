"""Laws of the house that no linter knows."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rules import source

FILE_LINES = 400
FUNCTION_LINES = 50
TOP = {
    *(".ci", ".gitignore", "CHANGELOG.md", "LICENSE", "LISEZMOI.md", "README.md", "pyproject.toml"),
    *("appliance", "image", "models", "scripts", "systemd", "tests"),
}
FORBIDDEN = ("eval", "exec", "os.system", "os.popen", "compile", "__import__", "yaml.load")
VAGUE = re.compile(r"(Manager|Helper|Utils?)$")
CANCELLED = re.compile(r"\b(CancelledError|BaseException)\b")

every_file = pytest.mark.parametrize("path", source.all_files(), ids=source.name)
package_file = pytest.mark.parametrize("path", source.package_files(), ids=source.name)


@every_file
def test_files_and_functions_are_short(path: Path) -> None:
    lines = len(path.read_text("utf-8").splitlines())
    assert lines <= FILE_LINES
    for node in ast.walk(source.tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= FUNCTION_LINES, f"{node.name} has {length} lines"


@every_file
def test_names_say_what_a_thing_is(path: Path) -> None:
    vague = [n.name for n in ast.walk(source.tree(path)) if isinstance(n, ast.ClassDef) and VAGUE.search(n.name)]
    assert not vague
    assert path.stem not in ("util", "utils", "helper", "helpers", "common", "misc")


@package_file
def test_annotations_are_postponed(path: Path) -> None:
    if not path.read_text("utf-8").strip():
        return
    futures = [n for n in source.tree(path).body if isinstance(n, ast.ImportFrom) and n.module == "__future__"]
    assert futures or len(source.tree(path).body) <= 3, "from __future__ import annotations"


def swallowed(tree: ast.Module) -> Iterator[int]:
    """Yield the lines where a cancellation ends: caught and not raised again, or suppressed around more than a wait."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            bare = node.type is None or CANCELLED.search(ast.unparse(node.type))
            if bare and not any(isinstance(n, ast.Raise) for n in ast.walk(node)):
                yield node.lineno
        elif isinstance(node, ast.With):
            suppressing = any(
                "suppress" in ast.unparse(item) and CANCELLED.search(ast.unparse(item)) for item in node.items
            )
            # Waiting for a task that one has just cancelled is the one good reason.
            waits = [ast.unparse(statement).startswith("await ") for statement in node.body]
            if suppressing and waits != [True]:
                yield node.lineno


@package_file
def test_cancellation_is_never_swallowed(path: Path) -> None:
    assert not list(swallowed(source.tree(path)))


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("try:\n    x()\nexcept:\n    pass", [3]),
        ("try:\n    x()\nexcept asyncio.CancelledError:\n    log()", [3]),
        ("try:\n    x()\nexcept asyncio.CancelledError:\n    log()\n    raise", []),
        ("with suppress(CancelledError):\n    await a\n    await b", [1]),
        ("with suppress(CancelledError):\n    await task", []),
        ("try:\n    x()\nexcept Exception:\n    pass", []),
    ],
)
def test_what_counts_as_swallowing(code: str, lines: list[int]) -> None:
    assert list(swallowed(ast.parse(code))) == lines


@package_file
def test_nothing_runs_code_that_came_as_data(path: Path) -> None:
    for node in ast.walk(source.tree(path)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = {alias.name for alias in node.names} | {getattr(node, "module", None)}
            assert not names & {"pickle", "marshal", "shelve", "dill"}, f"line {node.lineno}"
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            assert called not in FORBIDDEN, f"line {node.lineno}: {called}"
            shell = [k for k in node.keywords if k.arg == "shell"]
            assert not shell, f"line {node.lineno}: a shell"
            assert not called.endswith("create_subprocess_shell"), f"line {node.lineno}: a shell"


SHOWING = re.compile(r"(^|\.)(print|echo|secho|status|Option|Argument|prompt|confirm|add_column|rule|Panel)$")
WORDS = re.compile(r"[^\W\d_]{2,} +[^\W\d_]+")
"""Two words side by side: a sentence has them, a format or a name has not."""


def spoken(tree: ast.Module) -> Iterator[str]:
    """Yield the sentences written into calls that show something to a person."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and SHOWING.search(ast.unparse(node.func)):
            shown = [*node.args, *(k.value for k in node.keywords if k.arg in ("help", "title", "header"))]
            pieces = [n.value for a in shown for n in ast.walk(a) if isinstance(n, ast.Constant)]
            yield from (piece for piece in pieces if isinstance(piece, str) and WORDS.search(piece))


@package_file
def test_what_a_person_reads_is_in_the_catalogue(path: Path) -> None:
    assert not list(spoken(source.tree(path)))


def test_what_counts_as_a_sentence() -> None:
    written = ast.parse("console.print('rien à dire', f'{x} mots de trop')")
    assert set(spoken(written)) == {"rien à dire", " mots de trop"}
    assert not list(spoken(ast.parse("console.print(say('key'), f'  {a}: {b}', '[red]')")))


def test_the_top_of_the_repository_is_the_map_that_the_readme_shows() -> None:
    committed = source.committed()
    if not committed:
        pytest.skip("not a git checkout")
    assert {path.split("/")[0] for path in committed} <= TOP


def test_no_weights_and_no_big_files_are_kept() -> None:
    committed = [source.ROOT / path for path in source.committed()]
    if not committed:
        pytest.skip("not a git checkout")
    big = [source.name(path) for path in committed if path.is_file() and path.stat().st_size > 1_000_000]
    assert not big
    assert not [p for p in committed if p.suffix in (".onnx", ".gguf", ".whl", ".so", ".pt")]


@pytest.mark.parametrize("file", [*source.all_files(), *(source.ROOT / "scripts").iterdir()], ids=source.name)
def test_no_path_of_a_developers_machine(file: Path) -> None:
    if file.is_file() and file != Path(__file__):
        assert not re.search(r"/home/(?!me/)\w|/Users/|/work/|(?<![\w.])/root/", file.read_text("utf-8"))
