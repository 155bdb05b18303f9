"""The language of mail templates: what it has, what it refuses with a line, and that it cannot reach out or run on."""

from __future__ import annotations

import time

import pytest

from orderwright.outbox.errors import TemplateBroken
from orderwright.outbox.writing.language import LONGEST_HTML, MOST_WRITTEN, checked, written
from orderwright.outbox.writing.values import mail_values
from orderwright.outbox.writing.vocabulary import MAIL_KINDS, Placeholder
from orderwright.outbox.writing.wording import Wording, built_in, check_wording
from tests.outbox.mail_facts import OCCASIONS, Line, Order

SHIPPED = MAIL_KINDS["order_shipped"]


def shown(source: str, *, is_html: bool = False, values: dict | None = None) -> str:
    template = checked(source, kind=SHIPPED, is_html=is_html, field="text", longest=20_000)
    known = mail_values(Order(), OCCASIONS["order_shipped"], language="en")
    return written(template, {**known, **(values or {})}, field="text")


def fault_of(**changed: str) -> tuple[str, str, int]:
    wording = {"subject": "Subject", "text": "Text", "html": "", **changed}
    with pytest.raises(TemplateBroken) as refused:
        check_wording(Wording(**wording), kind=SHIPPED)
    [field] = refused.value.fields
    return field.pointer, field.message.partition(": ")[2], refused.value.facts["line"]


def test_placeholders_conditions_and_rows_are_the_whole_of_it():
    source = (
        "{% if carrier == 'UPS' and not is_complete %}By {{ carrier }}{% elif method != 'x' %}?{% else %}!{% endif %}: "
        "{% for item in items %}{{ loop.index }}. {{ item.name }}{% if not loop.last %}, {% endif %}"
        "{% else %}nothing{% endfor %}{# a remark #}"
    )

    assert shown(source) == "By UPS: 1. Oak side table, 2. Linen lamp shade, sand"
    assert shown(source, values={"items": [], "is_complete": "yes"}) == "?: nothing"


def test_rows_of_plain_text_are_printed_as_they_are():
    assert shown("{% for line in address %}{{ line }}|{% endfor %}").startswith("Bob Norman|123 Amoeb")


def test_values_are_text_in_html_and_never_a_template():
    hostile = "<b>{{ total }}</b>"

    assert shown("{{ customer_name }}", is_html=True, values={"customer_name": hostile}) == (
        "&lt;b&gt;{{ total }}&lt;/b&gt;"
    )
    assert shown("{{ customer_name }}", values={"customer_name": hostile}) == hostile


