"""What begins loads nothing that it does not need: the package, the command line, the plugin."""

import ast
import json
import pickle
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import optin_engine
from optin_engine import Contact

PACKAGE = Path(optin_engine.__file__).parent
SHELLS = {"__main__", "cli", "mailings", "operations"}
CORE = {f"optin_engine.{path.stem}" for path in PACKAGE.glob("*.py")} - {
    f"optin_engine.{name}" for name in SHELLS
}
HELP = """
import sys
from optin_engine.cli import main
sys.argv = ["optin-engine", "--help"]
try:
    main()
except SystemExit:
    pass
"""
PLUGIN = "import pytest, optin_engine.harness.pytest_plugin"


def loaded(code: str) -> set[str]:
    """Run some code in a fresh interpreter, and give the modules that it leaves loaded."""
    telling = f"{code}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    ran = subprocess.run(
        [sys.executable, "-c", telling], capture_output=True, text=True, check=True
    )
    return set(json.loads(ran.stderr))


def of_others(modules: set[str]) -> set[str]:
    """Give the packages among modules that are neither Python's nor ours."""
    packages = {name.partition(".")[0] for name in modules}
    return packages - sys.stdlib_module_names - {"optin_engine", "__main__"}


@pytest.mark.parametrize(
    ("code", "needed"),
    [
        ("import optin_engine", "pass"),
        ("import optin_engine.cli", "import typer"),
        (HELP, "import typer"),
        (PLUGIN, "import pytest"),
    ],
    ids=["the package", "the command line", "its help", "the pytest plugin"],
)
def test_what_begins_loads_no_library_beyond_its_own_and_nothing_of_the_core(
    code: str, needed: str
) -> None:
    modules = loaded(code)
    assert "optin_engine" in modules
    assert of_others(modules) - of_others(loaded(needed)) == set()
    assert modules & CORE == set()


def test_a_name_loads_its_module_and_no_more() -> None:
    modules = loaded("from optin_engine import Contact")
    assert "optin_engine.vocabulary" in modules
    assert "optin_engine.engine" not in modules


def homes_for_type_checkers() -> dict[str, str]:
    """Give the names that the package imports where only a type checker looks."""
    tree = ast.parse(Path(optin_engine.__file__).read_text(encoding="utf-8"))
    blocks = [node for node in tree.body if isinstance(node, ast.If)]
    imports = [node for block in blocks for node in block.body if isinstance(node, ast.ImportFrom)]
    return {alias.name: str(node.module) for node in imports for alias in node.names}


def test_type_checkers_and_people_are_told_the_same_names() -> None:
    assert sorted(homes_for_type_checkers()) == sorted(optin_engine.__all__)


@pytest.mark.parametrize(("name", "home"), homes_for_type_checkers().items())
def test_a_name_is_what_type_checkers_are_told(name: str, home: str) -> None:
    assert getattr(optin_engine, name) is getattr(import_module(home), name)


def test_no_name_hides_a_module() -> None:
    # `import optin_engine.it` would put the module in the name's place.
    modules = {path.stem for path in PACKAGE.iterdir()}
    assert modules.isdisjoint(optin_engine.__all__)


def test_all_names_come_with_a_star_and_are_listed_before() -> None:
    code = (
        "import optin_engine; listed = set(dir(optin_engine)); from optin_engine import *\n"
        "assert set(optin_engine.__all__) <= listed & set(globals())"
    )
    assert "optin_engine.engine" in loaded(code)


def test_what_is_no_name_is_an_error_that_names_it() -> None:
    with pytest.raises(AttributeError, match="module 'optin_engine' has no attribute 'Engin'"):
        _ = optin_engine.Engin  # type: ignore[attr-defined]


def test_a_value_that_was_loaded_late_can_be_pickled() -> None:
    contact = Contact("+15555550123", "123456")
    assert pickle.loads(pickle.dumps(contact)) == contact  # noqa: S301 - it is our own.
