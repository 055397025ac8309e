"""Which engine a word of the command line means: a bundled one, a specimen, an engine.toml, or an adapter file."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.base.errors import SetupError
from harness.compose import plugs
from tests.fakes.mixed_flow import INSTRUMENTS

TOML = 'schema = 1\nname = "mine"\nadapter = "{adapter}"\n[start]\ncommand = ["./engine"]\n'
ADAPTER = """
from engines.adapters.plain import PlainInProcess

class ENGINE(PlainInProcess):
    def __init__(self, setup):
        super().__init__(setup)
        self.name = setup.file.name
        self.version = setup.file.start.command[0]
"""


@dataclass
class Built:
    name: str = "told"
    version: str = "3"


def described(folder, adapter):
    path = folder / "engine.toml"
    path.write_text(TOML.format(adapter=adapter))
    return path


def test_an_engine_file_is_handed_to_the_bundled_adapter_that_it_names(tmp_path):
    path = described(tmp_path, "plain")
    choice = plugs.engine(str(path))
    assert (choice.adapter, choice.file.name, choice.source) == ("plain", "mine", path.read_bytes())
    assert choice.engine(INSTRUMENTS, None).name == "plain"


def test_an_engine_file_may_name_an_adapter_file_beside_it(tmp_path, monkeypatch):
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "adapter.py").write_text(ADAPTER)
    described(tmp_path / "own", "adapter.py")
    monkeypatch.chdir(tmp_path)
    engine = plugs.engine("own/engine.toml").engine(INSTRUMENTS, None)
    assert (engine.name, engine.version) == ("mine", "./engine")


def test_an_adapter_that_there_is_not_is_refused(tmp_path):
    with pytest.raises(SetupError, match=r"names the adapter 'jason'; there are: .*plain"):
        plugs.engine(str(described(tmp_path, "jason")))


def test_an_engine_that_there_is_not_is_refused():
    with pytest.raises(SetupError, match=r"there is no engine 'nobody'; .*path of an engine\.toml"):
        plugs.engine("nobody")


@pytest.mark.parametrize(
    ("name", "said"), [("plain", "plain"), ("taker_price", "taker_price"), ("engine.toml", "told")]
)
def test_a_bundled_engine_keeps_its_name_and_another_says_its_own(tmp_path, name, said):
    path = str(described(tmp_path, "plain")) if name.endswith(".toml") else name
    choice = plugs.engine(path)
    assert choice.bundled == (said == name)
    assert choice.identity(Built()).name == said
    assert choice.argument() == path


def test_the_argument_works_from_any_folder(tmp_path, monkeypatch):
    described(tmp_path, "plain")
    monkeypatch.chdir(tmp_path)
    assert plugs.engine("engine.toml").argument() == str(Path("engine.toml").resolve())


def test_a_shared_library_needs_no_file_that_tells_of_it(tmp_path, monkeypatch):
    (tmp_path / 'my "book".so').write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    choice = plugs.engine('my "book".so')
    assert (choice.adapter, choice.file.name, choice.bundled) == ("c_abi", 'my "book"', False)
    assert choice.file.library.path == tmp_path / 'my "book".so'
    (tmp_path / "engine.toml").write_bytes(choice.source)
    assert plugs.engine("engine.toml").file == choice.file


def test_a_shared_library_that_is_not_there_is_refused():
    with pytest.raises(SetupError, match=r"there is no shared library at gone\.so"):
        plugs.engine("gone.so")


def test_a_python_object_needs_no_file_that_tells_of_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    choice = plugs.engine("src/matching.book:Engine.of")
    assert (choice.adapter, choice.file.name, choice.bundled) == ("python", "matching.book:Engine.of", False)
    assert (choice.file.python.object, choice.file.python.path) == ("matching.book:Engine.of", [tmp_path / "src"])
    assert plugs.engine(choice.argument()).file == choice.file
    (tmp_path / "engine.toml").write_bytes(choice.source)
    assert plugs.engine("engine.toml").file == choice.file


@pytest.mark.parametrize(
    "name", ["book:", ":Engine", "book:Engine()", "book.:Engine", "my-book:Engine", "book:Engine:of"]
)
def test_what_only_looks_like_a_python_object_is_refused(name):
    with pytest.raises(SetupError, match=r"is no module:attribute, such as"):
        plugs.engine(name)
