"""Where the code on a device's label leads."""

urlpatterns = []
