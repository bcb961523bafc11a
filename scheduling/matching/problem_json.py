"""A problem as a JSON file, and its fingerprint.  The format is ``docs/matching-format.md``."""

import hashlib

from scheduling.matching import codec
from scheduling.matching.codec import FormatError
from scheduling.matching.plan import Plan
from scheduling.matching.problem import VERSION, Problem
from scheduling.matching.validation import validate

LARGEST_FILE = 512 * 1024 * 1024  # bytes; 50,000 needs of each kind are some 60 MB


def read_problem(text: str | bytes) -> Problem:
    """Raises ``FormatError``, which names the field, for what is not a sound problem."""
    value = _loaded(text)
    problem = codec.decode(Problem, value)
    validate(problem)
    return problem


def write_problem(problem: Problem) -> str:
    return codec.canonical(problem)


def inputs_hash(problem: Problem) -> str:
    """SHA-256 of the canonical JSON: the same for the same problem, however its file was laid
    out and whichever defaults it spelt out."""
    return hashlib.sha256(codec.canonical(problem).encode()).hexdigest()


def read_plan(text: str | bytes) -> Plan:
    """Form only; whether it is a plan of a problem says the checker."""
    return codec.decode(Plan, codec.loads(text))


def write_plan(plan: Plan) -> str:
    return codec.canonical(plan)


def _loaded(text: str | bytes):
    if len(text) > LARGEST_FILE:
        raise FormatError("", "too_large", f"is larger than {LARGEST_FILE} bytes")
    value = codec.loads(text)
    # The version first: of another one no other complaint makes sense.
    if not isinstance(value, dict):
        raise FormatError("", "object", "must be an object")
    found = value.get("version", VERSION)
    if isinstance(found, bool) or found != VERSION:
        shown = repr(found)[: codec.LONGEST_TEXT]
        raise FormatError("version", "version", f"is {shown}; this solver reads {VERSION}")
    return value
