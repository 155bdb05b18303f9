"""The control page: what a person chooses there happens, and what cannot happen is said where it was typed."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlencode

import pytest

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}


def submit(caller, path, **typed):
    origin = {"Origin": caller.url}
    return caller.send("POST", path, body=urlencode(typed).encode(), headers={**FORM, **origin})


def words(answer):
    """Return what a page says, without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.body.decode())).split())


def form_key(answer, action):
    """Return the hidden key of a form."""
    return re.search(rf'action="{action}".*?', answer.body.decode()) and re.search(
        r'name="key" value="([0-9a-f]{16})"', answer.body.decode()
    ).group(1)


def page_of(caller, hold):
    return caller.get(f"/dashboard/authorisations/{hold}")


def test_the_page_shows_the_latest_authorisations_and_effects(caller):
    hold = caller.authorise(123456, reference="auth_shown")
    caller.capture(hold, 3456, key="op-shown", made_by="dashboard")

    shown = words(caller.get("/"))

    assert "auth_shown Visa ···· 4242 Partly captured" in shown
    assert "USD 1,234.56 USD 34.56" in shown
    assert "Captured by hand" in shown
    assert "op-shown" in shown


def test_an_empty_provider_says_so(caller):
    shown = words(caller.get("/"))

    assert "No authorisations yet." in shown
    assert "No money has moved yet." in shown
    assert "every call goes well" in shown


def test_authorisations_are_found_by_a_part_of_their_id(caller):
    caller.authorise(reference="auth_one")
    caller.authorise(reference="auth_two")

    found = caller.get("/?find=_tw").body.decode()

    assert found.count("/dashboard/authorisations/auth_two") > found.count("/dashboard/authorisations/auth_one")
    assert "No authorisation has this in its id." in words(caller.get("/?find=%25"))


def test_the_next_call_does_what_was_chosen(caller, hold):
    answer = submit(caller, "/dashboard/faults", on="capture", kind="decline", times="2", seconds="", authorisation="")

    assert (answer.status, answer.headers["location"]) == (303, "/?done=fault")
    assert "Capture : Decline the card · 2 calls" in words(caller.get("/?done=fault"))
    assert caller.capture(hold, 1).refused == (402, "card_declined")


@pytest.mark.parametrize(
    "typed",
    [{"times": "0"}, {"times": "many"}, {"seconds": "-1"}, {"kind": "explode"}, {"on": "lookup"}, {"times": "²"}],
)
def test_a_choice_that_cannot_be_is_said_beside_the_form_and_kept(caller, typed):
    answer = submit(
        caller, "/dashboard/faults", **{"on": "capture", "kind": "decline", "authorisation": "a_1", **typed}
    )

    assert answer.status == 422
    assert 'role="alert"' in answer.body.decode()
    assert 'value="a_1"' in answer.body.decode()
    assert caller.get("/faults").document["items"] == []


def test_all_faults_are_cleared_with_one_button(caller):
    caller.fault("hang", "refund")

    assert submit(caller, "/dashboard/faults/clear").status == 303
    assert caller.get("/faults").document["items"] == []


def test_a_seeded_table_is_shown(caller):
    caller.post("/faults", {"seed": 7, "rate": 0.2, "kinds": ["hang"]}, key=None)

    assert "Seed 7: 20 % of calls go wrong (Any call), 0 drawn" in words(caller.get("/"))


def test_the_clock_is_put_forward_and_back(caller):
    assert submit(caller, "/dashboard/clock", advance="86400").status == 303
    assert "1 d 0 h ahead of this machine’s" in words(caller.get("/"))

    assert submit(caller, "/dashboard/clock", reset="1").status == 303
    assert caller.get("/clock").document["ahead_seconds"] == 0
    assert submit(caller, "/dashboard/clock", advance="7").status == 400


