"""Sharing requests, their log, handovers and changes of time.  Read only."""

from django.contrib import admin

from medshare_portal.admin.base import ReadOnlyAdmin
from scheduling.models import Handover, SharingRequest, TimeChange, TransitionLog


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
