"""Search that finds two-character Chinese words and Latin prefixes on both databases.

``Resource.search_text`` holds tokens: every pair of neighbouring Chinese characters (and the last
one alone), every Latin word or number.  They are indexed by FTS5 on SQLite and by a GIN index of
``to_tsvector('simple', …)`` on PostgreSQL (migration 0002).  Tokens of fields that other
institutions may not read (medshare_portal.visibility) carry a mark, and only the owner's own
search looks for marked ones: a stranger cannot probe a serial number.

``holds`` asks the index: right where it leaves little.  ``spells`` says the same of a row by its
text: right where few rows are looked at anyway.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import BooleanField, F, Func, Q, QuerySet, TextField

from medshare_portal.db.prepared import Bind
from medshare_portal.visibility import Reader, readers
from resources.kinds import kinds

CHINESE = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
PART = re.compile(f"[{CHINESE}]+|[^\\W_{CHINESE}]+")
CHUNK = re.compile(r"\S+")
OWNER_MARK = "ownonly"
LONGEST_TOKEN, MOST_TERMS = 40, 12
NAMES = ("name_en", "name_zh")


def normal(text: str) -> str:
    """Lower case, half-width, without accents."""
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in decomposed if unicodedata.category(c) != "Mn")
    return unicodedata.normalize("NFKC", plain).casefold()


def is_chinese(part: str) -> bool:
    return re.match(f"[{CHINESE}]", part) is not None


def tokens_of(text: str) -> list[str]:
    """The tokens under which a text is found, each once."""
    found: list[str] = []
    for chunk in CHUNK.findall(normal(text)):
        parts = PART.findall(chunk)
        for part in parts:
            found += [*_pairs(part), part[-1]] if is_chinese(part) else [part[:LONGEST_TOKEN]]
        latin = [part for part in parts if not is_chinese(part)]
        if len(latin) > 1:
            found.append("".join(latin)[:LONGEST_TOKEN])
    return list(dict.fromkeys(found))


def _pairs(run: str) -> list[str]:
    return [run[place : place + 2] for place in range(len(run) - 1)]


def terms_of(text: str) -> list[tuple[str, bool]]:
    """What a search asks for: (token, is a prefix), all of which must be there."""
    terms: list[tuple[str, bool]] = []
    for part in PART.findall(normal(text)):
        if not is_chinese(part):
            terms.append((part[:LONGEST_TOKEN], True))
        elif len(part) == 1:
            terms.append((part, True))
        else:
            terms += [(pair, False) for pair in _pairs(part)]
    return list(dict.fromkeys(terms))[:MOST_TERMS]


def search_text_for(resource, detail, category) -> str:
    """The tokens of a resource with its kind's detail row (or None) and its category."""
    texts = [resource.name_en, resource.name_zh, resource.code]
    texts += [category.name_en, category.name_zh]
    names = kinds[resource.kind].search_fields if detail is not None else ()
    private = [name for name in names if Reader.OTHERS not in _readers(detail, name)]
    texts += [getattr(detail, name) for name in names if name not in private]
    open_tokens = tokens_of(" ".join(map(str, texts)))
    closed = tokens_of(" ".join(str(getattr(detail, name)) for name in private))
    return " ".join(open_tokens + [OWNER_MARK + token for token in closed])


def _readers(row, name: str):
    return readers(f"{row._meta.label}.{name}")


def search(queryset: QuerySet, text: str, *, institution=None) -> QuerySet:
    """Resources that hold every word of the text; with ``institution`` also by its own marks."""
    terms = terms_of(text)
    if not terms:
        return queryset.none() if text.strip() else queryset
    return queryset.filter(holds(terms, owner=institution if also_by_own_marks(terms) else None))


def also_by_own_marks(terms: Iterable[tuple[str, bool]]) -> bool:
    """Whether an owner's marks can hold the terms: marked tokens are numbers and Latin words."""
    return not all(is_chinese(token) for token, _prefix in terms)


def holds(terms, *, owner=None) -> Q:
    """Condition on Resource: it holds all terms, an ``owner``'s also by its marks.

    ``terms`` are those of ``terms_of``, or ``Terms``: their place in a prepared statement.
    """
    found = Q(Matches(terms))
    return found if owner is None else found | Q(Matches(terms, marked=True), institution=owner)


