"""Recognisable texts: ``CANARY-<letter>-<model>-<field>``."""

from django.db import models


def mark(letter: str, model: type[models.Model], field: str) -> str:
    return f"CANARY-{letter}-{model._meta.model_name}-{field}"


def marked(model: type[models.Model], letter: str, **fields) -> models.Model:
    """An unsaved row of the model: every free text that is not given holds its mark."""
    texts = {
        field.attname: mark(letter, model, field.name)[: field.max_length]
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
