"""Own use and maintenance: the list, one by one, from a calendar file, and away again."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal.local_times import describe_period
from medshare_portal.roles import Permission
from medshare_portal.views.pages import ActionPage
from resources.actions import blocks
from resources.actions.block_imports import Imported, bring_in, changes_of
from resources.forms.blocks import BlockForm, CalendarFileForm, ConfirmImportForm, sign
from resources.forms.plain import NothingForm
from resources.models import BusyBlock, Resource
from resources.views.offers import find
from resources.views.own_times import OwnTimes

SHOWN_OF_FILE = 100


class OfResource:
    """One of our own resources, named in the address."""

    permission = Permission.EDIT_BLOCKS

    @property
    def of_kind(self) -> str:
        return self.resource.kind

    @cached_property
    def resource(self):
        rows = Resource.objects.owned_by(self.institution)
        return find(rows.select_related("institution", "site", "category"), pk=self.kwargs["pk"])

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.resource.site.time_zone)

    @property
    def list_url(self) -> str:
        return reverse("resources:block-list", args=[self.institution.slug, self.resource.pk])

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            resource=self.resource, zone=self.zone, cancel_url=self.list_url, **kwargs
        )


class BlockList(OfResource, OwnTimes):
    permission = Permission.VIEW  # only who keeps times changes them
    template_name = "resources/blocks/list.html"
    row_template = "resources/blocks/row.html"
    caption = gettext_lazy("Own use and maintenance")

    def get_times(self):
        rows = BusyBlock.objects.owned_by(self.institution).filter(resource=self.resource)
        return rows.select_related("created_by")


class BlockCreate(OfResource, ActionPage):
    """Keep one time."""

    form_class = BlockForm
    template_name = "resources/blocks/form.html"
    title = gettext_lazy("Keep a time for ourselves")
    submit_label = gettext_lazy("Keep this time")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"zone": self.zone}

    def perform(self, form) -> str:
        values = form.cleaned_data
        blocks.add(
            resource=self.resource,
            reason=values["reason"],
            starts_at=values["starts_at"],
            ends_at=values["ends_at"],
            note=values["note"],
            by=self.request.user,
            now=self.now,
        )
        messages.success(self.request, _("Kept. Nobody can book this time."))
        return self.list_url


class BlockDelete(ActionPage):
    """Give a time back."""

    permission = Permission.EDIT_BLOCKS
    form_class = NothingForm
    template_name = "generic/confirm.html"
    title = gettext_lazy("Give the time back")
    submit_label = gettext_lazy("Remove the block")

    @property
    def of_kind(self) -> str:
        return self.block.resource.kind

    @cached_property
    def block(self):
        rows = BusyBlock.objects.owned_by(self.institution)
        return find(
            rows.select_related("resource__institution", "resource__site"), pk=self.kwargs["pk"]
        )

    @property
    def list_url(self) -> str:
        return reverse("resources:block-list", args=[self.institution.slug, self.block.resource_id])

    def get_context_data(self, **kwargs):
        block = self.block
        zone = ZoneInfo(block.resource.site.time_zone)
        words = {
            "reason": block.get_reason_display(),
            "name": block.resource.name,
            "when": describe_period(block.starts_at, block.ends_at, tz=zone, year=True),
        }
        return super().get_context_data(
            question=_("%(reason)s of %(name)s, %(when)s: remove it?") % words,
            consequences=[_("Where the time is offered, others can book it again.")],
            cancel_url=self.list_url,
            **kwargs,
        )

    def perform(self, form) -> str:
        address = self.list_url
        blocks.remove(block=self.block, by=self.request.user, now=self.now)
        messages.success(self.request, _("The block is removed."))
        return address


class BlockImport(OfResource, ActionPage):
    """Choose a calendar file; the answer is a list to look at.  Nothing is written here."""

    form_class = CalendarFileForm
    template_name = "resources/blocks/import.html"
    title = gettext_lazy("Import a calendar")
    submit_label = gettext_lazy("Show what is in it")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"zone": self.zone, "now": self.now}

    def form_valid(self, form):
        """The dry run: shows, keeps nothing, so it needs no action and no key."""
        reading, reason = form.reading, form.cleaned_data["reason"]
        changes = changes_of(self.resource, reading.entries, named=reading.named, now=self.now)
        rows = _shown(reading.entries, changes)
        happens = bool(rows or changes.removed) and not reading.problems
        confirm = ConfirmImportForm(
            resource_id=self.resource.pk,
            initial={"reason": reason, "seen": sign(reading, changes, self.resource.pk)},
        )
        return self.render_to_response(
            self.get_context_data(
                form=form,
                reading=reading,
                rows=rows[:SHOWN_OF_FILE],
                number=len(rows),
                more=max(0, len(rows) - SHOWN_OF_FILE),
                removed=changes.removed,
                confirm=confirm if happens else None,
            ),
            status=200 if happens else 422,
        )


def _shown(entries, changes) -> list[dict]:
    """What happens with each entry; what moves comes first, so that nobody overlooks it."""
    known = {entry for _block, entry in changes.same}
    before = {entry: block for block, entry in changes.moved}
    rows = [
        {"entry": entry, "known": entry in known, "moved": before.get(entry)} for entry in entries
    ]
    return sorted(rows, key=lambda row: row["moved"] is None)


class BlockImportConfirm(OfResource, ActionPage):
    """Write the list that was shown, all or none."""

    template_name = "resources/blocks/confirm_import.html"
    title = gettext_lazy("Import a calendar")
    submit_label = gettext_lazy("Keep these times")
    form_class = ConfirmImportForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"resource_id": self.resource.pk}

    def get_context_data(self, **kwargs):
        address = reverse("resources:block-import", args=[self.institution.slug, self.resource.pk])
        return super().get_context_data(import_url=address, **kwargs)

    def perform(self, form) -> str:
        done = bring_in(
            resource=self.resource,
            reason=form.cleaned_data["reason"],
            by=self.request.user,
            now=self.now,
            **form.cleaned_data["seen"],
        )
        messages.success(self.request, " ".join(_told(done)))
        return self.list_url


def _told(done: Imported):
    """What was done, without what did not happen."""
    yield _("%(new)s times kept, %(updated)s updated.") % done._asdict()
    if done.moved or done.removed:
        yield _("%(moved)s moved, %(removed)s removed.") % done._asdict()
