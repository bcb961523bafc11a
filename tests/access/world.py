"""The objects that the rows of the access table name, and who looks at them."""

from datetime import timedelta
from functools import cached_property

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from medshare_portal.models import Notification, RoleGroup
from resources.enums import Visibility
from resources.models import Attachment
from scheduling.actions.sign_offs import ask_for
from scheduling.models import HandoverPhoto, InternalNote, SavedFilter, SharingRequest
from tests import make
from tests.access.in_crisis import InCrisis
from tests.access.of_baskets import OfBaskets
from tests.access.of_reports import OfReports
from tests.access.of_rounds import OfRounds

SIDES = ("owner", "borrower", "stranger")
MISSING = 987654321


class World(InCrisis, OfBaskets, OfReports, OfRounds):
    """``owner`` lends, ``borrower`` asks, ``stranger`` has nothing to do with it."""

    def __init__(self):
        self.now = timezone.now()
        self.owner = make.institution("owner")
        self.borrower = make.institution("borrower")
        self.stranger = make.institution("stranger")
        self.clients, self.groups = {}, {}

    def institution(self, side):
        return getattr(self, side)

    @cached_property
    def device(self):
        return make.equipment(self.owner)

    @cached_property
    def offer(self):
        return make.offer(self.device, now=self.now)

    @cached_property
    def nurse(self):
        return make.person(self.owner)

    @cached_property
    def hidden_device(self):
        return make.equipment(self.owner, visibility=Visibility.PRIVATE)

    def _house(self, state):
        return {"pk": self.owner.pk}

    def request(self, state):
        self.offer  # noqa: B018 – made first, the request names it
        return make.sharing_request(self.device, self.borrower, state=state, now=self.now)

    def person(self, side, *roles):
        """The client of that side's one person, who holds just these roles from now on."""
        institution = None if side == "city" else self.institution(side)
        if side not in self.clients:
            client = self.clients[side] = Client()
            client.user = make.user(at=institution)
            client.force_login(client.user)
        user = self.clients[side].user
        user.groups.set([self._group(institution, role) for role in roles])
        return self.clients[side]

    def _group(self, institution, role):
        if (institution, role) not in self.groups:
            name = f"{institution.slug if institution else 'city'}: {role}"
            group, _made = Group.objects.get_or_create(name=name)
            RoleGroup.unscoped.get_or_create(institution=institution, role=role, group=group)
            self.groups[institution, role] = group
        return self.groups[institution, role]

    def numbers(self, row):
        """The arguments of the row's address after the slug."""
        build = getattr(self, f"_{row.thing}", None) if row.thing else None
        return build(row.state) if build else {}

    def address(self, row, side, numbers):
        kwargs = dict(numbers)
        if not row.name.startswith("city:"):
            kwargs["institution"] = self.institution(side).slug
        return reverse(row.name, kwargs=kwargs)

    def _kind(self, state):
        return {"kind": "equipment"}

    def _resource(self, state):
        return {"pk": self.device.pk}

    @cached_property
    def lot(self):
        return make.medicine_lot(self.owner)

    def _lot(self, state):
        return {"pk": self.lot.pk}

    @cached_property
    def offered_lot(self):
        return make.offered_lot(self.owner)

    def _offered_lot(self, state):
        return {"pk": self.offered_lot.pk}

    def _transfer(self, state):
        return {"pk": make.transfer(self.offered_lot, self.borrower, state=state).pk}

    def _signature(self, state):
        return self._transfer(state) | {"part": "director"}

    def _table(self, state):
        return {"what": "stock"}

    @cached_property
    def asset(self):
        return make.asset(self.owner)

    @cached_property
    def hidden_asset(self):
        return make.asset(self.owner, terms=None)

    def _access(self, state):
        return {"pk": make.access_request(self.asset, self.borrower, state=state, now=self.now).pk}

    def _secret_access(self, state):
        secret = make.asset(self.owner, sensitivity="V")
        made = make.access_request(secret, self.borrower, state=state, now=self.now)
        ask_for(made, now=self.now)
        return {"pk": made.pk}

    def _saved_filter(self, state):
        someone = make.user(at=self.owner)
        kept = SavedFilter.unscoped.create(
            institution=self.owner, user=someone, name="Late", query="due=0", created_at=self.now
        )
        return {"pk": kept.pk}

    def _glass(self, state):
        made = make.access_request(self.asset, self.borrower, state="underway", glass=True)
        return {"pk": made.pk}

    def _absence(self, state):
        people = [make.user(at=self.owner, role="viewer") for _each in range(2)]
        return {"pk": make.absence(*people, at=self.owner).pk}

    def _look(self, state):
        request = make.access_request(self.asset, self.borrower, state="underway", now=self.now)
        return {"pk": make.access_event(request, now=self.now).pk}

    def _asset(self, state):
        return {"pk": self.asset.pk}

    def _report(self, state):
        item = make.code("CT-HEAD", system="recognised-item")
        return {"pk": make.asset(self.owner, recognised_item=item).pk}

    def _offer(self, state):
        return {"pk": self.offer.pk}

    def _block(self, state):
        by = make.user(at=self.owner)
        later = self.now + timedelta(days=9)
        return {"pk": make.block(self.device, later, later + timedelta(hours=1), by=by).pk}

    def _person(self, state):
        return {"pk": self.nurse.pk}

    def _person_and_sort(self, state):
        return {"pk": self.nurse.pk, "sort": "credential"}

    def _paper(self, state):
        return {"pk": make.credential(self.nurse).pk, "sort": "credential"}

    def _shift(self, state):
        by = make.user(at=self.owner)
        return {"pk": make.shift(self.nurse, self.now + timedelta(days=9), by=by).pk}

    def _attachment(self, state, device=None):
        attachment = Attachment.unscoped.create(
            institution=self.owner, resource=device or self.device, purpose="photo",
            title="Front", file=ContentFile(b"a picture", name="front.png"), size=9,
            content_type="image/png", uploaded_by=make.user(at=self.owner), uploaded_at=self.now,
        )  # fmt: skip
        return {"pk": attachment.resource_id, "attachment": attachment.pk}

    def hidden_numbers(self, row):
        """Of something that only its owner sees."""
        if row.thing == "attachment":
            return self._attachment(row.state, self.hidden_device)
        if row.kind == "medicine":
            return {"pk": self.lot.pk}

        if row.kind == "information":
            return {"pk": self.hidden_asset.pk}
        return {"pk": self.hidden_device.pk}

    def _statement(self, state):
        return {"pk": make.statement_line(self.device, self.borrower, now=self.now).statement_id}

    def _line(self, state):
        return {"pk": make.statement_line(self.device, self.borrower, now=self.now).pk}

    def _dispute(self, state):
        line = make.statement_line(self.device, self.borrower, now=self.now)
        return {"pk": make.line_dispute(line, now=self.now).pk}

    def _engagement(self, state):
        make.offer(self.nurse, now=self.now)
        return {"pk": make.sharing_request(self.nurse, self.borrower, state=state, now=self.now).pk}

    def _request(self, state):
        return {"pk": self.request(state).pk}

    def _need(self, state):  # the owner can help with its device
        return {"pk": make.need(self.borrower, category=self.device.category, now=self.now).pk}

    def _shiftplace(self, state):
        make.offer(self.nurse, now=self.now)
        held = make.sharing_request(self.nurse, self.borrower, state="held", now=self.now)
        entry = make.waitlist_entry(
            self.borrower, resource=self.nurse, now=self.now, **make.offered(held)
        )
        return {"pk": entry.pk}

    def _answer(self, state):
        need = make.need(self.borrower, category=self.device.category, now=self.now)
        return {"pk": make.need_answer(need, self.device, now=self.now).pk}

    def _wait(self, state):
        place = make.offered(self.request("held")) if state == "offered" else {}
        entry = make.waitlist_entry(self.borrower, resource=self.device, now=self.now, **place)
        return {"pk": entry.pk}

    def _message(self, state):
        request = self.request(state)
        return {"pk": make.message(request, by=request.created_by, now=self.now).sharing_request_id}

    def _file(self, state):
        request = self.request(state)
        row = make.message_file(request, by=request.created_by, now=self.now)
        return {"pk": request.pk, "file": row.pk}

    def _note(self, state):
        request = self.request(state)
        by = (self.clients.get("owner") or self.person("owner")).user
        note = InternalNote.unscoped.create(
            sharing_request=request, institution=self.owner, author=by, at=self.now, text="Ours"
        )
        return {"pk": request.pk, "note": note.pk}

    def _invited(self, state):
        request = self.request(state)
        make.city_invitation(request, by=request.created_by, now=self.now)
        return {"pk": request.pk}

    def _invited_file(self, state):
        numbers = self._invited(state)
        request = SharingRequest.unscoped.get(pk=numbers["pk"])
        row = make.message_file(request, by=request.created_by, now=self.now)
        return numbers | {"file": row.pk}

    def _series(self, state):
        self.offer  # noqa: B018 – made first, the dates name it
        return {"pk": make.series(self.device, self.borrower, now=self.now, states=(state,)).pk}

    def _shifts(self, state):
        make.offer(self.nurse, now=self.now)
        return {"pk": make.series(self.nurse, self.borrower, now=self.now, states=(state,)).pk}

    def _date(self, state):
        return {"pk": SharingRequest.unscoped.get(series=self._series(state)["pk"]).pk}

    def _change(self, state):
        request = self.request(state)
        later = request.ends_at + timedelta(hours=2)
        make.time_change(request, new_ends_at=later, by=request.created_by, now=self.now)
        return {"pk": request.pk}

    def _photo(self, state):
        request = self.request(state)
        handover = make.handover(request, given_by=request.decided_by, now=self.now)
        photo = HandoverPhoto.unscoped.create(
            handover=handover, sharing_request=request, content_type="image/png",
            file=ContentFile(b"a picture", name="front.png"), taken_at=self.now,
        )  # fmt: skip
        return {"pk": request.pk, "photo": photo.pk}

    def notification(self, user, key="one"):
        return Notification.unscoped.create(
            user=user, institution=self.owner, event="account.role-ends", event_key=key,
            created_at=self.now, context={"role": "Viewer", "where": "Owner", "until": "2026-12-01"},
        )  # fmt: skip
