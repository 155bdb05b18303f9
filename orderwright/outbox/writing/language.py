"""The language of mail templates: text with `{{ placeholders }}`, `if` and `for`. Pure; it knows no order and no row.

It is Jinja2, cut down: no calls, filters, assignments, arithmetic or attributes, and no loop within a loop. What is
left cannot reach anything but the values it is given, and ends after as many steps as the template is long times the
rows of a list.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, Final

from django.utils.translation import gettext as _
from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.exceptions import UndefinedError
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from orderwright.core.errors import FieldError
from orderwright.outbox.errors import TemplateBroken
from orderwright.outbox.writing.vocabulary import MailKind, Placeholder

LONGEST_SUBJECT: Final = 300
LONGEST_TEXT: Final = 20_000
LONGEST_HTML: Final = 60_000
# What a template may come to. The longest order of the demo stays below a fiftieth of it.
MOST_WRITTEN: Final = 1_000_000
_DEEPEST: Final = 8
# What a row of a loop may say of its own place.
_OF_LOOP: Final = frozenset({"first", "last", "index"})

Values = Mapping[str, Any]
# Names of a template where they stand: those of the mail, and within a loop its row.
_Names = Mapping[str, Placeholder]


class _Environment(ImmutableSandboxedEnvironment):
    """Jinja2 without globals, filters, tests, attributes or calls: a dot looks into a row of ours and nowhere else."""

    def __init__(self, *, is_html: bool) -> None:
        super().__init__(
            autoescape=is_html,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        for reachable in (self.globals, self.filters, self.tests):
            reachable.clear()

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return the row's field; anything else is undefined."""
        if isinstance(obj, LoopContext) and attribute in _OF_LOOP:
            return getattr(obj, attribute)
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: str | Any) -> Any:
        """Return that there is nothing: brackets are no part of the language."""
        return self.undefined(obj=obj, name=str(argument))

    def is_safe_callable(self, obj: Any) -> bool:  # noqa: ARG002 - the sandbox hands over what is called
        """Return that nothing may be called."""
        return False


_ENVIRONMENTS: Final = {is_html: _Environment(is_html=is_html) for is_html in (False, True)}


@dataclass(frozen=True, slots=True)
class Template:
    """A checked template. `skeleton` is its text in every branch once, each placeholder replaced by a harmless word."""

    compiled: Any
    skeleton: str


# Stands for a placeholder in a skeleton: fits into text and into the address of a link.
STAND_IN: Final = "https://placeholder.invalid/"


@lru_cache(maxsize=256)
def checked(source: str, *, kind: MailKind, is_html: bool, field: str, longest: int) -> Template:
    """Return the template, ready to be written out.

    Raises: TemplateBroken with a pointer at `field` and the line, for what is not part of the language, for a
    placeholder that this kind of mail does not have, and for one that is too long or too deep.
    """
    if len(source) > longest:
        words = _("At most %(longest)s characters; this has %(size)s.") % {"longest": longest, "size": len(source)}
        raise _broken(field, 1, words)
    environment = _ENVIRONMENTS[is_html]
    try:
        tree = environment.parse(source)
    except TemplateSyntaxError as error:
        told = (error.message or "").rstrip(".")[:200]
        raise _broken(field, error.lineno, _("It cannot be read: %(why)s.") % {"why": told}) from error
    except (RecursionError, ValueError, OverflowError) as error:
        raise _broken(field, 1, _("It is nested too deep, or has a number with too many digits.")) from error
    skeleton = _Check(field).body(tree.body, dict(kind.placeholders), depth=0)
    return Template(environment.from_string(tree), skeleton)


def written(template: Template, values: Values, *, field: str) -> str:
    """Return the template with the values in their places.

    Raises: TemplateBroken when a value is missing, or when it comes to more than MOST_WRITTEN characters.
    """
    pieces: list[str] = []
    size = 0
    try:
        for piece in template.compiled.generate(values):
            size += len(piece)
            if size > MOST_WRITTEN:
                raise _broken(field, 1, _("It comes to more than %(most)s characters.") % {"most": MOST_WRITTEN})
            pieces.append(piece)
    except UndefinedError as error:
        raise _broken(field, 1, _("A value is missing: %(what)s.") % {"what": error.message}) from error
    return "".join(pieces)


def with_breaks(text: str) -> Markup:
    """Return text of several lines as HTML, its line breaks kept."""
    return Markup("<br>").join(escape(line) for line in text.splitlines())


