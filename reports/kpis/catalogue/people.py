"""Staff and information."""

from django.utils.translation import gettext_lazy as _

from reports.kpis import Unit, information, staff
from reports.kpis.catalogue import sources
from reports.kpis.catalogue.entry import Better, Family, Kpi

UNDECIDED = _("Sent back to be changed; not decided yet; emergency accesses, which ask nobody")

STAFF = Family(
    name=_("Staff"),
    kinds=("staff",),
    kpis=(
        Kpi(
            code="staff_hours",
            name=_("Staff hours shared"),
            says=_("Hours that people worked at another institution."),
            numerator=_("Hours confirmed by both sides"),
            exclusions=_("Shifts whose hours are not confirmed yet"),
            unit=Unit.HOURS,
            source=sources.PORTAL,
            made_by=staff.hours_shared,
        ),
        Kpi(
            code="shift_fill",
            name=_("Shifts covered"),
            says=_("How many shifts that were offered to others found somebody."),
            numerator=_("Shifts that somebody worked"),
            denominator=_("Shifts asked of others, posted or waited for"),
            exclusions=_("Withdrawn by who asked"),
            source=sources.PORTAL,
            made_by=staff.shift_fill,
        ),
        Kpi(
            code="notice",
            name=_("Mean notice"),
            says=_("How long before its begin a shift is agreed."),
            numerator=_("Hours from the agreement to the begin"),
            denominator=_("Agreed shifts"),
            unit=Unit.HOURS,
            source=sources.PORTAL,
            made_by=staff.mean_notice,
        ),
        Kpi(
            code="overrides",
            name=_("Hours rules passed over"),
            says=_(
                "Shifts that broke a rule of hours or rest, with two signatures; the aim is none."
            ),
            numerator=_("Shifts with an exception"),
            denominator=_("Agreed shifts"),
            better=Better.LESS,
            source=sources.PORTAL,
            made_by=staff.rule_overrides,
        ),
        Kpi(
            code="credentials",
            name=_("Credentials in date"),
            says=_("Whether papers of people who are offered are valid."),
            numerator=_("Credentials that are valid"),
            denominator=_("Credentials of offered people"),
            exclusions=_("As it is now, whatever the period"),
            source=sources.PORTAL,
            made_by=staff.credentials_in_date,
        ),
    ),
)

INFORMATION = Family(
    name=_("Information"),
    kinds=("information",),
    kpis=(
        Kpi(
            code="grants_approved",
            name=_("Grants approved"),
            says=_("How many requests for information decided in the period were approved."),
            numerator=_("Approved requests"),
            denominator=_("Approved and declined requests"),
            exclusions=UNDECIDED,
            better=Better.NEITHER,
            source=sources.PORTAL,
            made_by=information.approved,
        ),
        Kpi(
            code="grants_denied",
            name=_("Grants denied"),
            says=_("How many requests for information decided in the period were declined."),
            numerator=_("Declined requests"),
            denominator=_("Approved and declined requests"),
            exclusions=UNDECIDED,
            better=Better.NEITHER,
            source=sources.PORTAL,
            made_by=information.denied,
        ),
        Kpi(
            code="grants_expired",
            name=_("Grants that ran out"),
            says=_("Grants that ended by themselves on their last day."),
            numerator=_("Grants that ran out"),
            denominator=_("Grants that ended"),
            better=Better.NEITHER,
            source=sources.PORTAL,
            made_by=information.expired,
        ),
        Kpi(
            code="looks",
            name=_("Looks per grant"),
            says=_("How often granted information is really opened."),
            numerator=_("Looks under grants that ended"),
            denominator=_("Grants that ended"),
            unit=Unit.EACH,
            better=Better.NEITHER,
            source=sources.PORTAL,
            made_by=information.looks_per_grant,
        ),
        Kpi(
            code="looks_refused",
            name=_("Looks refused"),
            says=_("How often somebody tried to open what the rules do not allow."),
            numerator=_("Refused looks"),
            denominator=_("Looks that were tried"),
            better=Better.LESS,
            source=sources.PORTAL,
            made_by=information.looks_refused,
        ),
        Kpi(
            code="break_glass",
            name=_("Emergency looks"),
            says=_("How many looks broke the glass."),
            numerator=_("Emergency looks"),
            denominator=_("Looks"),
            better=Better.LESS,
            source=sources.PORTAL,
            made_by=information.break_glass,
        ),
        Kpi(
            code="break_glass_reviewed",
            name=_("Emergency looks reviewed in time"),
            says=_("Whether each emergency look is reviewed within three days."),
            numerator=_("Reviewed within 72 hours"),
            denominator=_("Emergency accesses whose review was due"),
            exclusions=_("Those that can still be reviewed in time"),
            source=sources.PORTAL,
            made_by=information.break_glass_reviewed,
        ),
        Kpi(
            code="recognition",
            name=_("Recognition rate"),
            says=_("How many results of others stood instead of a new examination."),
            numerator=_("Recognised results"),
            denominator=_("Recognisable results"),
            source=sources.RECOGNITION,
            made_by=information.recognition,
        ),
        Kpi(
            code="repeats_avoided",
            name=_("Repeat tests avoided"),
            says=_("One recognised result is one examination less, at its assumed price."),
            numerator=_("Recognised results × price"),
            unit=Unit.MONEY,
            source=sources.RECOGNITION,
            made_by=information.repeat_tests_avoided,
        ),
    ),
)
