"""By how much something exceeds a limit."""


def beyond(value: int, limit: int | None) -> int | None:
    """None where there is no limit."""
    return None if limit is None else value - limit
