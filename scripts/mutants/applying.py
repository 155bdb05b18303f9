"""Putting a mutant in force in a process that has imported its module. For a forked child: nothing undoes it."""

from __future__ import annotations

import ast
import sys
from types import CodeType, FunctionType, ModuleType
from typing import Any

from scripts.mutants.making import Mutant


def put_in_force(mutant: Mutant, module: ModuleType) -> None:
    """Let every reader of the module meet the mutant: a function gets other code, a table other contents.

    Effects: functions stay the objects that they are, so that whoever imported them runs the other code; what caches
    of the module have kept is forgotten.
    """
    tree = mutant.put_in()
    if mutant.is_table:
        _change_table(mutant.scope, tree, module)
    else:
        code = compile(tree, module.__file__ or "", "exec", dont_inherit=True)
        function_at(module, mutant.scope).__code__ = _code_at(code, mutant.scope)
    forget_cached(module)


def function_at(module: ModuleType, scope: str) -> FunctionType:
    """Return the function itself, from below its decorators. Shape: `scope` is `split` or `Room.of`."""
    found: Any = module
    for name in scope.split("."):
        found = vars(found)[name]
    found = found.fget if isinstance(found, property) else found
    while hasattr(found, "__wrapped__"):  # caches and whatever else stands before it; static methods too
        found = found.__wrapped__
    if not isinstance(found, FunctionType):
        raise TypeError(f"{scope} is no function: {found!r}")
    return found


def forget_cached(module: ModuleType) -> None:
    """Empty every cache in front of a function of the module."""
    for value in vars(module).values():
        if hasattr(value, "cache_clear"):
            value.cache_clear()


def _code_at(code: CodeType, scope: str) -> CodeType:
    for name in scope.split("."):
        code = next(one for one in code.co_consts if isinstance(one, CodeType) and one.co_name == name)
    return code


def _change_table(name: str, tree: ast.Module, module: ModuleType) -> None:
    for statement in tree.body:
        match statement:
            case (
                ast.Assign(targets=[ast.Name(id=found)], value=value)
                | ast.AnnAssign(target=ast.Name(id=found), value=ast.expr() as value)
            ) if found == name:
                break
    else:
        raise LookupError(f"{name} is nowhere in {module.__name__}")
    code = compile(ast.fix_missing_locations(ast.Expression(value)), module.__file__ or "", "eval", dont_inherit=True)
    old, new = vars(module)[name], eval(code, vars(module))  # noqa: S307 - our own source, changed in one place
    if isinstance(old, dict):
        old.clear()
        old.update(new)
        return
    for other in list(sys.modules.values()):
        if vars(other).get(name) is old:
            setattr(other, name, new)
