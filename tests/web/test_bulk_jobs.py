"""Retiring a state from its page, the job's progress and report, and undoing it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from orderwright.actions import add_state, bulk_jobs, deactivate_person
from orderwright.outbox.models import BulkJob
from orderwright.reads.bulk_jobs import read_job
from orderwright.reads.order_states import read_state
from orderwright.web.presenters.bulk_jobs import job_title
from tests.support.working import work_on_jobs
from tests.web.conftest import Browser


@pytest.fixture
def packed(clerk, take_in):
    """Put two orders into a state of the shop's own, Packed, and return its slug."""
    slug = add_state.run(
        name="Packed", color="teal", description="", system_state="processing", actor=clerk.actor, now=clerk.now
    )
    for _ in range(2):
        clerk.change_state(take_in(held=0), slug)
    return slug


def test_the_dialog_names_the_orders_and_offers_what_they_can_be_moved_to(browser, packed, words) -> None:  # W2
    page = words(browser.open("/order-configurations"))
    dialog = browser.peek(f"/order-configurations/{packed}/retire")

    assert "Retire" in page
    assert "2 orders move to the state that you choose" in words(dialog)
    assert "Retire it and move 2 orders" in words(dialog)
    assert '<option value="processing" selected>' in dialog.content.decode()
    assert 'value="canceled"' not in dialog.content.decode()


def test_what_the_table_has_no_way_to_is_grey_in_the_dialog(browser, clerk, take_in) -> None:  # W3
    slug = add_state.run(
        name="Just in", color="teal", description="", system_state="new", actor=clerk.actor, now=clerk.now
    )
    clerk.change_state(take_in(held=0), slug)

    dialog = browser.peek(f"/order-configurations/{slug}/retire").content.decode()

    assert '<option value="suspended" disabled>Suspended — Suspended is reached from Processing or Fraud.' in dialog


def test_retiring_leads_to_the_job_that_shows_its_progress(browser, clerk, packed, words) -> None:  # W2
    answer = browser.tap(f"/order-configurations/{packed}/retire", to="processing")
    place = answer["HX-Redirect"]

    running = browser.open(place)
    work_on_jobs(now=clerk.now, rows=1)
    half = browser.peek(place)
    work_on_jobs(now=clerk.now)
    done = browser.peek(place)

    assert "0 of 2 orders" in words(running)
    assert 'hx-trigger="every 2s"' in running.content.decode()
    assert '<progress value="1" max="2"' in half.content.decode()
    assert "Packed is retired: no order is in it, and none comes into it." in words(done)
    assert "every 2s" not in done.content.decode()
    assert "Packed" in words(browser.open("/order-configurations")).split("Retired")[1]


def test_without_script_the_page_of_the_job_follows(browser, packed) -> None:
    answer = browser.press(f"/order-configurations/{packed}/retire", to="processing")

    assert answer["Location"] == f"/bulk-jobs/{BulkJob.objects.get().pk}"
    assert "See how far it is" in browser.open(answer["Location"]).content.decode()


def test_a_target_that_does_not_fit_stands_beside_the_field(browser, packed, words, element) -> None:
    answer = browser.tap(f"/order-configurations/{packed}/retire", to=packed)

    assert answer.status_code == 409
    assert "Choose another state, one that is offered." in words(answer)
    assert 'aria-invalid="true"' in element(answer, "retire-to")
    assert read_state(slug=packed).stage == "offered"


def test_undo_is_one_press_and_says_what_was_put_back(browser, clerk, packed, words) -> None:  # W2
    job = browser.tap(f"/order-configurations/{packed}/retire", to="processing")["HX-Redirect"]
    work_on_jobs(now=clerk.now)

    undoing = browser.tap(f"{job}/undo")["HX-Redirect"]
    work_on_jobs(now=clerk.now)

    assert "Undo: put orders back into Packed" in words(browser.open(undoing))
    assert "Undone: see how" in words(browser.open(job))
    assert read_state(slug=packed).orders == 2
    again = browser.tap(f"{job}/undo")
    assert (again.status_code, "This is undone already." in words(again)) == (409, True)


