"""The contract names every field of every shared model, and nothing else."""

import pytest
from django.apps import apps

from medshare_portal.tenancy import TenantQuerySet
from medshare_portal.visibility import CONTRACT, Reader, readers, visible_fields

SEEN = {"medshare_portal.Institution", "medshare_portal.Site", "medshare_portal.User"}


def tenanted_labels():
    models = [
        m
        for app in ("resources", "scheduling", "reports")
        for m in apps.get_app_config(app).get_models()
    ]
    return {
        model._meta.label
        for model in models
        if isinstance(
            model._meta.managers_map.get("objects") and model.objects.get_queryset(), TenantQuerySet
        )
    }


def test_every_tenanted_model_of_catalogue_and_workflow_has_an_entry():
    assert set(CONTRACT) == tenanted_labels() | SEEN


@pytest.mark.parametrize("label", sorted(CONTRACT))
def test_every_field_has_exactly_one_entry(label):
    model = apps.get_model(label)
    fields = sorted(f.name for f in (*model._meta.concrete_fields, *model._meta.many_to_many))
    named = sorted(name for _readers, names in CONTRACT[label] for name in names.split())
    assert named == fields


def test_the_owner_reads_all_that_others_read():
    for label, rows in CONTRACT.items():
        for who, names in rows:
            assert Reader.OWNER in who or not who, (label, names)


def test_a_field_that_nobody_named_is_its_owners_alone():
    assert readers("toys.Toy.secret") == {Reader.OWNER}
    assert visible_fields("toys.Toy", Reader.OTHERS) == frozenset()


def test_serial_numbers_and_notes_stay_with_those_concerned():
    assert readers("resources.Equipment.serial_no") == {Reader.OWNER, Reader.COUNTERPART}
    assert readers("resources.Equipment.status_note") == {Reader.OWNER}
    assert readers("resources.Attachment.file") == set()
