"""Moves between states: the table of boxes, the picture beside it, saving, restoring, and what is refused."""

from __future__ import annotations

import re

from orderwright.orders.models import OrderState
from orderwright.orders.states import DEFAULT_MOVES
from orderwright.reads.order_moves import read_moves
from orderwright.web.presenters.moves import boxes_of


def without(*boxes):
    return [box for box in boxes_of(DEFAULT_MOVES) if box not in boxes]


def test_the_table_says_what_is_allowed_and_why_a_cell_is_locked(browser, words) -> None:  # W3
    page = browser.open("/order-moves")

    assert re.search(r'value="new:processing" aria-label="New to Processing" checked', page.content.decode())
    assert re.search(r'value="new:suspended" aria-label="New to Suspended">', page.content.decode())
    assert "Only Cancel Order leads to Canceled; it gives the money back first." in words(page)
    assert "Canceled is final: the money has gone back." in words(page)
    assert 'value="canceled:new"' not in page.content.decode()


def test_the_picture_leaves_out_states_that_no_order_comes_into(browser) -> None:
    for name in ("Packed", "Back order"):
        browser.press(
            "/order-configurations/add", name=name, colour="violet", description="", system_state="processing"
        )
    OrderState.objects.filter(name="Packed").update(stage="retired")

    page = browser.open("/order-moves").content.decode()

    assert ">Back order</text>" in page
    assert ">Packed</text>" not in page


def test_saving_changes_the_table_in_place(browser, words) -> None:
    answer = browser.tap("/order-moves", move=without("completed:processing"), version="0")

    assert "Moves saved" in words(answer)
    assert read_moves().moves["completed"] == frozenset()


def test_without_script_saving_leads_back_to_the_page(browser, words) -> None:
    answer = browser.press("/order-moves", move=without("completed:processing"), version="0")

    assert answer["Location"] == "/order-moves"
    assert "Moves saved" in words(browser.open("/order-moves"))


def test_the_defaults_are_restored_after_a_question_that_names_what_changes(browser, element, words) -> None:
    assert 'aria-disabled="true"' in element(browser.open("/order-moves"), "restore-moves")
    browser.press("/order-moves", move=[*without("completed:processing", "fraud:new"), "new:suspended"])

    asked = browser.open("/order-moves/defaults")
    assert (
        "No longer allowed New to Suspended Allowed again Fraud to New Completed to Processing Keep the table "
        "Restore the defaults" in words(asked)
    )
    answer = browser.tap("/order-moves/defaults", version="1")

    assert read_moves().moves == DEFAULT_MOVES
    assert "The default moves are restored" in answer.content.decode()
    assert "dialog:close" in answer["HX-Trigger-After-Swap"]


def test_without_script_restoring_leads_back_to_the_page(browser, words) -> None:
    browser.press("/order-moves", move=without("completed:processing"))

    answer = browser.press("/order-moves/defaults", version="1")

    assert answer["Location"] == "/order-moves"
    assert "The default moves are restored" in words(browser.open("/order-moves"))


def test_a_table_that_somebody_changed_meanwhile_is_asked_about_anew(browser, words) -> None:
    browser.press("/order-moves", move=without("completed:processing"))
    browser.press("/order-moves", move=without("fraud:new"))

    answer = browser.tap("/order-moves/defaults", version="1")

    assert answer.status_code == 412
    assert "changed the moves since you opened them." in words(answer)
    assert "Allowed again Fraud to New" in words(answer)
    assert 'name="version" value="2"' in answer.content.decode()
    assert "new" not in read_moves().moves["fraud"]


def test_there_is_nothing_to_restore_where_the_defaults_stand(browser, element, words) -> None:
    asked = browser.peek("/order-moves/defaults")

    assert 'aria-disabled="true"' in element(asked, "confirm")
    assert "These are the defaults." in words(asked)


def test_a_table_that_traps_orders_is_refused_and_the_boxes_stay_as_typed(browser, words) -> None:
    gone = [box for box in boxes_of(DEFAULT_MOVES) if box.startswith("suspended:")]

    answer = browser.tap("/order-moves", move=without(*gone), version="0")

    assert answer.status_code == 409
    assert "No way would lead from Suspended to Completed" in words(answer)
    assert 'aria-label="Suspended to New">' in answer.content.decode()
    assert read_moves().moves == DEFAULT_MOVES


def test_a_box_that_the_page_does_not_have_is_refused(browser) -> None:
    for box in ("canceled:new", "new:canceled", "new:", "", "\x00:new"):
        assert browser.tap("/order-moves", move=[*boxes_of(DEFAULT_MOVES), box]).status_code in (409, 422)

    assert read_moves().moves == DEFAULT_MOVES


def test_a_viewer_sees_the_table_and_changes_nothing(viewer_browser, element, words) -> None:
    page = viewer_browser.open("/order-moves")

    assert 'aria-disabled="true"' in element(page, "save-moves")
    assert 'type="checkbox"' not in page.content.decode()
    assert viewer_browser.press("/order-moves", move=[]).status_code == 403
    assert viewer_browser.open("/order-moves/defaults").status_code == 403
    assert viewer_browser.press("/order-moves/defaults").status_code == 403
    assert read_moves().moves == DEFAULT_MOVES


def test_the_picture_has_a_line_per_pair_and_the_shop_s_own_states(browser) -> None:
    browser.press(
        "/order-configurations/add", name="On hold: stock", colour="violet", description="", system_state="processing"
    )

    page = browser.open("/order-moves").content.decode()

    # Fourteen moves, six of them there and back: New to Processing and to Fraud, Processing to Fraud, Suspended and
    # Completed, Fraud to Suspended; two one-way: New to Completed, Suspended to New.
    assert page.count('<line class="edge"') == 8
    assert page.count('marker-start="url(#tip)"') == 6
    assert ">On hold: stock</text>" in page
    assert "style=" not in page
