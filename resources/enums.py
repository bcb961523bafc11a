"""Closed lists of the catalogue, with named groups."""

from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _


class ResourceStatus(models.TextChoices):
    """Where a resource stands in the registry (domain.md 3.6)."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    LISTED = "listed", _("Listed")
    PAUSED = "paused", _("Paused")
    RETIRED = "retired", _("Retired")

    EDITABLE = nonmember(("draft", "submitted", "listed", "paused"))


class Condition(models.TextChoices):
    GOOD = "good", _("Good")
    WORN = "worn", _("Worn, works")
    DEFECT = "defect", _("Defective")


class Visibility(models.TextChoices):
    """Who may see a resource besides its owner; set by the published offer."""

    PRIVATE = "private", _("Only us")
    ALL = "all", _("All institutions of the city")
    CONSORTIUM = "consortium", _("Our consortia")
    NAMED = "named", _("Named institutions")

    LIMITED = nonmember(("consortium", "named"))


class EquipmentStatus(models.TextChoices):
    """Technical state (FHIR Device.status with reason)."""

    OPERATIONAL = "operational", _("Works")
    DEGRADED = "degraded", _("Works with limits")
    DOWN = "down", _("Out of order")
    MAINTENANCE = "maintenance", _("In maintenance")
    RETIRED = "retired", _("Out of service")
    LOST = "lost", _("Lost")

    USABLE = nonmember(("operational", "degraded"))


class ShareMode(models.TextChoices):
    """How a device is shared (domain.md D7)."""

    ON_SITE = "on_site", _("Use at the owner's site")
    LOAN = "loan", _("Loan, the device moves")
    SERVICE = "service", _("Service, the owner works for you")


class RiskClass(models.TextChoices):
    I = "I", "I"  # noqa: E741 – the class is called so
    II = "II", "II"
    III = "III", "III"


class LicensedLarge(models.TextChoices):
    """Large equipment that needs a configuration licence (甲, 乙)."""

    NONE = "none", _("Not licensed large equipment")
    CLASS_A = "A", _("Class A (甲)")
    CLASS_B = "B", _("Class B (乙)")


class Decontamination(models.TextChoices):
    CLEAN = "clean", _("Clean")
    NEEDED = "needs", _("Needs cleaning")
    CONTAMINATED = "contaminated", _("Contaminated")


class TestResult(models.TextChoices):
    NONE = "none", _("Not tested")
    PASS = "pass", _("Passed")
    FAIL = "fail", _("Failed")


class OfferStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class AutoApproval(models.TextChoices):
    """When a request that no rule objects to is approved without a person."""

    NEVER = "never", _("Never")
    CONSORTIUM = "consortium", _("For members of our consortia")
    ANYONE = "anyone", _("For everyone who sees the offer")


class BlockReason(models.TextChoices):
    """Why the owner keeps a time for itself."""

    OWN_USE = "own_use", _("Own use")
    MAINTENANCE = "maintenance", _("Maintenance")
    REPAIR = "repair", _("Repair")


class AttachmentPurpose(models.TextChoices):
    PHOTO = "photo", _("Photo")
    MANUAL = "manual", _("Manual")
    CERTIFICATE = "certificate", _("Certificate")


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")
