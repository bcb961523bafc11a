"""The at-risk board, and offering from it in one step."""

from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from medshare_portal.models import Consortium, Site
from medshare_portal.roles import Permission
from medshare_portal.views.pages import ActionPage, Page
from resources.kinds.medicine.actions.offers import LotsRefused, offer_lots
from resources.kinds.medicine.forms.at_risk import USUAL_DAYS, BoardFilter, OfferLotsForm
from resources.kinds.medicine.queries.at_risk import (
    PAGE,
    board_of,
    narrowed,
    ordered,
    rows_of,
)
from resources.kinds.medicine.views.board_rows import shown_buckets, shown_rows, summary
from resources.kinds.medicine.words import amount


class OfBoard:
    """What the board and the form on it share."""

    of_kind = "medicine"
    template_name = "resources/medicine/at_risk.html"

    @cached_property
    def today(self):
        """The day at the institution's main site."""
        sites = Site.objects.owned_by(self.institution).order_by("-is_main", "pk")
        zone = sites.values_list("time_zone", flat=True).first() or "UTC"
        return self.now.astimezone(ZoneInfo(zone)).date()

    @cached_property
    def filter(self) -> BoardFilter:
        chosen = self.request.GET.copy()
        chosen.setdefault("within", str(USUAL_DAYS))
        return BoardFilter(chosen, institution=self.institution)

    @cached_property
    def chosen(self) -> dict:
        """What is shown; a filter that makes no sense shows nothing."""
        valid = self.filter.is_valid()
        return self.filter.cleaned_data if valid else {"within": -1}

    @cached_property
    def consortia(self):
        rows = Consortium.objects.filter(
            memberships__in=self.institution.consortium_memberships.on(self.today)
        )
        return list(rows.distinct().order_by("slug"))

    def offer_form(self, data=None) -> OfferLotsForm:
        return OfferLotsForm(data, institution=self.institution, consortia=self.consortia)

    def get_context_data(self, **kwargs):
        board, chosen = board_of(self.institution, today=self.today), self.chosen
        site = chosen.get("site")
        lots = narrowed(
            board.lots,
            within=chosen.get("within", USUAL_DAYS),
            cold=chosen.get("cold", False),
            unused=chosen.get("unused", False),
            site=site.pk if site else None,
        )
        in_order = ordered(lots, by_value=chosen.get("sort") == "value")
        page = Paginator(in_order, PAGE).get_page(chosen.get("page"))
        rows = rows_of(list(page), self.institution, now=self.now)
        form = kwargs.pop("form", None) or self.offer_form()
        shown = shown_rows(rows, board.trends, form)
        return super().get_context_data(
            form=form,
            board=board,
            buckets=shown_buckets(board, chosen.get("within", USUAL_DAYS)),
            filter=self.filter,
            tabs=self._tabs(len(lots)),
            page=page,
            rows=shown,
            summary=summary(shown),
            query=f"{query}&" if (query := self._query()) else "",
            kept=[(name, "on") for name in ("cold", "unused") if chosen.get(name)],
            total=amount(board.value),
            total_stock=amount(board.stock),
            offer_url=self._address("resources:medicine-offer-lots"),
            buttons=self._buttons(),
            may_publish=self.may(Permission.PUBLISH_OFFER),
            **kwargs,
        )

    def _buttons(self) -> list[dict]:
        """The ways to and from the board; colleagues without the right only read."""
        pages = [(_("Recall notices"), "warn", "resources:medicine-recalls", ())]
        if self.may(Permission.EDIT_RESOURCE):
            pages += [
                (_("Scan a pack"), "scan", "resources:medicine-scan", ()),
                (_("Import stock"), "upload", "resources:medicine-import", ("stock",)),
                (_("Import daily use"), "upload", "resources:medicine-import", ("use",)),
            ]
        return [
            {
                "label": label,
                "icon": icon,
                "url": reverse(name, args=[self.institution.slug, *further]),
            }
            for label, icon, name, further in pages
        ]

    def _query(self, **changes) -> str:
        """The filters in the address, with changes, without the page."""
        chosen = {key: self.request.GET[key] for key in self.request.GET if key != "page"}
        return urlencode({key: value for key, value in (chosen | changes).items() if value != ""})

    def _address(self, name: str) -> str:
        query = self.request.GET.urlencode()
        return reverse(name, args=[self.institution.slug]) + (f"?{query}" if query else "")

    def _tabs(self, number: int) -> list[dict]:
        """All, cold chain, without use: the number stands at the one that is shown."""
        cold, unused = (bool(self.chosen.get(name)) for name in ("cold", "unused"))
        choices = [
            (_("All"), {"cold": "", "unused": ""}, not cold and not unused),
            (_("Cold chain"), {"cold": "on", "unused": ""}, cold),
            (_("Without known use"), {"cold": "", "unused": "on"}, unused),
        ]
        board = reverse("resources:medicine-at-risk", args=[self.institution.slug])
        return [
            {
                "label": label,
                "url": f"{board}?{self._query(**changes)}",
                "active": active,
                "count": number if active else None,
            }
            for label, changes, active in choices
        ]


class AtRiskBoard(OfBoard, Page):
    """What will be left at expiry, and what to do about it."""

    permission = Permission.VIEW

    def render_to_response(self, context, **kwargs):
        if not self.filter.is_valid():
            kwargs["status"] = 400
        return super().render_to_response(context, **kwargs)


class OfferLots(OfBoard, ActionPage):
    """Publish the ticked lots of the board: all or none."""

    permission = Permission.PUBLISH_OFFER
    submit_label = gettext_lazy("Offer the ticked lots")
    form_class = OfferLotsForm

    def get_form(self, form_class=None):
        return self.offer_form(self.request.POST if self.request.method == "POST" else None)

    def refused(self, form, refusal):
        if isinstance(refusal, LotsRefused):
            form.row_errors = refusal.by_lot
        return super().refused(form, refusal)

    def perform(self, form) -> str:
        made = offer_lots(
            lines=form.lines,
            audience=form.audience,
            recalls_checked=form.cleaned_data["recalls_checked"],
            by=self.request.user,
            now=self.now,
        )
        words = ngettext(
            "%(number)s lot is offered. Others can ask for it now.",
            "%(number)s lots are offered. Others can ask for them now.",
            len(made),
        )
        messages.success(self.request, words % {"number": len(made)})
        return self._address("resources:medicine-at-risk")
