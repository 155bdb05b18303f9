"""Sample presenters' values of lists of orders, for the gallery. No behaviour here."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from orderwright.web.presenters.list_page import OrderList, OrderRow
from orderwright.web.presenters.parts import Badge, Link
from tests.web.gallery.samples import when


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

PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "list": ("orders/list.html", {"list": LIST}),
    "list-empty": ("orders/list.html", {"list": EMPTY_LIST}),
}
