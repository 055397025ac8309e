"""The ways to break a function: each changes one place of its source text."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

COMPARISONS = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==", ast.In: "not in", ast.NotIn: "in",
}  # fmt: skip
ARITHMETIC = {
    ast.Add: "-", ast.Sub: "+", ast.Mult: "+", ast.FloorDiv: "*", ast.Mod: "*", ast.LShift: ">>", ast.RShift: "<<",
    ast.BitAnd: "|", ast.BitOr: "&", ast.BitXor: "&",
}  # fmt: skip


class Change(NamedTuple):
    """Other text for a stretch of a file, by offsets."""

    line: int
    begin: int
    end: int
    text: str
    said: str

    def applied(self, source: str) -> str:
        """The file with the change in it."""
        return source[: self.begin] + self.text + source[self.end :]


def functions_of(source: str) -> list[tuple[str, ast.FunctionDef]]:
    """The functions at the top of a file and the methods of its classes, each with its name: `Class.method`."""
    found = []
    for node in ast.parse(source).body:
        inside, prefix = (node.body, f"{node.name}.") if isinstance(node, ast.ClassDef) else ([node], "")
        found += [(prefix + one.name, one) for one in inside if isinstance(one, ast.FunctionDef)]
    return found


def changes_of(function: ast.FunctionDef, source: str) -> Iterator[Change]:
    """Every change of the function's body that there is."""
    starts = _line_starts(source)
    body = function.body[1:] if ast.get_docstring(function) else function.body
    for statement in body:
        for node in _nodes(statement):
            yield from _of(node, source, starts)


def _nodes(node: ast.AST) -> Iterator[ast.AST]:
    """All that stands in a statement, but for text with values in it (Python 3.11 does not know their places) and `strict=`."""
    if not isinstance(node, ast.JoinedStr) and not (isinstance(node, ast.keyword) and node.arg == "strict"):
        yield node
        for child in ast.iter_child_nodes(node):
            yield from _nodes(child)


def _of(node: ast.AST, source: str, starts: list[int]) -> Iterator[Change]:
    if isinstance(node, ast.Compare | ast.BinOp | ast.AugAssign | ast.BoolOp):
        left, right, other = _operation(node)
        if other:
            yield _between(left, right, other, source, starts)
    elif isinstance(node, ast.If | ast.While | ast.IfExp):
        yield _instead(node.test, f"not ({_text(node.test, source, starts)})", source, starts)
    elif isinstance(node, ast.Assign | ast.Expr) and not isinstance(node.value, ast.Constant):
        yield _instead(node, "pass", source, starts)
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield _instead(node, str(not node.value), source, starts)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield _instead(node, str(node.value + 1), source, starts)


def _operation(node: ast.Compare | ast.BinOp | ast.AugAssign | ast.BoolOp) -> tuple[ast.AST, ast.AST, str]:
    """The parts on both sides of an operator, and what it is changed to; no text where it is left alone."""
    match node:
        case ast.Compare(left=left, ops=[only], comparators=[right]):
            return left, right, COMPARISONS.get(type(only), "")
        case ast.Compare(left=left, comparators=[right, *_]):
            return left, right, ""
        case ast.BoolOp(values=[left, right, *_]):
            return left, right, "or" if isinstance(node.op, ast.And) else "and"
        case ast.AugAssign(target=left, value=right):
            other = ARITHMETIC.get(type(node.op), "")
            return left, right, other and f"{other}="
        case ast.BinOp(left=left, right=right):
            return left, right, ARITHMETIC.get(type(node.op), "")
    raise TypeError(type(node))


def _between(left: ast.AST, right: ast.AST, text: str, source: str, starts: list[int]) -> Change:
    """Change the operator that stands between two parts; brackets beside it stay."""
    begin, end = _end(left, source, starts), _begin(right, source, starts)
    old = source[begin:end]
    word = old.strip("() \n\t\\")
    at = begin + old.index(word)
    return _change(at, at + len(word), text, source)


def _instead(node: ast.AST, text: str, source: str, starts: list[int]) -> Change:
    return _change(_begin(node, source, starts), _end(node, source, starts), text, source)


def _change(begin: int, end: int, text: str, source: str) -> Change:
    line = source.count("\n", 0, begin) + 1
    whole = source.splitlines()[line - 1].strip()
    return Change(line, begin, end, text, f"{source[begin:end]!r} -> {text!r} in {whole[:80]!r}")


def _text(node: ast.AST, source: str, starts: list[int]) -> str:
    return source[_begin(node, source, starts) : _end(node, source, starts)]


def _begin(node: ast.AST, source: str, starts: list[int]) -> int:
    del source
    return starts[node.lineno - 1] + node.col_offset


def _end(node: ast.AST, source: str, starts: list[int]) -> int:
    del source
    return starts[node.end_lineno - 1] + node.end_col_offset


def _line_starts(source: str) -> list[int]:
    """Offsets of the lines; the sources are ASCII, so that columns in bytes are columns in letters."""
    if not source.isascii():
        raise ValueError("a source that is not ASCII cannot be changed by columns")
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    return starts
