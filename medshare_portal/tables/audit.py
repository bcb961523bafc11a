"""The audit log of an institution."""

import json

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from medshare_portal.audit_links import address_of
from medshare_portal.local_times import describe_moment
from medshare_portal.models import AuditEvent

LONGEST_SHOWN = 300


class AuditTable(tables.Table):
    """One row per event; ``institution`` is whose chain it is."""

    sequence = tables.Column(attrs={"td": {"scope": "row", "class": "num"}, "th": {"class": "num"}})
    at = tables.Column(attrs={"td": {"data-label": _("at")}})
    actor_name = tables.Column(attrs={"td": {"data-label": _("who")}})
    action = tables.Column(attrs={"td": {"data-label": _("action")}})
    object_label = tables.Column(attrs={"td": {"data-label": _("which")}})
    data = tables.Column(
        verbose_name=_("details"), orderable=False, attrs={"td": {"class": "meta"}}
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

    def render_object_label(self, value, record):
        address = address_of(record, self.institution)
        return format_html('<a href="{}">{}</a>', address, value) if address else value

    def render_data(self, value):
        text = "; ".join(f"{name}: {_words(fact)}" for name, fact in value.items() if fact)
        return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def _words(fact) -> str:
    """A pair is before and after; other facts as they are stored."""
    if isinstance(fact, list) and len(fact) == 2 and not any(isinstance(f, dict) for f in fact):
        return f"{fact[0] or '–'} → {fact[1] or '–'}"
    return fact if isinstance(fact, str) else json.dumps(fact, ensure_ascii=False)
