"""The most that any offer may promise, from the policy pack: no booking blocks longer.

The validators of an offer read these, and every search for bookings that overlap a time begins
``longest_blocked()`` before it, so that history costs nothing.
"""

from datetime import timedelta

from medshare_portal import policy


def longest_loan_hours() -> int:
    return policy.current().offer.longest_loan_hours


def longest_setup_minutes() -> int:
    return policy.current().offer.longest_setup_minutes


def longest_transport_minutes() -> int:
    """Of one way."""
    return policy.current().offer.longest_transport_minutes


def longest_cleaning_minutes() -> int:
    return policy.current().offer.longest_cleaning_minutes


def longest_loan() -> timedelta:
    return timedelta(hours=longest_loan_hours())


def longest_buffers() -> timedelta:
    """Set-up, both ways and cleaning."""
    return timedelta(
        minutes=longest_setup_minutes()
        + 2 * longest_transport_minutes()
        + longest_cleaning_minutes()
    )


def longest_blocked() -> timedelta:
    """From the set-up before the longest loan to the end of the cleaning after it."""
    return longest_loan() + longest_buffers()
