"""Words for what the core itself writes into the audit trail."""

from django.utils.translation import gettext_lazy as _

from medshare_portal.audit_words import Area, Fact, day, moment, number_of, register

register(
    Area(
        code="account",
        label=_("Accounts"),
        actions={
            "profile_changed": _("Own data changed"),
            "password_changed": _("Password changed"),
            "sessions_ended": _("All sessions of a person ended"),
            "second_factor_set": _("Second factor set"),
            "second_factor_removed": _("Second factor taken away"),
            "recovery_code_used": _("Signed in with a recovery code"),
        },
        was={
            "profile-changed": "profile_changed",
            "password-changed": "password_changed",
            "sessions-ended": "sessions_ended",
        },
    )
)

register(
    Area(
        code="registry",
        label=_("Registry"),
        actions={
            "added": _("Added to the registry"),
            "changed": _("Changed in the registry"),
            "deleted": _("Deleted from the registry"),
            "imported": _("Registry file imported"),
        },
        facts={
            "id": None,
            "deleted": Fact(label=_("Deleted")),
            "table": None,  # it is the event's label
            "sha256": None,
            "new": Fact(label=_("New rows"), show=number_of, pairs=False),
            "updated": Fact(label=_("Changed rows"), show=number_of, pairs=False),
        },
        was={
            "registry-added": "added",
            "registry-changed": "changed",
            "registry-deleted": "deleted",
            "registry-imported": "imported",
        },
    )
)

register(
    Area(
        code="crisis",
        label=_("Crisis mode"),
        actions={
            "declared": _("Crisis declared"),
            "extended": _("Crisis extended"),
            "ended": _("Crisis ended early"),
            "ran_out": _("Crisis ended by itself"),
            "exported": _("After-action list taken along"),
        },
        facts={
            "ends_at": Fact(label=_("End"), show=moment),
            "reason": Fact(label=_("Reason")),
            "format": Fact(label=_("Format")),
        },
    )
)

register(
    Area(
        code="absence",
        label=_("Absences"),
        actions={
            "entered": _("Absence entered, with a deputy"),
            "ended": _("Absence ended early"),
        },
        facts={
            "deputy": Fact(label=_("Deputy")),
            "from_day": Fact(label=_("First day"), show=day),
            "until_day": Fact(label=_("Last day"), show=day),
        },
    )
)
