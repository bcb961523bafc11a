"""Stock and daily use from files: errors by line and column, all rows or none."""

import io
import re
import zipfile
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from resources.models import MedicineLot, MedicineUse, Resource, StockMovement
from tests import make

pytestmark = pytest.mark.django_db
STOCK = {
    "code": "M-1", "site": "main", "category": "A", "generic_name_en": "Insulin glargine",
    "generic_name_zh": "甘精胰岛素", "dose_form": "injection", "strength": "300 IU/3 ml",
    "unit": "pen", "pack_size": "5", "approval_no": "国药准字S20200001", "gtin": "6901234567892",
    "mah": "Maker", "manufacturer": "Maker", "lot_no": "AB12", "mfg_date": "2026-01-01",
    "expiry_date": "2028/2/29", "storage_class": "refrigerated_2_8", "unit_cost": "12.50",
    "transfer_price": "12.50", "on_hand": "40",
}  # fmt: skip
USE = {
    "generic_name_en": "Insulin glargine", "generic_name_zh": "甘精胰岛素", "dose_form": "injection",
    "strength": "300 IU/3 ml", "unit": "pen", "units_per_day": "2.5", "measured_until": "2026-11-01",
}  # fmt: skip


@pytest.fixture
def house(owner):
    owner.sites.update(code="main")
    make.category("A", kind="medicine")
    return owner


@pytest.fixture
def person(client, house):
    client.force_login(make.user(at=house, role="pharmacist"))
    return client


def csv_of(*rows):
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [",".join(names), *(",".join(row.get(name, "") for name in names) for row in rows)]
    return "\n".join(lines).encode()


def check(person, house, what, content, name="file.csv"):
    file = SimpleUploadedFile(name, content)
    return person.post(
        reverse("resources:medicine-import", args=[house.slug, what]), {"file": file}
    )


def bring_in(person, house, what, content, key="key-0000001"):
    """Check and confirm; the last answer."""
    checked = check(person, house, what, content)
    assert checked.status_code == 200, errors(checked)
    token = re.search(r'name="token" value="([^"]+)"', checked.content.decode())[1]
    path = reverse("resources:medicine-import-confirm", args=[house.slug, what])
    return person.post(path, {"token": token, "idempotency_key": key})


def errors(answer):
    """(line, column) of each error of the dry run."""
    rows = re.findall(
        r'<th scope="row">(\d+)</th>\s*<td data-label="Column">([^<]*)</td>',
        answer.content.decode(),
    )
    return [(int(line), column) for line, column in rows]


def test_new_lots_come_with_a_line_of_the_ledger(person, house):
    assert bring_in(person, house, "stock", csv_of(STOCK)).status_code == 302
    lot = MedicineLot.unscoped.select_related("resource").get()
    assert (lot.resource.code, lot.gtin, lot.expiry_date) == (
        "M-1",
        "06901234567892",
        date(2028, 2, 29),
    )
    assert (lot.on_hand, lot.institution) == (40, house)
    assert lot.resource.name_zh == "甘精胰岛素 300 IU/3 ml"
    assert StockMovement.unscoped.get().sort == "receive"


def test_what_a_known_code_has_less_was_issued_and_what_it_has_more_is_corrected(person, house):
    bring_in(person, house, "stock", csv_of(STOCK))
    change = {"code": "M-1", "on_hand": "33", "unit_cost": "13"}
    assert bring_in(person, house, "stock", csv_of(change), key="key-0000002").status_code == 302
    lot = MedicineLot.unscoped.get()
    assert (lot.on_hand, lot.unit_cost, lot.lot_no) == (33, 13, "AB12")
    last = StockMovement.unscoped.order_by("pk").last()
    assert (last.sort, last.quantity) == ("issue", 7)
    bring_in(person, house, "stock", csv_of(change | {"on_hand": "34"}), key="key-0000003")
    last = StockMovement.unscoped.order_by("pk").last()
    assert (last.sort, last.quantity) == ("correct", 1)


def test_the_same_file_again_changes_nothing(person, house):
    bring_in(person, house, "stock", csv_of(STOCK))
    assert (
        "There is nothing to change"
        in check(person, house, "stock", csv_of(STOCK)).content.decode()
    )


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"site": "nowhere"}, "site"),
        ({"category": "Z"}, "category"),
        ({"expiry_date": "2028-02-30"}, "expiry_date"),
        ({"expiry_date": ""}, "expiry_date"),
        ({"gtin": "6901234567891"}, "gtin"),
        ({"lot_no": "批"}, "lot_no"),
        ({"on_hand": "-1"}, "on_hand"),
        ({"on_hand": "1.5"}, "on_hand"),
        ({"on_hand": "99999999999"}, "on_hand"),
        ({"dose_form": "pill"}, "dose_form"),
        ({"unit_cost": "a"}, "unit_cost"),
        ({"approval_no": "H1"}, "approval_no"),
        ({"mfg_date": "2029-01-01"}, ""),
        ({"transfer_price": "99"}, ""),
    ],
)
def test_every_error_is_named_by_line_and_column_and_nothing_is_stored(
    person, house, change, column
):
    wrong = STOCK | {"code": "M-2"} | change
    answer = check(person, house, "stock", csv_of(STOCK, wrong))
    assert answer.status_code == 422
    assert (3, column or "–") in errors(answer)
    assert 'name="token"' not in answer.content.decode()
    assert Resource.unscoped.count() == 0


