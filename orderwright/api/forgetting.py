"""Answers kept for a repetition, when the customer that they name is erased."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from django.db.models import Q

from orderwright.api.models import IdempotentRequest
from orderwright.api.problems import problem
from orderwright.core.errors import Conflict


class AnswerErased(Conflict):
    """What was answered before named a customer who was erased since."""

    code = "answer_erased"


def forget_answers(numbers: Sequence[str]) -> None:
    """Replace every kept answer that holds one of these orders: a repetition is refused, and nothing is done twice.

    Cost: one statement over the answers of a day.
    """
    told = problem(AnswerErased("The answer to the first request named a customer who was erased since."))
    holds = Q()
    for number in numbers:
        holds |= Q(body__contains=f'"number":"{number}"') | Q(body__contains=f'"order":"{number}"')
    if not numbers:
        return
    IdempotentRequest.objects.filter(holds, answered_at__isnull=False).update(
        status=HTTPStatus.CONFLICT, body=told.content.decode(), headers={"Content-Type": told["Content-Type"]}
    )
