"""Alerts of an institution and the limits from which on it is warned; those of the city."""

from django import forms
from django.contrib import messages
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal.local_times import describe_moment
from medshare_portal.roles import Permission
from medshare_portal.views.pages import ActionPage, Page
from reports.actions import alerting
from reports.alert_words import alert_row, city_alert_row, limit_lines
from reports.figure_pages import tabs_of
from reports.forms.alerts import LimitsForm
from reports.models import AlertSort
from reports.queries.alerts import alerts_of, alerts_of_city, checked_at, limits_of


class OwnAlerts(Page):
    permission = Permission.VIEW
    template_name = "reports/alerts/list.html"

    def get_context_data(self, **kwargs):
        at, limits = checked_at(self.institution), limits_of(self.institution)
        may_set = self.may(Permission.SET_LIMITS)
        return super().get_context_data(
            figure_tabs=tabs_of(self, keep=False),
            rows=[alert_row(row, self.institution) for row in alerts_of(self.institution)],
            limits=limits,
            lines=limit_lines(limits),
            checked=describe_moment(at) if at else "",
            limits_url=reverse("reports:alert-limits", args=[self.institution.slug])
            if may_set
            else "",
            **kwargs,
        )


class CityAlerts(Page):
    permission = Permission.CITY_VIEW
    template_name = "reports/alerts/city.html"

    def get_context_data(self, **kwargs):
        limits, found = limits_of(None), alerts_of_city()
        return super().get_context_data(
            figure_tabs=tabs_of(self, keep=False),
            houses=[
                {
                    "name": house.name,
                    "url": reverse("city:scorecard", args=[house.pk]),
                    "rows": [city_alert_row(row) for row in rows],
                }
                for house, rows in found.items()
            ],
            limits=limits,
            lines=limit_lines(limits),
            limits_url=reverse("city:alert-limits") if self.may(Permission.SET_CITY_LIMITS) else "",
            **kwargs,
        )


class OwnLimits(ActionPage):
    """Who has none of its own sees the city's; saving makes them its own."""

    permission = Permission.SET_LIMITS
    template_name = "reports/alerts/limits.html"
    title = gettext_lazy("From when on to warn us")
    submit_label = gettext_lazy("Save the limits")
    form_class = LimitsForm

    @cached_property
    def limits(self):
        return limits_of(self.institution)

    @property
    def back(self) -> str:
        return reverse("reports:alerts", args=[self.institution.slug])

    def get_initial(self):
        return {sort: self.limits.of(sort) for sort in AlertSort.values}

    def get_context_data(self, **kwargs):
        own = self.institution is not None and self.limits.own
        return super().get_context_data(
            cancel_url=self.back,
            crumbs=[{"label": _("Alerts"), "url": self.back}],
            own=own,
            follow_url=reverse("reports:alert-limits-follow", args=[self.institution.slug])
            if own
            else "",
            **kwargs,
        )

    def perform(self, form) -> str:
        alerting.set_limits(
            institution=self.institution, values=form.cleaned_data, by=self.request.user,
            now=self.now,
        )  # fmt: skip
        messages.success(self.request, _("Saved. The figures were held against the limits."))
        return self.back


class FollowCity(ActionPage):
    permission = Permission.SET_LIMITS
    template_name = "reports/alerts/follow.html"
    title = gettext_lazy("Follow the limits of the city")
    submit_label = title
    form_class = forms.Form

    @property
    def back(self) -> str:
        return reverse("reports:alerts", args=[self.institution.slug])

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            cancel_url=self.back,
            crumbs=[{"label": _("Alerts"), "url": self.back}],
            lines=limit_lines(limits_of(None)),
            **kwargs,
        )

    def perform(self, form) -> str:
        alerting.follow_city(institution=self.institution, by=self.request.user, now=self.now)
        messages.success(self.request, _("The limits of the city hold for us again."))
        return self.back


class CityLimits(OwnLimits):
    """Of all institutions that set none of their own."""

    permission = Permission.SET_CITY_LIMITS
    title = gettext_lazy("From when on institutions are warned")

    @property
    def back(self) -> str:
        return reverse("city:alerts")