def test_an_unknown_placeholder_is_named_with_its_line_and_what_may_be_meant():
    assert fault_of(text="Hello\n\n{{ custmer_name }}") == (
        "/text",
        "There is no placeholder “custmer_name” in this mail. Did you mean “customer_name”?",
        3,
    )
    assert fault_of(subject="{{ refunded }}")[0] == "/subject"  # of another kind of mail
    assert fault_of(html="<p>\n{{ x }}</p>")[0::2] == ("/html", 2)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("{{ items }}", "This is a list: go through it with {% for … in … %}."),
        ("{% for item in total %}{% endfor %}", "“total” is not a list."),
        ("{% for item in items %}{{ item }}{% endfor %}", "Say what of the row, such as item.quantity."),
        (
            "{% for item in items %}{{ item.nmae }}{% endfor %}",
            "There is no placeholder “item.nmae” in this mail. Did you mean “item.name”?",
        ),
        ("{% for a in items %}{% for b in items %}{% endfor %}{% endfor %}", "A loop cannot stand in another loop"),
        ("{% for item in items recursive %}{% endfor %}", "A loop cannot stand in another loop"),
        ("{% for item in items if item %}{% endfor %}", "A loop cannot stand in another loop, and has no condition."),
        ("{% for a, b in items %}{% endfor %}", "Give each row one name, as in {% for item in items %}."),
        ("{{ loop.index }}", "There is no placeholder “loop” in this mail."),
        ("{% for a in items %}{{ loop.cycle }}{% endfor %}", "There is no placeholder “loop.cycle” in this mail."),
        ("{{ customer_name|upper }}", "Only the name of a placeholder can stand here."),
        ("{{ items[0] }}", "Only the name of a placeholder can stand here."),
        ("{{ total() }}", "Only the name of a placeholder can stand here."),
        ("{{ 'x' * 9 }}", "Only the name of a placeholder can stand here."),
        ("{{ 1 }}", "Only the name of a placeholder can stand here."),
        ("{% if total is defined %}{% endif %}", "Only the name of a placeholder can stand here."),
        ("{% if total < 'x' %}{% endif %}", "Only the name of a placeholder can stand here."),
        ("{% set a = total %}", "Only placeholders, if and for can be used here."),
        ("{% include 'x' %}", "Only placeholders, if and for can be used here."),
        ("{% import 'x' as x %}", "Only placeholders, if and for can be used here."),
        ("{% extends 'x' %}", "Only placeholders, if and for can be used here."),
        ("{% block x %}{% endblock %}", "Only placeholders, if and for can be used here."),
        ("{% macro x() %}{% endmacro %}", "Only placeholders, if and for can be used here."),
        ("{% filter upper %}{% endfilter %}", "Only placeholders, if and for can be used here."),
        ("{% autoescape false %}{{ total }}{% endautoescape %}", "Only placeholders, if and for can be used here."),
        ("{% with %}{% endwith %}", "Only placeholders, if and for can be used here."),
        ("{{ total", "It cannot be read: unexpected end of template, expected 'end of print statement'."),
        ("{% if total %}", "It cannot be read: Unexpected end of template."),
    ],
)
def test_what_is_not_part_of_the_language_is_refused(source, words):
    pointer, said, line = fault_of(text=f"one\n{source}")

    assert pointer == "/text"
    assert said.startswith(words)
    assert line == 2 or "autoescape" in source  # of that one Jinja keeps no line


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ customer_name.__class__ }}",
        "{{ self.__init__.__globals__ }}",
        "{{ cycler.__init__ }}",
        "{{ lipsum }}",
        "{{ range(10000000) }}",
        "{{ namespace() }}",
        "{% for a in items %}{{ a.items }}{% endfor %}",
        "{% for a in items %}{{ a.__class__ }}{% endfor %}",
        "{% for a in items %}{{ loop.__init__ }}{% endfor %}",
        "{{ customer_name.format }}",
    ],
)
def test_nothing_but_the_values_can_be_reached(source):
    assert fault_of(text=source)[0] == "/text"


@pytest.mark.parametrize(
    "source",
    [
        "{% if total %}" * 1_000,
        "{{ " + "(" * 9_000 + " }}",
        "{% if " + "not " * 4_000 + "total %}{% endif %}",
        "{{ " + "9" * 9_000 + " }}",
        "{% if " + " and ".join(["total"] * 1_500) + " %}{% endif %}",
        "x" * 20_001,
        "{% if total %}" * 9 + "{% endif %}" * 9,
    ],
    ids=["open ifs", "brackets", "nots", "digits", "ands", "long", "nine ifs"],
)
def test_a_template_that_would_wear_the_desk_out_is_refused_at_once(source):
    started = time.perf_counter()

    assert fault_of(text=source)[0] == "/text"
    assert time.perf_counter() - started < 5


