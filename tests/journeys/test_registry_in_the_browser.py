"""The registry works under the portal's Content-Security-Policy."""

import pytest

from medshare_portal.models import Institution
from resources.models import CodeMapping
from tests import make

pytestmark = pytest.mark.browser


@pytest.fixture
def signed_in(portal, open_page):
    make.city_user("registrar", role="registry_admin")
    page = open_page()
    page.goto("/account/sign-in/?next=/admin/")
    page.fill("[name=username]", "registrar")
    page.fill("[name=password]", make.PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/admin/")
    return page


def test_every_sort_of_page_loads_without_a_violation(signed_in):
    device = make.equipment(make.institution("renhe"), accessories={"Hose": 2})
    mapping = CodeMapping.objects.create(category=device.category, code=make.nmpa_code("08"))
    for path in (
        "medshare_portal/institution/",
        "medshare_portal/institution/add/",
        f"medshare_portal/institution/{device.institution_id}/change/",
        "medshare_portal/user/add/",
        f"resources/resource/{device.pk}/change/",
        f"resources/codemapping/{mapping.pk}/delete/",
        "resources/resource/import/",
        "scheduling/sharingrequest/",
    ):
        assert signed_in.goto(f"/admin/{path}").status == 200


def test_an_institution_is_added_and_a_file_imported(signed_in, tmp_path):
    make.institution("renhe", beds=1)
    page = signed_in
    page.goto("/admin/medshare_portal/institution/add/")
    page.fill("[name=slug]", "new")
    page.fill("[name=name_zh]", "新医院")
    page.fill("[name=uscc]", make.places._uscc(9999))
    page.click("text=Add another Site")
    page.fill("[name=sites-0-code]", "main")
    page.fill("[name=sites-0-name_zh]", "本部")
    page.fill("[name=sites-0-latitude]", "30.1")
    page.fill("[name=sites-0-longitude]", "120.2")
    page.click("[name=_save]")
    page.wait_for_url("**/institution/")
    assert Institution.unscoped.get(slug="new").sites.get().code == "main"

    file = tmp_path / "beds.csv"
    file.write_text("slug,beds\nrenhe,77\n")
    page.goto("/admin/medshare_portal/institution/import/")
    page.set_input_files("[name=file]", file)
    page.click("text=Check the file")
    assert page.locator("del").inner_text() == "1"
    page.click("text=Import these rows")
    page.wait_for_url("**/institution/")
    assert Institution.unscoped.get(slug="renhe").beds == 77
