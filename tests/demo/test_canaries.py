"""Every text of the two marked institutions is recognisable."""

import pytest
from django.apps import apps
from django.db import models, transaction
from django.test import override_settings

from demo.canaries import plant_canaries
from demo.marks import free_texts
from medshare_portal import audit
from medshare_portal.models import User
from resources.models import Resource
from scheduling.invariants import breaches
from scheduling.models import Series, SharingRequest
from scheduling.queries.series import dates_of, findings_of, holders_of
from scheduling.states import State
from tests.demo.conftest import NOW

pytestmark = pytest.mark.django_db
# (model, lookup that leads to one of the two institutions)
OWNED = {
    "medshare_portal.Institution": "slug__startswith",
    "medshare_portal.Site": "institution__slug__startswith",
    "medshare_portal.User": "username__contains",
    "medshare_portal.Absence": "institution__slug__startswith",
    "resources.Resource": "institution__slug__startswith",
    "resources.Equipment": "resource__institution__slug__startswith",
    "resources.Accessory": "resource__institution__slug__startswith",
    "resources.Attachment": "institution__slug__startswith",
    "resources.BusyBlock": "institution__slug__startswith",
    "resources.Offer": "institution__slug__startswith",
    "resources.OperatorCompetency": "institution__slug__startswith",
    "resources.MedicineLot": "institution__slug__startswith",
    "resources.InformationAsset": "resource__institution__slug__startswith",
    "resources.SharedFile": "institution__slug__startswith",
    "resources.AccessTerms": "institution__slug__startswith",
    "resources.StaffMember": "resource__institution__slug__startswith",
    "resources.Credential": "institution__slug__startswith",
    "resources.StockMovement": "lot__institution__slug__startswith",
    "scheduling.AccessGrant": "sharing_request__owner__slug__startswith",
    "scheduling.MedicineTransfer": "sharing_request__owner__slug__startswith",
    "scheduling.SavedFilter": "institution__slug__startswith",
    "scheduling.SignOff": "sharing_request__owner__slug__startswith",
    "scheduling.SharingRequest": "owner__slug__startswith",
    "scheduling.Handover": "sharing_request__owner__slug__startswith",
    "scheduling.TimeChange": "sharing_request__owner__slug__startswith",
    "scheduling.TransitionLog": "sharing_request__owner__slug__startswith",
    "reports.StatementLine": "creditor__slug__startswith",
    "reports.LineDispute": "line__creditor__slug__startswith",
    "reports.DemandFact": "institution_en__istartswith",
    "reports.SavedReport": "institution__slug__startswith",
    "scheduling.WaitlistEntry": "borrower__slug__startswith",
    "scheduling.Need": "institution__slug__startswith",
    "scheduling.NeedAnswer": "institution__slug__startswith",
    "scheduling.MatchingRun": "institution__slug__startswith",
    "scheduling.Proposal": "borrower__slug__startswith",
    "scheduling.Series": "owner__slug__startswith",
    "scheduling.Basket": "borrower__slug__startswith",
    "scheduling.Message": "sharing_request__owner__slug__startswith",
    "scheduling.MessageFile": "sharing_request__owner__slug__startswith",
    "scheduling.InternalNote": "sharing_request__owner__slug__startswith",
    "scheduling.CityInvitation": "sharing_request__owner__slug__startswith",
}
# Texts that must keep a form of their own, or are empty in some states.
OTHERWISE = {
    "medshare_portal.Institution": {"slug", "uscc", "institution_type", "hospital_level"},
    "medshare_portal.Site": {"code", "state", "country", "postal_code", "time_zone", "gln"},
    "medshare_portal.User": {"username", "password"},
    "resources.Resource": {"kind"},
    "resources.Equipment": {"emdn", "udi_di"},
    "resources.Attachment": {"content_type", "sha256"},
    "resources.Offer": {"currency"},
    "resources.MedicineLot": {"gtin", "atc", "currency"},
    "resources.SharedFile": {"content_type", "sha256"},
    "resources.StockMovement": {"reference"},
    "scheduling.AccessGrant": {"review_text"},
    "scheduling.MessageFile": {"content_type", "sha256"},
    "scheduling.SignOff": {"part"},
    "scheduling.Series": {"kind"},
    "scheduling.SharingRequest": {"kind", "currency", "decision_code", "decision_text"},
    "scheduling.TimeChange": {"answer"},
    "reports.StatementLine": {"kind", "reference"},
    "reports.LineDispute": {"decision"},
    "reports.DemandFact": {"kind"},
    "reports.SavedReport": {"page", "query"},
    "scheduling.WaitlistEntry": {"kind"},
    "scheduling.Need": {"kind"},
    "scheduling.Proposal": {"kind", "need_ref", "offer_ref", "decline_code"},
    "scheduling.TransitionLog": {"transition", "from_state", "to_state", "reason_code"},
}


