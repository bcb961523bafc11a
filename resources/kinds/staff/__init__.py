"""Staff (人员): people whom an institution lends for a shift, nameless until they are booked."""

from django.utils.translation import gettext_lazy as _

from medshare_portal.roles import Permission as P
from medshare_portal.roles import Role
from resources.kinds import FEES, CatalogueKind, register
from resources.kinds.staff.refusals import LicenceTaken
from resources.kinds.staff.rules.offers import RULES

# Departments ask; the staffing manager keeps the people, agrees for the home employer and, at a
# host, for its credentialing; who asked also checks in and signs the timesheet.
RIGHTS = {
    Role.COORDINATOR: {P.ASK, P.OVERRIDE_WARNING, P.HAND_OVER},
    Role.STAFFING_MANAGER: {
        P.EDIT_RESOURCE,
        P.PUBLISH_OFFER,
        P.EDIT_BLOCKS,
        P.ASK,
        P.DECIDE,
        P.OVERRIDE_WARNING,
        P.MAKE_EXCEPTION,
        P.HAND_OVER,
        P.POST_CHECK,
    },
}

STAFF = register(
    CatalogueKind(
        code="staff",
        number_label=_("Badge number"),
        label=_("Staff"),
        label_plural=_("Staff"),
        item=_("Person"),
        icon="staff",
        prefix="ST",
        detail="staff_member",
        entry_form="resources.kinds.staff.forms.entry.StaffEntryForm",
        detail_form="resources.kinds.staff.forms.member.StaffMemberForm",
        detail_template="resources/staff/facts.html",
        search_fields=("person_name",),
        rights=RIGHTS,
        offer_rules=RULES,
        offer_words=_("Offer quiet shifts"),
        offer_terms={
            "notice_hours": 12,
            "max_loan_hours": 24,
            "transport_minutes": 0,
            "cleaning_minutes": 0,
        },
        of_people=True,
        fees=FEES,
        busy_page=(_("Shifts"), "resources:shift-list"),
        ask_page="scheduling:staff-invite",
        refusals={
            "staff_licence_once": LicenceTaken,
            "resources_staffmember.licence_digest": LicenceTaken,
        },
        files_are_private=True,
        urls="resources.kinds.staff.urls",
        path="staff",
        category_loader="resources.kinds.staff.actions.categories.load_staff_categories",
        loads=("resources.kinds.staff.panels", "resources.kinds.staff.audit_words"),
    )
)
