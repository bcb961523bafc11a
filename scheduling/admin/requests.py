"""Sharing requests, their log, handovers, changes of time and letters.  Read only."""

from django.contrib import admin

from medshare_portal.admin.base import ReadOnlyAdmin
from scheduling.models import Handover, SharingRequest, StaffMail, TimeChange, TransitionLog


@admin.register(SharingRequest)
class SharingRequestAdmin(ReadOnlyAdmin):
    list_display = ("reference", "state", "owner", "borrower", "starts_at", "ends_at")
    list_filter = ("state",)
    list_select_related = ("owner", "borrower", "resource")
    ordering = ("-pk",)


@admin.register(TransitionLog)
class TransitionLogAdmin(ReadOnlyAdmin):
    list_select_related = True
    ordering = ("-pk",)


@admin.register(Handover)
class HandoverAdmin(ReadOnlyAdmin):
    list_select_related = True
    ordering = ("-pk",)


@admin.register(TimeChange)
class TimeChangeAdmin(ReadOnlyAdmin):
    list_select_related = True
    ordering = ("-pk",)


@admin.register(StaffMail)
class StaffMailAdmin(ReadOnlyAdmin):
    list_display = ("sharing_request", "event", "queued_at", "tries", "sent_at", "failed_at")
    list_filter = ("event", ("failed_at", admin.EmptyFieldListFilter))
    list_select_related = ("sharing_request",)
    ordering = ("-queued_at", "-pk")