class _Check:
    """Walks a template once, refuses what is not part of the language, and gathers its skeleton."""

    def __init__(self, field: str) -> None:
        self._field = field

    def body(self, statements: Iterable[nodes.Node], names: _Names, *, depth: int, in_loop: bool = False) -> str:
        """Return the skeleton of some statements. Raises: TemplateBroken."""
        parts = [self._statement(each, names, depth=depth + 1, in_loop=in_loop) for each in statements]
        return "".join(parts)

    def _statement(self, node: nodes.Node, names: _Names, *, depth: int, in_loop: bool) -> str:
        if depth > _DEEPEST:
            raise self._refused(node, _("It is nested too deep."))
        match node:
            case nodes.Output(nodes=parts):
                return "".join(self._printed(part, names) for part in parts)
            case nodes.If():
                self._condition(node.test, names, depth=0)
                chosen = self.body(node.body, names, depth=depth, in_loop=in_loop)
                others = self.body([*node.elif_, *node.else_], names, depth=depth, in_loop=in_loop)
                return chosen + others
            case nodes.For():
                return self._loop(node, names, depth=depth, in_loop=in_loop)
        raise self._refused(node, _("Only placeholders, if and for can be used here."))

    def _printed(self, node: nodes.Node, names: _Names) -> str:
        if isinstance(node, nodes.TemplateData):
            return str(node.data)
        if self._placeholder(node, names).is_list:
            raise self._refused(node, _("This is a list: go through it with {% for … in … %}."))
        return STAND_IN

    def _loop(self, node: nodes.For, names: _Names, *, depth: int, in_loop: bool) -> str:
        if in_loop or node.recursive or node.test is not None:
            raise self._refused(node, _("A loop cannot stand in another loop, and has no condition."))
        if not isinstance(node.target, nodes.Name):
            raise self._refused(node, _("Give each row one name, as in {% for item in items %}."))
        rows = self._placeholder(node.iter, names)
        if not rows.is_list:
            raise self._refused(node, _("“%(name)s” is not a list.") % {"name": rows.name})
        row = Placeholder(name=node.target.name, meaning=rows.meaning, fields=rows.fields)
        inside = {**names, row.name: row, "loop": _LOOP}
        return self.body(node.body, inside, depth=depth, in_loop=True) + self.body(
            node.else_, names, depth=depth, in_loop=in_loop
        )

    def _condition(self, node: nodes.Node, names: _Names, *, depth: int) -> None:
        if depth > _DEEPEST:
            raise self._refused(node, _("It is nested too deep."))
        match node:
            case nodes.Not(node=inner):
                self._condition(inner, names, depth=depth + 1)
            case nodes.And(left=left, right=right) | nodes.Or(left=left, right=right):
                self._condition(left, names, depth=depth + 1)
                self._condition(right, names, depth=depth + 1)
            case nodes.Compare(expr=left, ops=[nodes.Operand(op="eq" | "ne", expr=nodes.Const(value=str()))]):
                self._placeholder(left, names)
            case _:
                self._placeholder(node, names, is_row_allowed=True)

    def _placeholder(self, node: nodes.Node, names: _Names, *, is_row_allowed: bool = False) -> Placeholder:
        match node:
            case nodes.Name(name=str(name)):
                if name not in names:
                    raise self._unknown(node, name, names)
                found = names[name]
                if found.fields and not found.is_list and not is_row_allowed:
                    example = f"{name}.{found.fields[0].name}"
                    raise self._refused(node, _("Say what of the row, such as %(example)s.") % {"example": example})
                return found
            case nodes.Getattr(node=nodes.Name(name=str(name)), attr=str(attribute)):
                row = names.get(name)
                if row is None:
                    raise self._unknown(node, name, names)
                field = None if row.is_list else row.field(attribute)
                if field is None:
                    known = {f"{name}.{each.name}" for each in row.fields if not row.is_list}
                    raise self._unknown(node, f"{name}.{attribute}", known)
                return field
        raise self._refused(node, _("Only the name of a placeholder can stand here."))

    def _unknown(self, node: nodes.Node, name: str, known: Iterable[str]) -> TemplateBroken:
        near = get_close_matches(name, list(known), n=1)
        words = _("There is no placeholder “%(name)s” in this mail.") % {"name": name[:60]}
        if near:
            words += " " + _("Did you mean “%(name)s”?") % {"name": near[0]}
        return self._refused(node, words)

    def _refused(self, node: nodes.Node, words: str) -> TemplateBroken:
        return _broken(self._field, node.lineno or 1, words)


_LOOP: Final = Placeholder(
    name="loop", meaning="", fields=tuple(Placeholder(name=name, meaning="") for name in sorted(_OF_LOOP))
)


def _broken(field: str, line: int, words: str) -> TemplateBroken:
    message = _("Line %(line)s: %(words)s") % {"line": line, "words": words}
    fields = (FieldError(pointer=f"/{field}", code=TemplateBroken.code, message=message),)
    return TemplateBroken(message, fields=fields, facts={"field": field, "line": line})
