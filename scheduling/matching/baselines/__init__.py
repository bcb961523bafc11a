"""What a city does without an optimiser, one module per kind: every run is reported against it.

``first_come`` serves in the order of posting, each from the nearest offer; ``urgency_first`` the
same, the most urgent before all others.  Both keep the kept matches and every hard rule.
"""
