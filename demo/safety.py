"""Where a demo city may be made: on this machine only, and only when it was asked for.

The system check ``medshare.E002`` refuses to start a demo that others could reach; this asks the
same before rows are made, for code that skips checks.
"""

from django.conf import settings

from medshare_portal.checks import demo_only_at_home


def reasons_against() -> list[str]:
    """Why this installation looks like production; empty where a demo is harmless."""
    if not settings.DEMO:
        return ["MEDSHARE_DEMO is off."]
    return [problem.msg for problem in demo_only_at_home(None)]
