"""Addresses of the workflow below /at/<slug>/."""

from django.urls import include, path

from scheduling.kinds import kinds
from scheduling.views import (
    baskets,
    calendar,
    changes,
    conversation,
    decisions,
    faults,
    find,
    handovers,
    in_crisis,
    inbox,
    inbox_batch,
    labels,
    lists,
    need_import,
    need_steps,
    needs,
    notes,
    passed_rules,
    request_form,
    requests,
    saved_filters,
    series,
    series_ask,
    waitlist,
)

app_name = "scheduling"
urlpatterns = [
    path("find/", find.Find.as_view(), name="find"),
    path(
        "resources/<int:pk>/request/", request_form.RequestCreate.as_view(), name="request-create"
    ),
    path("needs/", needs.NeedList.as_view(), name="needs"),
    path("needs/post/", need_steps.PostNeed.as_view(), name="need-post"),
    path("needs/import/", need_import.NeedImport.as_view(), name="need-import"),
    path(
        "needs/import/confirm/", need_import.NeedImportConfirm.as_view(), name="need-import-confirm"
    ),
    path(
        "needs/import/template/",
        need_import.NeedImportTemplate.as_view(),
        name="need-import-template",
    ),
    path("needs/<int:pk>/", needs.NeedDetail.as_view(), name="need-detail"),
    path("needs/<int:pk>/amend/", need_steps.AmendNeed.as_view(), name="need-amend"),
    path("needs/<int:pk>/withdraw/", need_steps.WithdrawNeed.as_view(), name="need-withdraw"),
    path("needs/<int:pk>/answer/", need_steps.AnswerNeed.as_view(), name="need-answer"),
    path(
        "needs/answers/<int:pk>/take-back/",
        need_steps.TakeBackAnswer.as_view(),
        name="need-take-back",
    ),
    path("waitlist/", waitlist.Waitlist.as_view(), name="waitlist"),
    path("waitlist/join/", waitlist.Join.as_view(), name="waitlist-join"),
    path("waitlist/<int:pk>/leave/", waitlist.Leave.as_view(), name="waitlist-leave"),
    path("waitlist/<int:pk>/accept/", waitlist.AcceptPlace.as_view(), name="waitlist-accept"),
    path("baskets/", baskets.Baskets.as_view(), name="baskets"),
    path("baskets/draft/", baskets.Draft.as_view(), name="basket-draft"),
    path("baskets/lines/<int:pk>/remove/", baskets.TakeOut.as_view(), name="basket-line-remove"),
    path("baskets/<int:pk>/", baskets.BasketDetail.as_view(), name="basket-detail"),
    path("baskets/<int:pk>/take-back/", baskets.TakeBack.as_view(), name="basket-take-back"),
    path("resources/<int:pk>/series/", series_ask.SeriesCreate.as_view(), name="series-create"),
    path("series/<int:pk>/", series.SeriesDetail.as_view(), name="series"),
    path("series/<int:pk>/answer/", series.SeriesAnswer.as_view(), name="series-answer"),
    path("series/<int:pk>/confirm/", series.SeriesConfirm.as_view(), name="series-confirm"),
    path("requests/<int:pk>/series/", series.SeriesOfRequest.as_view(), name="request-series"),
    path(
        "requests/<int:pk>/series/hours/", series.SeriesHours.as_view(), name="request-series-hours"
    ),
    path(
        "requests/<int:pk>/series/cancel/",
        series.SeriesCallOff.as_view(),
        name="request-series-cancel",
    ),
    path("calendar/", calendar.Calendar.as_view(), name="calendar"),
    path("inbox/", inbox.Inbox.as_view(), name="inbox"),
    path("inbox/batch/", inbox_batch.InboxBatch.as_view(), name="inbox-batch"),
    path("inbox/filters/", saved_filters.SaveFilter.as_view(), name="filter-save"),
    path(
        "inbox/filters/<int:pk>/default/",
        saved_filters.DefaultFilter.as_view(),
        name="filter-default",
    ),
    path(
        "inbox/filters/<int:pk>/delete/",
        saved_filters.DeleteFilter.as_view(),
        name="filter-delete",
    ),
    path("passed-rules/", passed_rules.PassedRules.as_view(), name="passed-rules"),
    path("lending/", lists.Lending.as_view(), name="lending"),
    path("lending/export/", lists.LendingExport.as_view(), name="lending-export"),
    path("borrowing/export/", lists.BorrowingExport.as_view(), name="borrowing-export"),
    path("borrowing/", lists.Borrowing.as_view(), name="borrowing"),
    path("requests/<int:pk>/", requests.RequestDetail.as_view(), name="request-detail"),
    path("requests/<int:pk>/decide/", decisions.Decide.as_view(), name="request-decide"),
    path(
        "requests/<int:pk>/approve/",
        decisions.Decide.as_view(decision="approve"),
        name="request-approve",
    ),
    path(
        "requests/<int:pk>/counter/",
        decisions.Decide.as_view(decision="counter"),
        name="request-counter",
    ),
    path(
        "requests/<int:pk>/decline/",
        decisions.Decide.as_view(decision="decline"),
        name="request-decline",
    ),
    path(
        "requests/<int:pk>/accept-counter/",
        decisions.AcceptCounter.as_view(),
        name="request-accept-counter",
    ),
    path(
        "requests/<int:pk>/refuse-counter/",
        decisions.RefuseCounter.as_view(),
        name="request-refuse-counter",
    ),
    path("requests/<int:pk>/withdraw/", requests.Withdraw.as_view(), name="request-withdraw"),
    path("requests/<int:pk>/cancel/", requests.Cancel.as_view(), name="request-cancel"),
    path("requests/<int:pk>/no-show/", requests.NoShow.as_view(), name="request-no-show"),
    path("requests/<int:pk>/object/", in_crisis.ObjectToCity.as_view(), name="request-object"),
    path("requests/<int:pk>/extend/", changes.Extend.as_view(), name="request-extend"),
    path(
        "requests/<int:pk>/extension/",
        changes.AnswerExtension.as_view(),
        name="request-extension",
    ),
    path("requests/<int:pk>/shorten/", changes.Shorten.as_view(), name="request-shorten"),
    path("requests/<int:pk>/recall/", changes.Recall.as_view(), name="request-recall"),
    path("requests/<int:pk>/fault/", faults.ReportFault.as_view(), name="request-fault"),
    path("requests/<int:pk>/handover/", handovers.HandOver.as_view(), name="handover"),
    path("requests/<int:pk>/return/", handovers.GiveBack.as_view(), name="return"),
    path("requests/<int:pk>/post-check/", handovers.PostCheck.as_view(), name="post-check"),
    path("requests/<int:pk>/receipt/", handovers.Receipt.as_view(), name="receipt"),
    path("requests/<int:pk>/photos/<int:photo>/", handovers.Photo.as_view(), name="handover-photo"),
    path("requests/<int:pk>/talk/", conversation.Talk.as_view(), name="request-conversation"),
    path("requests/<int:pk>/talk/write/", conversation.Write.as_view(), name="request-write"),
    path(
        "requests/<int:pk>/talk/read/",
        conversation.MarkRead.as_view(),
        name="request-messages-read",
    ),
    path(
        "requests/<int:pk>/talk/files/<int:file>/",
        conversation.Enclosed.as_view(),
        name="request-file",
    ),
    path(
        "requests/<int:pk>/talk/city/",
        conversation.InviteCity.as_view(),
        name="request-city-invite",
    ),
    path(
        "requests/<int:pk>/talk/city/end/",
        conversation.EndInvitation.as_view(),
        name="request-city-end",
    ),
    path("requests/<int:pk>/notes/", notes.WriteNote.as_view(), name="request-note"),
    path(
        "requests/<int:pk>/notes/<int:note>/",
        notes.CorrectNote.as_view(),
        name="request-note-correct",
    ),
    path("requests/<int:pk>/note/", labels.HandoverNote.as_view(), name="handover-note"),
    path("resources/<int:pk>/label/", labels.Label.as_view(), name="label"),
]
# Each kind's own pages, such as /at/<slug>/medicines/…
urlpatterns += [path(f"{kind.path}/", include(kind.urls)) for kind in kinds if kind.urls]
