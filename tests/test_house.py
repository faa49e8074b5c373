"""The house keeps its own rules: rooms of a readable size, a light import, a tree that stands alone."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted((ROOT / "src" / "ragengine").rglob("*.py"))
PAGES = sorted(path for path in (ROOT / "docs").rglob("*.md"))


def test_no_module_is_longer_than_a_person_reads() -> None:
    """About 400 lines a module."""
    long = {path.name: count for path in MODULES if (count := len(path.read_text("utf-8").splitlines())) > 430}

    assert long == {}


def test_a_name_says_what_is_inside() -> None:
    """Nothing is called utils, helpers or common."""
    vague = [
        path
        for path in MODULES
        if {"utils", "util", "helpers", "helper", "common", "misc"} & {path.stem, path.parent.name}
    ]

    assert vague == []


def test_what_a_module_exports_somebody_else_asks_for() -> None:
    """A name in ``__all__`` stands in another module, a test or a page: else it is the module's own."""
    texts = {
        path: path.read_text("utf-8") for room in ("src", "tests", "benchmarks") for path in (ROOT / room).rglob("*.py")
    }
    words = {path: set(re.findall(r"\w+", text)) for path, text in texts.items()}
    asked = Counter(word for own in words.values() for word in own)
    named = {word for path in PAGES for word in re.findall(r"\w+", path.read_text("utf-8"))}
    own = [
        (path.name, name)
        for path in MODULES
        if path.name != "__init__.py" and path.stem != "pytest_plugin" and path.parent.name != "commands"
        for name in _exported(texts[path])
        if asked[name] == 1 and name not in named
    ]

    assert own == []


def _exported(text: str) -> list[str]:
    for line in ast.parse(text).body:
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name) and line.targets[0].id == "__all__":
            return list(ast.literal_eval(line.value))
    return []


def test_a_public_name_means_one_thing() -> None:
    """No two modules have a class, or a public function, of one name; commands are called as they are typed."""
    found: dict[str, list[str]] = {}
    for path in MODULES:
        for line in ast.parse(path.read_text("utf-8")).body:
            public = isinstance(line, ast.FunctionDef) and not line.name.startswith("_")
            if isinstance(line, ast.ClassDef) or (public and path.parent.name != "commands"):
                found.setdefault(line.name, []).append(path.name)

    assert {name: paths for name, paths in found.items() if len(paths) > 1} == {}


def test_importing_loads_no_dependency_that_is_not_asked_for() -> None:
    """``import ragengine`` alone parses no TOML and starts no expression evaluator."""
    heavy = ["tomllib", "simpleeval", "cattrs", "argparse", "csv", "json", "pytest", "hypothesis", "narwhals", "polars"]
    code = f"import sys, ragengine; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_a_level_waits_for_nothing_that_it_does_not_need() -> None:
    """Who loads rules and rates a value loads neither what puts it into words, nor what reads and scores data."""
    later = ["data.collection", "document", "rating.actions", "rating.explanation", "rating.words", "rollup"]
    rules = """{"a.toml": '[area]\\ntitle = "A"\\n[kpi.k]\\ntitle = "K"\\nwords = { no = "red", yes = "green" }'}"""
    code = (
        f"import sys, ragengine; rating = ragengine.load({rules}).rate('a.k', 'yes'); "
        f"print(rating.rag, [m for m in {later!r} if f'ragengine.{{m}}' in sys.modules], rating.explain())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.startswith("green [] Green. ")


@pytest.mark.parametrize("arguments", [["--help"], ["score", "--help"], ["check", "rules", "--strcit"]])
def test_help_and_wrong_use_answer_without_the_engine(arguments: list[str]) -> None:
    """The help of a command, and a mistyped option, load neither attrs nor anything that rates."""
    heavy = ["attrs", "attr", "tomllib", "ragengine.errors", "ragengine.commands.output"]
    code = (
        "import sys; from ragengine.cli import main\n"
        f"try: main({arguments!r})\n"
        f"finally: print([m for m in {heavy!r} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)

    assert done.stderr.splitlines()[-1] == "[]"


@pytest.mark.parametrize("path", [*PAGES, ROOT / "README.md", ROOT / "CONTRIBUTING.md"], ids=lambda p: p.name)
def test_links_between_pages_lead_somewhere(path: Path) -> None:
    """Every relative link of a page names a file that is there."""
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", path.read_text("utf-8"))
    broken = [link for link in links if "://" not in link and not (path.parent / link).exists()]

    assert broken == []


def test_the_tree_names_no_machine() -> None:
    """No path of one computer and no registry's host stands in a file of the project."""
    told = re.compile(
        r"/(?:home|root|Users|work|tmp)/[a-z]|C:\\\\Users|pypi\.org/simple|index-url|registry\.", re.IGNORECASE
    )
    kept = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "pyproject.toml", ".ci/run")]
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in [*kept, *MODULES, *PAGES, *sorted((ROOT / "rules").glob("*.toml"))]
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if told.search(line)
    ]

    assert found == []


def test_the_picture_of_the_rooms_is_that_of_the_contract() -> None:
    """docs/how-it-works.md draws the layers in their order, each room once."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    page = (ROOT / "docs" / "how-it-works.md").read_text("utf-8")
    picture = page.partition("```text\n")[2].partition("\n```")[0]
    drawn = [room for line in picture.splitlines() for room in line.partition("  ")[0].split()]

    for layer in layers:
        rooms = layer.split(" | ")
        assert sorted(drawn[: len(rooms)]) == sorted(rooms)
        drawn = drawn[len(rooms) :]
    assert drawn == []


def test_what_the_glossary_points_at_stands_there() -> None:
    """Each place of the house's own words is a module, a room, or a class of one."""
    page = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    places = re.findall(r"\| `([^`]+)` \|\n", page)

    assert len(places) > 10
    for place in places:
        found = any(f"class {place.partition('.')[0]}" in path.read_text("utf-8") for path in MODULES)
        assert (ROOT / "src" / "ragengine" / place).exists() or found, place
