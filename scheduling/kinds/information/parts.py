"""The consents that an access may wait for, by their code."""

SECOND = "second"  # approval by another person of the owner, of the most sensitive class
