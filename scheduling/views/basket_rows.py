"""What the pages of baskets show of a line, and of a request that is part of one."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from resources.kinds import kinds as catalogue_kinds
from scheduling.kinds import kinds
from scheduling.request_panels import LEAD, Asked, RequestPanel, register
from scheduling.verdicts import finding_rows

READY, REASON, BLOCKED, WRONG = (
    ("ok", _("Ready to send")),
    ("warn", _("A reason is missing")),
    ("bad", _("Something stands in the way")),
    ("bad", _("To be changed")),
)
GONE = ("bad", _("No longer to be had"))


def places_to_add(institution) -> list[dict]:
    """Where more can be found of each kind: its search, or what others have of it."""
    return [
        {"label": kind.label, "icon": kind.icon, "url": _place(kind, institution)}
        for kind in catalogue_kinds
    ]


def _place(kind, institution) -> str:
    if kind.timed:
        page = kinds[kind.code].find_page
        return reverse(f"scheduling:{page}", args=[institution.slug])
    lists = reverse("resources:resource-list", args=[institution.slug])
    return f"{lists}?kind={kind.code}&scope=others"


def draft_row(line, item, refusal, institution) -> dict:
    """A line of the draft, with what the rules say and why it was just refused, if it was."""
    resource = line.resource
    status, words = _verdict(item)
    gone = item is None or item.form is None
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
        "edit_url": "" if gone else f"{page}?line={line.pk}",
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