def test_money_is_moved_by_hand_in_whole_units_and_past_the_faults(caller, hold):
    caller.fault("decline", "any", times=9)

    for kind, typed in (("capture", {"amount": "40.00"}), ("refund", {"amount": "10"}), ("reversal", {})):
        key = form_key(page_of(caller, hold), f"/dashboard/authorisations/{hold}/{kind}")
        capture = {"capture": caller.look_up(hold)["movements"][0]["id"]} if kind == "refund" else {}
        answer = submit(caller, f"/dashboard/authorisations/{hold}/{kind}", key=key, **typed, **capture)
        assert answer.headers["location"] == f"/dashboard/authorisations/{hold}?done={kind}"

    assert caller.effects(hold)[1:] == [("capture", 4000), ("refund", 1000), ("reversal", 6000)]
    assert {movement["made_by"] for movement in caller.look_up(hold)["movements"]} == {"dashboard"}


def test_a_form_sent_twice_moves_the_money_once(caller, hold):
    key = form_key(page_of(caller, hold), f"/dashboard/authorisations/{hold}/capture")

    for _ in range(2):
        submit(caller, f"/dashboard/authorisations/{hold}/capture", key=key, amount="40")

    assert caller.effects(hold) == [("authorisation", 10000), ("capture", 4000)]


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("100.01", "Only USD 100.00 of this hold is left."),
        ("0", "Amounts are from 1 to 1000000000000 minor units."),
        ("1.234", "Type the amount in USD, such as 12.50."),
        ("", "Type the amount in USD, such as 12.50."),
        ("<b>", "Type the amount in USD, such as 12.50."),
    ],
)
def test_an_amount_that_cannot_move_is_said_and_kept(caller, hold, amount, said):
    answer = submit(caller, f"/dashboard/authorisations/{hold}/capture", key="0" * 16, amount=amount)

    assert answer.status == 422
    assert said in words(answer)
    assert re.search(
        rf'value="{re.escape(amount).replace("<b>", "&lt;b&gt;")}"[^>]*aria-invalid="true"', answer.body.decode()
    )
    assert caller.effects(hold) == [("authorisation", 10000)]


def test_what_can_no_longer_be_done_is_not_offered(caller):
    expired, gone = caller.authorise(expires_in=60), caller.authorise()
    caller.reverse(gone)
    caller.advance(61)

    assert "The hold has expired; nothing more can be captured." in words(page_of(caller, expired))
    assert "Nothing is held any more." in words(page_of(caller, gone))
    assert "Capture Value" not in words(page_of(caller, expired)) + words(page_of(caller, gone))


@pytest.mark.parametrize("key", [None, "", "x", "0" * 17])
def test_a_form_without_its_key_moves_nothing(caller, hold, key):
    answer = submit(caller, f"/dashboard/authorisations/{hold}/capture", amount="1", **({"key": key} if key else {}))

    assert answer.status == 400
    assert caller.effects(hold) == [("authorisation", 10000)]


def test_a_refund_by_hand_is_of_a_capture_of_this_hold(caller, hold):
    other = caller.authorise()
    foreign = caller.capture(other, 100).document["id"]

    answer = submit(caller, f"/dashboard/authorisations/{hold}/refund", key="0" * 16, amount="1", capture=foreign)

    assert answer.status == 404
    assert ("refund", 100) not in caller.effects()


def test_unknown_pages_are_pages_too(caller):
    for path in ("/dashboard/authorisations/auth_none", "/dashboard/nothing"):
        answer = caller.get(path)
        assert (answer.status, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
        assert "There is nothing under this address." in words(answer)
    assert caller.send("PUT", "/").status == 405


@pytest.mark.parametrize("query", ["find=%00", "find=%ff", "find=" + "a" * 300, "&".join(f"a{n}=1" for n in range(50))])
def test_a_query_that_cannot_be_read_is_refused(caller, query):
    assert caller.get(f"/?{query}").status == 400


def test_nothing_on_the_page_runs_or_comes_from_elsewhere(caller, hold):
    for path in ("/", f"/dashboard/authorisations/{hold}"):
        answer = caller.get(path)
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert not re.search(rb"<script|<style| style=| on[a-z]+=|https?://", answer.body)
    assert caller.get("/control.css").headers["content-type"].startswith("text/css")
    assert caller.get("/icon.svg").headers["content-type"] == "image/svg+xml"
