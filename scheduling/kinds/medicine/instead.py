"""The page that asks another sender for the packs that one did not give."""

from urllib.parse import urlencode

from django.urls import reverse

from scheduling.models import SharingRequest


def ask_instead(sharing_request: SharingRequest, suitable) -> str:
    return ask_address(sharing_request.borrower, suitable)


def ask_address(borrower, suitable) -> str:
    path = reverse("scheduling:medicine-ask", args=[borrower.slug, suitable.resource.pk])
    return f"{path}?{urlencode({'quantity': suitable.quantity})}"
