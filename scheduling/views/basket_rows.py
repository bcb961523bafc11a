"""What the pages of baskets show of a line, and of a request that is part of one."""

from typing import NamedTuple

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medshare_portal.models import Institution, User
from medshare_portal.roles import Permission, permissions_of
from resources.kinds import kinds as catalogue_kinds
from scheduling.kinds import kinds
from scheduling.models import Basket
from scheduling.request_panels import LEAD, Asked, RequestPanel, register
from scheduling.verdicts import finding_rows

READY, REASON, BLOCKED, WRONG = (
    ("ok", _("Ready to send")),
    ("warn", _("A reason is missing")),
    ("bad", _("Something stands in the way")),
    ("bad", _("To be changed")),
)
GONE = ("bad", _("No longer to be had"))


class Reader(NamedTuple):
    """Who looks at a draft."""

    institution: Institution
    user: User
    roles: frozenset[str]

    def may_ask_for(self, kind: str) -> bool:
        return Permission.ASK in permissions_of(self.roles, kind)


def places_to_add(reader: Reader) -> list[dict]:
    """Where the reader finds more of each kind that it may ask for: the kind's search, or what
    others have of it."""
    return [
        {"label": kind.label, "icon": kind.icon, "url": _place(kind, reader.institution)}
        for kind in catalogue_kinds
        if reader.may_ask_for(kind.code)
    ]


def kinds_of_colleagues(reader: Reader) -> str:
    """The kinds that only colleagues of the reader may ask for."""
    others = [str(kind.label) for kind in catalogue_kinds if not reader.may_ask_for(kind.code)]
    return str(_(", ")).join(others)


def drafts_of_colleagues(page) -> list[Basket]:
    """What colleagues put together and opened to us, the latest first."""
    rows = Basket.objects.open_to(page.institution, page.request.user)
    others = rows.exclude(created_by=page.request.user).select_related("created_by")
    return list(others.annotate(lines_in_it=Count("lines")).order_by("-shared_at", "-pk"))


def draft_address(basket: Basket, request) -> str:
    """Where a draft is shown to the reader: its own, or a colleague's."""
    slug = request.institution.slug
    if basket.created_by_id == request.user.pk:
        return reverse("scheduling:basket-draft", args=[slug])
    return reverse("scheduling:basket-shared", args=[slug, basket.pk])


def _place(kind, institution) -> str:
    if kind.timed:
        page = kinds[kind.code].find_page
        return reverse(f"scheduling:{page}", args=[institution.slug])
    lists = reverse("resources:resource-list", args=[institution.slug])
    return f"{lists}?kind={kind.code}&scope=others"


def draft_row(line, item, refusal, reader: Reader) -> dict:
    """A line of the draft, with what the rules say and why it was just refused, if it was."""
    resource, institution = line.resource, reader.institution
    own = line.added_by_id == reader.user.pk
    writable = own or line.basket.created_by_id == reader.user.pk
    status, words = _verdict(item)
    gone = item is None or item.form is None
    may_ask = reader.may_ask_for(resource.kind)
    page = reverse(catalogue_kinds[resource.kind].ask_page, args=[institution.slug, resource.pk])
    said = item.findings if item else []
    return {
        "pk": line.pk,
        "resource": resource,
        "icon": catalogue_kinds[resource.kind].icon,
        "owner": resource.institution,
        "words": item.words() if item and item.terms is not None else "",
        "findings": finding_rows(said),
        "errors": _errors(item),
        "refusal": refusal.message if refusal else "",
        "ready": bool(item and item.ready),
        "status": status,
        "verdict": words,
        "put_in_by": "" if own else line.added_by,
        "edit_url": f"{page}?line={line.pk}" if writable and may_ask and not gone else "",
        "writable": writable,
    }


def _verdict(item) -> tuple:
    if item is None or item.form is None:
        return GONE
    if item.terms is None:
        return WRONG
    if item.findings.hard:
        return BLOCKED
    return REASON if item.unreasoned else READY


def _errors(item) -> list[str]:
    """What is wrong with the words by now, with the name of each field."""
    if item is None or item.form is None or item.terms is not None:
        return []
    form = item.form
    named = [
        f"{form.fields[name].label}: {errors[0]}"
        for name, errors in form.errors.items()
        if name in form.fields
    ]
    return [*form.non_field_errors(), *named]


def part_of_basket(asked: Asked) -> dict | None:
    """The card of a request that was sent with others."""
    basket = asked.sharing_request.basket
    if basket is None:
        return None
    return {"basket": basket}


register(
    RequestPanel(
        name="basket",
        template="scheduling/baskets/of_request.html",
        context=part_of_basket,
        place=LEAD,
        order=20,
    )
)
