"""A demo has accounts with a printed password: it must never face a network."""

from django.core.checks import Error, register

from demo.safety import reasons_against


@register
def demo_stays_on_this_machine(app_configs, **kwargs):
    reasons = reasons_against()
    if not reasons:
        return []
    return [
        Error(
            "MEDSHARE_DEMO is on, but this looks like production: " + "; ".join(reasons) + ".",
            hint="Take MEDSHARE_DEMO out of the environment; keep demos on a loopback address.",
            id="demo.E001",
        )
    ]
