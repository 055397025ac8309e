"""Files that a person writes: what is wrong in one is told in words, all of it, where it stands."""

from typing import Annotated

import msgspec
import pytest
from pydantic import PlainValidator

from harness.base.errors import SetupError
from harness.base.written import Strict, declared, read_written


class Inner(msgspec.Struct, frozen=True):
    far: int = 0


class Thing(msgspec.Struct):
    id: int
    names: tuple[str, ...] = ()
    inner: Inner = Inner()

    def __post_init__(self):
        if self.id < 0:
            raise ValueError("an id below 0")


class Page(Strict):
    size: int
    thing: Annotated[Thing, PlainValidator(declared(Thing))] | None = None


def read(folder, text):
    path = folder / "page.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_written(path, Page, "page")


def test_a_file_is_read_with_its_bytes(tmp_path):
    page, source = read(tmp_path, 'size = 3\n[thing]\nid = 1\nnames = ["a"]\ninner = { far = 2 }\n')
    assert page == Page(size=3, thing=Thing(1, ("a",), Inner(2)))
    assert source.startswith(b"size = 3")


MISTAKES = {
    "two of the page": ("siez = 3\n", ["size: Field required", "siez: Extra inputs are not permitted (came: 3)"]),
    "two of a thing": (
        'size = 1\n[thing]\nnames = 5\ninner = { fra = 1, far = "x" }\n',
        ["thing: id is missing; names: Expected `array`, got `int` (came: 5); inner: there is no 'fra'; there are: far; inner: far: Expected `int`, got `str` (came: 'x')"],
    ),
    "what only the whole can say": ("size = 1\nthing = { id = -1 }\n", ["thing: an id below 0"]),
    "no table": ("size = 1\nthing = 5\n", ["thing: wanted a table (came: 5)"]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "told"), MISTAKES.values(), ids=MISTAKES.keys())
def test_mistakes_are_told_all_at_once(tmp_path, text, told):
    with pytest.raises(SetupError) as refused:
        read(tmp_path, text)
    head, *lines = str(refused.value).splitlines()
    assert head == f"the page {tmp_path / 'page.toml'} cannot be used:"
    assert [line.strip() for line in lines] == told


@pytest.mark.parametrize(("text", "said"), [("size = ", "is no valid TOML"), (b"size = '\xff'", "is no valid TOML")])
def test_what_is_no_toml_is_told(tmp_path, text, said):
    with pytest.raises(SetupError, match=said):
        read(tmp_path, text)


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(SetupError, match="cannot read the page"):
        read_written(tmp_path / "none.toml", Page, "page")
