"""The equipment register: a week of use, what stands idle, and what to ask before buying."""

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from medshare_portal.local_times import describe_date
from medshare_portal.roles import Permission
from reports.charts import heat_map
from reports.forms.figures import CityRegisterForm, RegisterForm
from reports.kpi_words import measure_words, number_words
from reports.kpis import utilisation
from reports.queries.before_buying import classes_called, holders
from reports.queries.districts import districts, institutions_of
from reports.queries.register import (
    HOUR,
    IDLE_DAYS,
    LOOKED_BACK,
    Device,
    Register,
    classes_of,
    maintenance_due,
    register,
)
from reports.views.figures import FiguresPage, period_words
from resources.models import Category, Resource

MOST_ROWS = 60


class RegisterPage(FiguresPage):
    """Base: ``devices()`` is what the register is of, ``seen()`` what may be had elsewhere."""

    template_name = "reports/figures/register.html"
    form_class = RegisterForm
    every = True

    @cached_property
    def classes(self) -> list[Category]:
        return classes_of(self.devices())

    def form_options(self) -> dict:
        return {"classes": self.classes, "every": self.every}

    def figures(self, form) -> dict:
        chosen = next((c for c in self.classes if c.slug == form.cleaned_data["category"]), None)
        if chosen is None and not self.every and self.classes:
            chosen = self.classes[0]
        rows = self.narrowed(self.devices(), form)
        if chosen is not None:
            rows = rows.filter(category=chosen)
        found = register(rows, form.chosen, now=self.now)
        today = timezone.localdate(self.now)
        return {
            "chosen": chosen,
            "found": found,
            "month": period_words(found.period),
            "heat": _heat(found),
            "idle": self._idle(found),
            "idle_days": IDLE_DAYS,
            "due": [self._due(device, today) for device in maintenance_due(found.devices, today)],
            "rows": self._rows(found),
            "hidden": max(found.all - MOST_ROWS, 0),
            "buy": self._before_buying(form.cleaned_data["buy"]),
        }

    @staticmethod
    def key_figures(context: dict) -> list[dict]:
        idle = _("Idle for %(days)s days or more") % {"days": context["idle_days"]}
        return [
            {"name": _("Devices"), "value": number_words(context["found"].all)},
            {"name": idle, "value": number_words(len(context["idle"]))},
            {"name": _("Maintenance due"), "value": number_words(len(context["due"]))},
        ]

    def narrowed(self, rows, form):
        return rows

    def _named(self, device: Device) -> dict:
        row = device.resource
        return {
            "name": row.name,
            "code": row.code,
            "institution": row.institution.name,
            "under": f"{row.code} · {row.institution.name}",
            "class": row.category.name,
            "url": self.address_of(row),
        }

    def _idle(self, found: Register) -> list[dict]:
        """The longest idle on top; how long is not known beyond what was looked back."""
        idle = [device for device in found.devices if device.stands_idle(self.now)]
        far = LOOKED_BACK.days + 1
        idle.sort(key=lambda d: (-(d.idle_days(self.now) or far), d.resource.pk))
        return [
            self._named(device)
            | {
                "days": number_words(days)
                if (days := device.idle_days(self.now)) is not None
                else f"> {LOOKED_BACK.days}",
                "last": describe_date(device.last_use) if device.last_use else "–",
                "offered": number_words(device.offered / HOUR),
            }
            for device in idle[:MOST_ROWS]
        ]

    def _due(self, device: Device, today) -> dict:
        day = device.resource.equipment.next_pm_due
        return self._named(device) | {"day": describe_date(day), "late": day < today}

    def _rows(self, found: Register) -> list[dict]:
        """That with the most idle hours first."""
        devices = sorted(found.devices, key=lambda d: (-d.idle, -d.offered, d.resource.pk))
        return [
            self._named(device)
            | {
                "offered": number_words(device.offered / HOUR),
                "booked": number_words(device.booked / HOUR),
                "own": number_words(device.own_used / HOUR),
                "idle": number_words(device.idle / HOUR),
                "use": measure_words(utilisation.scheduled(device.booked, device.offered)),
            }
            for device in devices[:MOST_ROWS]
        ]

    def _before_buying(self, words: str) -> dict | None:
        if not words.strip():
            return None
        classes = classes_called(words)
        found = holders(self.seen(), classes, now=self.now) if len(classes) == 1 else []
        return {
            "words": words,
            "classes": [
                {"name": row.name, "url": f"?{self.query(buy=row.slug)}#buy"} for row in classes
            ],
            "free": number_words(sum(one.free for one in found)),
            "any_free": any(one.free for one in found),
            "rows": [
                {
                    "name": one.institution.name,
                    "devices": number_words(one.devices),
                    "units": number_words(one.units),
                    "offered": number_words(one.offered),
                    "free": number_words(one.free),
                }
                for one in found
            ],
        }


class OwnRegister(RegisterPage):
    permission = Permission.VIEW

    @cached_property
    def method_url(self) -> str:
        return reverse("reports:method", args=[self.institution.slug])

    def devices(self):
        rows = Resource.objects.owned_by(self.institution)
        return rows.filter(kind="equipment", status__in=("listed", "paused"))

    def seen(self):
        rows = Resource.objects.visible_to(self.institution).filter(status="listed")
        return rows.exclude(institution=self.institution)

    def address_of(self, row: Resource) -> str:
        return reverse("resources:resource-detail", args=[self.institution.slug, row.pk])


class CityRegister(RegisterPage):
    permission = Permission.CITY_VIEW
    form_class = CityRegisterForm
    every = False

    @cached_property
    def method_url(self) -> str:
        return reverse("city:method")

    def form_options(self) -> dict:
        return super().form_options() | {"districts": districts()}

    def devices(self):
        return Resource.objects.in_city_view().filter(kind="equipment")

    def seen(self):
        return Resource.objects.in_city_view().filter(status="listed")

    def narrowed(self, rows, form):
        district = form.cleaned_data["district"]
        return rows.filter(institution__in=institutions_of(district)) if district else rows

    def address_of(self, row: Resource) -> str:
        query = self.query(institution=row.institution_id, kind="equipment", category="")
        return f"{reverse('city:uses')}?{query}"


def _heat(found: Register):
    days = [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")]
    return heat_map(
        title=_("Booked of the offered hours, by weekday and hour, in percent"),
        days=days,
        shares=found.shares,
        words=lambda share: number_words(share * 100),
        head=_("Weekday"),
        mean_name=_("mean"),
    )
