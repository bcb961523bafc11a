"""Use, idleness and readiness of equipment."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reports.kpis import Unit, idle, uptime, utilisation
from reports.kpis.catalogue import sources
from reports.kpis.catalogue.entry import Better, Family, Kpi

EQUIPMENT = ("equipment",)

CANCELLED_OUT = _("Cancelled bookings; hours outside the period; what overlaps counts once")

OFFERED = _("All offered hours")
ALL_USE = _("Hours of actual use, by others and by the owner itself")
BY_OTHERS = _("Hours used by others")

DEVICES_NOW = _("The devices that are listed now count for the whole period")
CAPACITY_KNOWN = _(
    "Examinations are worked out from hours of use; classes of which a device lacks its capacity"
    " or the length of an examination"
)

USE = Family(
    name=_("Use of equipment"),
    kinds=EQUIPMENT,
    kpis=(
        Kpi(
            code="scheduled",
            name=_("Scheduled utilisation"),
            says=_("How much of the offered time is booked. The headline figure."),
            numerator=_("Booked hours"),
            denominator=OFFERED,
            exclusions=CANCELLED_OUT,
            source=sources.REQUIREMENT,
            made_by=utilisation.scheduled,
        ),
        Kpi(
            code="gross",
            name=_("Gross utilisation"),
            says=_(
                "How much of the expected time equipment is really used; faults take nothing off."
            ),
            numerator=ALL_USE,
            denominator=_("Expected hours of installed equipment"),
            exclusions=DEVICES_NOW,
            source=sources.IRIS,
            made_by=utilisation.gross,
        ),
        Kpi(
            code="net",
            name=_("Net utilisation"),
            says=_("How much of the offered time in which equipment could run others really use."),
            numerator=BY_OTHERS,
            denominator=_("All offered hours less planned and unplanned outages"),
            exclusions=_(
                "The owner’s own use; hours outside the period; what overlaps counts once"
            ),
            source=sources.IRIS,
            made_by=utilisation.net,
        ),
        Kpi(
            code="rated",
            name=_("Rated utilisation"),
            says=_("Actual use against the hours that a device is expected to run."),
            numerator=ALL_USE,
            denominator=_("Rated hours: 6 a day, 30 a week, 1,500 a year"),
            exclusions=DEVICES_NOW,
            source=sources.HANDBOOK,
            made_by=utilisation.rated,
        ),
        Kpi(
            code="by_time",
            name=_("Time utilisation of large equipment"),
            says=_("Examinations times their length against the days and hours of opening."),
            numerator=_("Examinations × hours each"),
            denominator=_("Days × hours a day"),
            exclusions=CAPACITY_KNOWN,
            source=sources.HANDBOOK,
            made_by=utilisation.by_time,
        ),
        Kpi(
            code="by_capacity",
            name=_("Capacity utilisation of large equipment"),
            says=_("Examinations made against those that could have been made."),
            numerator=_("Examinations"),
            denominator=_("Most examinations a day × days"),
            exclusions=CAPACITY_KNOWN,
            source=sources.HANDBOOK,
            made_by=utilisation.by_capacity,
        ),
        Kpi(
            code="by_load",
            name=_("Utilisation by load"),
            says=_("For what runs several at once, as dialysis chairs or batch analysers."),
            numerator=_("Sum of load × hours"),
            denominator=_("Greatest load × hours"),
            exclusions=_("Single devices; hours in which none of the units was used"),
            source=sources.PORTAL,
            made_by=utilisation.by_load,
        ),
    ),
)

IDLE = Family(
    name=_("Idle time and sharing"),
    kinds=EQUIPMENT,
    kpis=(
        Kpi(
            code="idle_hours",
            name=_("Idle hours"),
            says=_("What could be shared."),
            numerator=_("All offered hours less use and buffers"),
            unit=Unit.HOURS,
            better=Better.LESS,
            source=sources.PORTAL,
            made_by=idle.idle_hours,
        ),
        Kpi(
            code="idle_rate",
            name=_("Idle rate"),
            says=_("How much of the offered time nobody uses."),
            numerator=_("Idle hours"),
            denominator=OFFERED,
            better=Better.LESS,
            source=sources.PORTAL,
            made_by=idle.idle_rate,
        ),
        Kpi(
            code="sharing_rate",
            name=_("Sharing rate"),
            says=_("How much of the use is made by other institutions."),
            numerator=BY_OTHERS,
            denominator=ALL_USE,
            source=sources.PORTAL,
            made_by=idle.sharing_rate,
        ),
        Kpi(
            code="idle_conversion",
            name=_("Idle conversion"),
            says=_("How much of the idle time that is offered others use."),
            numerator=BY_OTHERS,
            denominator=OFFERED,
            exclusions=CANCELLED_OUT,
            source=sources.PORTAL,
            made_by=idle.idle_conversion,
        ),
    ),
)

READINESS = Family(
    name=_("Readiness of equipment"),
    kinds=EQUIPMENT,
    kpis=(
        Kpi(
            code="availability",
            name=pgettext_lazy("of equipment", "Availability"),
            says=_("How much of the offered time equipment is in order."),
            numerator=_("All offered hours less outages"),
            denominator=OFFERED,
            source=sources.MAINTENANCE,
            made_by=uptime.availability,
        ),
        Kpi(
            code="mtbf",
            name=_("Mean time between failures"),
            says=_("How long equipment runs until it fails."),
            numerator=_("Hours in order"),
            denominator=_("Failures"),
            exclusions=_("Planned maintenance is no failure"),
            unit=Unit.HOURS,
            source=sources.MAINTENANCE,
            made_by=uptime.mean_time_between_failures,
        ),
        Kpi(
            code="mttr",
            name=_("Mean time to repair"),
            says=_("How long it takes until equipment is in order again."),
            numerator=_("Hours of repair"),
            denominator=_("Failures"),
            unit=Unit.HOURS,
            better=Better.LESS,
            source=sources.MAINTENANCE,
            made_by=uptime.mean_time_to_repair,
        ),
        Kpi(
            code="maintenance",
            name=_("Maintenance on time"),
            says=_("Whether planned maintenance is done when it is due."),
            numerator=_("Devices whose maintenance is not overdue"),
            denominator=_("Devices with planned maintenance"),
            exclusions=_("As it is now, whatever the period"),
            source=sources.MAINTENANCE,
            made_by=uptime.maintenance_compliance,
        ),
    ),
)