def spells(spelling: "Spelling", *, owner=None) -> Q:
    """What ``holds`` says, from the text of the row and not from the index."""
    found = spelling.in_text()
    return (
        found if owner is None else found | (Q(institution=owner) & spelling.in_text(marked=True))
    )


@lru_cache(maxsize=64)
def _known_terms(text: str) -> tuple[tuple[str, bool], ...]:
    """The same words are held against one resource after another."""
    return tuple(terms_of(text))


def says(search_text: str, text: str) -> bool:
    """What ``search`` says, of the tokens of one resource that was read anyway."""
    terms, tokens = _known_terms(text), f" {search_text} "
    found = (f" {token}" if prefix else f" {token} " for token, prefix in terms)
    return bool(terms) and all(term in tokens for term in found)


@dataclass(frozen=True)
class Spelling:
    """The places of ``number`` terms, which a run of the statement gets under ``name``."""

    name: str
    number: int

    def in_text(self, *, marked: bool = False) -> Q:
        found = Q()
        for at in range(self.number):
            here = Q(InText(SpelledTerm(self.name, at)))
            if marked:
                here |= Q(InText(SpelledTerm(self.name, at, marked=True)))
            found &= here
        return found


class SpelledTerm(Bind):
    """The place of one of the terms, as a pattern of LIKE: tokens have none of its wild cards."""

    def __init__(self, name: str, at: int, *, marked: bool = False):
        super().__init__(name, output_field=TextField())
        self.at, self.marked = at, marked

    def adapted(self, terms, connection) -> str:
        token, prefix = terms[self.at]
        if self.marked:
            return f"% {OWNER_MARK}{token}%"
        return f"% {token}%" if prefix else f"% {token} %"


class InText(Func):
    """True where the tokens of the row are like the pattern; every token stands in blanks."""

    template, arg_joiner = "(' ' || %(expressions)s", " || ' ') LIKE "
    output_field = BooleanField()
    conditional = True

    def __init__(self, pattern):
        super().__init__(F("search_text"), pattern)


class Terms(Bind):
    """The place of the terms; the databases word what is sought in their own ways."""

    def __init__(self, name: str, *, marked: bool = False):
        super().__init__(name, output_field=TextField())
        self.marked = marked

    def adapted(self, terms, connection) -> str:
        return WORDINGS[connection.vendor](terms, self.marked)


class Matches(Func):
    """True where the search index holds all terms; ``marked`` also looks at the owner's tokens."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, terms, *, marked: bool = False):
        super().__init__(F("search_text"), F("pk"))
        self.terms = Terms(terms.name, marked=marked) if isinstance(terms, Terms) else tuple(terms)
        self.marked = marked

    def as_postgresql(self, compiler, connection, **context):
        column, params = compiler.compile(self.source_expressions[0])
        words = self._words(connection)
        return f"to_tsvector('simple', {column}) @@ to_tsquery('simple', %s)", [*params, words]

    def as_sqlite(self, compiler, connection, **context):
        key, params = compiler.compile(self.source_expressions[1])
        inside = "SELECT rowid FROM resource_search WHERE resource_search MATCH %s"
        return f"{key} IN ({inside})", [*params, self._words(connection)]

    def _words(self, connection):
        if isinstance(self.terms, Terms):
            return self.terms
        return WORDINGS[connection.vendor](self.terms, self.marked)


def _postgresql_words(terms, marked: bool) -> str:
    return " & ".join(
        _wanted(f"'{token}'" + ":*" * prefix, f"'{OWNER_MARK}{token}':*", " | ", marked, len(terms))
        for token, prefix in terms
    )


def _sqlite_words(terms, marked: bool) -> str:
    return " AND ".join(
        _wanted(f'"{token}"' + "*" * prefix, f'"{OWNER_MARK}{token}"*', " OR ", marked, len(terms))
        for token, prefix in terms
    )


def _wanted(plain: str, own: str, word: str, marked: bool, terms: int) -> str:
    """``holds`` asks for all terms without marks beside it: a single one is left its mark only."""
    if not marked:
        return plain
    return own if terms == 1 else f"({plain}{word}{own})"


WORDINGS = {"postgresql": _postgresql_words, "sqlite": _sqlite_words}
