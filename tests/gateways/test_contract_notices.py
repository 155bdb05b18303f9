"""The contract of every gateway, fourth part: what providers tell by themselves, and what only looks like it (FW1)."""

from __future__ import annotations

import contextlib
import dataclasses
import json
from datetime import UTC, datetime, timedelta

import pytest

from orderwright.payments.gateways.port import Movement, NoticeRefused
from tests.gateways.bench import Bench
from tests.gateways.benches import BENCHES
from tests.gateways.calls import capture, refund, reverse
from tests.gateways.mailbox import Letter

only = pytest.mark.only
tells = only(lambda bench: bool(bench.face))


def is_refused(bench: Bench, letter: Letter, **changed: str) -> bool:
    """Tell whether the gateway refuses the message as not the provider's."""
    try:
        bench.read(bench.gateway(**changed), letter)
    except NoticeRefused:
        return True
    return False


def event_ids(bench: Bench, letter: Letter) -> list[str]:
    return [notice.event_id for notice in bench.read(bench.gateway(), letter)]


def signed_anew(bench: Bench, letter: Letter, *, secret: str = "", age: timedelta = timedelta(0)) -> Letter:
    """Return the same message under a signature of another secret or time."""
    at = datetime.now(UTC) - age
    return bench.signed(json.loads(letter.body), secret=secret or bench.secrets[0], at=at)


@only(lambda bench: not bench.face)
def test_where_nobody_tells_anything_every_message_is_refused(bench):
    assert is_refused(bench, Letter({}, b"{}"))


@tells
def test_a_message_of_the_provider_names_the_payment_and_itself(bench):
    reference, letter = bench.letter(bench.gateway())

    notices = bench.read(bench.gateway(), letter)

    assert {notice.reference for notice in notices} == {reference}
    assert all(notice.event_id and notice.kind for notice in notices)
    assert all((notice.told is None) == bench.kind.can_be_asked for notice in notices)


@tells
def test_the_same_event_five_times_has_one_id_and_other_events_have_others(bench):
    gateway = bench.gateway()
    letters = [bench.letter(gateway)[1] for _time in range(2)]

    told = [event_ids(bench, signed_anew(bench, letter)) for letter in letters for _again in range(5)]

    assert told[0:5] == [told[0]] * 5
    assert told[5:10] == [told[5]] * 5
    assert not set(told[0]) & set(told[5])


@tells
def test_every_kind_of_movement_is_told_with_the_payment(bench):
    gateway = bench.gateway()
    first, second = bench.hold(10000), bench.hold(10000)
    captured = capture(first, 10000)
    outcome = bench.outcome(gateway, captured)
    bench.outcome(gateway, refund(first, 2500, of=outcome.provider_ref))
    bench.outcome(gateway, reverse(second, 10000))

    for reference, kinds in ((first, bench.kinds["capture"] | bench.kinds["refund"]), (second, bench.kinds["reverse"])):
        for kind in kinds:
            bench.wait_for(gateway, lambda notice, r=reference, k=kind: (notice.reference, notice.kind) == (r, k))


@only(lambda bench: bool(bench.face) and not bench.kind.can_be_asked)
def test_what_is_told_names_the_call_its_amount_and_how_it_went(bench):
    gateway, reference = bench.gateway(), bench.hold(10000)
    call = capture(reference, 4000)
    accepted = gateway.send(call)

    notice = bench.wait_for(gateway, lambda notice: notice.key == call.key)

    assert isinstance(notice.told, Movement)
    assert (notice.told.kind, notice.told.amount_minor, notice.told.currency) == ("capture", 4000, "USD")
    assert (notice.told.key, notice.told.provider_ref) == (call.key, accepted.provider_ref)


@tells
@pytest.mark.parametrize("do", ["capture", "reverse"])
def test_what_is_done_at_the_dashboard_is_told_too(bench, do):
    gateway, reference = bench.gateway(), bench.hold(10000)
    if do == "capture":
        bench.capture_by_hand(reference, 10000)
    else:
        bench.reverse_by_hand(reference)

    notice = bench.wait_for(gateway, lambda notice: notice.reference == reference and notice.kind in bench.kinds[do])

    assert not notice.key.startswith("op_")
    assert notice.told is None or (isinstance(notice.told, Movement) and notice.told.key == "")


@tells
def test_a_message_that_was_tampered_with_is_refused(bench):
    _reference, letter = bench.letter(bench.gateway())

    assert not is_refused(bench, letter)
    assert is_refused(bench, bench.tampered(letter))


@tells
def test_a_message_without_a_signature_is_refused(bench):
    _reference, letter = bench.letter(bench.gateway())

    assert is_refused(bench, bench.unsigned(letter))


