"""Templates that want to be more than a mail: none is saved, and none of what they hide arrives (FH2)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from orderwright.outbox.errors import TemplateBroken
from orderwright.outbox.writing import wording
from orderwright.outbox.writing.markup import html_fault
from orderwright.outbox.writing.vocabulary import MAIL_KINDS
from orderwright.outbox.writing.wording import Wording, check_wording, compose, compose_strictly
from tests.outbox.mail_facts import OCCASIONS, Order

CANCELED, SHIPPED = "order_canceled", "order_shipped"
# What readers of HTML understand differently, by what it plays on.
HOSTILE = {
    "an image left open": "<p>hi</p><img onerror=alert(1) x=",
    "a form left open": '<p>a</p><form action="https://evil.example"',
    "a script left open": "<p>hi</p><script",
    "a taken tag left open": "<p>hi</p><p ",
    "a quote left open": "<p>hi</p><p title='",
    "an end left open": "<p>hi</p",
    "the sign alone at the end": "<p>hi</p><",
    "a style that ends early": "<style></style/><form action='https://evil.example'></form><script>x</script></style>",
    "a style that ends early, upper case": "<STYLE></STYLE/><iframe src='https://evil.example'></iframe></STYLE>",
    "a style that ends with a tab": "<style></style\t<script>x</script></style>",
    "a style that ends with an attribute": "<style></style x><img src=x onerror=alert(1)></style>",
    "a style that closes itself": "<style/><script>x</script></style>",
    "a style left open": "<p>hi</p><style>p { color: red }",
    "a style with markup": "<style><!-- </style><script>x</script> --></style>",
    "a title with markup": "<title><p title='</title><script>x</script>'></title>",
    "a title left open": "<p>hi</p><title>",
    "a text area": "<textarea><p title='</textarea><script>x</script>'>",
    "a noscript": "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "plain text to the end": "<plaintext><p>hi</p>",
    "a template": "<template><script>x</script></template>",
    "SVG": "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "MathML": "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></table></mtext></math>",
    "a comment that ends at once": "<!--><script>x</script>-->",
    "a comment that ends after a dash": "<!---><script>x</script>-->",
    "a comment that ends with a call": "<!-- --!><script>x</script> -->",
    "a comment left open": "<p>hi</p><!-- ",
    "a condition": "<!--[if gte mso 9]>-->",
    "CDATA": "<![CDATA[><script>x</script>]]>",
    "an instruction": "<?x ><script>x</script>?>",
    "a doctype with a quote": "<!doctype html \"'><script>x</script>",
    "an end that is none": "</ script><p>hi</p>",
    "upper case": "<ScRiPt>x</sCrIpT>",
    "NUL before the name": "<\x00script>x</script>",
    "NUL in the name": "<s\x00cript>x</script>",
    "NUL in an attribute": "<p on\x00click='x'>hi</p>",
    "a slash before an attribute": "<img/onerror=alert(1)/src='https://x.example/a.png'>",
    "no blank before an attribute": "<p title='a'onclick='x'>hi</p>",
    "a back quote": "<img src=`x`onerror=alert(1)>",
    "a vertical tab before an attribute": "<p\x0bonclick='x'>hi</p>",
    "an equals sign before the name": "<p ='x' onclick='x'>hi</p>",
    "a second address": "<a href='https://x.example' href='javascript:alert(1)'>x</a>",
    "a base": "<base href='https://evil.example'><a href='#x'>x</a>",
    "a refresh": "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "another alphabet": "<meta charset='iso-2022-jp'>",
    "an address in entities": "<a href='&#x6A;avascript&colon;alert(1)'>x</a>",
    "an address with a tab": "<a href='java&Tab;script:alert(1)'>x</a>",
    "an address with a line break": "<a href='java\nscript:alert(1)'>x</a>",
    "an address with a control character": "<a href='&#1;javascript:alert(1)'>x</a>",
    "a picture over http": "<img src='http://evil.example/a.png'>",
    "a picture with code": "<img src='data:image/svg+xml,x'>",
    "a style that fetches": "<p style='background: URL(//evil.example/a)'>hi</p>",
    "a style that fetches, in entities": "<p style='background: url&#40;//evil.example/a)'>hi</p>",
    "a style that fetches, escaped": r"<p style='background: \75rl(//evil.example/a)'>hi</p>",
    "a style that fetches without url": "<p style='background: image-set(\"//evil.example/a\" 1x)'>hi</p>",
    "a style that runs": "<p style='width: expression(alert(1))'>hi</p>",
    "a style that runs, behind a comment": "<p style='width: exp/**/ression(alert(1))'>hi</p>",
    "a style that imports": "<style>@IMPORT '//evil.example/a';</style>",
}  # fmt: skip
RICH = """<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1.dtd">
<html lang="en">
<head>
  <meta charset="UTF-8"/>
  <meta name="viewport" content="width=device-width, initial-scale=1"/>
  <title>Order {{ number }} &ndash; {{ site_name }}</title>
  <style>
    /* Our colours -- ours alone */
    table > tbody > tr td { background: linear-gradient(#fff, #eee); font-family: "Segoe UI", Arial; }
    @media (max-width: 480px) { .half { width: 100% !important; } }
  </style>
</head>
<body bgcolor=#ffffff style="margin:0;padding:0">
  <!-- The head - with the logo -->
  <TABLE width="100%" cellpadding="0" cellspacing="0" border="0" role="presentation"><tr>
    <td align="center" class='half' colspan=2><img src="cid:logo" alt="{{ site_name }}" width="120" /><br/>
      <a href="https://shop.example/orders/{{ number }}?to=items&amp;from=mail" title="x > y">See it</a> &middot;
      <a href='mailto:{{ site_email }}?subject=Hi'>Write</a> <a href="tel:+4930123456">Call</a>
      <a href="#end">End</a></td>
  </tr></TABLE>
  <p>We &lt;3 you, we <3 {{ customer_name }}, and 1 < 2<br />
  {% if address %}<ul>{% for line in address %}<li>{{ line }}</li>{% endfor %}</ul>{% endif %}
  <h1 id="end">Bye</h1><img src="https://shop.example/banner.png" alt="">
</body>
</html>
"""


def stored(html: str) -> Wording:
    return Wording(subject="{{ number }}", text="{{ number }}", html=html)


@pytest.mark.parametrize("piece", list(HOSTILE))
def test_a_hostile_template_is_not_saved_and_one_that_was_stored_gives_way_to_the_built_in_words(piece, figure):  # FH2
    hostile = stored(HOSTILE[piece])
    built_in = compose(kind=MAIL_KINDS[CANCELED], order=Order(), occasion=OCCASIONS[CANCELED])

    with pytest.raises(TemplateBroken) as refused:
        check_wording(hostile, kind=MAIL_KINDS[CANCELED])
    mail = compose(kind=MAIL_KINDS[CANCELED], order=Order(), occasion=OCCASIONS[CANCELED], wording=hostile)

    figure("FH2", "templates that mail programs read differently", templates=1, saved=0, sent=int(mail.fault == ""))
    assert [field.pointer for field in refused.value.fields] == ["/html"]
    assert mail.fault == refused.value.message
    assert replace(mail, fault="") == built_in


def test_the_sentence_names_the_element_that_was_left_open_and_its_line():
    with pytest.raises(TemplateBroken, match=r"^Line 2: A mail cannot have the element <form>\.$"):
        check_wording(stored("<p>a</p>\n<form action='https://evil.example'"), kind=MAIL_KINDS[CANCELED])
    with pytest.raises(TemplateBroken, match=r"^Line 1: A tag is not complete"):
        check_wording(stored("<p>a</p><p \n"), kind=MAIL_KINDS[CANCELED])
    with pytest.raises(TemplateBroken, match=r"^Line 1: A < that begins no tag is written as &lt;\.$"):
        check_wording(stored("a <- b"), kind=MAIL_KINDS[CANCELED])


@pytest.mark.parametrize("with_frame", [True, False], ids=["in our frame", "a document of its own"])
def test_a_branch_that_only_an_order_opens_is_judged_when_the_mail_is_written(with_frame):  # FH2
    # Every branch in turn is harmless HTML; the one that is chosen leaves a quote open.
    html = "<p title='{% if refunded %}{% else %}a{% endif %}{% if refunded %}{% else %}'{% endif %}>hi</p>"
    hostile = stored(html if with_frame else f"<html><body>{html}</body></html>")
    check_wording(hostile, kind=MAIL_KINDS[CANCELED])

    mail = compose(kind=MAIL_KINDS[CANCELED], order=Order(), occasion=OCCASIONS[CANCELED], wording=hostile)

    assert "A tag is not complete" in mail.fault
    assert ">hi</p>" not in mail.html


@pytest.mark.parametrize("read", ["<form action='https://evil.example'></form>", "<p onclick='x'></p>", "<script>x"])
def test_what_the_parser_makes_of_a_template_is_judged_once_more_before_it_leaves(read, monkeypatch):  # FH2
    # As if the parser that puts the styles on had found in harmless HTML what nobody else does.
    monkeypatch.setattr(wording, "framed", lambda _content, **_rest: f"<html><body>{read}</body></html>")
    harmless = stored("<p>hi</p>")

    with pytest.raises(TemplateBroken):
        check_wording(harmless, kind=MAIL_KINDS[CANCELED])
    mail = compose(kind=MAIL_KINDS[CANCELED], order=Order(), occasion=OCCASIONS[CANCELED], wording=harmless)

    assert mail.fault != ""
    assert mail.html == ""


def test_a_rich_template_is_saved_and_arrives_with_all_that_it_has():
    rich = replace(stored(RICH), language="en")
    check_wording(rich, kind=MAIL_KINDS[SHIPPED])

    mail = compose_strictly(kind=MAIL_KINDS[SHIPPED], order=Order(), occasion=OCCASIONS[SHIPPED], wording=rich)

    assert html_fault(mail.html) is None
    for kept in (
        'src="cid:logo" alt="Cozy Home US" width="120"',
        'href="https://shop.example/orders/#1042?to=items&amp;from=mail" title="x > y"',
        'href="mailto:orders@cozy-home.example.com?subject=Hi"',
        'href="tel:+4930123456"',
        'href="#end"',
        'src="https://shop.example/banner.png"',
        "linear-gradient(#fff, #eee)",
        "@media (max-width: 480px)",
        "We &lt;3 you, we &lt;3 Bob Norman, and 1 &lt; 2",
        "<li>Bob Norman</li>",
    ):
        assert kept in mail.html


@pytest.mark.parametrize("kind", list(MAIL_KINDS))
def test_the_built_in_templates_pass_what_the_shop_s_own_have_to(kind):
    check_wording(wording.built_in(kind), kind=MAIL_KINDS[kind])

    assert compose(kind=MAIL_KINDS[kind], order=Order(), occasion=OCCASIONS[kind]).fault == ""


@pytest.mark.parametrize("piece", ["<", "<p ", "<p a", "<p a=", "<!--", "<style>", "/*", "<p style='/*'>", "<p a a"])
def test_reading_takes_as_long_as_the_text_is(piece):
    long = piece * (60_000 // len(piece))

    assert (html_fault(long) is None) is (piece in ("/*", "<p style='/*'>"))
