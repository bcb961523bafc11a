"""The audit log of an institution."""

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from medshare_portal.audit_links import address_of
from medshare_portal.audit_words import action_words, facts_in_words, joined
from medshare_portal.local_times import describe_moment
from medshare_portal.models import AuditEvent

LONGEST_SHOWN = 300
WHEN, WHAT = pgettext_lazy("audit", "When"), pgettext_lazy("audit", "What")


class AuditTable(tables.Table):
    """One row per event; ``institution`` is whose chain it is."""

    sequence = tables.Column(attrs={"td": {"scope": "row", "class": "num"}, "th": {"class": "num"}})
    at = tables.Column(verbose_name=WHEN, attrs={"td": {"data-label": WHEN}})
    actor_name = tables.Column(verbose_name=_("Who"), attrs={"td": {"data-label": _("Who")}})
    action = tables.Column(verbose_name=WHAT, attrs={"td": {"data-label": WHAT}})
    object_label = tables.Column(verbose_name=_("Which"), attrs={"td": {"data-label": _("Which")}})
    data = tables.Column(
        verbose_name=_("Details"), orderable=False, attrs={"td": {"data-label": _("Details")}}
    )

    class Meta:
        model = AuditEvent
        fields = ("sequence", "at", "actor_name", "action", "object_label", "data")
        order_by = "-sequence"
        empty_text = _("Nothing has happened here, or nothing fits the filters.")
        attrs = {"caption": _("Audit log"), "class": "cards-on-phone"}

    def __init__(self, *args, institution=None, **kwargs):
        self.institution = institution
        super().__init__(*args, **kwargs)

    def render_at(self, value):
        return describe_moment(value, year=True)

    def render_actor_name(self, value, record):
        """Nobody: the portal itself did it."""
        return value if record.actor_id else gettext("System")

    def render_action(self, value, record):
        return action_words(value, record.data)

    def render_object_label(self, value, record):
        address = address_of(record, self.institution)
        return format_html('<a href="{}">{}</a>', address, value) if address else value

    def render_data(self, record):
        text = joined(facts_in_words(record))
        short = text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
        return format_html('<span class="meta">{}</span>', short)
