"""The same seed and day make the same rows; another seed does not."""

import pytest
from django.apps import apps
from django.core.management import call_command

from demo.flush import flush_everything
from demo.scale import SCALES
from demo.seeding import seed
from medshare_portal.models import Institution
from tests.demo.conftest import NOW, TODAY

pytestmark = pytest.mark.django_db
MADE = ("medshare_portal", "resources", "scheduling", "reports")
DIFFERENT = {"password"}  # salted
RANDOM = {
    "scheduling.MessageFile": {"file"},  # what was sent is stored under a random name
    # How many seconds the matcher took stands beside what it found, which the proposals show; how
    # far it had got when it last said so depends on them.
    "scheduling.MatchingRun": {"results", "progress"},
    "scheduling.RunRecord": {"plan"},
}


def rows_of_everything():
    return {
        model._meta.label: list(
            model._base_manager.order_by("pk").values_list(
                *(
                    f.attname
                    for f in model._meta.concrete_fields
                    if f.name not in DIFFERENT | RANDOM.get(model._meta.label, set())
                )
            )
        )
        for label in MADE
        for model in apps.get_app_config(label).get_models()
    }


def test_flush_makes_the_same_rows_of_the_same_seed_in_the_place_of_the_old_ones(city, var):
    first = rows_of_everything()
    call_command("seed_demo", *TODAY, "--flush")

    again = rows_of_everything()
    assert {label for label in first if first[label] != again[label]} == set()
    assert len(first["scheduling.SharingRequest"]) > 2_000
    assert Institution.unscoped.count() == 12
    call_command("check_invariants")


@pytest.mark.once
def test_another_seed_makes_another_city(city, var):
    first = rows_of_everything()
    flush_everything()
    seed(SCALES["small"], number=2, now=NOW, password="one")

    again = rows_of_everything()
    assert first["resources.Equipment"] != again["resources.Equipment"]
    assert first["scheduling.SharingRequest"] != again["scheduling.SharingRequest"]
