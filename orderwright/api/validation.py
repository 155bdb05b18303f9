"""From pydantic's words for what is wrong to ours: the codes are those with which actions refuse the same thing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from orderwright.actions.order_document.reader import escape
from orderwright.api.errors import ParameterInvalid
from orderwright.api.fields import OWN_CODE
from orderwright.core.errors import FieldError, Invalid, NotFound, OrderwrightError

MISSING: Final = "It is missing."
# pydantic's type of error -> (our code, our sentence, in which {} stands for the context's values)
WORDS: Final[dict[str, tuple[str, str]]] = {
    "missing": ("required", MISSING),
    "extra_forbidden": ("unknown_field", "There is no such field."),
    "string_type": ("wrong_type", "It must be text."),
    "bool_type": ("wrong_type", "It must be true or false."),
    "list_type": ("wrong_type", "It must be a list."),
    "dict_type": ("wrong_type", "It must be an object."),
    "model_type": ("wrong_type", "It must be an object."),
    "model_attributes_type": ("wrong_type", "It must be an object."),
    "int_type": ("not_an_integer", "It must be a whole number."),
    "int_from_float": ("not_an_integer", "It must be a whole number."),
    "int_parsing": ("not_an_integer", "It must be a whole number."),
    "int_parsing_size": ("out_of_range", "It is too large."),
    "greater_than_equal": ("out_of_range", "It must be at least {ge}."),
    "less_than_equal": ("out_of_range", "It must be at most {le}."),
    "string_too_long": ("too_long", "At most {max_length} characters."),
    "too_long": ("too_many", "At most {max_length} entries."),
    "too_short": ("required", "At least {min_length} entry."),
    "literal_error": ("unknown_value", "It is one of {expected}."),
}
_MOST_ERRORS: Final = 100


def error_of(errors: Sequence[Mapping[str, Any]]) -> OrderwrightError:
    """Return the one error that answers what pydantic found in a request.

    A path that cannot be read names nothing: NotFound. A faulty parameter of the address: ParameterInvalid. Otherwise
    Invalid, pointing into the body.
    """
    sources = {error["loc"][0] for error in errors}
    if "path" in sources:
        return NotFound("There is nothing with this number or name.")
    if "query" in sources:
        fields = tuple(_field_error(error, str(error["loc"][-1])) for error in errors if error["loc"][0] == "query")
        return ParameterInvalid("The address has a parameter that cannot be read.", fields=fields)
    # In ("body", "body", "items", 0, "quantity") the second is our argument's name, which the sender never wrote.
    fields = tuple(
        _field_error(error, "".join(f"/{escape(str(token))}" for token in error["loc"][2:]))
        for error in errors[:_MOST_ERRORS]
    )
    return Invalid("The body is not as it should be.", fields=fields)


def _field_error(error: Mapping[str, Any], pointer: str) -> FieldError:
    kind: str = error["type"]
    if kind.startswith(OWN_CODE):
        return FieldError(pointer=pointer, code=kind.removeprefix(OWN_CODE), message=error["msg"])
    if kind not in WORDS:
        # Pydantic's own sentence stands as it is: braces in it, as of a pattern, are not ours to fill.
        return FieldError(pointer=pointer, code="invalid", message=error["msg"])
    code, sentence = WORDS[kind]
    return FieldError(pointer=pointer, code=code, message=sentence.format_map(error.get("ctx", {})))
