"""The house rules that no linter knows: style as a test. A rule that is in the way is changed here, with its reason."""

import ast
from pathlib import Path

import pytest

from harness.base import discover
from harness.compose.plugs import KINDS

ROOT = Path(__file__).parents[2]
PACKAGES = ("harness", "engines", "scenarios", "reports", "pytest_gonogo")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
LONGEST_FUNCTION = 70
LONGEST_FILE = 300
PUBLIC_NAMES = {
    "engine": "ENGINE", "specimen": "SPECIMEN", "scenario": "SCENARIO", "flow": "FLOW", "check": "CHECK", "probe": "PROBE",
    "instrument": "INSTRUMENT", "format": "FORMAT", "bench": "BENCH", "relation": "RELATION",
}  # fmt: skip


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(tree: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def undocumented(tree: ast.Module) -> list[str]:
    """Public classes and functions at the top of a module that do not say what they are."""
    named = (node for node in tree.body if isinstance(node, ast.ClassDef | ast.FunctionDef))
    return [node.name for node in named if not node.name.startswith("_") and not ast.get_docstring(node)]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_says_what_it_holds_and_is_one_room(path):
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    assert ast.get_docstring(tree), "a module begins with a docstring"
    assert not undocumented(tree), "public classes and functions have a docstring"
    long = {
        node.name: length
        for node in functions(tree)
        if (length := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    }
    assert not long, f"functions over {LONGEST_FUNCTION} lines"
    assert len(source.splitlines()) <= LONGEST_FILE, f"a file over {LONGEST_FILE} lines is more than one room"
    asserts = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Assert)]
    assert not asserts, "python -O drops an assert: raise instead"


@pytest.mark.parametrize("kind", KINDS)
def test_every_plug_has_its_public_name_and_says_what_it_is(kind):
    names = discover.names(KINDS[kind])
    assert names, f"there is at least one {kind}"
    for name in names:
        assert discover.about(KINDS[kind], name), f"{kind} {name} has a docstring"
        discover.load(KINDS[kind], name, PUBLIC_NAMES[kind])


def test_every_module_with_code_has_a_test_of_its_name():
    """Wiring, verbs and the conformance battery are tested by what they are for; specimens, adapters and benches by contract; what is private by its users."""
    tested = {path.stem.removeprefix("test_") for path in (ROOT / "tests").rglob("test_*.py")}
    elsewhere = {"cli", "compose", "conformance", "specimens", "adapters", "scenarios", "bench"}
    silent = [
        name_of(path)
        for path in MODULES
        if path.stem not in tested
        and not path.stem.startswith("_")
        and path.parent.name not in elsewhere
        and any(
            node.body[-1:] and not _is_declared(node) for node in functions(ast.parse(path.read_text(encoding="utf-8")))
        )
    ]
    assert not silent, "these modules have no test file of their name"


def _is_declared(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """A method of a protocol: nothing but `...` after its docstring."""
    last = node.body[-1]
    return isinstance(last, ast.Expr) and isinstance(last.value, ast.Constant)


def test_listing_plugs_is_cheap():
    """`gonogo list` reads docstrings as text; nothing heavy is imported for it."""
    for package in KINDS.values():
        for name in discover.names(package):
            assert discover.about(package, name)


def test_the_functions_stay_short():
    lengths = sorted(
        (node.end_lineno or 0) - node.lineno + 1
        for path in MODULES
        for node in functions(ast.parse(path.read_text(encoding="utf-8")))
    )
    assert lengths[len(lengths) // 2] <= 12, "the median function has grown"
