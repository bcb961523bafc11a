"""The page of somebody who takes more files along than one person may in a minute."""

from math import ceil

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from medshare_portal.rates import TooOften


def too_often(request: HttpRequest, refusal: TooOften, *, most: int, back: str) -> HttpResponse:
    """Says when the next file can be taken, and leads ``back`` to the page with its buttons."""
    seconds = max(1, ceil(refusal.wait.total_seconds()))
    context = {"seconds": seconds, "most": most, "back_url": back}
    answer = render(request, "429.html", context, status=refusal.status)
    answer["Retry-After"] = str(seconds)
    return answer
