"""Addresses of the catalogue below /at/<slug>/."""

from django.urls import path

from resources.views import attachments, detail, entry, exports, resources

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
]
