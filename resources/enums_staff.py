"""Closed lists of the kind staff."""

from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _


class TitleLevel(models.TextChoices):
    """Grade of a health professional, the same ladder for every profession (职称)."""

    ASSISTANT = "assistant", _("Assistant")
    JUNIOR = "junior", _("Junior")
    INTERMEDIATE = "intermediate", _("Intermediate")
    ASSOCIATE = "associate", _("Associate senior")
    SENIOR = "senior", _("Senior")


class LicenceKind(models.TextChoices):
    """Which registration a person practises under; each has its own form of number."""

    PHYSICIAN = "physician", _("Physician’s practice certificate")
    NURSE = "nurse", _("Nurse’s registration")
    PHARMACIST = "pharmacist", _("Pharmacist’s certificate")
    TECHNICIAN = "technician", _("Technician’s certificate")
    NONE = "none", _("Role that needs no licence")


class LicenceCategory(models.TextChoices):
    """Category of a physician's practice certificate (执业类别)."""

    NONE = "", _("No category")
    CLINICAL = "clinical", _("Clinical medicine")
    STOMATOLOGY = "stomatology", _("Stomatology")
    PUBLIC_HEALTH = "public_health", _("Public health")
    CHINESE_MEDICINE = "chinese_medicine", _("Chinese medicine")


class LicenceStatus(models.TextChoices):
    ACTIVE = "active", _("In force")
    SUSPENDED = "suspended", _("Suspended")
    REVOKED = "revoked", _("Revoked")


class CredentialKind(models.TextChoices):
    """What a credential is evidence of."""

    COMPETENCY = "competency", _("Competency")
    HEALTH_CLEARANCE = "health_clearance", _("Health clearance")
    VACCINATION = "vaccination", _("Vaccination")
    TRAINING = "training", _("Training")


class CredentialSource(models.TextChoices):
    """Where what we know of a credential comes from."""

    REGISTER = "register", _("Official register")
    DOCUMENT = "document", _("Document seen")
    EMPLOYER = "employer", _("Record of the employer")


class Employer(models.TextChoices):
    """For whom a shift is worked that was not booked through the portal."""

    HOME = "home", _("Our institution")
    OTHER = "other", _("Another employer")

    ELSEWHERE = nonmember(("other",))


class PracticeBasisCode(models.TextChoices):
    """On what a person may practise at a host institution (医师法 §15, §18; 护士条例 §9)."""

    MULTI_SITE = "multi_site_filed", _("Multi-site practice filed")
    CONSORTIUM = "medical_consortium", _("Within a medical consortium")
    CONSULTATION = "consultation", _("Consultation")
    COUNTERPART_SUPPORT = "counterpart_support", _("Counterpart support")
    TRAINING = "training", _("Training or further study")
    EMERGENCY = "emergency_rescue", _("Emergency rescue")
    CHARITY = "charity", _("Charity or free clinic")
    STATE_TASK = "state_task", _("State task")
    NURSE_SITE_CHANGE = "nurse_site_change", _("Nurse’s practice-site change")
    NO_LICENCE = "non_licensed_role", _("Role that needs no licence")
