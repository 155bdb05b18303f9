"""Refuses floating-point numbers wherever money may pass: amounts are integers in minor units (I2).

A float may count time, and then its name says so (`timeout`, `delay_seconds`). Anywhere else the line gives its reason:
`share = done / total  # not money: width of the progress bar`.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MONEY_PATHS = ("config", "orderwright", "practice_provider")

WAIVER = re.compile(r"#.*\bnot money: \S")
# Names that hold a length of time.
_TIME = re.compile(
    r"(second|timeout|delay|pause|interval|wait|backoff|elapsed|duration|deadline|started|monotonic|_s$)", re.IGNORECASE
)
_TIME_CALLS = frozenset({"sleep", "wait", "join", "select", "poll"})
# `folder / "file"` divides nothing.
_FOLDER = re.compile(r"(dir|path|root|folder|home|parent|file)s?$", re.IGNORECASE)
_PATH_CALLS = frozenset({"Path", "resolve", "absolute", "cwd", "gettempdir", "mkdtemp"})
_SQL_FLOAT = re.compile(r"::\s*(float|real|double)|\bas\s+(real|float|double)\b|\bdouble precision\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One place where a float may come in. Shape: `line` counts from 1."""

    line: int
    message: str


class _Floats(ast.NodeVisitor):
    """Collects findings; does not look into what is about time."""

    def __init__(self) -> None:
        self.found: list[Finding] = []

    def _report(self, node: ast.expr, message: str) -> None:
        self.found.append(Finding(node.lineno, message))

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, float | complex):
            self._report(node, f"the literal {node.value!r} is a float")
        elif isinstance(node.value, str) and _SQL_FLOAT.search(node.value):
            self._report(node, "this SQL casts to a float")

    def visit_Name(self, node: ast.Name) -> None:
        if node.id in ("float", "FloatField"):
            self._report(node, f"`{node.id}`")

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if node.attr == "FloatField":
            self._report(node, "`FloatField`")
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if isinstance(node.op, ast.Div) and not (_is_path(node.left) or _is_path(node.right)):
            self._report(node, "`/` gives a float; share out with `//` or core.money.split")
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.op, ast.Div) and not (_is_path(node.target) or _is_path(node.value)):
            self._report(node.target, "`/=` gives a float; share out with `//` or core.money.split")
        if not _is_time(node.target):
            self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        if not all(_is_time(target) for target in node.targets):
            self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if not _is_time(node.target):
            self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        # Whoever asks `isinstance(amount, float)` is about to refuse it.
        if _last_name(node.func) not in _TIME_CALLS | {"isinstance"}:
            self.generic_visit(node)

    def visit_MatchClass(self, node: ast.MatchClass) -> None:
        # `case float():` asks the same.
        for pattern in (*node.patterns, *node.kwd_patterns):
            self.visit(pattern)

    def visit_keyword(self, node: ast.keyword) -> None:
        if not (node.arg and _TIME.search(node.arg)):
            self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._visit_function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self._visit_function(node)

    def _visit_function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        arguments = node.args
        positional = [*arguments.posonlyargs, *arguments.args]
        missing = [None] * (len(positional) - len(arguments.defaults))
        pairs = [
            *zip(positional, [*missing, *arguments.defaults], strict=True),
            *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
        ]
        for argument, default in pairs:
            if _TIME.search(argument.arg):
                continue
            for part in (argument.annotation, default):
                if part is not None:
                    self.visit(part)
        if node.returns is not None and not _TIME.search(node.name):
            self.visit(node.returns)
        for statement in (*node.decorator_list, *node.body):
            self.visit(statement)


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Call):
        return _last_name(node.func)
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _is_time(target: ast.expr) -> bool:
    return bool(_TIME.search(_last_name(target)))


def _is_path(node: ast.expr) -> bool:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        return _is_path(node.left) or _is_path(node.right)
    if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        return True
    name = _last_name(node)
    return name in _PATH_CALLS or bool(_FOLDER.search(name))


def find_floats(source: str) -> list[Finding]:
    """Return every place of this Python source where a float may come in, from top to bottom.

    Raises: SyntaxError when it is no Python.
    """
    visitor = _Floats()
    visitor.visit(ast.parse(source))
    lines = source.splitlines()
    return sorted({finding for finding in visitor.found if not WAIVER.search(lines[finding.line - 1])})


def money_files() -> Iterator[Path]:
    """Yield every Python file that money may pass through, in a settled order."""
    for folder in MONEY_PATHS:
        yield from sorted((ROOT / folder).rglob("*.py"))


def main() -> int:
    """Print what was found as `file:line: message` and return an exit code."""
    count = 0
    for path in money_files():
        for finding in find_floats(path.read_text(encoding="utf-8")):
            count += 1
            print(f"{path.relative_to(ROOT)}:{finding.line}: {finding.message}")
    if count:
        print(f"{count} floats. Amounts are whole minor units; where it is no amount, say so: # not money: …")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
