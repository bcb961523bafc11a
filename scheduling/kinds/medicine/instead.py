"""The page that asks another sender for the packs that one did not give."""

from urllib.parse import urlencode

from django.urls import reverse

from scheduling.models import SharingRequest


def ask_instead(sharing_request: SharingRequest, suitable) -> str:
    names = [sharing_request.borrower.slug, suitable.resource.pk]
    path = reverse("scheduling:medicine-ask", args=names)
    return f"{path}?{urlencode({'quantity': suitable.quantity})}"