@pytest.fixture(scope="module")
def marked(seeded, django_db_blocker, tmp_path_factory):
    """Planted once for all tests here, and taken back after them."""
    uploads = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("uploads"))
    with django_db_blocker.unblock(), uploads, transaction.atomic():
        yield plant_canaries(now=NOW, password="a password for tests")
        transaction.set_rollback(True)


@pytest.fixture
def planted(marked, db):
    return marked


@pytest.mark.parametrize("label", OWNED)
def test_every_text_holds_its_mark(planted, label):
    model = apps.get_model(label)
    rows = model._base_manager.filter(**{OWNED[label]: "canary"})
    names = [field.name for field in free_texts(model)]
    names = [name for name in names if name not in OTHERWISE.get(label, ())]

    assert rows.exists()
    for row in rows:
        for name in names:
            assert getattr(row, name).startswith("CANARY-"), (label, name)


def test_each_mark_names_its_institution_model_and_field(planted):
    device = Resource.unscoped.get(code="CANARY-A-resource-code-1")

    assert device.name_en == "CANARY-A-resource-name_en"
    assert device.equipment.manufacturer == "CANARY-A-equipment-manufacturer"
    assert device.institution.name_zh == "CANARY-A-institution-name_zh"


def test_file_names_and_json_hold_marks_too(planted):
    device = Resource.unscoped.get(code="CANARY-B-resource-code-1")

    assert "CANARY-B-attachment-file" in device.attachments.get().file.name
    request = SharingRequest.unscoped.filter(resource=device).first()
    assert request.accepted_findings[0]["reason"] == "CANARY-A-sharingrequest-accepted_findings"


def test_each_lends_to_the_other_in_the_telling_states(planted):
    states = {
        State.REQUESTED,
        State.COUNTERED,
        State.APPROVED,
        State.UNDERWAY,
        State.CLOSED,
        State.DECLINED,
    }

    for slug in ("canary-a", "canary-b"):
        rows = SharingRequest.unscoped.filter(owner__slug=slug)
        assert set(rows.values_list("state", flat=True)) == states
        assert rows.exclude(borrower__slug__startswith="canary").count() == 0


def test_two_dates_of_a_series_are_in_conflict_with_what_is_marked(planted):
    """The borrower's own booking, and the owner's block whose note only the owner reads."""
    series = Series.unscoped.get(owner__slug="canary-a")
    dates = dates_of(series)
    found = findings_of(dates, now=NOW)
    assert [bool(found[row.pk].blocks) for row in dates] == [True, False, True]
    in_the_way = holders_of(dates, series.owner)
    assert [bool(in_the_way[row.pk]) for row in dates] == [True, False, False]


def test_nobody_else_has_a_mark(planted):
    others = Resource.unscoped.exclude(institution__slug__startswith="canary")
    texts = [
        field.name
        for field in Resource._meta.fields
        if isinstance(field, models.TextField | models.CharField)
    ]

    assert not any("CANARY" in str(value) for row in others.values_list(*texts) for value in row)


def test_marked_people_can_sign_in(planted):
    assert User.objects.get(username="approver.canary-b").check_password("a password for tests")


def test_the_city_is_still_true_with_them(planted):
    assert list(breaches()) == []
    assert [problem for chain in audit.chains() for problem in audit.verify(chain)] == []
