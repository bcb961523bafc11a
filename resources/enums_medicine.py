"""Closed lists of medicines, with named groups (domain.md 2.3; beside ``resources.enums``)."""

from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DoseForm(models.TextChoices):
    INJECTION = "injection", _("Injection")
    POWDER_FOR_INJECTION = "powder_injection", _("Powder for injection")
    INFUSION = "infusion", _("Infusion")
    TABLET = "tablet", _("Tablets")
    CAPSULE = "capsule", _("Capsules")
    GRANULES = "granules", _("Granules")
    ORAL_LIQUID = "oral_liquid", _("Oral liquid")
    SUSPENSION = "suspension", _("Suspension")
    EMULSION = "emulsion", _("Emulsion")
    INHALATION = "inhalation", _("For inhalation")
    DROPS = "drops", _("Drops")
    CREAM = "cream", _("Cream or ointment")
    PATCH = "patch", _("Patch")
    SUPPOSITORY = "suppository", _("Suppository")
    OTHER = "other", _("Other form")


class DoseUnit(models.TextChoices):
    """What a pack holds, and what consumption is counted in."""

    TABLET = "tablet", pgettext_lazy("dose unit", "tablet")
    CAPSULE = "capsule", pgettext_lazy("dose unit", "capsule")
    AMPOULE = "ampoule", pgettext_lazy("dose unit", "ampoule")
    VIAL = "vial", pgettext_lazy("dose unit", "vial")
    PEN = "pen", pgettext_lazy("dose unit", "pen")
    BOTTLE = "bottle", pgettext_lazy("dose unit", "bottle")
    BAG = "bag", pgettext_lazy("dose unit", "bag")
    SACHET = "sachet", pgettext_lazy("dose unit", "sachet")
    PIECE = "piece", pgettext_lazy("dose unit", "piece")


class Pack(models.TextChoices):
    """What is counted in stock: the sealed pack."""

    BOX = "box", pgettext_lazy("pack", "box")
    BOTTLE = "bottle", pgettext_lazy("pack", "bottle")
    VIAL = "vial", pgettext_lazy("pack", "vial")
    BAG = "bag", pgettext_lazy("pack", "bag")
    PIECE = "piece", pgettext_lazy("pack", "piece")


class ControlClass(models.TextChoices):
    """Special control (药品管理法 §61, §112)."""

    NONE = "none", _("Ordinary medicine")
    NARCOTIC = "narcotic", _("Narcotic")
    PSYCHOTROPIC_1 = "psychotropic_1", _("Psychotropic, class I")
    PSYCHOTROPIC_2 = "psychotropic_2", _("Psychotropic, class II")
    TOXIC = "toxic", _("Toxic medicine")
    RADIOACTIVE = "radioactive", _("Radiopharmaceutical")
    PRECURSOR = "precursor", _("Drug precursor chemical")
    VACCINE = "vaccine", _("Vaccine")
    BLOOD_PRODUCT = "blood_product", _("Blood product")
    HOSPITAL_PREPARATION = "hospital_preparation", _("Hospital preparation")
    CLINICAL_TRIAL = "clinical_trial", _("Investigational product")
    HIGH_ALERT = "high_alert", _("High-alert medicine")

    BLOCKED = nonmember(
        (
            "narcotic",
            "psychotropic_1",
            "toxic",
            "radioactive",
            "precursor",
            "vaccine",
            "clinical_trial",
        )
    )
    DUAL_SIGN_OFF = nonmember(("psychotropic_2", "blood_product", "high_alert"))


