"""Requests: how long, how many, how well kept."""

from django.utils.translation import gettext_lazy as _

from reports.kpis import Unit, discipline, fulfilment, turnaround
from reports.kpis.catalogue import sources
from reports.kpis.catalogue.entry import Better, Family, Kpi

MEDICINE = ("medicine",)

WAITS = _("Submitted → decided, decided → handed over, submitted → handed over")

NOT_DECIDED = _(
    "Not decided yet, and withdrawn before it was. An answer counts on the day of the decision,"
    " also where the request still runs; a handover once the request has ended. Of the whole city"
    " exact to 2.2 % of the wait"
)

WAITING = Family(
    name=_("Waiting times"),
    kpis=(
        Kpi(
            code="median",
            name=_("Median waiting time"),
            says=_("Half of the requests wait no longer. The same for each step to the handover."),
            numerator=WAITS,
            denominator=_("Decided requests, and those handed over"),
            exclusions=NOT_DECIDED,
            unit=Unit.HOURS,
            better=Better.LESS,
            source=sources.PORTAL,
            made_by=turnaround.median_hours,
        ),
        Kpi(
            code="p90",
            name=_("Time that nine in ten do not exceed"),
            says=_("The slowest tenth waits longer (P90)."),
            numerator=WAITS,
            denominator=_("Decided requests, and those handed over"),
            exclusions=NOT_DECIDED,
            unit=Unit.HOURS,
            better=Better.LESS,
            source=sources.PORTAL,
            made_by=turnaround.slowest_tenth,
        ),
        Kpi(
            code="in_time",
            name=_("Answered in time"),
            says=_("Whether requests are answered within the time of their urgency."),
            numerator=_("Answered within their time"),
            denominator=_("Answered, and run out without an answer"),
            exclusions=_(
                "Withdrawn before the decision; not answered yet. An answer counts on the day of"
                " the decision, also where the request still runs"
            ),
            source=sources.PORTAL,
            made_by=turnaround.answered_in_time,
        ),
    ),
)

FULFILMENT = Family(
    name=_("Needs met"),
    kpis=(
        Kpi(
            code="fulfilment",
            name=_("Fulfilment rate"),
            says=_("Whether those who ask get what they need."),
            numerator=_("Fulfilled requests"),
            denominator=_("Requests that ended in the period"),
            exclusions=_(
                "Withdrawn before the decision; still open. Whatever waits beyond its time counts"
                " as not met on the day on which it runs out"
            ),
            source=sources.PORTAL,
            made_by=fulfilment.rate,
        ),
        Kpi(
            code="unmet_reasons",
            name=_("Reasons of what stayed unmet"),
            says=_("The few reasons behind most of it, the most frequent first (Pareto)."),
            numerator=_("Unmet demands with this reason"),
            denominator=_("All unmet demands: requests, needs and places in a line"),
            exclusions=_("Given up or not taken up by who asked; still open"),
            better=Better.NEITHER,
            source=sources.PORTAL,
            made_by=fulfilment.pareto,
        ),
        Kpi(
            code="line_fill",
            name=_("Line fill"),
            says=_("How many lines of medicines arrived in full."),
            numerator=_("Lines met in full"),
            denominator=_("Lines asked for"),
            source=sources.SUPPLY,
            made_by=fulfilment.line_fill,
            kinds=MEDICINE,
        ),
        Kpi(
            code="quantity_fill",
            name=_("Quantity fill"),
            says=_("How much of what was asked for was accepted."),
            numerator=_("Packs accepted"),
            denominator=_("Packs asked for, those refused too"),
            exclusions=_("Withdrawn by who asked"),
            source=sources.SUPPLY,
            made_by=fulfilment.quantity_fill,
            kinds=MEDICINE,
        ),
    ),
)

DISCIPLINE = Family(
    name=_("Keeping what was agreed"),
    kpis=(
        Kpi(
            code="no_show",
            name=_("Not collected"),
            says=_("Booked, but nobody came."),
            numerator=_("Bookings not collected"),
            denominator=_("Bookings"),
            better=Better.LESS,
            source=sources.PORTAL,
            made_by=discipline.no_show,
        ),
        Kpi(
            code="late_cancel",
            name=_("Cancelled late"),
            says=_(
                "Cancelled less than a day before the start, when hardly anybody else can use it."
            ),
            numerator=_("Bookings cancelled late"),
            denominator=_("Bookings"),
            better=Better.LESS,
            source=sources.PORTAL,
            made_by=discipline.late_cancel,
        ),
        Kpi(
            code="overdue",
            name=_("Returned late"),
            says=_("Loans that came back more than an hour after the agreed end."),
            numerator=_("Loans returned late"),
            denominator=_("Loans of equipment that were closed"),
            exclusions=_(
                "Still out: counted once they are back and closed; medicines, shifts and accesses"
            ),
            better=Better.LESS,
            source=sources.PORTAL,
            made_by=discipline.overdue_return,
            kinds=("equipment",),
        ),
    ),
)
