"""The conditions as a reader sees them: five lines, and the agreement in the reader's language."""

from django.utils.translation import gettext as _

from medshare_portal.bilingual import localised
from medshare_portal.local_times import describe_date
from resources.enums_information import LegalBasis, Purpose, RecipientRole
from resources.models import AccessTerms, Resource


def terms_in_force(resources) -> AccessTerms | None:
    """Of a scoped queryset of one resource, its newest conditions."""
    return AccessTerms.objects.of_visible(resources).newest_first().first()


def of_resource(resource: Resource, institution) -> AccessTerms | None:
    visible = Resource.objects.visible_to(institution).filter(pk=resource.pk)
    return terms_in_force(visible)


def five_lines(terms: AccessTerms) -> list[tuple[str, str]]:
    """(what, words) – all that somebody must know before asking."""
    return [
        (_("What for"), labels(Purpose, terms.purposes)),
        (
            _("Who may open it"),
            _("%(roles)s; on the basis of: %(bases)s")
            % {
                "roles": labels(RecipientRole, terms.recipient_roles),
                "bases": labels(LegalBasis, terms.legal_bases),
            },
        ),
        (
            _("How long"),
            _("at most %(days)s days and %(looks)s looks; kept for at most %(kept)s days")
            % {
                "days": terms.max_days,
                "looks": terms.max_looks,
                "kept": terms.retention_days,
            },
        ),
        (
            _("What is done with it"),
            f"{terms.get_deidentification_display()} · {terms.get_onward_sharing_display()}",
        ),
        (
            _("Agreement"),
            _("version %(number)s of %(day)s; contract with the recipient: %(contract)s")
            % {
                "number": terms.number,
                "day": describe_date(terms.made_at.date()),
                "contract": _("needed") if terms.contract_needed else _("not needed"),
            },
        ),
    ]


def labels(choices, values: list[str]) -> str:
    """Labels of several choices, in the order of the list."""
    joint = _(", ")
    return joint.join(str(choice.label) for choice in choices if choice.value in values)


def agreement(terms: AccessTerms) -> str:
    """In the reader's language, else in the other one."""
    return localised(terms, "agreement")
