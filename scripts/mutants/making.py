"""Making mutants: every small change to a module that a test should notice. Pure, on the syntax tree alone.

Changed are functions, decorated ones and properties too, and tables: constants in capitals. Left as they are: words
for people (what `_` translates and what is raised), docstrings, annotations, decorators, defaults of arguments.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

T = TypeVar("T")

_OTHER: Final[dict[type[ast.AST], type[Any]]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.LShift: ast.RShift,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.And: ast.Or,
    ast.Or: ast.And,
}
_OTHER_CALL: Final = {"min": "max", "max": "min", "any": "all", "all": "any"}
# What narrows or cleans: without it the rest of the expression still means something.
_LINKS: Final = frozenset({"filter", "exclude", "exists", "strip", "replace"})
# How much of a long statement stands on either side of what was changed, when a mutant is named.
_CONTEXT: Final = 30


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a node hangs in the tree. Shape: `index` is None where the field holds one node and not a list of them."""

    holder: ast.AST
    field: str
    index: int | None

    def put(self, node: ast.AST | None) -> None:
        """Hang another node there."""
        if self.index is None:
            setattr(self.holder, self.field, node)
        else:
            getattr(self.holder, self.field)[self.index] = node


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One change. `scope` is the function (`Room.of`) or table; `change` says what became what, once in its scope.

    Shape: `lines` are those of the statement, first and last; a table's are of no interest, for it runs on import.
    """

    scope: str
    change: str
    lines: tuple[int, int]
    is_table: bool
    module: ast.Module
    place: _Place
    replacement: ast.AST

    @property
    def name(self) -> str:
        """What the mutant is called in reports and explanations, whatever line it is on."""
        return f"{self.scope}: {self.change}"

    def put_in(self) -> ast.Module:
        """Return the module with the change in it. Effects: the tree that all mutants share is changed for good."""
        self.place.put(self.replacement)
        return ast.fix_missing_locations(self.module)


def mutants(source: str) -> list[Mutant]:
    """Return every mutant of this Python source, from top to bottom. Raises: SyntaxError when it is no Python."""
    module = ast.parse(source)
    found = []
    seen: Counter[str] = Counter()
    for scope, is_table, statement, place, node in _places(module):
        for replacement in _replacements(node, in_table=is_table):
            change = _told(statement, place, node, replacement)
            seen[f"{scope}: {change}"] += 1
            count = seen[f"{scope}: {change}"]
            found.append(
                Mutant(
                    scope=scope,
                    change=change if count == 1 else f"{change} ({count})",
                    lines=(statement.lineno, _last_line(statement)),
                    is_table=is_table,
                    module=module,
                    place=place,
                    replacement=replacement,
                )
            )
    return found


def is_table_name(name: str) -> bool:
    """Return whether a name at the top of a module is a constant's: tables, bounds, words."""
    return name.isupper()


_Found = tuple[str, bool, ast.stmt, _Place, ast.AST]


def _places(module: ast.Module) -> Iterator[_Found]:
    """Yield every node that may be changed, with its scope, whether that is a table, its statement and its place."""
    left = _left_alone(module)
    for statement in module.body:
        match statement:
            case ast.FunctionDef():
                yield from _of_function(statement, "", left)
            case ast.ClassDef():
                for one in statement.body:
                    if isinstance(one, ast.FunctionDef):
                        yield from _of_function(one, f"{statement.name}.", left)
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                if is_table_name(name) and statement.value is not None:
                    place = _Place(statement, "value", None)
                    found = _below(statement.value, place, statement, left)
                    yield from ((name, True, *one) for one in found)


def _of_function(function: ast.FunctionDef, prefix: str, left: frozenset[int]) -> Iterator[_Found]:
    for index, statement in enumerate(function.body):
        if index or ast.get_docstring(function) is None:
            found = _below(statement, _Place(function, "body", index), statement, left)
            yield from ((prefix + function.name, False, *one) for one in found)


