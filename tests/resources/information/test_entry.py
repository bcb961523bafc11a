"""The owner's pages: enter information, upload what it is, offer it under conditions."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from medshare_portal.models import AuditEvent
from resources.actions.codelists import load_code_lists
from resources.kinds.information.actions.categories import load_information_categories
from resources.models import AccessTerms, Category, Offer, Resource, SharedFile
from tests import make

pytestmark = pytest.mark.django_db
KEY = {"idempotency_key": "a-key-of-a-form-0001"}


def address(name, resource):
    return reverse(f"resources:{name}", args=[resource.institution.slug, resource.pk])


def upload(client, resource, content, *, title="胸痛数据", **fields):
    file = SimpleUploadedFile("c:\\x.exe", content, "text/html")
    data = {"title": title, "file": file} | KEY | fields
    return client.post(address("information-content", resource), data)


def said(response) -> list[tuple]:
    return [(f["code"], f["message"]) for f in response.context["findings"]]


def test_a_protocol_is_entered_with_its_own_fields(client, keeper, owner):
    load_code_lists()
    load_information_categories()
    page = reverse("resources:resource-create", args=[owner.slug, "information"])
    assert b"accessory" not in client.get(page).content
    kind = make.code("guideline", system="info-type")
    response = client.post(
        page,
        {
            "name_en": "Chest pain, first hour",
            "name_zh": "",
            "code": "P-1",
            "category": Category.objects.get(kind="information", slug="protocol").pk,
            "site": owner.sites.get().pk,
            "detail-info_type": kind.pk,
            "detail-summary": "What to do",
            "detail-field_names": "step\n\n what \nstep",
            "detail-custodian": "Emergency department",
            "detail-identifiability": "impersonal",
            "detail-sensitivity": "U",
            "detail-mark_scope": "none",
        }
        | KEY,
    )
    made = Resource.objects.owned_by(owner).get()
    assert response.status_code == 302
    assert (made.kind, made.status, made.information.fields) == (
        "information",
        "draft",
        ["step", "what"],
    )


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("endpoint", "http://example.org/x", "Enter an address that starts with https."),
        ("endpoint", "javascript:alert(1)", "Enter an address that starts with https."),
        ("recognised_item", "item", "A result for recognition needs its date."),
        ("qc_passed", "on", "Say until when the quality control is valid."),
        ("valid_days", "0", "Ensure this value is greater than or equal to 1."),
        ("field_names", "x\n" * 1 + "y" * 121, "At most 200 fields of at most 120 characters."),
        ("performed_on", "2026-02-30", "Enter a valid date."),
        (
            "identifiability",
            "secret",
            "Select a valid choice. secret is not one of the available choices.",
        ),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field(client, keeper, owner, field, value, message):
    resource = make.asset(owner)
    item = make.code("CT-HEAD", system="recognised-item")
    data = {
        "name_en": "Changed",
        "code": resource.code,
        "category": resource.category_id,
        "site": resource.site_id,
        "version": resource.version,
        "detail-info_type": resource.information.info_type_id,
        "detail-summary": "x",
        "detail-custodian": "x",
        "detail-identifiability": "impersonal",
        "detail-sensitivity": "U",
        "detail-mark_scope": "none",
        f"detail-{field}": item.pk if value == "item" else value,
    }
    response = client.post(address("resource-edit", resource), data | KEY)
    assert response.status_code == 422
    assert message in [text for _id, _label, text in response.context["form"].problems()]
    resource.refresh_from_db()
    assert resource.name_en != "Changed"


def test_de_identified_content_with_identifiers_is_refused_by_column_and_row(client, keeper, owner):
    resource = make.asset(owner, identifiability="pseudonymised", content=None, terms=None)
    content = "case,mobile,note\n1,13812345678,ok\n2,,住院号：20230815\n".encode()
    response = upload(client, resource, content)
    assert response.status_code == 422
    assert said(response) == [
        ("INF-10", "Column “mobile” holds direct identifiers (telephone number): rows 2."),
        ("INF-10", "Column “note” holds direct identifiers (record number): rows 3."),
    ]
    assert not SharedFile.objects.owned_by(owner).exists()
    assert not AuditEvent.unscoped.filter(action="information.content_stored").exists()


@pytest.mark.parametrize(
    "content", [b"%PDF-1.4\n%%EOF\n", make.information.CONTENT[:0] or b"PK\x03\x04"]
)
def test_what_cannot_be_looked_through_is_not_called_de_identified(client, keeper, owner, content):
    resource = make.asset(owner, identifiability="anonymised", content=None, terms=None)
    response = upload(client, resource, content)
    assert response.status_code == 422
    assert not SharedFile.objects.owned_by(owner).exists()


def test_small_counts_are_refused_or_suppressed(client, keeper, owner):
    resource = make.asset(owner, identifiability="aggregate", content=None, terms=None)
    content = "ward,人数\nA,3\nB,40\nC,60\n".encode()
    response = upload(client, resource, content)
    assert said(response) == [("INF-11", "Column “人数”, row 2: 3 is below 5.")]
    response = upload(client, resource, content, suppress="on", idempotency_key="another-key-0002")
    assert response.status_code == 302
    stored = SharedFile.objects.owned_by(owner).get()
    with stored.file.open() as file:
        text = file.read().decode("utf-8-sig")
    assert text == "ward,人数\r\nA,<5\r\nB,*\r\nC,60\r\n"
    assert stored.suppressed


def test_a_new_version_keeps_the_old_and_its_type_is_its_content_s(client, keeper, owner):
    resource = make.asset(owner)
    assert upload(client, resource, b"one, two words\n").status_code == 302
    resource.information.refresh_from_db()
    assert resource.information.content_number == 2
    rows = SharedFile.objects.owned_by(owner).newest_first()
    assert [(row.number, row.content_type) for row in rows] == [(2, "text/plain"), (1, "text/csv")]
    assert "exe" not in rows[0].file.name


@pytest.mark.parametrize("content", [b"<svg></svg>", b"<html>", b"MZ\x00\x01", b""])
def test_markup_programs_and_nothing_are_refused(client, keeper, owner, content):
    resource = make.asset(owner, content=None, terms=None)
    assert upload(client, resource, content).status_code == 422
    assert not SharedFile.objects.owned_by(owner).exists()


GOOD = {
    "purposes": ["TREAT", "HRESCH"],
    "recipient_roles": ["physician"],
    "legal_bases": ["none_needed"],
    "max_days": "200",
    "max_looks": "5",
    "retention_days": "30",
    "onward_sharing": "never",
    "deidentification": "as_it_is",
    "agreement_zh": "仅用于研究。",
    "visibility": "all",
} | KEY


def test_conditions_and_offer_are_one_step_and_others_see_five_lines(client, keeper, owner, other):
    resource = make.asset(owner, terms=None)
    assert client.get(address("information-conditions", resource)).status_code == 200
    assert client.post(address("information-conditions", resource), GOOD).status_code == 302
    resource.refresh_from_db()
    assert (resource.status, resource.visibility) == ("listed", "all")
    client.force_login(make.user(at=other, role="viewer"))
    page = client.get(reverse("resources:resource-detail", args=[other.slug, resource.pk]))
    (panel,) = page.context["panels"]
    assert [what for what, _words in panel["context"]["lines"]] == [
        "What for",
        "Who may open it",
        "How long",
        "What is done with it",
        "Agreement",
    ]
    assert panel["context"]["lines"][0][1] == "Treatment, Research"
    assert "at most 200 days and 5 looks" in panel["context"]["lines"][2][1]


def test_the_page_calls_things_by_the_words_of_its_kind(client, keeper, owner):
    resource = make.asset(owner, sensitivity="U")
    page = reverse("resources:resource-detail", args=[owner.slug, resource.pk])
    assert "Catalogue number" in client.get(page).text
    keeper.language = "zh-hans"
    keeper.save()
    client.force_login(keeper)
    told = client.get(page).text
    assert "公开" in told
    assert "目录编号" in told
    assert "资产编号" not in told


def test_other_conditions_make_a_version_the_same_ones_do_not(client, keeper, owner):
    resource = make.asset(owner, terms=None)
    page = address("information-conditions", resource)
    for number, change in enumerate(({}, {}, {"max_looks": "6"})):
        response = client.post(page, GOOD | change | {"idempotency_key": f"form-number-{number}"})
        assert response.status_code == 302
    rows = AccessTerms.objects.owned_by(owner).newest_first()
    assert [(row.number, row.max_looks) for row in rows] == [(2, 6), (1, 5)]
    assert Offer.objects.owned_by(owner).published().count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"max_days": "366"}, "max_days"),
        ({"purposes": ["TREAT"], "max_days": "91"}, "max_days"),
        ({"purposes": ["BTG"], "max_days": "9"}, "purposes"),
        ({"purposes": [], "max_days": "9"}, "purposes"),
        ({"max_looks": "0"}, "max_looks"),
        ({"max_looks": "9" * 30}, "max_looks"),
        ({"agreement_zh": ""}, "agreement_en"),
        ({"visibility": "private"}, "visibility"),
        ({"visibility": "named"}, "named_institutions"),
        ({"legal_bases": ["because"]}, "legal_bases"),
    ],
)
def test_conditions_that_do_not_fit_change_nothing(client, keeper, owner, change, field):
    resource = make.asset(owner, terms=None)
    response = client.post(address("information-conditions", resource), GOOD | change)
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert not AccessTerms.objects.owned_by(owner).exists()
    assert not Offer.objects.owned_by(owner).exists()


def test_data_on_persons_need_a_legal_basis(client, keeper, owner):
    resource = make.asset(owner, terms=None, identifiability="identified")
    response = client.post(address("information-conditions", resource), GOOD)
    assert list(response.context["form"].errors) == ["legal_bases"]


def test_nothing_to_open_is_not_offered(client, keeper, owner):
    resource = make.asset(owner, content=None, terms=None)
    response = client.post(address("information-conditions", resource), GOOD)
    assert (response.status_code, said(response)) == (
        422,
        [("INF-00", "There is nothing to open yet.")],
    )


def test_what_was_not_checked_for_its_new_name_is_not_offered(client, keeper, owner):
    resource = make.asset(owner, terms=None, identifiability="identified")
    resource.information.identifiability = "anonymised"
    resource.information.save()
    response = client.post(address("information-conditions", resource), GOOD)
    assert said(response) == [("INF-10", "The content was not checked as “Anonymised”.")]


def test_the_page_of_offers_by_the_hour_leads_to_its_own(client, keeper, owner):
    resource = make.asset(owner)
    for method in (client.get, client.post):
        response = method(address("offer-create", resource))
        assert response.url == address("information-conditions", resource)


def test_the_address_of_the_content_is_its_owner_s(client, keeper, owner, other):
    secret = "https://canary.example.org/secret"
    resource = make.asset(owner, endpoint=secret)
    assert secret in client.get(address("resource-detail", resource)).content.decode()
    client.force_login(make.user(at=other, roles=("coordinator", "approver")))
    for name, args in (
        ("resource-detail", [other.slug, resource.pk]),
        ("resource-list", [other.slug]),
    ):
        page = reverse(f"resources:{name}", args=args) + "?kind=information"
        assert secret not in client.get(page).content.decode()
    export = reverse("resources:resource-export", args=[other.slug]) + "?kind=information"
    response = client.post(export, {"format": "csv"} | KEY)
    body = b"".join(response.streaming_content).decode()
    assert resource.code in body
    assert secret not in body
