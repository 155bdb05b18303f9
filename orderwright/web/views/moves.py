"""Order Configurations: the table of moves between states, with its picture."""

from __future__ import annotations

from collections.abc import Collection

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
from orderwright.web.page import fragment, is_htmx, page, say
from orderwright.web.permission import StaffRequest, permission
from orderwright.web.presenters.moves import moves_of, moves_page
from orderwright.web.presenters.moves_page import MovesPage
from orderwright.web.presenters.parts import Toast

PLACE = "order-moves"


@require_http_methods(["GET", "POST"])
@permission("configuration.view", to_change="configuration.edit")
def moves(request: StaffRequest) -> HttpResponse:
    """Show which moves may be made by hand, or save the table, or restore the defaults. Source: W3."""
    if request.method == "GET":
        return _whole(request, _shown(request))
    is_restoring = posted.text(request, "restore") == "yes"
    ticked = request.POST.getlist("move")
    try:
        edit_moves.run(
            moves=DEFAULT_MOVES if is_restoring else moves_of(ticked),
            version=posted.version(request),
            actor=request.user.actor(),
            now=clock_now(),
        )
    except OrderwrightError as error:
        return _answer(request, _shown(request, ticked=ticked, error=words_of(error)), status=error.status)
    said = Toast(_("The default moves are restored") if is_restoring else _("Moves saved"))
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
        request, "configuration/_moves_answer.html", {"moves": shown}, toasts=toasts, status=status, target="#moves"
    )


def _whole(request: StaffRequest, shown: MovesPage, *, status: int = 200) -> HttpResponse:
    return page(request, "configuration/moves.html", {"moves": shown}, current="order-configurations", status=status)
