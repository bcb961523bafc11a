"""Days and hours in findings: made when they are shown, in the language active then."""

from datetime import date, timedelta

from medshare_portal.local_times import describe_date, describe_hours


class Day:
    def __init__(self, day: date | None):
        self.day = day

    def __str__(self):
        return describe_date(self.day)


class Hours:
    """``to`` rounds: what breaks a limit by minutes must not read as if it kept it."""

    def __init__(self, span: timedelta, to=round):
        self.span, self.to = span, to

    def __str__(self):
        return describe_hours(self.span, to=self.to)
