"""What both sides of a request write to each other, and what an institution notes for itself."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from medshare_portal.tenancy import OwnedQuerySet, tenant_manager
from scheduling.models.transition_log import OfRequestQuerySet
from scheduling.states import Voice

LONGEST_TEXT = 2000
MOST_FILES = 5  # of one message


def _not_longer(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name, condition=LessThanOrEqual(Length("text"), LONGEST_TEXT)
    )


class InvitationQuerySet(OfRequestQuerySet):
    def for_city(self):
        """Those that officials are in at present."""
        return self.scoped("for_city", ended_at__isnull=True)

    def lasting(self):
        return self.filter(ended_at__isnull=True)


class CityInvitation(models.Model):
    """One side has asked the city into the conversation; until it ends officials read what is
    written from then on, and write.  Only its end is ever filled in."""

    sharing_request = models.ForeignKey(
        "scheduling.SharingRequest", models.PROTECT, related_name="city_invitations"
    )
    institution = models.ForeignKey("medshare_portal.Institution", models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"), max_length=1000)
    invited_by = models.ForeignKey("medshare_portal.User", models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(_("invited"))
    ended_by = models.ForeignKey(
        "medshare_portal.User", models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(_("ended"), null=True)

    unscoped = models.Manager()
    objects = tenant_manager(InvitationQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("invitation of the city")
        verbose_name_plural = _("invitations of the city")
        constraints = [
            models.UniqueConstraint(
                fields=["sharing_request"],
                condition=Q(ended_at__isnull=True),
                name="city_invited_once_at_a_time",
            ),
            models.CheckConstraint(
                name="city_invitation_end_is_signed",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False, ended_at__gte=F("invited_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sharing_request_id} city"


class MessageQuerySet(OfRequestQuerySet):
    def for_city(self):
        """What officials may read: written since an invitation that still lasts."""
        lasting = CityInvitation.objects.for_city().filter(
            sharing_request=OuterRef("sharing_request"), invited_at__lte=OuterRef("at")
        )
        return self.scoped("for_city", Exists(lasting))

    def unread_by(self, user):
        """Written after the last one that this person has read; never its own."""
        read = ReadMark.objects.of_person(user).filter(
            sharing_request=OuterRef("sharing_request"), last_message__gte=OuterRef("pk")
        )
        return self.exclude(author=user).filter(~Exists(read))


class Message(models.Model):
    """One contribution, append-only.  ``institution`` is that of the side for which the author
    spoke; an official speaks for none."""

    sharing_request = models.ForeignKey(
        "scheduling.SharingRequest", models.PROTECT, related_name="messages"
    )
    voice = models.CharField(_("side"), max_length=8, choices=Voice)
    institution = models.ForeignKey(
        "medshare_portal.Institution", models.PROTECT, null=True, related_name="+"
    )
    author = models.ForeignKey("medshare_portal.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))
    text = models.TextField(_("message"), max_length=LONGEST_TEXT, blank=True)
    file_count = models.PositiveSmallIntegerField(default=0)

    unscoped = models.Manager()
    objects = tenant_manager(MessageQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.CheckConstraint(
                name="message_says_something", condition=~Q(text="") | Q(file_count__gt=0)
            ),
            models.CheckConstraint(
                name="message_few_files", condition=Q(file_count__lte=MOST_FILES)
            ),
            models.CheckConstraint(
                name="message_of_a_side_or_the_city",
                condition=Q(voice=Voice.CITY, institution__isnull=True)
                | Q(voice__in=(Voice.OWNER, Voice.BORROWER), institution__isnull=False),
            ),
            _not_longer("message_not_too_long"),
        ]

    def __str__(self) -> str:
        return f"{self.sharing_request_id} message {self.pk}"


class MessageFileQuerySet(OfRequestQuerySet):
    def for_city(self):
        """Files of the messages that officials may read."""
        return self.scoped("for_city", message__in=Message.objects.for_city())


class MessageFile(models.Model):
    """A file that came with a message.  Its type was found from its content; its stored name is
    random, ``name`` is what it is called when it is saved elsewhere, without an ending."""

    message = models.ForeignKey(Message, models.PROTECT, related_name="files")
    sharing_request = models.ForeignKey(
        "scheduling.SharingRequest", models.PROTECT, related_name="message_files"
    )
    name = models.CharField(_("name"), max_length=100)
    file = models.FileField(upload_to="messages/%Y/%m")
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    unscoped = models.Manager()
    objects = tenant_manager(MessageFileQuerySet)

    class Meta:
        default_manager_name = "unscoped"

    def __str__(self) -> str:
        return self.name


class ReadMarkQuerySet(OfRequestQuerySet):
    def of_person(self, user):
        """A person's own."""
        return self.scoped("of_person", user=user)


class ReadMark(models.Model):
    """Up to which message a person has read a conversation.  Moved by POST, never by a look."""

    sharing_request = models.ForeignKey(
        "scheduling.SharingRequest", models.PROTECT, related_name="+"
    )
    user = models.ForeignKey("medshare_portal.User", models.CASCADE, related_name="+")
    last_message = models.ForeignKey(Message, models.PROTECT, related_name="+")

    unscoped = models.Manager()
    objects = tenant_manager(ReadMarkQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["sharing_request", "user"], name="read_mark_one_per_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sharing_request_id} read by {self.user_id}"


class NoteQuerySet(OwnedQuerySet):
    def of(self, sharing_request, institution):
        """Of a request that was found through a scope, this institution's own."""
        return self.scoped("of", sharing_request=sharing_request, institution=institution)


class InternalNote(models.Model):
    """What colleagues tell each other about a request; nobody outside the institution reads it,
    the city included.

    Append-only.  Its author may correct it: a correction is a row of its own that names the first
    version in ``corrects``; the latest is shown, the earlier ones stay readable below it.
    """

    sharing_request = models.ForeignKey(
        "scheduling.SharingRequest", models.PROTECT, related_name="internal_notes"
    )
    institution = models.ForeignKey("medshare_portal.Institution", models.PROTECT, related_name="+")
    author = models.ForeignKey("medshare_portal.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))
    text = models.TextField(_("note"), max_length=LONGEST_TEXT)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections")

    unscoped = models.Manager()
    objects = tenant_manager(NoteQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("internal note")
        verbose_name_plural = _("internal notes")
        constraints = [
            models.CheckConstraint(name="note_says_something", condition=~Q(text="")),
            _not_longer("note_not_too_long"),
        ]
        indexes = [
            models.Index(fields=["sharing_request", "institution"], name="note_of_request"),
        ]

    def __str__(self) -> str:
        return f"{self.sharing_request_id} note {self.pk}"
