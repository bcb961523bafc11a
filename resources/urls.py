"""Addresses of the catalogue below /at/<slug>/."""

from django.urls import include, path

from resources.kinds import kinds
from resources.views import (
    attachments,
    blocks,
    confirmations,
    detail,
    entry,
    exports,
    offers,
    resources,
)

app_name = "resources"
urlpatterns = [
    path("resources/", resources.ResourceList.as_view(), name="resource-list"),
    path("resources/export/", exports.ResourceExport.as_view(), name="resource-export"),
    path("resources/new/<slug:kind>/", entry.ResourceCreate.as_view(), name="resource-create"),
    path("resources/<int:pk>/", detail.ResourceDetail.as_view(), name="resource-detail"),
    path("resources/<int:pk>/edit/", entry.ResourceEdit.as_view(), name="resource-edit"),
    path("resources/<int:pk>/state/", entry.ResourceState.as_view(), name="resource-state"),
    path("resources/<int:pk>/retire/", entry.ResourceRetire.as_view(), name="resource-retire"),
    path(
        "resources/<int:pk>/files/add/", attachments.AttachmentAdd.as_view(), name="attachment-add"
    ),
    path(
        "resources/<int:pk>/files/<int:attachment>/",
        attachments.AttachmentDownload.as_view(),
        name="attachment-download",
    ),
    path(
        "resources/<int:pk>/files/<int:attachment>/remove/",
        attachments.AttachmentRemove.as_view(),
        name="attachment-remove",
    ),
    path("offers/", offers.OfferList.as_view(), name="offer-list"),
    path("offers/confirm/", confirmations.OfferConfirmMany.as_view(), name="offer-confirm-many"),
    path("offers/<int:pk>/edit/", offers.OfferEdit.as_view(), name="offer-edit"),
    path("offers/<int:pk>/confirm/", confirmations.OfferConfirm.as_view(), name="offer-confirm"),
    path("offers/<int:pk>/withdraw/", offers.OfferWithdraw.as_view(), name="offer-withdraw"),
    path("resources/<int:pk>/offer/", offers.OfferCreate.as_view(), name="offer-create"),
    path("resources/<int:pk>/offer/hours/", offers.OfferHours.as_view(), name="offer-hours"),
    path("resources/<int:pk>/blocks/", blocks.BlockList.as_view(), name="block-list"),
    path("resources/<int:pk>/blocks/new/", blocks.BlockCreate.as_view(), name="block-create"),
    path("resources/<int:pk>/blocks/import/", blocks.BlockImport.as_view(), name="block-import"),
    path(
        "resources/<int:pk>/blocks/import/confirm/",
        blocks.BlockImportConfirm.as_view(),
        name="block-import-confirm",
    ),
    path("blocks/<int:pk>/remove/", blocks.BlockDelete.as_view(), name="block-delete"),
]
# Each kind's own pages, such as /at/<slug>/medicines/…
urlpatterns += [path(f"{kind.path}/", include(kind.urls)) for kind in kinds if kind.urls]
