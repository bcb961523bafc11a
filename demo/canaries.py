"""Two institutions whose every text is recognisable, to find out what leaks where."""


def plant_canaries(*, now, password: str) -> None:
    """Filled in below."""
