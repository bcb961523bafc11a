"""Notices of the reports: a saved one once a month."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medshare_portal.notices import Notice, notice
from reports.mailed_figures import lines_of
from reports.queries.saved_reports import saved_at, still_reads


@notice
class ReportOfTheMonth(Notice):
    code = "report.month"
    label = _("A saved report, on the first of a month")
    subject = _("Your report “%(name)s” of this month")
    body = _("It opens with the figures up to yesterday.")

    @classmethod
    def url(cls, notification) -> str:
        return cls._address(notification, "saved-report")

    @classmethod
    def mail_lines(cls, notification) -> list[str]:
        """The key figures, by the rights of the reader when it is sent."""
        rows = saved_at(notification.institution).read_by(notification.user)
        report = rows.select_related("institution").get(pk=notification.object_id)
        return lines_of(report, notification.user_id)

    @classmethod
    def mail_links(cls, notification) -> list[dict]:
        stop = cls._address(notification, "saved-report-mail")
        return [{"label": _("No longer by mail"), "url": stop}]

    @classmethod
    def still_relevant(cls, notification) -> bool:
        return still_reads(notification.user, notification.institution, notification.object_id)

    @staticmethod
    def _address(notification, name: str) -> str:
        if notification.institution is None:
            return reverse(f"city:{name}", args=[notification.object_id])
        slug = notification.institution.slug
        return reverse(f"reports:{name}", args=[slug, notification.object_id])
