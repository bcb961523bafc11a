"""One resource: what it is, when it is free, on what terms; and what one may do with it."""

from zoneinfo import ZoneInfo

from django.http import Http404
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from medshare_portal.local_times import describe_period
from medshare_portal.roles import Permission, roles_with
from medshare_portal.views.pages import Page
from medshare_portal.visibility import Reader, reader_of, visible_fields
from resources.enums import AttachmentPurpose, ResourceStatus, ShareMode
from resources.kinds import COMMON_FIELDS, CatalogueKind, kinds
from resources.models import Resource
from resources.panels import panels_for
from resources.queries.detail import (
    accessories_of,
    attachments_of,
    detail_groups,
    free_times,
    published_offer,
    visible_resource,
)
from resources.tables import freshness, money

SHOWN_TIMES = 8


class ResourceDetail(Page):
    """Own resources whole; others' as far as the visibility contract goes."""

    permission = Permission.VIEW
    template_name = "resources/resource_detail.html"

    @property
    def of_kind(self) -> str:
        return self.resource.kind

    @cached_property
    def resource(self) -> Resource:
        found = visible_resource(self.institution, self.kwargs["pk"])
        if found is None:
            raise Http404
        return found

    @property
    def kind(self) -> CatalogueKind:
        return kinds[self.resource.kind]

    @cached_property
    def reader(self) -> Reader:
        return reader_of(self.resource, self.institution)

    @cached_property
    def ours(self) -> bool:
        return self.reader == Reader.OWNER

    def get_context_data(self, **kwargs):
        resource, institution = self.resource, self.institution
        offer = published_offer(resource, institution)
        files = attachments_of(resource, institution)
        times = free_times(resource, institution, self.now) if offer and self.kind.timed else []
        level, words = freshness(resource.confirmed_at, self.now)
        return super().get_context_data(
            resource=resource,
            title=resource.name,
            kind=self.kind,
            detail=getattr(resource, self.kind.detail),
            ours=self.ours,
            facts=self.facts(),
            groups=detail_groups(resource, self.reader),
            modes=self.modes(),
            state=self.state(),
            may_set_state=self.kind.set_state is not None,
            offer=offer,
            terms=self.terms(offer) if offer else [],
            confirmed={"level": level, "words": words},
            free_now=bool(times) and times[0][0] <= self.now,
            free_times=times[:SHOWN_TIMES],
            free_words=self._in_words(times[:SHOWN_TIMES]),
            more_times=max(len(times) - SHOWN_TIMES, 0),
            photos=[file for file in files if file.purpose == AttachmentPurpose.PHOTO],
            papers=[file for file in files if file.purpose != AttachmentPurpose.PHOTO],
            accessories=accessories_of(resource, institution) if self.kind.has_accessories else [],
            panels=panels_for(self.request, resource, self.now),
            buttons=self.buttons(offer),
            asks=self.asks(offer),
            may_edit=self.ours and self.may(Permission.EDIT_RESOURCE),
            **kwargs,
        )

    def _in_words(self, times) -> list[str]:
        zone = ZoneInfo(self.resource.site.time_zone)
        return [describe_period(*time, tz=zone) for time in times]

    def facts(self) -> list[tuple[str, str]]:
        """The common fields that this reader may see."""
        resource, allowed = self.resource, visible_fields("resources.Resource", self.reader)
        facts = {
            "institution": (_("Institution"), resource.institution.name),
            "site": (_("Site"), resource.site.name),
            "room": (_("Ward or room"), resource.room),
            "category": (_("Category"), resource.category.name),
            "code": (self.kind.number_label, resource.code),
            "units": (_("Units"), str(resource.units) if resource.units > 1 else ""),
            "condition": (_("Condition"), resource.get_condition_display()),
            "visibility": (_("Visible to"), resource.get_visibility_display()),
        }
        optional = set(COMMON_FIELDS) - set(self.kind.common_fields)
        return [fact for name, fact in facts.items() if name in allowed - optional]

    def terms(self, offer) -> list[tuple[str, str]]:
        """What the owner asks."""
        if self.kind.timed:
            return _terms(offer)
        return self.kind.terms(self.resource, offer) if self.kind.terms else []

    def modes(self) -> list[str]:
        detail = getattr(self.resource, self.kind.detail)
        return [ShareMode(name).label for name in self.kind.mode_fields if getattr(detail, name)]

    def state(self) -> dict | None:
        """The technical state as a badge, where the kind has one."""
        states = self.kind.states
        if states is None:
            return None
        detail = getattr(self.resource, self.kind.detail)
        usable = detail.status in states.USABLE
        return {"level": "ok" if usable else "bad", "words": states(detail.status).label}

    def buttons(self, offer) -> list[dict]:
        """What this person may do here, the decision last."""
        own = self.kind.buttons(self) if self.kind.buttons else []
        return [button for button in (*own, *self._possible(offer)) if button["url"]]

    def _possible(self, offer):
        if not self.ours:
            if offer and self.may(Permission.ASK):
                yield self.button(_("Request it"), self.kind.ask_page, "", primary=True)
            return
        if self.may(Permission.EDIT_RESOURCE):
            yield self.button(_("Edit"), "resources:resource-edit", "edit")
        if self.kind.label_page and self.resource.status != ResourceStatus.RETIRED:
            yield self.button(_("Print the label"), self.kind.label_page, "print")
        if self.kind.timed and self.may(Permission.EDIT_BLOCKS):
            label, page = self.kind.busy_page
            yield self.button(str(label), page, "block")
        if self.may(Permission.PUBLISH_OFFER) and self.resource.status != ResourceStatus.RETIRED:
            if offer and self.kind.revise_offer_page:
                yield self.button(_("Change the offer"), self.kind.revise_offer_page, "offer")
            elif offer:
                yield self.button(
                    _("Change the offer"), "resources:offer-edit", "offer", pk=offer.pk
                )
            else:
                yield self.button(_("Offer it"), self.kind.offer_page, "offer", primary=True)

    def button(self, label: str, url_name: str, icon: str, *, primary=False, pk=None) -> dict:
        try:
            url = reverse(url_name, args=[self.institution.slug, pk or self.resource.pk])
        except NoReverseMatch:
            url = ""
        return {"label": label, "url": url, "icon": icon, "primary": primary}

    def asks(self, offer) -> str:
        """Whom to ask, for a colleague who may not take the next step."""
        permission = Permission.PUBLISH_OFFER if self.ours else Permission.ASK
        if self.may(permission) or (not self.ours and not offer):
            return ""
        roles = _(" or ").join(str(role.label) for role in roles_with(permission, self.of_kind))
        if self.ours:
            return _("To offer it, ask your %(roles)s.") % {"roles": roles}
        return _("To request it, ask your %(roles)s.") % {"roles": roles}


def _price(offer) -> tuple[str, str]:
    if offer.fee_per_shift is not None:
        return _("Per shift"), money(offer.fee_per_shift, offer.currency)
    return _("Per hour"), money(offer.fee_per_hour, offer.currency)


def _terms(offer) -> list[tuple[str, str]]:
    """(label, words) of what the owner asks."""
    hours, minutes = _("%(n)s h"), _("%(n)s min")
    return [
        _price(offer),
        (_("Minimum notice"), hours % {"n": offer.notice_hours}),
        (_("Longest use"), hours % {"n": offer.max_loan_hours}),
        (_("Recall with notice of"), hours % {"n": offer.recall_notice_hours}),
        (_("Set-up"), minutes % {"n": offer.setup_minutes}),
        (_("Transport each way"), minutes % {"n": offer.transport_minutes}),
        (_("Cleaning and checks"), minutes % {"n": offer.cleaning_minutes}),
    ]
