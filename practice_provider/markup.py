"""HTML out of plain values: every text is escaped unless it is markup made here; no page and no word of one."""

from html import escape

_WITHOUT_END = frozenset(("img", "input", "link", "meta"))


class Markup(str):
    """Text that is HTML already; only ``tag`` and ``document`` make it."""

    __slots__ = ()


Child = str | None
Value = str | int | bool | None


def tag(name: str, /, *children: Child, **attributes: Value) -> Markup:
    """Return an element.

    Shape: children in order, None left out; attributes lose a trailing underscore and have hyphens for inner ones; True
    stands alone, False and None are left out.
    """
    opening = f"<{name}{''.join(_attribute(key, value) for key, value in attributes.items())}>"
    if name in _WITHOUT_END:
        return Markup(opening)
    return Markup(f"{opening}{join(*children)}</{name}>")


def join(*children: Child) -> Markup:
    """Return several children side by side, without an element around them."""
    return Markup("".join(child if isinstance(child, Markup) else escape(child) for child in children if child))


def document(*, head: Markup, body: Markup) -> bytes:
    """Return a whole page in English."""
    return f'<!doctype html>\n<html lang="en"><head>{head}</head><body>{body}</body></html>\n'.encode()


def _attribute(name: str, value: Value) -> str:
    if value is None or value is False:
        return ""
    shown = name.rstrip("_").replace("_", "-")
    return f" {shown}" if value is True else f' {shown}="{escape(str(value))}"'
