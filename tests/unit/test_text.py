"""Which text may be stored: the same on both engines, whatever each of them would put up with."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderwright.core.errors import Invalid
from orderwright.core.text import clean_text, look_of, text_problem

CONTROLS = [chr(code) for code in (0x00, 0x01, 0x1B, 0x7F, 0x85, 0x9F)]
HALVES = [chr(code) for code in (0xD800, 0xDFFF, 0xFFFE, 0xFFFF)]
OVERRIDES = [chr(code) for code in (0x202A, 0x202E)]


@pytest.mark.parametrize("character", [*CONTROLS, *HALVES, *OVERRIDES], ids=ascii)
@pytest.mark.parametrize("block", [False, True])
def test_controls_half_pairs_and_overrides_of_direction_are_refused(character, block):
    with pytest.raises(Invalid) as refused:
        clean_text(f"INV{character}-1", pointer="/invoice_number", longest=60, block=block)

    assert (refused.value.code, refused.value.status) == ("forbidden_character", 422)
    assert [(field.pointer, field.code) for field in refused.value.fields] == [
        ("/invoice_number", "forbidden_character")
    ]


@pytest.mark.parametrize("character", ["\n", "\r", "\t", "\u2028", "\u2029"])
def test_a_line_is_one_line(character):
    assert text_problem(f"a{character}b", longest=60) is not None


@pytest.mark.parametrize(("text", "stored"), [("a\nb", "a\nb"), ("a\r\nb", "a\nb"), ("a\rb", "a\nb"), ("a\tb", "a\tb")])
def test_a_block_keeps_its_lines_with_one_kind_of_break(text, stored):
    assert clean_text(text, pointer="/text", longest=60, block=True) == stored


@pytest.mark.parametrize(
    "name",
    ["Zoë O’Hara-Müller", "עמית בן־דוד", "محمد \u200fعبد", "李 小龍", "👩\u200d🔧 & Söhne", "a\u2066b\u2069c"],
)
def test_names_of_people_everywhere_are_kept(name):
    assert clean_text(name, pointer="/name", longest=120) == unicodedata.normalize("NFC", name)


def test_text_is_trimmed_and_put_into_normal_form():
    assert clean_text("  Zoe\u0308  ", pointer="/name", longest=120) == "Zoë"


def test_too_long_is_told_with_both_lengths():
    with pytest.raises(Invalid) as refused:
        clean_text("x" * 61, pointer="/invoice_number", longest=60)

    assert refused.value.code == "too_long"
    assert refused.value.fields[0].message == "At most 60 characters; this has 61."
    assert clean_text("x" * 60, pointer="/invoice_number", longest=60) == "x" * 60


@pytest.mark.parametrize("text", ["", " ", " \u00a0\u3000 ", "\u200b", "\ufeff \u200d", "\u3164", "\u2800"])
def test_what_is_required_is_more_than_space(text):
    with pytest.raises(Invalid) as refused:
        clean_text(text, pointer="/text", longest=60, required=True)

    assert refused.value.code == "required"


@pytest.mark.parametrize(
    "typed",
    [
        "returns desk",
        "RETURNS  DESK",
        "Returns\u00a0desk",
        "Re\u200bturns desk\u2060",
        "Re\u200dturns\u200c desk",
        "Returns de\u00adsk",
        "\uff32eturns desk",
        "Returns de\u017fk",
        "Returns\ufe0f de\u034fsk",
        "\u2066Returns desk\u2069",
    ],
    ids=ascii,
)
def test_names_that_differ_in_what_is_overlooked_have_one_look(typed):
    assert look_of(typed) == look_of("Returns desk") == "returns desk"


def test_a_letter_and_its_mark_are_one_however_they_are_parted():
    assert look_of("Zoe\u034f\u0308") == look_of("ZOE\u200b\u0308") == look_of("Zoë")


def test_names_of_other_letters_have_looks_of_their_own_even_where_those_are_drawn_alike():
    names = [
        "Returns desk",
        "Returns desks",
        "Retürns desk",
        "Returns-desk",
        "Returnsdesk",
        "R\u0435turns desk",
        "返品",
        "返却",
    ]

    assert len({look_of(name) for name in names}) == len(names)


@given(name=st.text(alphabet=st.characters(), max_size=40))
def test_a_look_is_its_own_look(name):
    assert look_of(look_of(name)) == look_of(name)


@pytest.mark.parametrize("text", ["👩\u200d🔧 packed it", "می\u200cروم", "❤\ufe0f", "a\u200bb"], ids=ascii)
def test_free_text_keeps_what_joins_and_parts_its_letters(text):
    assert clean_text(text, pointer="/text", longest=60, block=True) == text


@given(text=st.text(alphabet=st.characters(), max_size=80), block=st.booleans())
def test_whatever_is_let_through_fits_and_can_be_written_as_utf_8(text, block):
    if text_problem(text, longest=60, block=block):
        return
    stored = clean_text(text, pointer="/text", longest=60, block=block)

    assert "\x00" not in stored
    assert stored.encode().decode() == stored
    assert clean_text(stored, pointer="/text", longest=200, block=block) == stored


@given(text=st.text(alphabet="a\u0301\u0958\ufb2c\U0001d15e", min_size=55, max_size=60))
def test_normal_form_does_not_grow_text_beyond_its_column(text):
    if text_problem(text, longest=60):
        return

    assert len(clean_text(text, pointer="/text", longest=60)) <= 60
