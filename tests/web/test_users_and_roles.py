"""Users and roles in the portal, the page behind an invitation, and one's own profile, with and without scripts."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP

from orderwright.accounts.models import Role, RoleGrant, User
from orderwright.outbox.models import Mail
from orderwright.reads.people import read_person
from orderwright.reads.roles import read_role
from tests.support.drivers import PASSWORD as CLERKS_PASSWORD
from tests.web.conftest import Browser

PASSWORD = "a long walk by the sea"
FORM = {"name": "Nora Neu", "email": "nora@shop.example.com", "role": "order-clerk", "site": ""}
ROLE = {"name": "Returns desk", "permissions": ["orders.view", "payments.refund"]}


def link_in(mail: Mail) -> str:
    """Return the path of the link in the mail."""
    found = re.search(r"http://testserver(/invitation/\S+)", mail.text)
    assert found is not None
    return found[1]


@pytest.fixture
def nora(browser: Browser, site: Any) -> User:
    """Invite Nora at the page."""
    assert browser.tap("/users/invite", at="/users", **FORM).status_code == 200
    return User.objects.get(email="nora@shop.example.com")


def held(user: User) -> list[tuple[str, str | None]]:
    return [(grant.role, grant.site) for grant in read_person(user_id=user.pk).grants]


def test_the_page_lists_people_with_roles_and_last_sign_in_and_the_roles(browser, viewer, site, words) -> None:
    RoleGrant.objects.create(user=viewer.user, role=Role.objects.get(slug="integrator"), site=site)
    page = words(browser.open("/users"))

    assert "Vera Lund vera@cozy-home.example.com Integrator Cozy Home US Viewer every site Last sign-in" in page
    assert "Administrator system role Everything, users, keys and payment providers included. every permission" in page
    assert "Integrator system role" in page


def test_only_who_manages_users_has_it_in_the_menu(browser, viewer_browser, order) -> None:
    assert 'href="/users"' in browser.open("/orders/open").content.decode()
    assert 'href="/users"' not in viewer_browser.open("/orders/open").content.decode()
    assert viewer_browser.open("/users").status_code == 403


def test_somebody_is_invited_chooses_a_password_and_signs_in(nora, stranger, words) -> None:
    path = link_in(Mail.objects.get(kind="invitation"))
    asked = stranger.open(path)
    assert "Choose your password" in words(asked)
    assert (asked["Referrer-Policy"], "no-store" in asked["Cache-Control"]) == ("same-origin", True)

    weak = stranger.press(path, password="short", again="short")
    other = stranger.press(path, password=PASSWORD, again=f"{PASSWORD}.")
    done = stranger.press(path, password=PASSWORD, again=PASSWORD)

    assert (weak.status_code, other.status_code, done["Location"]) == (422, 422, "/sign-in")
    assert "at least 12 characters" in words(weak)
    assert "The two are not the same." in words(other)
    assert 'value="nora@shop.example.com"' in stranger.open("/sign-in").content.decode()
    entered = stranger.press("/sign-in", login="Nora@shop.example.com", password=PASSWORD)
    assert entered.status_code == 302
    assert stranger.open("/orders/open").status_code == 200
    assert held(nora) == [("order-clerk", None)]


def test_an_invitation_leads_to_the_desk_whatever_port_the_caller_names(browser, site, settings) -> None:
    browser.client.defaults["HTTP_HOST"] = "testserver:6666"
    browser.press("/users/invite", **FORM)
    settings.PUBLIC_ADDRESS = "https://desk.example"
    browser.press(f"/users/{User.objects.get(email=FORM['email']).pk}/link")

    written = list(Mail.objects.order_by("id").values_list("text", flat=True))

    assert ["http://testserver/invitation/" in written[0], "https://desk.example/invitation/" in written[1]] == [
        True
    ] * 2
    assert "6666" not in "".join(written)


def test_a_link_that_is_used_up_says_so_without_telling_whose_it_was(nora, stranger, words) -> None:
    path = link_in(Mail.objects.get(kind="invitation"))
    stranger.press(path, password=PASSWORD, again=PASSWORD)

    answers = [stranger.open(path), stranger.press(path, password=PASSWORD, again=PASSWORD)]

    for answer in answers:
        assert answer.status_code == 404
        assert "This link is not good any more." in words(answer)
        assert "nora" not in words(answer).lower()


def test_the_link_is_shown_to_nobody_but_the_recipient(nora, browser) -> None:
    mail = Mail.objects.get(kind="invitation")

    page = browser.open(f"/emails/{mail.pk}").content.decode()

    assert "nora@shop.example.com" in page
    assert link_in(mail).rpartition("/")[2] not in page


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "It must not be empty."),
        ({"email": "nobody"}, "It is not an e-mail address."),
        ({"email": "MIA.CHEN@cozy-home.example.com"}, "Somebody with this e-mail is here already."),
        ({"role": "emperor"}, "There is no such role."),
        ({"site": "nowhere"}, "There is no such site."),
    ],
)
def test_an_invitation_that_cannot_be_says_so_and_keeps_what_was_typed(browser, site, words, change, said) -> None:
    answer = browser.tap("/users/invite", at="/users", **{**FORM, **change})

    assert answer.status_code in (409, 422)
    assert said in words(answer)
    assert 'value="Nora Neu"' in answer.content.decode() or change.get("name") == ""
    assert User.objects.count() == 1


def test_a_role_is_given_at_a_site_and_taken_in_the_dialog_with_the_list_behind_it(browser, nora, site, words) -> None:
    given = browser.tap(f"/users/{nora.pk}/roles", at="/users", role="payments-clerk", site=site.slug)
    assert "The role is given; it counts from their next step on." in words(given)
    assert 'id="people"' in given.content.decode()
    assert held(nora) == [("order-clerk", None), ("payments-clerk", site.slug)]

    (grant,) = nora.grants.filter(site=None)
    taken = browser.tap(f"/users/{nora.pk}/roles/{grant.pk}/take", at="/users")
    again = browser.tap(f"/users/{nora.pk}/roles/{grant.pk}/take", at="/users")

    assert (taken.status_code, again.status_code) == (200, 404)
    assert held(nora) == [("payments-clerk", site.slug)]


def test_who_is_deactivated_is_out_at_once_and_without_script_too(browser, nora, stranger, words) -> None:
    path = link_in(Mail.objects.get(kind="invitation"))
    stranger.press(path, password=PASSWORD, again=PASSWORD)
    stranger.press("/sign-in", login=nora.email, password=PASSWORD)
    assert stranger.open("/orders/open").status_code == 200

    asked = browser.open(f"/users/{nora.pk}/switch")
    answer = browser.press(f"/users/{nora.pk}/switch", active="no")

    assert "Deactivate Nora Neu? They are signed out everywhere at once" in words(asked)
    assert answer["Location"] == "/users"
    assert stranger.open("/orders/open")["Location"].startswith("/sign-in")
    browser.press(f"/users/{nora.pk}/switch", active="yes")
    assert stranger.open("/orders/open")["Location"].startswith("/sign-in")
    assert stranger.press("/sign-in", login=nora.email, password=PASSWORD).status_code == 302


def test_a_lost_second_factor_is_removed_after_a_question_that_says_what_it_means(
    browser, nora, stranger, words
) -> None:
    path = link_in(Mail.objects.get(kind="invitation"))
    stranger.press(path, password=PASSWORD, again=PASSWORD)
    TOTP.activate(nora, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    Role.objects.filter(slug="order-clerk").update(needs_second_factor=True)
    assert "Remove second factor…" in words(browser.open(f"/users/{nora.pk}"))

    asked = words(browser.open(f"/users/{nora.pk}/second-factor"))
    assert "Remove the second factor of Nora Neu? Make sure that it is they who ask" in asked
    assert "Their role asks for a second factor: at the next sign-in they add a new one" in asked
    answer = browser.press(f"/users/{nora.pk}/second-factor")

    assert answer["Location"] == "/users"
    assert "The second factor of Nora Neu is removed" in words(browser.open("/users"))
    assert "Remove second factor…" not in words(browser.open(f"/users/{nora.pk}"))
    assert stranger.press("/sign-in", login=nora.email, password=PASSWORD)["Location"] == "/orders/open"
    assert stranger.open("/orders/open")["Location"] == "/security"


def test_a_second_factor_that_cannot_be_removed_says_why(browser, nora, clerk, words) -> None:
    gone = browser.tap(f"/users/{nora.pk}/second-factor", at="/users")
    TOTP.activate(clerk.user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    own = browser.tap(f"/users/{clerk.user.pk}/second-factor", at="/users")

    assert (gone.status_code, own.status_code) == (409, 409)
    assert "This person has no second factor." in words(gone)
    assert "No role of theirs asks for a second factor" in words(gone)
    assert "Yours you remove under Sign-in and security." in words(own)
    assert "Yours you remove under Sign-in and security." in words(browser.open(f"/users/{clerk.user.pk}"))
    assert Authenticator.objects.filter(user=clerk.user).exists()


def test_who_is_asked_again_who_they_are_comes_to_the_person_that_they_asked_for(clerk, nora, words) -> None:
    browser = Browser(clerk.user, is_confirmed=False)

    asked = browser.peek(f"/users/{nora.pk}", at="/users")["HX-Redirect"]
    answer = browser.press("/confirm", password=CLERKS_PASSWORD, next=f"/users/{nora.pk}")

    assert asked == f"/confirm?next=%2Fusers%2F{nora.pk}"
    assert "Nora Neu" in words(browser.open(answer["Location"]))


def test_the_last_administrator_is_told_why_it_cannot_be(browser, clerk, site, words) -> None:
    answer = browser.tap(f"/users/{clerk.user.pk}/switch", at="/users", active="no")

    assert answer.status_code == 409
    assert "Nobody else could do everything and give it to others then." in words(answer)
    assert User.objects.get(pk=clerk.user.pk).is_active


def test_a_role_of_ones_own_is_added_edited_and_deleted(browser, words) -> None:
    ceilings = {
        "currency": ["USD", "jpy", "EUR", ""],  # a currency without an amount is a line that was left empty
        "per_order": ["50.00", "", "", ""],
        "per_day": ["", "20,000", "", ""],
    }
    added = browser.tap("/users/roles/add", at="/users", **ROLE, **ceilings)
    assert "Returns desk added" in words(added)
    assert read_role(slug="returns-desk").refund_ceilings == {"USD": {"order": 5000}, "JPY": {"day": 20000}}
    form = browser.peek("/users/roles/returns-desk", at="/users").content.decode()
    assert 'value="50.00"' in form
    assert 'value="20000"' in form

    edited = browser.tap(
        "/users/roles/returns-desk", at="/users", name="Returns", permissions="orders.view", version="1"
    )
    stale = browser.tap("/users/roles/returns-desk", at="/users", name="X", permissions="orders.view", version="1")
    assert (edited.status_code, stale.status_code) == (200, 412)
    assert "Nobody has it." in words(browser.peek("/users/roles/returns-desk/delete", at="/users"))
    browser.tap("/users/roles/returns-desk/delete", at="/users")

    assert not Role.objects.filter(slug="returns-desk").exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"permissions": []}, "Choose at least one permission."),
        ({"name": "viewer"}, "There is a role named “viewer” already."),
        ({"currency": "USD", "per_order": "x", "per_day": ""}, "“x” is not an amount."),
        ({"currency": "QQQ", "per_order": "1", "per_day": ""}, "'QQQ' is not a currency code"),
        ({"currency": ["USD", "usd"], "per_order": ["1", "2"], "per_day": ["", ""]}, "USD stands there twice."),
    ],
)
def test_a_role_that_cannot_be_says_why_and_keeps_what_was_typed(browser, words, change, said) -> None:
    answer = browser.tap("/users/roles/add", at="/users", **{**ROLE, **change})

    assert answer.status_code in (409, 422)
    assert said in words(answer)
    assert Role.objects.count() == 6


def test_a_role_begins_as_a_copy_of_another_one_with_a_line_for_each_sites_currency(browser, site, words) -> None:
    form = browser.peek("/users/roles/add?like=viewer", at="/users").content.decode()

    assert 'value="orders.view" checked' in form
    assert 'value="orders.cancel">' in form
    assert '<input name="currency" value="USD"' in form
    assert browser.peek("/users/roles/add?like=emperor", at="/users").status_code == 404


def test_a_role_of_ones_own_says_in_the_list_what_binds_its_people(browser, words) -> None:
    Role.objects.create(
        slug="returns-desk",
        name="Returns desk",
        permissions=["payments.refund", "payments.settle"],
        refund_ceilings={"USD": {"order": 5000}},
        needs_second_person=True,
        needs_second_factor=True,
    )

    page = words(browser.open("/users"))

    assert (
        "Returns desk 2 permissions Refunds in USD: at most $50.00 per order. Four eyes when settling by hand. "
        "Needs a second factor at sign-in." in page
    )


def test_a_refusal_stands_beside_what_was_tried(browser, clerk, site, words) -> None:
    twice = browser.tap(f"/users/{clerk.user.pk}/roles", at="/users", role="administrator", site="")
    (grant,) = clerk.user.grants.all()
    last = browser.tap(f"/users/{clerk.user.pk}/roles/{grant.pk}/take", at="/users")

    assert 'id="give-error"' in twice.content.decode()
    assert '<option value="administrator" selected' in twice.content.decode()
    assert 'id="roles-error"' in last.content.decode()
    assert held(clerk.user) == [("administrator", None)]


def test_somebody_without_a_password_or_a_link_is_told_apart_from_who_let_the_link_expire(browser, words) -> None:
    User.objects.create(email="mia@shop.example.com", name="Mia", password="!")

    assert "Mia mia@shop.example.com none Last sign-in never No password yet" in words(browser.open("/users"))


def test_a_system_role_is_shown_and_has_nothing_to_change(browser, words) -> None:
    shown = browser.peek("/users/roles/order-clerk", at="/users")

    assert "Change the Order State" in words(shown)
    assert "Refund payments" not in words(shown)
    assert '<form id="act"' not in shown.content.decode()
    assert browser.tap("/users/roles/order-clerk", at="/users", **ROLE, version="1").status_code == 409


def test_a_role_in_use_asks_what_its_people_get_instead(browser, viewer, words) -> None:
    browser.tap("/users/roles/add", at="/users", **ROLE)
    browser.tap(f"/users/{viewer.user.pk}/roles", at="/users", role="returns-desk", site="")
    assert "1 person have it." in words(browser.peek("/users/roles/returns-desk/delete", at="/users"))

    browser.tap("/users/roles/returns-desk/delete", at="/users", move_to="order-clerk")

    assert held(viewer.user) == [("order-clerk", None), ("viewer", None)]


@pytest.mark.parametrize("path", ["/users/invite", "/users/{}", "/users/roles/add", "/users/roles/viewer"])
def test_managing_people_asks_who_it_is_once_more(clerk, path) -> None:
    browser, place = Browser(clerk.user, is_confirmed=False), path.format(clerk.user.pk)

    answer = browser.peek(place, at="/users")

    assert answer["HX-Redirect"] == f"/confirm?{urlencode({'next': place})}"


def test_ones_own_profile_says_what_each_role_allows_and_where(viewer, site, words) -> None:
    RoleGrant.objects.create(user=viewer.user, role=Role.objects.get(slug="payments-clerk"), site=site)
    Role.objects.filter(slug="payments-clerk").update(refund_ceilings={"USD": {"order": 5000, "day": 20000}})
    page = words(Browser(User.objects.get(pk=viewer.user.pk)).open("/profile"))

    assert "Vera Lund vera@cozy-home.example.com" in page
    assert "Viewer every site Orders See orders Emails See outgoing emails" in page
    assert "Payments clerk Cozy Home US" in page
    assert "Refunds in USD: at most $50.00 per order and $200.00 per day." in page
