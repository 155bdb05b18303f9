"""Addresses of the portal."""

from __future__ import annotations

from django.urls import path

from orderwright.web.views import (
    accounts,
    cancellation,
    drift,
    exceptions,
    holds,
    ledger,
    mails,
    order_acts,
    orders,
    payments,
    refunds,
    shipments,
    states,
)

urlpatterns = [
    path("", orders.home, name="home"),
    path("sign-in", accounts.sign_in, name="sign-in"),
    path("sign-out", accounts.sign_out, name="sign-out"),
    path("keys", accounts.keys, name="keys"),
    path("orders/open", orders.open_orders, name="open-orders"),
    path("orders", orders.all_orders, name="all-orders"),
    path("orders/<str:number>", orders.detail, name="order"),
    path("orders/<str:number>/timeline", orders.timeline, name="order-timeline"),
    path("orders/<str:number>/news", orders.news, name="order-news"),
    path("orders/<str:number>/next", orders.neighbour, {"step": "next"}, name="order-next"),
    path("orders/<str:number>/previous", orders.neighbour, {"step": "previous"}, name="order-previous"),
    path("orders/<str:number>/state", order_acts.state, name="order-state"),
    path("orders/<str:number>/invoice-number", order_acts.invoice_number, name="order-invoice-number"),
    path("orders/<str:number>/notes", order_acts.notes, name="order-notes"),
    path("orders/<str:number>/shipments/update", shipments.update, name="order-shipments-update"),
    path("orders/<str:number>/shipments/consequence", shipments.consequence, name="order-shipments-consequence"),
    path(
        "orders/<str:number>/shipments/<int:shipment>/tracking-number",
        shipments.tracking_number,
        name="order-tracking-number",
    ),
    path(
        "orders/<str:number>/items/<int:line_id>/delivery-state", shipments.delivery_state, name="order-delivery-state"
    ),
    path("orders/<str:number>/payments/sync", payments.sync, name="order-payments-sync"),
    path("orders/<str:number>/payments/<int:payment_id>/capture", payments.capture, name="order-capture"),
    path("orders/<str:number>/payments/<int:payment_id>/reversal", refunds.reverse, name="order-reversal"),
    path("orders/<str:number>/refund", refunds.refund, name="order-refund"),
    path("orders/<str:number>/cancel", cancellation.cancel, name="order-cancel"),
    path("orders/<str:number>/cancel/email", cancellation.email, name="order-cancel-email"),
    path("orders/<str:number>/cancel/resume", cancellation.resume, name="order-cancel-resume"),
    path("orders/<str:number>/cancel/withdraw", cancellation.withdraw, name="order-cancel-withdraw"),
    path("orders/<str:number>/cancellation", cancellation.cancellation, name="order-cancellation"),
    path("exceptions", exceptions.exceptions, name="exceptions"),
    path("exceptions/<slug:key>/check", exceptions.check, name="exception-check"),
    path("exceptions/<slug:key>/settle", exceptions.settle, name="exception-settle"),
    path("exceptions/<slug:key>/dismiss", exceptions.dismiss, name="exception-dismiss"),
    path("expiring-holds", holds.holds, name="expiring-holds"),
    path("ledger", ledger.ledger, name="ledger"),
    path("ledger/file", ledger.ledger_file, name="ledger-file"),
    path("provider-drift", drift.drift, name="provider-drift"),
    path("provider-drift/<int:drift_id>", drift.decide, name="drift-decide"),
    path("emails", mails.mails, name="emails"),
    path("emails/<int:mail_id>", mails.mail, name="email"),
    path("order-configurations", states.states, name="order-configurations"),
    path("order-configurations/add", states.add, name="state-add"),
    path("order-configurations/<slug:slug>", states.edit, name="state"),
    path("order-configurations/<slug:slug>/delete", states.delete, name="state-delete"),
]
