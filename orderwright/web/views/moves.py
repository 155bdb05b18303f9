"""Order Configurations: the table of moves between states, with its picture."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from orderwright.actions import edit_moves
from orderwright.core.clock import now as clock_now
from orderwright.core.errors import OrderwrightError
from orderwright.orders.states import DEFAULT_MOVES
from orderwright.reads.order_moves import read_moves
from orderwright.reads.order_states import list_states
from orderwright.web import posted
from orderwright.web.errors import words_of
from orderwright.web.page import dialog, fragment, is_htmx, page, say
from orderwright.web.permission import StaffRequest, permission
from orderwright.web.presenters.moves import moves_of, moves_page, restore_question
from orderwright.web.presenters.moves_page import MovesPage
from orderwright.web.presenters.parts import Toast

PLACE = "order-moves"


@require_http_methods(["GET", "POST"])
@permission("configuration.view", to_change="configuration.edit")
def moves(request: StaffRequest) -> HttpResponse:
    """Show which moves may be made by hand, or save the table. Source: W3."""
    if request.method == "GET":
        return _whole(request, _shown(request))
    ticked = request.POST.getlist("move")
    try:
        _save(request, moves_of(ticked))
    except OrderwrightError as error:
        return _answer(request, _shown(request, ticked=ticked, error=words_of(error)), status=error.status)
    return _done(request, Toast(_("Moves saved")))


@require_http_methods(["GET", "POST"])
@permission("configuration.edit")
def restore(request: StaffRequest) -> HttpResponse:
    """Ask before the default moves are restored, or restore them. Source: W3."""
    if request.method == "GET":
        return _question(request)
    try:
        _save(request, DEFAULT_MOVES)
    except OrderwrightError as error:
        return _question(request, error=words_of(error), status=error.status)
    return _done(request, Toast(_("The default moves are restored")))


def _save(request: StaffRequest, moves: Mapping[str, Iterable[str]]) -> None:
    edit_moves.run(moves=moves, version=posted.version(request), actor=request.user.actor(), now=clock_now())


def _question(request: StaffRequest, *, error: str = "", status: int = 200) -> HttpResponse:
    question = restore_question(read_moves(), request.user.actor(), base=reverse(PLACE), error=error)
    return dialog(
        request,
        "configuration/_restore_moves.html",
        {"question": question},
        title=question.title,
        status=status,
        current="order-configurations",
    )


def _done(request: StaffRequest, said: Toast) -> HttpResponse:
    if is_htmx(request):
        return _answer(request, _shown(request), toasts=[said])
    say(request, said)
    return redirect(PLACE)


def _shown(request: StaffRequest, *, ticked: Collection[str] | None = None, error: str = "") -> MovesPage:
    return moves_page(
        read_moves(),
        list_states(),
        request.user.actor(),
        action=reverse(PLACE),
        states_href=reverse("order-configurations"),
        ticked=ticked,
        error=error,
    )


def _answer(
    request: StaffRequest, shown: MovesPage, *, toasts: Collection[Toast] = (), status: int = 200
) -> HttpResponse:
    if not is_htmx(request):
        return _whole(request, shown, status=status)
    return fragment(
        request,
        "configuration/_moves_answer.html",
        {"moves": shown},
        toasts=toasts,
        status=status,
        target="#moves",
        is_closing_dialog=True,
    )


def _whole(request: StaffRequest, shown: MovesPage, *, status: int = 200) -> HttpResponse:
    return page(request, "configuration/moves.html", {"moves": shown}, current="order-configurations", status=status)
