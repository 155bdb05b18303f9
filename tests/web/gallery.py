"""Sample presenters' values for every page, so that templates can be tried without a database. No behaviour here."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from orderwright.web.presenters.ledger import LedgerFigure, LedgerPage, LedgerRow
from orderwright.web.presenters.list_page import (
    Fault,
    LimitBox,
    Mail,
    MailList,
    MailRow,
    OrderList,
    OrderRow,
    StateDialog,
    StateForm,
    StateList,
    StateRow,
)
from orderwright.web.presenters.money_pages import (
    Act,
    DriftRow,
    ExceptionRow,
    HoldRow,
    MoneyList,
    SyncDialog,
    WordDialog,
)
from orderwright.web.presenters.order_dialogs import (
    CancelDialog,
    CompletionDialog,
    MailPreview,
    MoneyDialog,
    PickRow,
    Result,
    ShipmentDialog,
)
from orderwright.web.presenters.order_page import (
    Banner,
    Customer,
    Entry,
    HistoryRow,
    LineRow,
    Note,
    OrderPage,
    ParcelRow,
    Part,
    PaymentRow,
    Payments,
    Segment,
    ShipmentBlock,
    Timeline,
    TotalRow,
)
from orderwright.web.presenters.parts import (
    Badge,
    Choice,
    Clash,
    Field,
    Figure,
    Leg,
    Letter,
    Link,
    Press,
    Select,
    Toast,
    When,
)
from orderwright.web.presenters.reconciliation import Line, Reconciliations
from orderwright.web.presenters.shell import Group, Shell
from tests.web import (
    gallery_audit,
    gallery_customer,
    gallery_emails,
    gallery_keys,
    gallery_people,
    gallery_shipping,
    gallery_sites,
    gallery_states,
)

TONES = ("grey", "blue", "green", "amber", "red", "violet", "teal", "pink")
GATE = "Shipments can change only while the order is New or Processing. It is Suspended."


def when(text: str) -> When:
    return When(iso="2026-11-20T21:42:11Z", text=text, full=f"{text} 2026 EST")


def shell(current: str = "Open Orders", *, is_list: bool = False) -> Shell:
    def link(text: str, href: str, icon: str, count: str = "") -> Link:
        return Link(text, href, is_current=text == current, count=count, icon=icon)

    return Shell(
        groups=(
            Group(
                "Orders",
                (link("Open Orders", "/orders/open", "inbox", "1,284"), link("All Orders", "/orders", "layers")),
            ),
            Group("Outbox", (link("Emails", "/emails", "mail"),)),
            Group(
                "Configuration",
                (
                    link("Order Configurations", "/order-configurations", "sliders-horizontal"),
                    link("Shipping", "/shipping/delivery-states", "truck"),
                    link("Payment providers", "/payment-providers", "credit-card"),
                ),
            ),
        ),
        person="Anna Kovac",
        initials="AK",
        role="Order manager · Cozy Home US",
        is_list=is_list,
    )


DELIVERY = ("Pending", "Ready to ship", "Shipped", "In transit", "Delivered", "Returned", "Failed")


def delivery(chosen: str, *, reason: str = "") -> Select:
    return Select(tuple(Choice(n.lower(), n, n == chosen) for n in DELIVERY), is_allowed=not reason, reason=reason)


def line(
    number: int, name: str, sku: str, quantity: int, total: str, state: str, tone: str, reason: str = ""
) -> LineRow:
    return LineRow(
        id=f"line-{number}",
        name=name,
        sku=sku,
        initial=name[0],
        tone=tone,
        detail=f"{quantity} × $49.00" if quantity > 1 else "",
        quantity=str(quantity),
        total=total,
        action=f"/orders/1042/items/{number}/delivery-state",
        delivery=delivery(state, reason=reason),
    )


PAYMENT = PaymentRow(
    id="7",
    name="Visa •••• 4242",
    meta="Practice provider · authorised 20 Nov · auth_9f2c",
    badge=None,
    figures=(),
    action="/orders/1042/payments/7/capture",
    amount=Field("289.94"),
    capture=Press(),
    currency="USD",
)

PAYMENTS = Payments(
    strip_label="Captured $309.00, still held $289.94, of $598.94 authorised",
    segments=(Segment("captured", "0%", "51.59%"), Segment("held", "51.59%", "48.41%")),
    figures=(
        Figure("Authorised", "$598.94"),
        Figure("Captured", "$309.00", "captured"),
        Figure("Still held", "$289.94", "held"),
        Figure("Refunded", "$0.00"),
        Figure("Hold ends", "in 3 days", "plain", is_urgent=True),
    ),
    rows=(PAYMENT,),
    history=(
        HistoryRow(
            when("21 Nov 14:07"),
            "Capture",
            "$309.00",
            "Visa •••• 4242",
            Badge("Succeeded", "green"),
            "cap_81bd",
            "Anna Kovac",
        ),
        HistoryRow(
            when("21 Nov 14:01"),
            "Capture",
            "$120.00",
            "Visa •••• 4242",
            Badge("Declined", "red"),
            "cap_81ba",
            "Anna Kovac",
            "Insufficient funds",
        ),
        HistoryRow(
            when("20 Nov 16:42"),
            "Authorisation",
            "$598.94",
            "Visa •••• 4242",
            Badge("Succeeded", "green"),
            "auth_9f2c",
            "Practice provider",
        ),
    ),
    sync=Press(),
)

TIMELINE = Timeline(
    entries=(
        Entry(
            (Part("Captured"), Part("$309.00", "strong"), Part("of $598.94")),
            "Anna Kovac",
            when("21 Nov 14:07"),
            "money",
        ),
        Entry(
            (Part("Delivery State of Shipment 1"), Part("Ready", "was"), Part("→"), Part("Shipped", "now")),
            "Anna Kovac",
            when("21 Nov 14:06"),
        ),
        Entry(
            (Part("Order State"), Part("New", "was"), Part("→"), Part("Processing", "now")),
            "Ben Ortiz",
            when("20 Nov 17:20"),
            note="Stock is confirmed.",
        ),
        Entry(
            (Part("Authorised"), Part("$598.94", "strong"), Part("on Visa •••• 4242")),
            "Practice provider",
            when("20 Nov 16:42"),
            "money",
        ),
    ),
)

STATES = Select(
    (
        Choice("new", "New", is_allowed=False),
        Choice("processing", "Processing", True),
        Choice("on-hold", "On hold: stock"),
        Choice("suspended", "Suspended"),
        Choice("completed", "Completed"),
        Choice("canceled", "Canceled"),
    )
)

ORDER = OrderPage(
    number="1042",
    base="/orders/1042",
    version="12",
    state=Badge("Processing", "blue"),
    badges=(Badge("Processing", "blue"), Badge("Partly captured", "amber"), Badge("1 of 2 shipments sent", "grey")),
    placed="Placed 20 Nov 2026, 16:42 EST · Cozy Home US · from Shopify as 5532",
    back_text="Open Orders",
    back_href="/orders/open",
    state_choice=STATES,
    may_email_state=True,
    ask_cancel_href="/orders/1042/cancellation-request",
    cancel=Press(),
    update_shipment=Press(),
    shipments_tell="",
    shipments=(
        ShipmentBlock(
            "shipment-1",
            "Shipment 1",
            "UPS Ground",
            "sent 21 Nov",
            (
                ParcelRow(
                    "tracking-1",
                    "/orders/1042/shipments/1/tracking-number",
                    "1",
                    Field("1Z999AA10123456784"),
                    "https://carrier.example/1Z",
                ),
            ),
            (
                line(1, "Oak side table", "TBL-OAK-45", 1, "$199.00", "Shipped", "amber"),
                line(2, "Linen lamp shade, sand", "LMP-LIN-SND", 2, "$98.00", "Shipped", "violet"),
            ),
            "with shipment 1",
        ),
        ShipmentBlock(
            "shipment-2",
            "Shipment 2",
            "FedEx Home Delivery",
            "",
            (ParcelRow("tracking-2", "/t", "1", Field()),),
            (line(3, "Wool rug 160 × 230", "RUG-WOL-160", 1, "$289.94", "Pending", "teal"),),
            "with shipment 2",
        ),
    ),
    payments=PAYMENTS,
    timeline=TIMELINE,
    customer=Customer(
        "Bob Norman",
        "bob.norman@mail.example.com",
        "+1 613 555 0174",
        "tel:+16135550174",
        "4th order",
        ("123 Amoebobacterieae St", "Unit 806", "Ottawa ON K2P 0V6", "Canada"),
        (),
    ),
    totals=(
        TotalRow("Items (4)", "$586.94"),
        TotalRow("Discount TENOFF", "−$10.00"),
        TotalRow("Shipping", "$10.06"),
        TotalRow("Tax", "$11.94"),
        TotalRow("Total", "$598.94", is_sum=True),
    ),
    tell_delayed=Press(),
    invoice=Field("INV-2026-0871"),
    note=Field(),
    notes=(Note("Rug is back-ordered to Tuesday; customer agreed by phone.", "Ben Ortiz", when("20 Nov 17:31")),),
)

LEGS = (
    Leg(
        "Refund",
        "to Visa •••• 4242",
        "$309.00",
        "What was captured on 21 Nov. Usually 5–10 days on the customer’s statement.",
    ),
    Leg("Reverse", "the hold on Visa •••• 4242", "$289.94", "Never charged; the bank frees it."),
)


def locked_order() -> OrderPage:
    """Return an order on which little can be done, with every message that can stand on it."""
    shipments = tuple(
        replace(
            s,
            lines=tuple(replace(x, delivery=replace(x.delivery, is_allowed=False, reason=GATE)) for x in s.lines),
            parcels=tuple(replace(p, number=replace(p.number, is_allowed=False, reason=GATE)) for p in s.parcels),
        )
        for s in ORDER.shipments
    )
    legs = (
        replace(LEGS[0], status=Badge("Done", "green")),
        replace(LEGS[1], status=Badge("Outcome unknown, checking", "amber", is_checking=True)),
    )
    return replace(
        ORDER,
        shipments=shipments,
        shipments_tell=GATE,
        update_shipment=Press(False, GATE),
        cancel=Press(False, "A cancellation is already under way."),
        badges=(Badge("Cancel Requested", "violet"), Badge("Outcome unknown, checking", "red", is_checking=True)),
        state_choice=replace(STATES, is_allowed=False, reason="The order waits for its cancellation."),
        banner=Banner(
            "Cancellation under way",
            "One of two amounts has gone back. The order is canceled when both have.",
            "violet",
            legs,
            "/orders/1042/cancel/resume",
            Press(),
            "Resume",
        ),
        payments=replace(
            PAYMENTS,
            rows=(
                replace(
                    PAYMENT,
                    badge=Badge("Outcome unknown, checking", "red", is_checking=True),
                    amount=Field("900.00", error="Only $289.94 is still held on this payment."),
                    figures=(
                        Figure("Authorised", "$400.00"),
                        Figure("Captured", "$309.00"),
                        Figure("Still held", "$91.00"),
                    ),
                    note="The provider has not answered yet. The amount stays reserved until it does.",
                    is_note_urgent=True,
                ),
                replace(
                    PAYMENT,
                    id="8",
                    name="Gift card •••• 0099",
                    capture=Press(False, "This hold ended on 18 Nov 2026."),
                    amount=Field("198.94", is_allowed=False),
                ),
            ),
        ),
        invoice=Field("INV\tbad", error="An invoice number cannot contain a tab."),
        note=Field("", error="Write something first."),
    )


def long_order() -> OrderPage:
    """Return an order of thirty lines with very long and right-to-left names."""
    long_name = (
        "Wardrobe with sliding mirror doors, soft-close rails and adjustable shelving, extra-wide, smoked oak veneer "
        * 2
    )
    lines = tuple(
        line(
            n,
            (long_name if n % 3 == 1 else "طقم أكواب قهوة عربية مزخرفة" if n % 3 == 2 else "Ørnestol"),
            f"SKU-{'LONG' * 12 if n == 4 else ''}-{n}",
            n,
            "$12,345,678.90",
            "Pending",
            TONES[n % 8],
        )
        for n in range(1, 31)
    )
    return replace(
        ORDER,
        shipments=(
            replace(
                ORDER.shipments[1],
                method="International consolidated freight with white-glove delivery and assembly",
                lines=lines,
            ),
        ),
        customer=Customer(
            "محمد عبد الرحمن بن عبد العزيز آل سعود الهاشمي",
            "a.very.long.address.that.goes.on.and.on.and.on@subdomain.of.a.long.domain.example.com",
            "+966 11 555 0123",
            "tel:+966115550123",
            "1st order",
            (
                "شارع الملك فهد ١٢٣",
                "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch",
                "الرياض 12345",
                "Saudi Arabia",
            ),
            ("Same name GmbH & Co. KGaA", "Straße 1", "10115 Berlin", "Germany"),
        ),
        notes=(
            Note("x" * 180, "محمد", when("20 Nov 17:31")),
            Note("הלקוח ביקש אריזת מתנה\nובקשה נוספת", "Ben Ortiz", when("20 Nov 17:33")),  # noqa: RUF001 - Hebrew on purpose
        ),
    )


def order_row(
    number: int, name: str, state: Badge, payment: Badge, delivery_text: str, pieces: str, total: str
) -> OrderRow:
    return OrderRow(
        str(number),
        f"/orders/{number}",
        when("20 Nov 16:42"),
        name,
        state,
        payment,
        delivery_text,
        pieces,
        "pieces",
        total,
    )


ROWS = (
    order_row(
        1042,
        "Bob Norman",
        Badge("Processing", "blue"),
        Badge("Partly captured", "amber"),
        "1 of 2 sent",
        "4",
        "$598.94",
    ),
    order_row(1041, "Yuki Tanaka", Badge("New", "grey"), Badge("Authorised", "blue"), "—", "1", "¥12,800"),
    order_row(1040, "Amélie Laurent", Badge("New", "grey"), Badge("Authorised", "blue"), "—", "3", "€214.50"),
    order_row(
        1039, "Oluwaseun Adeyemi", Badge("On hold: stock", "violet"), Badge("Authorised", "blue"), "—", "2", "$86.00"
    ),
    order_row(1038, "Priya Raman", Badge("Fraud", "red"), Badge("Hold ends in 9 h", "amber"), "—", "1", "$1,940.00"),
    order_row(1037, "Lars Holm", Badge("Processing", "blue"), Badge("Captured", "green"), "Sent", "2", "kr 1 499,00"),
    order_row(
        1036,
        "محمد عبد الرحمن بن عبد العزيز آل سعود",
        Badge("Processing", "blue"),
        Badge("Captured", "green"),
        "1 of 3 sent",
        "6",
        "€412.10",
    ),
    order_row(
        1035,
        "Chen Wei",
        Badge("Suspended", "amber"),
        Badge("Outcome unknown, checking", "red", is_checking=True),
        "—",
        "1",
        "$75.25",
    ),
    order_row(
        1034,
        "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh the Third",
        Badge("A state with a name of forty characters!!", "pink"),
        Badge("Authorised", "blue"),
        "—",
        "5",
        "BHD 38.500",
    ),
    order_row(1033, "John O’Neill", Badge("Completed", "green"), Badge("Captured", "green"), "Sent", "1", "£49.00"),
)

LIST = OrderList(
    title="Open Orders",
    chips=(
        Link("All open", "/orders/open", True, "1,284"),
        Link("New", "?state=new", False, "312"),
        Link("Processing", "?state=processing", False, "941"),
        Link("On hold: stock", "?state=on-hold", False, "18"),
        Link("Suspended", "?state=suspended", False, "9"),
        Link("Fraud", "?state=fraud", False, "4"),
    ),
    sites=(Link("Every site", "?", True), Link("Cozy Home US", "?site=cozy-home-us")),
    site_text="Every site",
    rows=ROWS,
    sorted_by="Newest first, by the time placed. Times in EST.",
    older_href="?after=x",
    newest_href="?",
)
EMPTY_LIST = replace(
    LIST,
    rows=(),
    older_href="",
    newest_href="",
    query="zzz",
    empty_title="No orders found",
    empty_text="Nothing matches “zzz”.",
    clear_href="/orders/open",
)

MAILS = MailList(
    rows=(
        MailRow(
            "/emails/1",
            "Your order #1042 was canceled",
            "bob.norman@mail.example.com",
            Link("#1042", "/orders/1042"),
            when("21 Nov 14:20"),
            Badge("Sent", "green"),
        ),
        MailRow(
            "/emails/2",
            "Your order #1030 was canceled",
            "mia@mail.example.com",
            Link("#1030", "/orders/1030"),
            when("21 Nov 14:10"),
            Badge("Waiting", "blue"),
            "Tried 2 times; next try in 4 minutes",
        ),
        MailRow(
            "/emails/3",
            "Your order #1001 was canceled",
            "gone@mail.example.com",
            None,
            when("20 Nov 09:10"),
            Badge("Given up", "red"),
            "550 no such mailbox",
        ),
    ),
    chips=(Link("All", "?", True, "3"), Link("Waiting", "?state=waiting", False, "1")),
    sorted_by="Newest first, by the time written.",
)
MAIL = Mail(
    "Your order #1042 was canceled",
    "Cozy Home <orders@cozy.example>",
    "bob.norman@mail.example.com",
    when("21 Nov 14:20"),
    Badge("Sent", "green"),
    Link("#1042", "/orders/1042"),
    Letter(
        "Hello Bob,\n\nwe have canceled your order #1042.\n\n$309.00 goes back to your Visa.\n\nCozy Home",
        "/emails/7/html",
    ),
    "Sent on the first try",
    "<a1b2@cozy.example>",
    notes=("It went out in the built-in words, for the template could not be used: Line 3.",),
    links=(Link("sent again", "/emails/8"),),
    resend_action="/emails/7/resend",
    resend_to=Field("bob@mail", error="Write exactly one e-mail address."),
)

STATE_LIST = StateList(
    rows=(
        StateRow("1", Badge("New", "blue"), "New", "A new order is received.", (), True, "312 orders", True, "/e"),
        StateRow(
            "2",
            Badge("On hold: stock", "violet"),
            "Processing",
            "Waiting for a supplier; shipments stay open.",
            ("Not canceled from here",),
            True,
            "18 orders",
            False,
            "/e",
        ),
        StateRow(
            "3",
            Badge("Packed", "teal"),
            "Processing",
            "Boxed, label printed, not yet handed over.",
            (),
            False,
            "",
            False,
            "/e",
            "/d",
        ),
        StateRow(
            "4",
            Badge("Canceled", "grey"),
            "Canceled",
            "The order was canceled; money went back.",
            (),
            True,
            "2,204 orders",
            True,
            "/e",
        ),
    ),
    retired=(),
    here_href="/order-configurations",
    moves_href="/order-moves",
    add_href="/order-configurations/add",
    add=Press(),
)
STATE_FORM = StateForm(
    "Add Status",
    "/order-configurations/add",
    "/order-configurations",
    "Add Status",
    "On hold: stock",
    "",
    "violet",
    tuple(Choice(t, t.title(), t == "violet") for t in TONES),
    tuple(Choice(s.lower(), s, s == "Processing") for s in ("New", "Processing", "Fraud", "Suspended", "Completed")),
    "",
    (LimitBox("allows_cancel", "Orders may be canceled", "Otherwise Cancel Order says so.", is_ticked=True),),
    "",
    "We wait for your lamp.",
    True,
    {"name": "A state of this name exists already."},
    {"name": 40, "description": 200, "email_text": 500},
)
MONEY_DIALOG = MoneyDialog(
    "Capture $289.94?",
    "/orders/1042/payments/7/capture",
    "/orders/1042",
    "12",
    "ref-1",
    "The rest of the hold. Nothing is left to capture afterwards.",
    (Leg("Capture", "from Visa •••• 4242", "$289.94", "Practice provider takes it from the customer’s account now."),),
    "Capture $289.94",
    "Do not capture",
    (("amount", "289.94"),),
)
CANCEL_DIALOG = CancelDialog(
    MoneyDialog(
        "Cancel order #1042?",
        "/orders/1042/cancel",
        "/orders/1042",
        "12",
        "ref-2",
        "One of two shipments has already been sent; its items are not taken back by cancelling.",
        LEGS,
        "Cancel order, refund $309.00, reverse $289.94",
        "Keep order",
        is_stop=True,
    ),
    (Choice("item-unavailable", "Item unavailable", True), Choice("customer-asked", "Customer asked")),
    "bob.norman@mail.example.com",
    "/orders/1042/cancel/email",
)
SHIPMENT_DIALOG = ShipmentDialog(
    "1042",
    "/orders/1042/shipments/update",
    "/orders/1042",
    "/orders/1042/shipments/update/consequence",
    "12",
    (
        PickRow("1-1", "Oak side table", "Shipment 1 · UPS Ground · shipped", 1, "1", False),
        PickRow("1-2", "Linen lamp shade, sand", "Shipment 1 · UPS Ground · shipped", 2, "1", True),
        PickRow("2-3", "Wool rug 160 × 230", "Shipment 2 · FedEx Home Delivery · pending", 1, "1", True),
    ),
    (Choice("ups", "UPS Ground"), Choice("courier", "Courier, same day", True)),
    "These 2 items become shipment 3 with its own tracking number. Shipment 2 is then empty and is removed.",
)
KEYS = (
    (("/",), "Search from anywhere"),
    (("J", "K"), "Next, previous order"),
    (("Enter",), "Open the order"),
    (("S",), "Order State"),
    (("?",), "This list"),
)

EXCEPTIONS = MoneyList(
    "Exceptions",
    "Captures, refunds and reversals that do not go their way.",
    (Link("All", "/exceptions", is_current=True, count="2"),),
    (
        ExceptionRow(
            id="7",
            problem=Badge("Needs a person", "red"),
            act="Capture",
            amount="$309.00",
            order=Link("#1042", "/orders/1042"),
            customer="Bob Norman",
            payment="Visa •••• 4242 · Practice provider",
            told="Asked for 30900 USD, was told 30901 USD.",
            facts="wrong_echo · tried once",
            key="op_81bd",
            since=when("20 Nov 16:42"),
            age="3 h",
            acts=(
                Act(
                    "e-7-yes",
                    "It happened",
                    "/exceptions/op_81bd/settle",
                    is_asking=True,
                    hidden=(("happened", "yes"),),
                ),
                Act("e-7-no", "It did not happen", "/exceptions/op_81bd/settle", Press(is_allowed=False, reason=GATE)),
                Act("e-7-resume", "Resume cancellation", "/orders/1042/cancel/resume", is_asking=True),
            ),
        ),
    ),
    "Longest waiting first.",
    "/exceptions",
    "/exceptions?after=x",
)
DRIFT = MoneyList(
    "Provider drift",
    "Where a provider and our books disagree.",
    (),
    (
        DriftRow(
            id="7",
            state=Badge("To decide", "amber"),
            act="Capture",
            there="$400.00",
            here="nothing",
            provider="Practice provider",
            happened=when("20 Nov 16:42"),
            reference="cap_81",
            order=Link("#1042", "/orders/1042"),
            customer="Bob Norman",
            payment="Visa •••• 4242",
            told="The amounts differ.",
            found=when("21 Nov 02:00"),
            note="Mia Chen: asked support",
            acts=(Act("d-7", "Accept", "/provider-drift/7", is_asking=True, hidden=(("decision", "accept"),)),),
        ),
    ),
    "Newest first.",
    reconciliations=Reconciliations(
        (
            Line("Practice provider", Badge("1 difference", "amber"), "Last reconciled: 20 Nov 2026.", ("USD: …",)),
            Line("Adyen", Badge("No list"), "Adyen has no list that can be asked for."),
        ),
        "/provider-drift/reconcile",
        Select((Choice("practice", "Practice provider", is_selected=True),)),
        Field("2026-11-20"),
    ),
)
HOLDS = MoneyList(
    "Expiring holds",
    "Money that a bank lets go.",
    (),
    (
        HoldRow(
            order=Link("#1042", "/orders/1042"),
            customer="Bob Norman",
            payment="Visa •••• 4242",
            state=Badge("New"),
            site="Cozy Home US",
            ends=Badge("Ends in 10 h", "amber"),
            ends_at=when("21 Nov 14:00"),
            held="$598.94",
            href="/orders/1042#payment-7",
            can_capture=True,
        ),
    ),
    "The first to end stands first.",
)
NOTHING = MoneyList("Exceptions", "", (), (), "", empty_title="Nothing needs you", empty_text="It stands here.")
WORD_DIALOG = WordDialog(
    title="Book this capture of $309.00 as done?",
    action="/exceptions/op_81bd/settle",
    back_href="/exceptions",
    target="#money-list",
    tell="Look it up first.",
    legs=(Leg("Capture", "Visa •••• 4242", "$309.00"),),
    confirm="Book $309.00",
    press=Press(),
    reason="",
    reason_label="Reason",
    reference="cap_81",
    is_reference_asked=True,
    hidden=(("happened", "yes"),),
    errors={"reason": "It must not be empty."},
)
SYNC_DIALOG = SyncDialog(
    title="1 change at the provider is not in the books",
    action="/orders/1042/payments/sync",
    back_href="/orders/1042",
    tell="No money moves.",
    legs=(Leg("Capture", "on Visa •••• 4242", "$50.00", "done at Practice provider"),),
    contradictions=(Leg("Refund", "on Visa •••• 4242", "$900.00"),),
    confirm="Apply 1 change",
    seen="5f",
)

LEDGER_ROW = LedgerRow(
    title="20 Nov 2026",
    iso="2026-11-20",
    where="Cozy Home US",
    zone="America/New_York",
    provider="Practice provider",
    mode=Badge("Test"),
    figures=(
        LedgerFigure("Captured", "$309.00", is_zero=False, is_balance=False),
        LedgerFigure("Held at the end", "$0.00", is_zero=True, is_balance=True),
    ),
    transactions="2 transactions",
)
LEDGER = LedgerPage(
    title="Ledger",
    about="What moved on each day.",
    action="/ledger",
    first=Field("2026-10-01"),
    last=Field("2026-11-21"),
    site=Select((Choice("", "All sites", is_selected=True),)),
    provider=Select((Choice("", "All provider accounts", is_selected=True),)),
    columns=("Captured", "Held at the end"),
    rows=(LEDGER_ROW,),
    totals=(replace(LEDGER_ROW, title="USD", iso="", zone="", where="All days"),),
    files=(Link("Export CSV", "/ledger/file?format=csv"),),
    span="1 Oct 2026 – 21 Nov 2026",
    control="2 transactions, the last one no. 2",
    sorted_by="Newest day first.",
)
LEDGER_REFUSED = replace(
    LEDGER,
    last=Field("soon", error="It must be a day."),
    site=replace(LEDGER.site, error="There is no such site."),
    is_refused=True,
)

PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "order": ("orders/detail.html", {"order": ORDER, "toasts": (Toast("Invoice number saved"),)}),
    "order-history": ("orders/detail.html", {"order": replace(ORDER, payments=replace(PAYMENTS, view="history"))}),
    "order-locked": (
        "orders/detail.html",
        {"order": locked_order(), "toasts": (Toast("The provider declined this.", is_bad=True),)},
    ),
    "order-long": ("orders/detail.html", {"order": long_order()}),
    "list": ("orders/list.html", {"list": LIST}),
    "list-empty": ("orders/list.html", {"list": EMPTY_LIST}),
    "mails": ("emails/list.html", {"mails": MAILS}),
    "mail": ("emails/detail.html", {"mail": MAIL}),
    "states": ("configuration/states.html", {"states": STATE_LIST}),
    "state-add": (
        "dialog_page.html",
        {"title": "Add Status", "fragment": "configuration/_state_form.html", "form": STATE_FORM},
    ),
    "state-confirm": (
        "dialog_page.html",
        {
            "title": "Edit",
            "fragment": "configuration/_state_form.html",
            "form": replace(
                STATE_FORM,
                is_confirming=True,
                confirm="18 orders are in this state. They all show the change at once.",
                submit="Change it for 18 orders",
                errors={},
            ),
        },
    ),
    "state-delete": (
        "dialog_page.html",
        {
            "title": "Delete",
            "fragment": "configuration/_delete.html",
            "dialog": StateDialog(
                "Delete Packed?",
                "/x",
                "/y",
                "No order is in this state.",
                "Delete Packed",
            ),
        },
    ),
    "capture": ("dialog_page.html", {"title": "Capture", "fragment": "orders/_capture.html", "dialog": MONEY_DIALOG}),
    "cancel": (
        "dialog_page.html",
        {"title": "Cancel Order", "fragment": "orders/_cancel.html", "dialog": CANCEL_DIALOG},
    ),
    "shipment": (
        "dialog_page.html",
        {"title": "Update Shipment", "fragment": "orders/_shipment.html", "dialog": SHIPMENT_DIALOG},
    ),
    "complete": (
        "dialog_page.html",
        {
            "title": "Complete",
            "fragment": "orders/_complete.html",
            "dialog": CompletionDialog(
                "Complete order #1042?",
                "/orders/1042/state",
                "/orders/1042",
                "12",
                "completed",
                (LEGS[1],),
                ("1 × Wool rug 160 × 230, pending",),
                "Complete all the same",
            ),
        },
    ),
    "result": (
        "dialog_page.html",
        {
            "title": "Canceled",
            "fragment": "orders/_result.html",
            "result": Result(
                "Order #1042 is canceled",
                "$309.00 captured was refunded and $289.94 authorised was reversed.",
                LEGS,
                "An email to bob.norman@mail.example.com is on its way.",
                "/orders/1042",
            ),
        },
    ),
    "mail-preview": (
        "orders/mail_preview.html",
        {
            "mail": MailPreview(
                "bob@mail.example.com",
                "Your order was canceled",
                Letter("Hello Bob,\n\nwe have canceled your order.", "/orders/1042/cancel/email/html"),
                "/orders/1042/cancel",
            )
        },
    ),
    "keys": ("dialog_page.html", {"title": "Keys", "fragment": "help/_keys.html", "rows": KEYS}),
    "fault": (
        "errors/page.html",
        {
            "fault": Fault(
                404, "There is no order #9999", "It may have been typed differently.", "order_not_found", "req-81"
            )
        },
    ),
    "fault-plain": (
        "errors/plain.html",
        {"fault": Fault(503, "The desk is busy", "Try again in a moment.", "database_busy")},
    ),
    "sign-in": (
        "accounts/sign_in.html",
        {
            "next": "/",
            "email": "anna@desk.example",
            "error": "E-mail or password is wrong.",
            "sso": Link("Use single sign-on", "/sign-in/staff"),
        },
    ),
}
REQUESTED = Banner(
    "Cancellation requested",
    "Asked for the customer, by Storefront on 21 Nov 09:00.",
    "amber",
    icon="message-circle-question-mark",
    quote="My sister bought the same.",
    accept_href="/orders/1042/cancel",
    decline_href="/orders/1042/cancellation-request/decline",
    take_back_action="/orders/1042/cancellation-request/withdraw",
    decline=Press(False, GATE),
)
PAGES |= {
    "order-requested": ("orders/detail.html", {"order": replace(ORDER, banner=REQUESTED)}),
    "exceptions": ("money/exceptions.html", {"list": EXCEPTIONS}),
    "no-exceptions": ("money/exceptions.html", {"list": NOTHING}),
    "drift": ("money/drift.html", {"list": DRIFT}),
    "holds": ("money/holds.html", {"list": HOLDS}),
    "ledger": ("money/ledger.html", {"ledger": LEDGER}),
    "ledger-empty": ("money/ledger.html", {"ledger": replace(LEDGER, rows=(), totals=(), control="")}),
    "ledger-refused": ("money/ledger.html", {"ledger": LEDGER_REFUSED}),
    "word": ("dialog_page.html", {"title": "Book", "fragment": "money/_word.html", "dialog": WORD_DIALOG}),
    "sync": ("dialog_page.html", {"title": "Sync", "fragment": "orders/_sync.html", "dialog": SYNC_DIALOG}),
}
CLASH = Clash("state", "fraud", "Fraud", "Processing", "/orders/1042")
PAGES |= {
    "order-clash": (
        "orders/detail.html",
        {
            "order": replace(
                ORDER,
                state_choice=replace(STATES, error="Ravi Patel changed this order.", clash=CLASH),
                invoice=Field("INV-2", error="Ravi Patel changed this.", clash=replace(CLASH, keep=Press(False, GATE))),
            )
        },
    ),
}
PAGES |= gallery_emails.PAGES
FRAGMENTS: dict[str, tuple[str, dict[str, Any]]] = {
    "exceptions": ("money/_answer.html", {"list": EXCEPTIONS, "fragment": "money/_exceptions.html", "toasts": ()}),
    "drift": ("money/_answer.html", {"list": DRIFT, "fragment": "money/_drift.html", "toasts": (Toast("Noted"),)}),
    "order": (
        "orders/_answer.html",
        {"order": ORDER, "toasts": (Toast("Saved"),), "result": PAGES["result"][1]["result"]},
    ),
    "cancel": ("orders/_cancel.html", {"dialog": CANCEL_DIALOG}),
    "shipment": ("orders/_shipment.html", {"dialog": SHIPMENT_DIALOG}),
    "capture": ("orders/_capture.html", {"dialog": MONEY_DIALOG}),
    "timeline": ("orders/_timeline_answer.html", {"order": ORDER}),
    "consequence": ("orders/_consequence.html", {"dialog": SHIPMENT_DIALOG}),
    "states": ("configuration/_answer.html", {"states": STATE_LIST, "toasts": ()}),
    "fault": ("errors/_fault.html", {"fault": PAGES["fault"][1]["fault"]}),
}
PAGES |= gallery_states.PAGES
FRAGMENTS |= gallery_states.FRAGMENTS
PAGES |= gallery_shipping.PAGES
FRAGMENTS |= gallery_shipping.FRAGMENTS
PAGES |= gallery_keys.PAGES
FRAGMENTS |= gallery_keys.FRAGMENTS
PAGES |= gallery_people.PAGES
FRAGMENTS |= gallery_people.FRAGMENTS
PAGES |= gallery_audit.PAGES
PAGES |= gallery_customer.PAGES
FRAGMENTS |= gallery_customer.FRAGMENTS
FRAGMENTS |= gallery_audit.FRAGMENTS
PAGES |= gallery_sites.PAGES
FRAGMENTS |= gallery_sites.FRAGMENTS
