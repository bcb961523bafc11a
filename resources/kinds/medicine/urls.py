"""Addresses of medicines below the catalogue's."""

from django.urls import path

from resources.kinds.medicine.views import at_risk, imports, offer, recalls, scan, stock

urlpatterns = [
    path("at-risk/", at_risk.AtRiskBoard.as_view(), name="medicine-at-risk"),
    path("at-risk/offer/", at_risk.OfferLots.as_view(), name="medicine-offer-lots"),
    path("scan/", scan.ScanPage.as_view(), name="medicine-scan"),
    path("new/", scan.LotRegister.as_view(), name="medicine-register"),
    path("recalls/", recalls.RecallList.as_view(), name="medicine-recalls"),
    path("recalls/new/", recalls.RecallEnter.as_view(), name="medicine-recall"),
    path("import/<slug:what>/", imports.MedicineImport.as_view(), name="medicine-import"),
    path(
        "import/<slug:what>/confirm/",
        imports.MedicineImportConfirm.as_view(),
        name="medicine-import-confirm",
    ),
    path(
        "import/<slug:what>/template/",
        imports.MedicineImportTemplate.as_view(),
        name="medicine-import-template",
    ),
    path("<int:pk>/stock/", stock.LotStock.as_view(), name="medicine-stock"),
    path("<int:pk>/stock/book/", stock.LotMove.as_view(), name="medicine-move"),
    path("<int:pk>/state/", stock.LotState.as_view(), name="medicine-state"),
    path("<int:pk>/offer/", offer.LotOffer.as_view(), name="medicine-offer"),
]
