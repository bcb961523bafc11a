"""The code on a note: nine characters to type where no camera helps.

A code is a request's number, enciphered: without the portal's secret nobody makes one or reads the
number in it.  Ten of its forty bits must come out as zero, so a made-up code fails 1,023 times out
of 1,024 – and who guesses one sees only what the guesser's own institution may see anyway.  The
alphabet has no I, L, O and U; the last character checks the others, so that one wrong character
or two that changed places are a typing error and never another request.
"""

from django.conf import settings
from django.utils.crypto import salted_hmac

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8  # characters before the check character: 40 bits
HALF, ROUNDS = 20, 8
SPARE = 10  # bits that are zero in a code of ours
MASK = (1 << HALF) - 1
SALT = "scheduling.note_codes"
SAME = str.maketrans("OIL", "011")  # what people type for what they read


class NotACode(ValueError):
    """Too short, too long, or the check character does not fit: mistyped."""


class UnknownCode(LookupError):
    """Well-formed, but not of this portal."""


def code_of(number: int) -> str:
    """The code of a request's key, in groups of three: ``4K7-QZ0-H2M``."""
    if not 0 < number < 1 << (2 * HALF - SPARE):
        raise ValueError(number)
    enciphered = _cipher(number << SPARE, range(ROUNDS), settings.SECRET_KEY)
    letters = [ALPHABET[enciphered >> (5 * at) & 31] for at in reversed(range(LENGTH))]
    letters.append(ALPHABET[_check(letters)])
    text = "".join(letters)
    return "-".join(text[at : at + 3] for at in range(0, len(text), 3))


def number_of(typed: str) -> int:
    """The request's key in a code as somebody typed it.  Raises NotACode or UnknownCode.

    Notes that were printed before the secret changed stay good (``SECRET_KEY_FALLBACKS``).
    """
    text = "".join(typed.split()).replace("-", "").upper().translate(SAME)
    if len(text) != LENGTH + 1 or any(letter not in ALPHABET for letter in text):
        raise NotACode
    letters, check = list(text[:LENGTH]), ALPHABET.index(text[LENGTH])
    if _check(letters) != check:
        raise NotACode
    value = 0
    for letter in letters:
        value = value << 5 | ALPHABET.index(letter)
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        plain = _cipher(value, reversed(range(ROUNDS)), secret)
        if plain & ((1 << SPARE) - 1) == 0 and plain >> SPARE:
            return plain >> SPARE
    raise UnknownCode


def _cipher(value: int, rounds, secret: str) -> int:
    """A Feistel network over both halves: the same rounds backwards undo it."""
    left, right = value >> HALF, value & MASK
    for turn in rounds:
        left, right = right, left ^ _mixed(turn, right, secret)
    return right << HALF | left


def _mixed(turn: int, half: int, secret: str) -> int:
    digest = salted_hmac(SALT, f"{turn}:{half}", secret=secret, algorithm="sha256").digest()
    return int.from_bytes(digest[:4], "big") & MASK


def _check(letters) -> int:
    """Powers of two in the field of 32 elements: finds each wrong character and each swap."""
    total = 0
    for letter in letters:
        total = _doubled(total ^ ALPHABET.index(letter))
    return total


def _doubled(value: int) -> int:
    value <<= 1
    return value ^ 0b100101 if value & 32 else value