def _below(
    node: ast.AST, place: _Place, statement: ast.stmt, left: frozenset[int]
) -> Iterator[tuple[ast.stmt, _Place, ast.AST]]:
    if id(node) in left:
        return
    statement = node if isinstance(node, ast.stmt) else statement
    yield statement, place, node
    for field, value in ast.iter_fields(node):
        if isinstance(value, ast.AST):
            yield from _below(value, _Place(node, field, None), statement, left)
        elif isinstance(value, list):
            for index, one in enumerate(value):
                if isinstance(one, ast.AST):
                    yield from _below(one, _Place(node, field, index), statement, left)


def _left_alone(module: ast.Module) -> frozenset[int]:
    """Return the ids of nodes that stay as they are: words for people, formats, types."""
    left: set[int] = set()
    for node in ast.walk(module):
        match node:
            case ast.Raise(exc=ast.Call(args=words)) | ast.Call(func=ast.Name(id="_" | "cast"), args=words):
                left.update(map(id, words))
            case ast.JoinedStr(values=parts):
                left.update(id(part) for part in parts if isinstance(part, ast.Constant))
            case ast.FormattedValue(format_spec=ast.JoinedStr() as pattern):
                left.add(id(pattern))
            case ast.AnnAssign(annotation=annotation):
                left.add(id(annotation))
    return frozenset(left)


def _replacements(node: ast.AST, *, in_table: bool) -> Iterator[ast.AST]:
    """Yield what may stand in place of a node."""
    if isinstance(node, ast.Tuple | ast.List | ast.Set) and (in_table or len(node.elts) > 1):
        yield from _shorter(node)
    for kind, make in _MAKERS.items():
        if isinstance(node, kind):
            yield from make(node)


def _compare(node: ast.Compare) -> Iterator[ast.AST]:
    for index, operator in enumerate(node.ops):
        ops = [*node.ops[:index], _OTHER[type(operator)](), *node.ops[index + 1 :]]
        yield ast.Compare(node.left, ops, node.comparators)


def _binary(node: ast.BinOp) -> Iterator[ast.AST]:
    if type(node.op) in _OTHER:
        yield ast.BinOp(node.left, _OTHER[type(node.op)](), node.right)


def _boolean(node: ast.BoolOp) -> Iterator[ast.AST]:
    yield ast.BoolOp(_OTHER[type(node.op)](), node.values)
    for rest in _each_left_out(node.values):
        yield ast.BoolOp(node.op, rest) if len(rest) > 1 else rest[0]


def _unary(node: ast.UnaryOp) -> Iterator[ast.AST]:
    if isinstance(node.op, ast.Not | ast.USub):
        yield node.operand


def _choice(node: ast.IfExp) -> Iterator[ast.AST]:
    yield node.body
    yield node.orelse


def _comprehension(node: ast.comprehension) -> Iterator[ast.AST]:
    for rest in _each_left_out(node.ifs):
        yield ast.comprehension(node.target, node.iter, rest, node.is_async)


def _slice(node: ast.Slice) -> Iterator[ast.AST]:
    if node.lower is not None:
        yield ast.Slice(None, node.upper, node.step)
    if node.upper is not None:
        yield ast.Slice(node.lower, None, node.step)


def _call(node: ast.Call) -> Iterator[ast.AST]:
    match node.func:
        case ast.Name(id=name) if name in _OTHER_CALL:
            yield ast.Call(ast.Name(_OTHER_CALL[name], ast.Load()), node.args, node.keywords)
        case ast.Attribute(attr=name) if name in _LINKS:
            yield node.func.value
    for rest in _each_left_out(node.keywords):
        yield ast.Call(node.func, node.args, rest)


def _dict(node: ast.Dict) -> Iterator[ast.AST]:
    for keys, values in zip(_each_left_out(node.keys), _each_left_out(node.values), strict=True):
        yield ast.Dict(keys, values)


def _shorter(node: ast.Tuple | ast.List | ast.Set) -> Iterator[ast.AST]:
    for rest in _each_left_out(node.elts):
        if isinstance(node, ast.Set):
            yield ast.Set(rest) if rest else ast.Call(ast.Name("set", ast.Load()), [], [])
        elif isinstance(node.ctx, ast.Load):
            yield type(node)(rest, ast.Load())


def _case(node: ast.match_case) -> Iterator[ast.AST]:
    if node.guard is not None:
        yield ast.match_case(node.pattern, None, node.body)


