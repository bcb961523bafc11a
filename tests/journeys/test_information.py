"""Share a protocol, ask for it, approve, open it, revoke it: the next look is refused."""

import pytest
from django.urls import reverse

from resources.actions.codelists import load_code_lists
from resources.kinds.information.actions.categories import load_information_categories
from resources.models import Category, Resource
from scheduling.models import AccessEvent, AccessGrant, SharingRequest
from tests import make
from tests.journeys.people import Person, Taps

pytestmark = pytest.mark.browser
STEWARD, CLINICIAN = ["information_steward"], ["coordinator"]
CONTENT = "步骤,内容\n1,分诊\n2,十分钟内心电图\n"
OPENS = "form[action$='/open/'] button.btn-primary"


def share_a_protocol(person, path):
    """Register, upload, publish under conditions; returns the resource."""
    page = person.go("resources:resource-create", "information")
    page.fill("[name=name_zh]", "胸痛首诊一小时")
    page.fill("[name=name_en]", "Chest pain, the first hour")
    page.fill("[name=code]", "P-1")
    page.select_option("[name=site]", str(person.institution.sites.get().pk))
    protocol = Category.objects.get(kind="information", slug="protocol")
    page.select_option("[name=category]", str(protocol.pk))
    page.select_option("[name=detail-info_type]", label=person.words_of_type)
    page.fill("[name=detail-summary]", "What to do in the first hour")
    page.fill("[name=detail-custodian]", "Chest pain centre")
    page.select_option("[name=detail-identifiability]", "impersonal")
    person.submit("main form")
    resource = Resource.unscoped.get(code="P-1")
    page = person.go("resources:information-content", resource.pk)
    page.fill("[name=title]", "胸痛首诊一小时")
    page.set_input_files("[name=file]", path)
    person.submit("main form")
    page = person.go("resources:information-conditions", resource.pk)
    page.fill("[name=agreement_zh]", "仅用于诊疗。")
    page.fill("[name=agreement_en]", "For treatment only.")
    person.submit("main form")
    resource.refresh_from_db()
    assert resource.status == "listed"
    return resource


def ask(person, resource) -> int:
    """From the resource's page; the number of interactions, typing aside."""
    taps = Taps(page := person.go("resources:resource-detail", resource.pk))
    taps.click(page.locator("a.btn-primary").first)
    page.fill("[name=reason]", "A patient with chest pain")
    taps.check(page.locator("[name=agreed]"))
    taps.click(page.locator("main form button.btn-primary[type=submit]").last)
    return taps.count


def approve(person, request) -> int:
    """From the inbox: open the request's page of decision, decide."""
    taps = Taps(page := person.go("scheduling:inbox"))
    taps.click(page.locator(f"#row-{request.pk} a.btn").first)
    taps.click(page.locator("main form button.btn-primary[type=submit]").last)
    request.refresh_from_db()
    assert request.state == "approved"
    return taps.count


def open_it(person, request):
    page = person.go("scheduling:request-detail", request.pk)
    with page.expect_download() as download:
        page.locator(OPENS).click()
    return download.value


def revoke(person, request):
    page = person.go("scheduling:information-end", request.pk)
    page.fill("[name=text]", "A newer version comes")
    person.submit("main form")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_share_a_protocol_and_revoke_it(open_page, tmp_path, language):
    load_code_lists()
    load_information_categories()
    owner, borrower = make.institution("renhe"), make.institution("xihu")
    steward = Person(open_page, owner, roles=STEWARD, language=language, name="steward")
    clinician = Person(open_page, borrower, roles=CLINICIAN, language=language, name="clinician")
    steward.words_of_type = {
        "en": "Guideline or training material",
        "zh-hans": "诊疗规范/培训资料",
    }[language]
    path = tmp_path / "protocol.csv"
    path.write_text(CONTENT, encoding="utf-8")
    resource = share_a_protocol(steward, str(path))
    assert ask(clinician, resource) <= 4
    request = SharingRequest.unscoped.get()
    assert approve(steward, request) <= 2
    download = open_it(clinician, request)
    assert download.suggested_filename == "胸痛首诊一小时.csv"
    with open(download.path(), encoding="utf-8") as file:
        assert file.read() == CONTENT
    revoke(steward, request)
    grant = AccessGrant.unscoped.get()
    assert (grant.looks_used, grant.end_reason) == (1, "revoked")
    page = clinician.go("scheduling:request-detail", request.pk)
    assert page.locator(OPENS).count() == 0
    refused = page.request.get(
        reverse("scheduling:information-file", args=["xihu", AccessEvent.unscoped.get().pk])
    )
    assert refused.status == 403
    log = steward.go("scheduling:information-log")
    assert log.locator("tbody tr").count() == 2
