"""The jobs of shifts: letters to people, and the nightly check of what is booked."""

from datetime import timedelta

from medshare_portal.jobs import job
from scheduling.kinds.staff.actions.mailing import mail_letters
from scheduling.kinds.staff.actions.recheck import recheck


@job("mail-letters-to-staff", every=timedelta(minutes=1))
def mail_letters_to_staff(now):
    return mail_letters(now=now)


@job("recheck-booked-shifts", every=timedelta(hours=24))
def recheck_booked_shifts(now):
    return recheck(now=now)