def _constant(node: ast.Constant) -> Iterator[ast.AST]:
    yield from map(ast.Constant, _other_values(node.value))


def _branch(node: ast.If) -> Iterator[ast.AST]:
    for answer in (True, False):
        yield ast.If(ast.Constant(answer), node.body, node.orelse)


def _loop(node: ast.While) -> Iterator[ast.AST]:
    yield ast.While(ast.Constant(value=False), node.body, node.orelse)


def _return(node: ast.Return) -> Iterator[ast.AST]:
    if node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
        yield ast.Return(ast.Constant(None))


def _addition(node: ast.AugAssign) -> Iterator[ast.AST]:
    if type(node.op) in _OTHER:
        yield ast.AugAssign(node.target, _OTHER[type(node.op)](), node.value)
    yield ast.Pass()


def _assignment(node: ast.Assign) -> Iterator[ast.AST]:
    if isinstance(node.targets[0], ast.Attribute | ast.Subscript):
        yield ast.Pass()


def _removal(node: ast.stmt) -> Iterator[ast.AST]:
    if not isinstance(node, ast.Expr) or isinstance(node.value, ast.Call):
        yield ast.Pass()


def _match(node: ast.Match) -> Iterator[ast.AST]:
    if len(node.cases) > 1:
        for rest in _each_left_out(node.cases):
            yield ast.Match(node.subject, rest)


_MAKERS: Final[dict[type[ast.AST], Callable[[Any], Iterator[ast.AST]]]] = {
    ast.Compare: _compare,
    ast.BinOp: _binary,
    ast.BoolOp: _boolean,
    ast.UnaryOp: _unary,
    ast.IfExp: _choice,
    ast.comprehension: _comprehension,
    ast.Slice: _slice,
    ast.Call: _call,
    ast.Dict: _dict,
    ast.match_case: _case,
    ast.Constant: _constant,
    ast.If: _branch,
    ast.While: _loop,
    ast.Return: _return,
    ast.AugAssign: _addition,
    ast.Assign: _assignment,
    ast.Raise: _removal,
    ast.Continue: _removal,
    ast.Expr: _removal,
    ast.Match: _match,
}


def _each_left_out(items: Sequence[T]) -> Iterator[list[T]]:
    for index in range(len(items)):
        yield [*items[:index], *items[index + 1 :]]


def _other_values(value: object) -> Iterator[int | str | bool]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield value + 1
        if value:
            yield value - 1
    elif isinstance(value, str):
        yield f"{value}~"


def _last_line(statement: ast.stmt) -> int:
    """Return the last line of a statement, without what is inside it."""
    body = getattr(statement, "body", None) or getattr(statement, "cases", None)
    if isinstance(statement, ast.Match):
        return statement.subject.end_lineno or statement.lineno
    return body[0].lineno - 1 if body and body[0].lineno > statement.lineno else statement.end_lineno or 0


def _told(statement: ast.stmt, place: _Place, node: ast.AST, replacement: ast.AST) -> str:
    """Return what became what, cut to the neighbourhood of the change. Effects: the tree is as before afterwards."""
    before = _text(statement)
    place.put(replacement)
    after = _text(replacement if statement is node and isinstance(replacement, ast.stmt) else statement)
    place.put(node)
    same = next((at for at, (one, other) in enumerate(zip(before, after, strict=False)) if one != other), 0)
    start = max(same - _CONTEXT, 0)
    return f"{_cut(before, after, start)} → {_cut(after, before, start)}"


def _cut(text: str, other: str, start: int) -> str:
    """Return the text from `start` to a little beyond where it differs from the other."""
    same_end = next(
        (at for at, (one, two) in enumerate(zip(reversed(text), reversed(other), strict=False)) if one != two),
        min(len(text), len(other)),
    )
    end = min(len(text) - same_end + _CONTEXT, len(text))
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"


def _text(statement: ast.AST) -> str:
    """Return a statement on one line, of one with others inside it the head alone."""
    lines = ast.unparse(ast.fix_missing_locations(statement)).splitlines()
    has_body = isinstance(statement, ast.If | ast.While | ast.For | ast.With)
    return lines[0] if has_body else " ".join(line.strip() for line in lines)
