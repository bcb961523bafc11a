"""Closed lists of shared information, with named groups (domain.md 2.5)."""

from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Identifiability(models.TextChoices):
    """How near the content is to a person: decides what a request must show."""

    IMPERSONAL = "impersonal", _("No data on persons")
    AGGREGATE = "aggregate", _("Counts and averages")
    ANONYMISED = "anonymised", _("Anonymised")
    PSEUDONYMISED = "pseudonymised", _("Pseudonymised")
    IDENTIFIED = "identified", _("Identified persons")

    SCANNED = nonmember(("anonymised", "pseudonymised"))  # INF-10
    COUNTED = nonmember(("aggregate",))  # INF-11
    PERSONAL = nonmember(("pseudonymised", "identified"))  # one by one, so a legal basis


class Sensitivity(models.TextChoices):
    """HL7 v3 Confidentiality, the part that is used here."""

    UNRESTRICTED = "U", pgettext_lazy("sensitivity", "Open")
    NORMAL = "N", _("Normal")
    RESTRICTED = "R", _("Restricted")
    VERY_RESTRICTED = "V", _("Very restricted")


class Purpose(models.TextChoices):
    """Purpose of use (HL7 v3 ActReason); the same codes as in codelists/purpose_of_use.csv."""

    TREATMENT = "TREAT", _("Treatment")
    EMERGENCY = "ETREAT", _("Emergency treatment")
    BREAK_GLASS = "BTG", _("Break-glass access")
    CARE = "CAREMGT", _("Care management")
    OPERATIONS = "HOPERAT", _("Running the hospital")
    QUALITY = "HQUALIMP", _("Quality improvement")
    PAYMENT = "HPAYMT", _("Payment")
    RESEARCH = "HRESCH", _("Research")
    PUBLIC_HEALTH = "PUBHLTH", _("Public health")
    PATIENT = "PATRQT", _("At the patient's request")
    ADMINISTRATION = "HSYSADMIN", _("Running the systems")

    # What an owner may allow; breaking the glass is nobody's to allow or to ask for.
    GRANTABLE = nonmember(
        (
            "TREAT",
            "ETREAT",
            "CAREMGT",
            "HOPERAT",
            "HQUALIMP",
            "HPAYMT",
            "HRESCH",
            "PUBHLTH",
            "PATRQT",
        )
    )
    EMERGENCIES = nonmember(("ETREAT", "BTG"))


class LegalBasis(models.TextChoices):
    """Why data on a person may be given (PIPL §13, §29; GDPR 6 and 9)."""

    NONE_NEEDED = "none_needed", _("No data on persons")
    CONSENT = "consent", _("Separate consent of the person")
    TREATMENT = "treatment", _("Treatment of the person")
    LEGAL_DUTY = "legal_duty", _("Duty by law")
    EMERGENCY = "emergency", _("Emergency: life or health")
    RESEARCH = "research", _("Approved research")


class OnwardSharing(models.TextChoices):
    NEVER = "never", _("May not be passed on")
    WITH_CONSENT = "with_consent", _("Passed on only with our written consent")
    CONSORTIUM = "consortium", _("May be passed on within the consortium")


class Deidentification(models.TextChoices):
    """What the recipient finds, and may not undo."""

    AS_IT_IS = "as_it_is", _("Given as it is")
    PSEUDONYMS = "pseudonyms", _("Pseudonyms; the key stays with us")
    ANONYMOUS = "anonymous", _("Anonymised; linking back is forbidden")
    COUNTS = "counts", _("Counts only; small cells are suppressed")


class RecipientRole(models.TextChoices):
    """Who may open it at the institution that asked."""

    PHYSICIAN = "physician", _("Treating physicians")
    NURSE = "nurse", _("Nurses")
    RESEARCHER = "researcher", _("Researchers")
    QUALITY = "quality", _("Quality managers")
    MANAGER = "manager", _("Managers")


class MarkScope(models.TextChoices):
    """Where the mark of mutual recognition (HR) on a report holds."""

    NONE = "none", _("No mark")
    CITY = "city", _("This city")
    PROVINCE = "province", _("This province")
    COUNTRY = "country", _("The whole country")

    HERE = nonmember(("city", "province", "country"))


class RepeatReason(models.TextChoices):
    """Why an examination is repeated although a result could be recognised (INF-09)."""

    CHANGED = "changed", _("The patient's condition has changed")
    FAST = "fast", _("The result changes fast")
    DECISIVE = "decisive", _("It decides on the treatment")
    EMERGENCY = "emergency", _("Emergency")
    FORENSIC = "forensic", _("Forensic or disability assessment")
    OTHER = "other", _("Other reason")
