"""Reading form-encoded parameters with nested names, such as ``metadata[order]`` and ``expand[0]``, as Stripe does."""

import re
from urllib.parse import parse_qsl

from practice_provider.documents import Json
from practice_provider.faces.stripe.refusals import ParameterInvalid
from practice_provider.words import gettext as _

_NAME = re.compile(r"([A-Za-z0-9_]+)((?:\[[A-Za-z0-9_.:-]*\])*)")
_PARTS = re.compile(r"\[([A-Za-z0-9_.:-]*)\]")
_MOST = 200


def parse_form(encoded: str) -> Json:
    """Return the parameters; ``a[b]=c`` is an object, ``a[]=b`` and ``a[0]=b`` are lists.

    Raises: ParameterInvalid for what cannot be read, and for a parameter given twice.
    """
    try:
        pairs = parse_qsl(encoded, keep_blank_values=True, errors="strict", max_num_fields=_MOST)
    except ValueError as unreadable:
        raise ParameterInvalid(_("The body could not be read."), parameter="") from unreadable
    document: Json = {}
    for name, value in pairs:
        found = _NAME.fullmatch(name)
        if not found:
            raise ParameterInvalid(_("Received unknown parameter: {name}").format(name=name), parameter=name)
        _put(document, [found.group(1), *_PARTS.findall(found.group(2))], value, name)
    return {name: _lists(value) for name, value in document.items()}


def _put(document: Json, path: list[str], value: str, name: str) -> None:
    at = document
    for part in path[:-1]:
        inner = at.setdefault(part, {})
        if not isinstance(inner, dict):
            raise ParameterInvalid(_("Invalid object"), parameter=name)
        at = inner
    last = path[-1] or str(len(at))
    if last in at:
        raise ParameterInvalid(_("A parameter was given twice."), parameter=name)
    at[last] = value


def _lists(value: object) -> object:
    if not isinstance(value, dict):
        return value
    inner = {name: _lists(each) for name, each in value.items()}
    is_list = bool(inner) and list(inner) == [str(place) for place in range(len(inner))]
    return list(inner.values()) if is_list else inner


class Parameters:
    """The parameters of one request, read one at a time; what nobody reads is unknown."""

    def __init__(self, document: Json) -> None:
        """Take what was sent."""
        self._document = dict(document)

    def text(self, name: str, *, default: str | None = None) -> str:
        """Return a text. Raises: ParameterInvalid when it is missing and has no default."""
        found = self._document.pop(name, default)
        if not isinstance(found, str):
            raise ParameterInvalid(
                _("Missing required param: {name}.").format(name=name), parameter=name, code="parameter_missing"
            )
        return found

    def integer(self, name: str) -> int | None:
        """Return a whole number, or None when it is not given. Raises: ParameterInvalid."""
        found = self._document.pop(name, None)
        if found is None:
            return None
        if not isinstance(found, str) or not re.fullmatch(r"-?[0-9]{1,15}", found):
            raise ParameterInvalid(
                _("Invalid integer: {value}").format(value=found), parameter=name, code="parameter_invalid_integer"
            )
        return int(found)

    def truth(self, name: str, *, default: bool) -> bool:
        """Return true or false. Raises: ParameterInvalid."""
        found = self._document.pop(name, None)
        if found is None:
            return default
        if found not in ("true", "false"):
            raise ParameterInvalid(_("Invalid boolean: {value}").format(value=found), parameter=name)
        return found == "true"

    def words(self, name: str) -> dict[str, str]:
        """Return a set of texts by name, such as metadata. Raises: ParameterInvalid."""
        found = self._document.pop(name, {})
        if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
            raise ParameterInvalid(_("Invalid object"), parameter=name)
        return {str(key): str(value) for key, value in found.items()}

    def inner(self, name: str) -> Json:
        """Return an object as it came."""
        found = self._document.pop(name, {})
        return found if isinstance(found, dict) else {}

    def listed(self, name: str) -> list[str]:
        """Return a list of texts, empty when it is not given."""
        found = self._document.pop(name, [])
        return [str(each) for each in found] if isinstance(found, list) else []

    def finish(self) -> None:
        """Refuse what nobody has read. Raises: ParameterInvalid."""
        for name in self._document:
            raise ParameterInvalid(
                _("Received unknown parameter: {name}").format(name=name), parameter=name, code="parameter_unknown"
            )