def test_the_longest_template_over_the_longest_list_ends_soon():
    loop = "{% for i in items %}{{ i.name }}{% endfor %}"
    source = loop * (LONGEST_HTML // len(loop))
    template = checked(source, kind=SHIPPED, is_html=False, field="html", longest=LONGEST_HTML)
    long_order = Order(lines=[Line("x" * 200, 1)] * 5_000)
    values = mail_values(long_order, OCCASIONS["order_shipped"], language="en")
    started = time.perf_counter()

    with pytest.raises(TemplateBroken, match=f"more than {MOST_WRITTEN} characters"):
        written(template, values, field="html")

    assert time.perf_counter() - started < 5


def test_a_value_that_is_missing_is_a_broken_template_not_an_empty_place():
    template = checked("{{ carrier }}", kind=SHIPPED, is_html=False, field="text", longest=100)

    with pytest.raises(TemplateBroken, match="'carrier' is undefined"):
        written(template, {}, field="text")


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<script>x</script>", "A mail cannot have the element <script>."),
        ("<svg onload=x>", "A mail cannot have the element <svg>."),
        ("<iframe src='https://x.example'>", "A mail cannot have the element <iframe>."),
        ("<form action='https://x.example'>", "A mail cannot have the element <form>."),
        ("<base href='https://x.example'>", "A mail cannot have the element <base>."),
        ("<p onclick='x'>", "A mail cannot have the attribute onclick."),
        ("<meta http-equiv='refresh' content='0'>", "A mail cannot have the attribute http-equiv."),
        ("<a href='javascript:x'>", "A link in a mail begins with"),
        ("<a href='java&#115;cript:x'>", "A link in a mail begins with"),
        ("<a href=' https://x.example'>", "A link in a mail begins with"),
        ("<a href='//x.example'>", "A link in a mail begins with"),
        ("<a href='data:text/html,x'>", "A link in a mail begins with"),
        ("<img src='http://x.example/pixel'>", "An image in a mail begins with https:"),
        ("<p style='background: url(https://x.example)'>", "A style in a mail cannot fetch anything."),
        ("<p style='background: u\\72l(x)'>", "A style in a mail cannot fetch anything."),
        ("<style>@import 'https://x.example'</style>", "A style in a mail cannot fetch anything."),
        ("<!--[if mso]><p><![endif]-->", "A mail cannot have markup in a comment."),
        ("<![CDATA[x]]>", "A mail cannot have sections such as CDATA."),
        ("<?xml x?>", "A mail cannot have processing instructions."),
        ("<a href={{ total }}>x</a>", "Put quotes round the placeholder"),
        ("<{{ total }}>", "A mail cannot have the element"),
        ("<p {{ total }}>", "A mail cannot have the attribute"),
        ("{% if total %}{% else %}<script></script>{% endif %}", "A mail cannot have the element <script>."),
    ],
)  # fmt: skip
def test_html_has_only_what_a_mail_may_have_in_every_branch(html, words):  # FH2
    pointer, said, line = fault_of(html=f"<p>one</p>\n{html}")

    assert (pointer, line) == ("/html", 2)
    assert said.startswith(words)


def test_links_images_and_styles_of_a_mail_are_taken():
    html = (
        "<style>.x { color: red }</style><p class='x' style='margin: 0'>"
        "{% for p in parcels %}<a href='{{ p.link }}'>{{ p.number }}</a>{% endfor %}"
        "<a href='mailto:{{ site_email }}'>Write</a><a href='https://x.example/{{ number }}'>See</a>"
        "<a href='#below'>Below</a><img src='cid:logo' alt=''><img src='https://x.example/banner.png' alt=''></p>"
    )

    check_wording(Wording(subject="x", text="x", html=html), kind=SHIPPED)


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"subject": " "}, "/subject"),
        ({"subject": "one\ntwo"}, "/subject"),
        ({"subject": "x" * 301}, "/subject"),
        ({"text": "\n"}, "/text"),
        ({"text": "{% if total %}{% endif %}"}, "/text"),
    ],
)
def test_a_mail_needs_a_subject_of_one_line_and_a_plain_text(changed, pointer):
    assert fault_of(**changed)[0] == pointer


@pytest.mark.parametrize("kind", list(MAIL_KINDS))
def test_the_built_in_words_are_written_in_the_language_themselves(kind):
    check_wording(built_in(kind), kind=MAIL_KINDS[kind])


@pytest.mark.parametrize("kind", list(MAIL_KINDS))
def test_every_placeholder_on_the_list_has_a_value_and_every_value_is_on_the_list(kind):
    values = mail_values(Order(), OCCASIONS[kind], language="en")

    assert values.keys() == MAIL_KINDS[kind].placeholders.keys()
    for name, placeholder in MAIL_KINDS[kind].placeholders.items():
        assert is_like(values[name], placeholder), name


def is_like(value: object, placeholder: Placeholder) -> bool:
    if not placeholder.is_list:
        return isinstance(value, str)
    assert isinstance(value, list)
    assert value
    names = {field.name for field in placeholder.fields}
    return all(row.keys() == names if names else isinstance(row, str) for row in value)