class StorageClass(models.TextChoices):
    FROZEN_DEEP = "frozen_deep", _("Deep frozen, −90 to −60 °C")
    FROZEN = "frozen", _("Frozen, −25 to −15 °C")
    REFRIGERATED = "refrigerated_2_8", _("Refrigerated, 2–8 °C")
    COLD = "cold_2_10", _("Cold place, 2–10 °C")
    COOL = "cool_20", _("Cool place, up to 20 °C")
    ROOM = "room_10_30", _("Room temperature, 10–30 °C")
    CONTROLLED = "controlled_25", _("Not above 25 °C")

    COLD_CHAIN = nonmember(("frozen_deep", "frozen", "refrigerated_2_8", "cold_2_10"))


# Degrees Celsius that a temperature record must stay within: {storage class: (least, most)}.
TEMPERATURES: dict[str, tuple[int | None, int]] = {
    StorageClass.FROZEN_DEEP: (-90, -60),
    StorageClass.FROZEN: (-25, -15),
    StorageClass.REFRIGERATED: (2, 8),
    StorageClass.COLD: (2, 10),
    StorageClass.COOL: (None, 20),
    StorageClass.ROOM: (10, 30),
    StorageClass.CONTROLLED: (None, 25),
}


class PackState(models.TextChoices):
    """MED-13: only what its maker closed and nobody gave to a patient is shared."""

    SEALED = "sealed", _("Unopened, seal intact")
    OPENED = "opened", _("Opened")
    DAMAGED = "damaged", _("Damaged")
    RELABELLED = "relabelled", _("Relabelled")
    PATIENT_RETURN = "patient_return", _("Returned by a patient")


class QuarantineState(models.TextChoices):
    """What the pharmacy lets be done with a lot.  That it is expired is a matter of the date."""

    RELEASED = "released", _("Released")
    QUARANTINE = "quarantine", _("In quarantine")
    RECALLED = "recalled", _("Recalled")
    REJECTED = "rejected", _("Rejected")


class TransferBasis(models.TextChoices):
    """Why a hospital may give a medicine to another one at all (MED-09)."""

    SAME_LEGAL_ENTITY = "same_legal_entity", _("Between sites of one legal entity")
    CONSORTIUM_UNIFIED = "consortium_unified", _("Unified pharmacy of a consortium")
    AUTHORITY_ALLOCATION = "authority_allocation", _("Allocation ordered by the authority")
    EMERGENCY_BORROW = "emergency_borrow", _("Emergency borrowing")
    MUTUAL_AID_SMALL = "mutual_aid_small", _("Small, occasional, not-for-profit mutual aid")
    WHOLESALE_LICENSED = "wholesale_licensed", _("Wholesale licence")
    DONATION = "donation", _("Donation")


class MovementSort(models.TextChoices):
    """One line of the stock ledger."""

    RECEIVE = "receive", _("Received")
    ISSUE = "issue", _("Issued to our own wards")
    RESERVE = "reserve", _("Reserved")
    RELEASE = "release", _("Released from reservation")
    DISPATCH = "dispatch", _("Dispatched")
    ACCEPT = "accept", _("Accepted by the receiver")
    REJECT = "reject", _("Rejected by the receiver")
    LOSE = "lose", _("Lost on the way")
    WRITE_OFF = "write_off", _("Written off")
    CORRECT = "correct", _("Corrected")

    NEEDS_REASON = nonmember(("reject", "lose", "write_off", "correct"))


# How a quantity changes (on hand, reserved, on the way): {sort: signs}.  A correction has either
# sign and is written as what it adds.
EFFECTS: dict[str, tuple[int, int, int]] = {
    MovementSort.RECEIVE: (1, 0, 0),
    MovementSort.ISSUE: (-1, 0, 0),
    MovementSort.RESERVE: (0, 1, 0),
    MovementSort.RELEASE: (0, -1, 0),
    MovementSort.DISPATCH: (-1, -1, 1),
    MovementSort.ACCEPT: (0, 0, -1),
    MovementSort.REJECT: (0, 0, -1),
    MovementSort.LOSE: (0, 0, -1),
    MovementSort.WRITE_OFF: (-1, 0, 0),
    MovementSort.CORRECT: (1, 0, 0),
}
