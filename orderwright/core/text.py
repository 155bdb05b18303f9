"""Which text may be stored: rules on characters and length that hold on both database engines."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext as _

from orderwright.core.cards import has_card_number
from orderwright.core.errors import FieldError, Invalid

# NUL breaks PostgreSQL, lone surrogates break UTF-8, other controls break logs, mail headers and CSV.
_FORBIDDEN_INLINE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_FORBIDDEN_BLOCK = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Bidirectional overrides can make "INV-1" read as something else; isolates and marks stay, names need them.
_OVERRIDES = re.compile("[\u202a-\u202e]")
# What is not seen, beside format characters (Cf): joiners, fillers, variation selectors, a blank.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


def text_problem(
    value: str, *, longest: int, block: bool = False, is_reference: bool = False
) -> tuple[str, str] | None:
    """Return (code, sentence) for text that may not be stored, or None. `block` allows line breaks and tabs.

    `is_reference`: it names something elsewhere, such as a parcel, and may be any long number. Anywhere else a number
    that can be a card's is refused (W14).
    """
    # Some characters become two in the form that is stored; text that is long already is not put into it at all.
    size = len(value) if len(value) > longest else len(unicodedata.normalize("NFC", value))
    if size > longest:
        return "too_long", _("At most %(longest)s characters; this has %(size)s.") % {"longest": longest, "size": size}
    if (_FORBIDDEN_BLOCK if block else _FORBIDDEN_INLINE).search(value) or _OVERRIDES.search(value):
        return "forbidden_character", _("It has a control character or half of a character pair.")
    if not is_reference and has_card_number(value):
        return "card_number_refused", _("It has a card number in it. Card numbers are never kept here.")
    return None


def look_of(name: str) -> str:
    """Return a name without what people overlook in it, for comparing alone.

    Letter case, width and other forms of the same character (NFKC), the way in which a letter and its accent are
    composed, characters that are not seen and the number of spaces make no difference. Letters of two scripts that
    look the same, such as Latin and Cyrillic "e", stay two. Empty when nothing is seen at all.
    Source: Unicode 3.13, NFKC_Casefold.
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    seen = "".join(char for char in _UNSEEN.sub("", folded) if unicodedata.category(char) != "Cf")
    return " ".join(unicodedata.normalize("NFKC", seen).split())


def clean_text(
    value: str,
    *,
    pointer: str,
    longest: int,
    block: bool = False,
    required: bool = False,
    is_reference: bool = False,
) -> str:
    """Return the text trimmed and in normal form (NFC), ready to be stored.

    Raises: Invalid with codes too_long, forbidden_character, card_number_refused or required, pointing at `pointer`.
    """
    problem = text_problem(value, longest=longest, block=block, is_reference=is_reference)
    if problem is None and required and not look_of(value):
        problem = "required", _("It must not be empty.")
    if problem is not None:
        code, sentence = problem
        raise Invalid(sentence, code=code, fields=(FieldError(pointer=pointer, code=code, message=sentence),))
    trimmed = unicodedata.normalize("NFC", value).strip()
    return trimmed.replace("\r\n", "\n").replace("\r", "\n") if block else trimmed
