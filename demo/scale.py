"""How big a city is made."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Scale:
    """Counts of a city.  ``log_days``: how far back requests have their steps logged;
    ``audit_days``: how far back the audit trail reaches; ``horizon_days``: of offered time."""

    name: str
    institutions: int
    resources: int
    requests: int
    users: int
    days: int
    log_days: int
    audit_days: int
    horizon_days: int
    with_handovers: bool
    with_live_scenes: bool


SCALES = {
    scale.name: scale
    for scale in (
        Scale(
            name="small",
            institutions=12,
            resources=150,
            requests=2_000,
            users=75,
            days=365,
            log_days=400,
            audit_days=30,
            horizon_days=180,
            with_handovers=True,
            with_live_scenes=True,
        ),
        Scale(
            name="city",
            institutions=40,
            resources=2_000,
            requests=200_000,
            users=400,
            days=730,
            log_days=90,
            audit_days=30,
            horizon_days=180,
            with_handovers=False,
            with_live_scenes=True,
        ),
        Scale(
            name="metro",
            institutions=400,
            resources=20_000,
            requests=2_000_000,
            users=4_000,
            days=730,
            log_days=90,
            audit_days=7,
            horizon_days=60,
            with_handovers=False,
            with_live_scenes=True,
        ),
    )
}
