"""Keep a page of the reports under a name, share it, have it mailed.

A share gives a name and an address, never a right: what is opened asks the rights of who opens.
"""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from medshare_portal.models import Institution, User
from medshare_portal.refusals import Refusal
from reports.models import ReportMail, SavedReport
from reports.queries.saved_reports import saved_at

MOST = 30  # of one person at one place


class TooMany(Refusal):
    message = _("You keep %(most)s reports already. Delete one first.")
    status = 409

    def __init__(self):
        super().__init__(self.message % {"most": MOST})


class NameTaken(Refusal):
    message = _("You keep a report of this name already.")
    field = "name"
    status = 422


def keep(
    *, institution: Institution | None, address: dict, name: str, shared: bool, mailed: bool,
    by: User, now: datetime,
) -> SavedReport:  # fmt: skip
    """``address``: page, about and query.  Raises TooMany or NameTaken."""
    kept = _of(by, institution)
    if kept.filter(name=name).exists():
        raise NameTaken
    if kept.count() >= MOST:
        raise TooMany
    report = SavedReport.objects.create(
        institution=institution, user=by, name=name, shared=shared, created_at=now, **address
    )
    if mailed:
        have_mailed(report=report, mailed=True, by=by, now=now)
    return report


def change(*, report: SavedReport, name: str, shared: bool, by: User) -> None:
    """Rename it, share it or no longer; of whom it was shared with, none has it mailed any more.
    Raises NameTaken."""
    kept = _of(by, report.institution)
    if kept.filter(name=name).exclude(pk=report.pk).exists():
        raise NameTaken
    kept.filter(pk=report.pk).update(name=name, shared=shared)
    if not shared:
        report.mails.exclude(user=by).delete()


def have_mailed(*, report: SavedReport, mailed: bool, by: User, now: datetime) -> None:
    """From the next first day of a month on, or no longer."""
    if mailed:
        ReportMail.objects.of(by).get_or_create(
            report=report, user=by, defaults={"month": month_of(now)}
        )
    else:
        ReportMail.objects.of(by).filter(report=report).delete()


def forget(*, report: SavedReport, by: User) -> None:
    _of(by, report.institution).filter(pk=report.pk).delete()


def month_of(now: datetime) -> date:
    """Its first day on the clock of the city."""
    return timezone.localdate(now).replace(day=1)


def _of(user: User, institution: Institution | None):
    """A person's own, under the lock of its row: two tabs cannot pass the limit together."""
    User.objects.select_for_update().get(pk=user.pk)
    return saved_at(institution).filter(user=user)
