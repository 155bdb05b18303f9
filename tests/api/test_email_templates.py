"""Email templates through the API."""

from __future__ import annotations

from orderwright.outbox.models import EmailTemplateVersion, Mail

HERE = "/email-templates/order_canceled/all-sites/any-language"
WORDS = {"subject": "{{ number }} is off", "text": "Hi {{ customer_name }}", "html": ""}


def test_the_kinds_of_mail_name_their_placeholders_and_built_in_words(program):
    answer = program.get("/email-kinds")

    kinds = {kind["kind"]: kind for kind in answer.json["items"]}
    assert list(kinds) == [
        "order_received",
        "order_shipped",
        "order_canceled",
        "order_refunded",
        "order_delayed",
        "order_state",
        "cancellation_declined",
    ]
    parcels = next(each for each in kinds["order_shipped"]["placeholders"] if each["name"] == "parcels")
    assert (parcels["is_list"], parcels["fields"]) == (True, ["number", "link"])
    assert kinds["order_canceled"]["built_in_subject"] == "Your order {{ number }} from {{ site_name }} is canceled"


def test_words_are_saved_changed_and_dropped(program):
    first = program.put(HERE, WORDS)
    second = program.put(HERE, {**WORDS, "subject": "Off"}, if_match='"1"')
    dropped = program.delete(HERE)

    assert (first.status, first.headers["ETag"], first.json["saved_by"]) == (201, '"1"', "Storefront")
    assert (second.status, second.json["version"], second.json["subject"]) == (200, 2, "Off")
    assert dropped.status == 204
    assert program.get(HERE).status == 404
    assert program.get("/email-templates").json == {"items": []}
    assert program.get(f"{HERE}/versions").json["in_use"] is None


def test_a_version_that_somebody_else_saved_is_not_written_over(program):
    program.put(HERE, WORDS)

    answer = program.put(HERE, {**WORDS, "subject": "Mine"}, if_match='"7"')

    assert (answer.status, answer.code) == (412, "template_changed")
    assert EmailTemplateVersion.objects.count() == 1


def test_a_broken_template_is_refused_with_pointer_and_line(program):
    answer = program.put(HERE, {**WORDS, "text": "a\n{{ custmer_name }}"})

    assert (answer.status, answer.code, answer.json["line"]) == (422, "template_broken", 2)
    assert answer.json["errors"][0]["pointer"] == "/text"
    assert not EmailTemplateVersion.objects.exists()


def test_versions_are_listed_and_one_is_used_again(program):
    program.put(HERE, WORDS)
    program.put(HERE, {**WORDS, "subject": "Off"})

    answer = program.post(f"{HERE}/versions/1/restoration")

    assert (answer.status, answer.json["version"], answer.json["subject"]) == (200, 3, "{{ number }} is off")
    versions = program.get(f"{HERE}/versions").json
    assert [(each["version"], each["restored_from"]) for each in versions["items"]] == [(3, 1), (2, None), (1, None)]
    assert versions["in_use"] == 3


def test_a_preview_shows_an_order_and_keeps_nothing(program, order):
    answer = program.post(f"{HERE}/preview", {**WORDS, "order": order.number})

    assert answer.json == {
        "sender": "Cozy Home US <orders@cozy-home.example.com>",
        "subject": "#1001 is off",
        "text": "Hi Bob Norman\n",
        "html": "",
    }
    assert not Mail.objects.exists()


def test_a_place_that_there_is_not_is_not_found(program):
    for place in ("order_lost/all-sites/any-language", "order_shipped/nowhere/de", "order_shipped/all-sites/xx-yy-zz"):
        assert program.put(f"/email-templates/{place}", WORDS).status == 404
