"""Recognisable texts: ``CANARY-<letter>-<model>-<field>``."""

from hashlib import sha256

from django.db import models

SHORTEST = 16  # what is cut more than that could be anybody's


def mark(letter: str, model: type[models.Model], field: str) -> str:
    return f"CANARY-{letter}-{model._meta.model_name}-{field}"


def fitting(letter: str, model: type[models.Model], field: models.Field) -> str:
    """The mark of a column as its rows hold it: where the whole one does not fit, a short one of
    its own, never the beginning that it has in common with others."""
    whole = mark(letter, model, field.name)
    if field.max_length is None or len(whole) <= field.max_length:
        return whole
    return f"CANARY-{letter}-{sha256(whole.encode()).hexdigest()}"[: field.max_length]


def marked(model: type[models.Model], letter: str, **fields) -> models.Model:
    """An unsaved row of the model: every free text that is not given holds its mark."""
    texts = {
        field.attname: fitting(letter, model, field)
        for field in free_texts(model)
        if field.name not in fields
    }
    return model(**texts, **fields)


def free_texts(model: type[models.Model]) -> list[models.Field]:
    """Columns that people write into: no choices, codes, addresses or files."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not isinstance(field, models.SlugField | models.URLField | models.EmailField)
        and not field.choices
        and field.editable
    ]