def test_the_same_code_twice_in_a_file_is_refused(person, house):
    answer = check(person, house, "stock", csv_of(STOCK, STOCK))
    assert answer.status_code == 422
    assert errors(answer) == [(3, "code")]


def test_what_is_reserved_stays(person, house):
    bring_in(person, house, "stock", csv_of(STOCK))
    make.movement(MedicineLot.unscoped.get(), "reserve", 20)
    answer = check(person, house, "stock", csv_of({"code": "M-1", "on_hand": "19"}))
    assert errors(answer) == [(2, "on_hand")]


def test_what_was_offered_keeps_its_date(person, house):
    """MED-01"""
    bring_in(person, house, "stock", csv_of(STOCK))
    MedicineLot.unscoped.update(identity_fixed=True)
    answer = check(person, house, "stock", csv_of({"code": "M-1", "expiry_date": "2029-01-01"}))
    assert errors(answer) == [(2, "expiry_date")]


def test_a_lot_of_another_institution_with_the_same_code_is_not_touched(person, house):
    other = make.medicine_lot(make.institution("other"), code="M-1", stock=7)
    bring_in(person, house, "stock", csv_of(STOCK))
    other.refresh_from_db()
    assert other.on_hand == 7
    assert Resource.unscoped.filter(code="M-1").count() == 2


def test_daily_use_is_found_by_its_item(person, house):
    bring_in(person, house, "use", csv_of(USE))
    bring_in(person, house, "use", csv_of(USE | {"units_per_day": "3"}), key="key-0000002")
    use = MedicineUse.unscoped.get()
    assert (use.units_per_day, use.institution, use.measured_days) == (3, house, 90)
    lot = make.medicine_lot(house)
    assert use.item_key == lot.item_key


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"units_per_day": "-1"}, "units_per_day"),
        ({"units_per_day": ""}, "units_per_day"),
        ({"units_per_day": "1e99"}, "units_per_day"),
        ({"unit": "spoon"}, "unit"),
        ({"measured_until": "yesterday"}, "measured_until"),
        ({"measured_until": "2999-01-01"}, "measured_until"),
        ({"measured_days": "0"}, "measured_days"),
    ],
)
def test_errors_of_daily_use_are_named(person, house, change, column):
    answer = check(person, house, "use", csv_of(USE | change))
    assert (answer.status_code, errors(answer)) == (422, [(2, column)])


def workbook(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_workbook_is_read_like_a_csv(person, house):
    content = workbook(list(STOCK), [*list(STOCK.values())[:-1], 40])
    assert bring_in(person, house, "stock", content).status_code == 302
    assert MedicineLot.unscoped.get().on_hand == 40


def bomb():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 70_000_000)
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\x00", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0old", b"unknown,columns\n1,2",
     b"code\n" + b"M-1,too,many\n", bomb(), b"code,code\n1,1", b'code\n"open'],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(person, house, content):
    answer = check(person, house, "stock", content)
    assert answer.status_code == 422
    assert Resource.unscoped.count() == 0


def test_a_token_is_good_for_one_person_one_table_and_one_time(person, house, client):
    checked = check(person, house, "stock", csv_of(STOCK)).content.decode()
    token = re.search(r'name="token" value="([^"]+)"', checked)[1]
    wrong_table = reverse("resources:medicine-import-confirm", args=[house.slug, "use"])
    answer = person.post(wrong_table, {"token": token, "idempotency_key": "key-0000001"})
    assert answer.status_code == 410
    right = reverse("resources:medicine-import-confirm", args=[house.slug, "stock"])
    posted = {"token": token, "idempotency_key": "key-0000002"}
    assert person.post(right, posted).status_code == 302
    assert person.post(right, posted | {"idempotency_key": "key-0000003"}).status_code == 410
    assert MedicineLot.unscoped.count() == 1


def test_the_template_has_the_columns_and_no_row(person, house):
    for what in ("stock", "use"):
        path = reverse("resources:medicine-import-template", args=[house.slug, what])
        lines = person.get(path).content.decode("utf-8-sig").splitlines()
        assert len(lines) == 1
        assert "strength" in lines[0]


def test_the_page_names_the_codes_that_a_column_takes(person, house):
    make.institution("stranger").sites.update(code="theirs")
    page = person.get(reverse("resources:medicine-import", args=[house.slug, "stock"])).text
    assert re.search(r"site</code>.*?main", page, re.DOTALL)
    assert "theirs" not in page


def test_an_unknown_table_is_not_found(person, house):
    path = reverse("resources:medicine-import", args=[house.slug, "others"])
    assert person.get(path).status_code == 404