@tells
def test_a_message_under_another_secret_is_refused(bench):
    _reference, letter = bench.letter(bench.gateway())

    assert is_refused(bench, signed_anew(bench, letter, secret=bench.foreign_secret))


@tells
def test_an_account_without_a_secret_takes_nothing_even_signed_with_nothing(bench):
    _reference, letter = bench.letter(bench.gateway())

    for secret in ("", " "):
        assert is_refused(bench, letter, **{bench.secret_name: secret})
        assert is_refused(bench, bench.signed(json.loads(letter.body), secret="", at=datetime.now(UTC)))


@tells
def test_while_a_secret_is_being_replaced_both_are_taken_and_afterwards_one(bench):
    now, before = bench.secrets
    bench.listen(secret=before)
    both = {bench.secret_name: f"{now} {before}"}

    _reference, letter = bench.letter(bench.gateway(**both))

    assert not is_refused(bench, signed_anew(bench, letter), **both)
    assert is_refused(bench, letter, **{bench.secret_name: now})


@only(lambda bench: bool(bench.face) and bench.signs_time)
@pytest.mark.parametrize("age", [timedelta(minutes=6), timedelta(days=400), timedelta(minutes=-6)])
def test_a_message_that_was_signed_at_another_time_is_refused(bench, age):
    _reference, letter = bench.letter(bench.gateway())

    assert is_refused(bench, signed_anew(bench, letter, age=age))
    assert not is_refused(bench, signed_anew(bench, letter, age=timedelta(minutes=4)))


@only(lambda bench: bool(bench.face) and bench.signs_time)
def test_a_message_whose_time_was_moved_is_refused(bench):
    _reference, letter = bench.letter(bench.gateway())
    old = signed_anew(bench, letter, age=timedelta(days=1))

    for header in bench.with_time_moved(old):
        assert is_refused(bench, header)


@tells
def test_the_same_words_written_otherwise_pass_only_where_the_words_are_signed_and_not_the_bytes(bench):
    _reference, letter = bench.letter(bench.gateway())
    written_otherwise = Letter(letter.headers, json.dumps(json.loads(letter.body), indent=1, sort_keys=True).encode())

    assert is_refused(bench, written_otherwise) == bench.signs_bytes


@tells
def test_live_and_test_messages_are_not_mixed_up(bench):
    _reference, letter = bench.letter(bench.gateway())
    live = bench.signed(bench.in_other_mode(json.loads(letter.body)), secret=bench.secrets[0], at=datetime.now(UTC))
    live_account = bench.kind(dataclasses.replace(bench.account(), is_live=True))

    assert is_refused(bench, live)
    assert bench.read(live_account, live)
    with pytest.raises(NoticeRefused):
        bench.read(live_account, letter)


@tells
def test_what_is_of_no_concern_is_taken_and_leads_to_nothing(bench):
    _reference, letter = bench.letter(bench.gateway())
    other = bench.about_something_else(json.loads(letter.body))

    assert bench.read(bench.gateway(), bench.signed(other, secret=bench.secrets[0], at=datetime.now(UTC))) == []


# Wrong in their form, each signed well where that can be.
HOSTILE = (
    *(b"", b"null", b"[]", b"{}", b'"x"', b"\xff\xfe", b'{"id":', b"[" * 5000, b'{"id":1}', b'{"id":"evt_1"}'),
    *(b'{"id":"evt_1","type":7,"data":[]}', b'{"id":"evt_1","type":"charge.x","data":{"object":"ch_1"}}'),
    *(b'{"live":"false","notificationItems":[]}', b'{"live":"false","notificationItems":{"a":1}}'),
    b'{"live":"false","notificationItems":[7,{"NotificationRequestItem":null},{"NotificationRequestItem":{}}]}',
    b'{"live":"false","notificationItems":[{"NotificationRequestItem":{"additionalData":{"hmacSignature":7}}}]}',
    b'{"live":"false","notificationItems":[{"NotificationRequestItem":{"additionalData":{"hmacSignature":"x"}}}]}',
)


@tells
@pytest.mark.parametrize("body", HOSTILE)
def test_a_body_that_is_no_message_is_refused_or_leads_to_nothing_and_never_breaks(bench, body):
    for letter in (Letter({}, body), bench.signed_bytes(body)):
        with contextlib.suppress(NoticeRefused):
            assert bench.read(bench.gateway(), letter) == []


def test_every_bench_with_a_face_runs_this_part():
    assert {bench.face for bench in BENCHES if bench.face} >= {"stripe", "adyen"}