def test_the_report_names_what_was_not_done_and_tries_it_again(browser, clerk, packed, take_in, words) -> None:
    holding = clerk.change_state(take_in(), packed)
    job = browser.press(f"/order-configurations/{packed}/retire", to="completed")["Location"]
    work_on_jobs(now=clerk.now)

    shown = words(browser.open(f"{job}?outcome=refused"))

    assert f"#{holding.number} Not done Money is still held or items are not sent; complete it by hand." in shown
    assert "3 orders are left in Packed." in shown
    assert "Being retired" in words(browser.open("/order-configurations"))
    assert "The rest is tried again" in words(browser.tap(f"{job}/retry"))


def test_a_job_whose_starter_has_left_says_so_and_is_taken_over(browser, clerk, colleague, packed, words) -> None:
    job = Browser(colleague.user).press(f"/order-configurations/{packed}/retire", to="processing")["Location"]
    deactivate_person.run(user_id=colleague.user.pk, actor=clerk.actor, now=clerk.now)
    work_on_jobs(now=clerk.now)

    shown = words(browser.open(job))
    assert "in the name of Ravi Patel" in shown
    assert "2 orders were left, because Ravi Patel may not do this any more." in shown
    browser.tap(f"{job}/retry")
    work_on_jobs(now=clerk.now)

    shown = words(browser.open(job))
    begun, again = shown.split("Begun on")[1].split("· Tried again on")
    assert "in the name of Ravi Patel" in begun
    assert "in the name of Mia Chen" in again
    assert "Packed is retired" in shown
    assert "Ravi Patel, then Mia Chen" in words(browser.open("/bulk-jobs"))
    assert "Retirement tried again · 2 orders" in words(browser.open("/audit"))


def test_a_job_that_was_undone_offers_no_further_try_and_tells_nothing_of_later_ones(
    browser, clerk, packed, words
) -> None:
    job = browser.press(f"/order-configurations/{packed}/retire", to="completed")["Location"]
    work_on_jobs(now=clerk.now)
    assert 'id="retry-job"' in browser.open(job).content.decode()
    browser.press(f"{job}/undo")
    work_on_jobs(now=clerk.now)
    browser.press(f"/order-configurations/{packed}/retire", to="processing")

    page = browser.open(job)
    again = browser.tap(f"{job}/retry")

    assert 'id="retry-job"' not in page.content.decode()
    assert "try the rest again" not in words(page)
    assert "Undone: see how" in words(page)
    assert again.status_code == 409
    assert "This is undone already; retire the state again to move its orders." in words(again)


def test_the_list_has_every_job(browser, packed, words) -> None:
    assert "No bulk jobs" in words(browser.open("/bulk-jobs"))
    browser.press(f"/order-configurations/{packed}/retire", to="processing")

    assert "Retire Packed: move its orders to Processing 0 of 2 orders Running Mia Chen" in words(
        browser.open("/bulk-jobs")
    )


def test_a_job_that_there_is_not_says_so(browser, words) -> None:
    answer = browser.open("/bulk-jobs/7")

    assert (answer.status_code, "There is no such bulk job." in words(answer)) == (404, True)


def test_a_viewer_sees_the_job_and_undoes_nothing(browser, viewer_browser, packed, element) -> None:
    job = browser.press(f"/order-configurations/{packed}/retire", to="processing")["Location"]

    assert 'aria-disabled="true"' in element(viewer_browser.open(job), "undo-job")
    assert 'id="retry-job"' not in viewer_browser.open(job).content.decode()
    for act in (f"{job}/undo", f"{job}/retry", f"/order-configurations/{packed}/retire"):
        assert viewer_browser.press(act).status_code == 403
    assert read_state(slug=packed).stage == "retiring"


@pytest.mark.parametrize("kind", bulk_jobs.KINDS)
def test_every_kind_of_job_has_a_title(browser, packed, kind) -> None:
    browser.press(f"/order-configurations/{packed}/retire", to="processing")

    job = replace(read_job(job_id=BulkJob.objects.get().pk), kind=kind)

    assert "Packed" in job_title(job)
