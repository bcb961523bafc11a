"""Needs meet offers: a leaf without Django that proposes who gets what, and says why.

``python -m scheduling.matching`` solves, checks and compares problem files by itself.  Dataclasses
in (``problem``), dataclasses out (``plan``); the same problem, seed and limits give the same plan.
Pairwise hard rules live in ``admissible`` and nowhere else in a model; ``checker`` knows the rules
a second time, without the models, and judges every plan.
"""
