"""The visibility contract: who reads which field of what institutions share.

Templates, table columns, exports, feeds and the search are built from this table and tested
against it with canary values; a test holds it complete and free of stale names.  A field that is
not named here is its owner's alone: closed by default.

``OWNER`` the institution that owns the row, ``COUNTERPART`` the other side of a sharing request
for the resource, ``OTHERS`` an institution to which the resource is visible, ``CITY`` officials.
"""

from enum import StrEnum
from functools import cache


class Reader(StrEnum):
    OWNER = "owner"
    COUNTERPART = "counterpart"
    OTHERS = "others"
    CITY = "city"


NOBODY: frozenset[Reader] = frozenset()
OWNER = frozenset({Reader.OWNER})
OWNER_AND_CITY = OWNER | {Reader.CITY}
SIDES = OWNER | {Reader.COUNTERPART}
SIDES_AND_CITY = SIDES | {Reader.CITY}
INSTITUTIONS = SIDES | {Reader.OTHERS}
ALL = frozenset(Reader)

# {model: [(readers, fields)]}
CONTRACT: dict[str, list[tuple[frozenset[Reader], str]]] = {
    "resources.Resource": [
        (ALL, "id institution site kind category name_en name_zh units status condition"),
        (ALL, "code confirmed_at updated_at"),
        (SIDES, "room public_id"),
        (OWNER_AND_CITY, "visibility created_at"),
        (OWNER, "version"),
        (NOBODY, "search_text"),
    ],
    "resources.ResourceAudience": [(OWNER, "id resource institution")],
    "resources.Equipment": [
        (ALL, "resource model manufacturer nmpa_category risk_class registration_no emdn udi_di"),
        (ALL, "modality licensed_large radiation fixed mains_powered single_use"),
        (ALL, "on_site loan service status rated_hours_day rated_hours_year"),
        (ALL, "registration_valid_until service_life_until obsolete"),
        (INSTITUTIONS, "max_daily_capacity avg_duration next_pm_due calibration_due"),
        (INSTITUTIONS, "safety_test_due safety_test_result required_competency deposit"),
        (SIDES, "serial_no licence_no radiation_licence_no last_pm last_calibration"),
        (SIDES, "last_safety_test decontamination_state decontaminated_at"),
        (SIDES, "decontamination_record counter_reading replacement_value indemnity_ref"),
        (OWNER, "status_note pm_interval_days"),
    ],
    "resources.MedicineLot": [
        (ALL, "resource institution generic_name_en generic_name_zh brand dose_form strength"),
        (ALL, "pack_size unit pack atc control_class storage_class expiry_date"),
        (ALL, "min_days_at_receipt transfer_price currency"),
        (INSTITUTIONS, "approval_no gtin mah manufacturer lot_no mfg_date pack_state"),
        (INSTITUTIONS, "quarantine_state transfer_basis"),
        (SIDES, "serials basis_evidence recall_checked_at insurance_code preparation_approval"),
        (OWNER_AND_CITY, "unit_cost"),
        (OWNER, "item_key received_from identity_fixed on_hand reserved in_transit"),
    ],
    "resources.StockMovement": [
        (OWNER, "id lot offer sort quantity on_hand_change reserved_change in_transit_change"),
        (OWNER, "at by reason reference"),
    ],
    "resources.MedicineUse": [
        (OWNER, "id institution item_key generic_name_en generic_name_zh dose_form strength unit"),
        (OWNER, "units_per_day units_per_day_last_year measured_days measured_until"),
    ],
    "resources.Accessory": [(INSTITUTIONS, "id resource name_en name_zh count")],
    "resources.UseLogEntry": [
        (OWNER_AND_CITY, "id resource institution use starts_at ends_at recorded_at"),
        (OWNER, "counter_start counter_end"),
    ],
    "resources.OperatorCompetency": [
        (OWNER, "id institution competency holders valid_until evidence"),
    ],
    # A person's name is the counterpart's too, but only once the shift is booked: the pages of an
    # engagement say it (scheduling/kinds/staff), nothing that is built from this table does.
    "resources.StaffMember": [
        (INSTITUTIONS, "resource title_level specialties practising_since licence_kind"),
        (INSTITUTIONS, "licence_category licence_valid_until licence_status licence_verified_on"),
        (OWNER, "person_name user email licence_masked licence_issuer licence_issued_on"),
        (OWNER, "licence_source licence_verified_by"),
        (NOBODY, "licence_digest"),
    ],
    "resources.Credential": [
        (INSTITUTIONS, "id resource institution kind competency title valid_until verified_on"),
        (OWNER, "evidence source verified_by"),
    ],
    "resources.PracticeBasis": [
        (SIDES, "id resource institution host basis valid_from valid_until"),
        (OWNER, "evidence"),
    ],
    "resources.Indemnity": [
        (SIDES, "id resource institution host valid_from valid_until"),
        (OWNER, "insurer reference"),
    ],
    "resources.CommittedShift": [
        (INSTITUTIONS, "id resource institution starts_at ends_at"),
        (OWNER, "employer break_minutes note source_uid source_starts_at created_by created_at"),
    ],
    "resources.Attachment": [
        (INSTITUTIONS, "id resource institution purpose title content_type size uploaded_at"),
        (OWNER, "uploaded_by sha256"),
        (NOBODY, "file"),
    ],
    "resources.InformationAsset": [
        (ALL, "resource info_type identifiability sensitivity custodian"),
        (ALL, "recognised_item performed_on valid_days qc_passed qc_valid_to mark_scope"),
        (INSTITUTIONS, "summary field_names"),
        (INSTITUTIONS, "content_number"),
        (OWNER, "checked_as endpoint"),  # and who holds an open grant, by a look that is logged
    ],
    "resources.SharedFile": [
        (INSTITUTIONS, "id resource institution number content_type size uploaded_at suppressed"),
        (OWNER, "title uploaded_by sha256"),
        (NOBODY, "file"),
    ],
    "resources.AccessTerms": [
        (INSTITUTIONS, "id institution resource number purposes recipient_roles legal_bases"),
        (INSTITUTIONS, "max_days max_looks retention_days onward_sharing deidentification"),
        (INSTITUTIONS, "contract_needed agreement_en agreement_zh made_at"),
        (OWNER, "made_by"),
    ],
    "resources.RecognitionRecord": [
        (OWNER_AND_CITY, "id institution resource verdict recognised reason at"),
        (OWNER, "note points by"),
    ],
    "resources.BusyBlock": [
        (INSTITUTIONS, "id resource institution starts_at ends_at"),
        (OWNER, "reason note source_uid source_starts_at created_by created_at"),
    ],
    "resources.Offer": [
        (INSTITUTIONS, "id institution resource status starts_on ends_on notice_hours"),
        (INSTITUTIONS, "max_loan_hours setup_minutes transport_minutes cleaning_minutes"),
        (INSTITUTIONS, "recall_notice_hours conditions published_at"),
        (ALL, "fee_per_hour fee_per_shift currency quantity confirmed_at"),
        (OWNER, "visibility consortia named_institutions auto_approval auto_approval_max_hours"),
        (OWNER, "reserve_percent confirmed_by expanded_until"),
    ],
    "resources.IdleWindow": [(INSTITUTIONS, "id offer weekday starts ends")],
    "resources.OfferException": [(INSTITUTIONS, "id offer day starts ends")],
    "resources.OfferedInterval": [
        (ALL, "id offer resource institution starts_at ends_at"),
    ],
    "scheduling.SharingRequest": [
        (ALL, "resource owner kind blocked_from blocked_until exclusive units"),
        (SIDES_AND_CITY, "id series borrower state priority mode transport starts_at ends_at"),
        (SIDES_AND_CITY, "asked_starts_at asked_ends_at asked_units quantity asked_quantity"),
        (SIDES_AND_CITY, "due_at escalation created_at suspended_at suspended_reason crisis"),
        (SIDES_AND_CITY, "submitted_at decided_at decided_automatically decision_code"),
        (SIDES_AND_CITY, "fee_per_hour fee_per_shift currency actual_starts_at actual_ends_at"),
        (SIDES_AND_CITY, "ended_at"),
        (SIDES, "offer purpose delivery_site delivery_place created_by decided_by"),
        (SIDES, "decision_text accepted_findings recall_notice_hours agreement_accepted_at"),
        (SIDES, "overdue_level outage_told_at hold_expires_at basket need version"),
    ],
    "scheduling.SavedFilter": [(NOBODY, "id institution user name query is_default created_at")],
    # The borrower's; an owner reads what every item has in common, and of the items its own.
    "scheduling.Basket": [
        (SIDES, "id borrower created_by state together message item_count deadline_at sent_at"),
        (SIDES, "ended_at"),
        (OWNER, "created_at undone_because undone_by version shared_at still_needed"),
    ],
    "scheduling.BasketLine": [(OWNER, "id basket resource typed added_at added_by")],
    "scheduling.MedicineTransfer": [
        (
            SIDES_AND_CITY,
            "sharing_request expected_on days_left_at_arrival dual_sign_off unit_price",
        ),
        (SIDES_AND_CITY, "shipped accepted rejected lost"),
        (SIDES, "seal_no logger_no courier dispatched_by difference_reason coldest warmest"),
        (SIDES, "excursion_minutes temperature_record received_by received_as"),
    ],
    "scheduling.TransitionLog": [
        (SIDES_AND_CITY, "id sharing_request at side transition from_state to_state"),
        (SIDES_AND_CITY, "old_starts_at old_ends_at new_starts_at new_ends_at reason_code"),
        (SIDES, "by text"),
        (NOBODY, "data"),
    ],
    "scheduling.Handover": [
        (SIDES, "id sharing_request stage checklist accessories counter_reading decontaminated"),
        (SIDES, "decontamination_record condition_note problem given_by given_at"),
        (SIDES, "received_by receiver_name received_at"),
    ],
    "scheduling.HandoverPhoto": [
        (SIDES, "id handover sharing_request content_type caption taken_at"),
        (NOBODY, "file"),
    ],
    "scheduling.SignOff": [
        (
            SIDES_AND_CITY,
            "id sharing_request part side decision asked_at due_at escalation decided_at",
        ),
        (SIDES, "person decided_by signed_name text"),
    ],
    "scheduling.StaffEngagement": [
        (SIDES, "id sharing_request break_minutes specialty competencies worked_from worked_until"),
        (SIDES, "worked_break_minutes signed_by signed_at confirmed_name confirmed_at"),
    ],
    "scheduling.StaffMail": [(OWNER, "id sharing_request event queued_at sent_at tries failed_at")],
    "scheduling.TimeChange": [
        (SIDES_AND_CITY, "id sharing_request kind status old_ends_at new_ends_at asked_at"),
        (SIDES_AND_CITY, "due_at escalation decided_at"),
        (SIDES, "reason asked_by decided_by answer"),
    ],
    # What is said in a conversation is the city's too, but only while a side has invited it and
    # only what is written since: the verbs ``for_city`` of the models say so, not this table.
    "scheduling.Message": [
        (SIDES, "id sharing_request voice institution author at text file_count"),
    ],
    "scheduling.MessageFile": [
        (SIDES, "id message sharing_request name content_type size"),
        (NOBODY, "file sha256"),
    ],
    "scheduling.CityInvitation": [
        (SIDES_AND_CITY, "id sharing_request institution reason invited_at ended_at"),
        (SIDES, "invited_by ended_by"),
    ],
    "scheduling.ReadMark": [(OWNER, "id sharing_request user last_message")],
    "scheduling.InternalNote": [
        (OWNER, "id sharing_request institution author at text corrects"),
    ],
    "scheduling.AccessGrant": [
        (SIDES_AND_CITY, "sharing_request purpose_of_use valid_until looks_used end_reason"),
        (SIDES_AND_CITY, "break_glass review_due_at reviewed_at review_verdict"),
        (SIDES, "terms person legal_basis recipient_role scope cohort asked_until before"),
        (SIDES, "consent_ref consent_separate consent_withdrawn_at assessment_ref contract_ref"),
        (SIDES, "reviewed_by review_text"),
        (SIDES, "end_told_at"),
        (OWNER, "review_late_told_at"),
    ],
    "scheduling.TermsAcceptance": [(SIDES, "id institution terms user accepted_at")],
    "scheduling.AccessEvent": [
        (OWNER, "id institution sequence at actor_id actor_name actor_role organisation_id"),
        (OWNER, "organisation_name request_id reference resource_id resource_name action"),
        (OWNER, "content purpose decision rule reason address break_glass"),
        (OWNER, "previous_hash hash"),
    ],
    "scheduling.AccessChain": [(OWNER, "institution length head_hash")],
    "medshare_portal.Institution": [
        (ALL, "id slug name_en name_zh institution_type hospital_level district_en district_zh"),
        (ALL, "status approved_specialties"),
        (SIDES_AND_CITY, "contact_phone licence_valid_to"),
        (OWNER_AND_CITY, "uscc practice_licence_no beds service_population"),
        (OWNER_AND_CITY, "created_at updated_at"),
    ],
    "medshare_portal.Site": [
        (ALL, "id institution code name_en name_zh address_line district city state"),
        (ALL, "postal_code country latitude longitude time_zone is_main active gln url"),
        (INSTITUTIONS, "phone hours_of_operation"),
    ],
    "medshare_portal.User": [
        (SIDES, "id full_name phone"),
        (OWNER, "username email"),
        (NOBODY, "password last_login is_superuser first_name last_name is_staff is_active"),
        (NOBODY, "date_joined language theme groups user_permissions"),
    ],
}


def declare(label: str, rows: list[tuple[frozenset[Reader], str]]) -> None:
    """The contract of a model of an upper app, or of a kind from elsewhere; call it as it loads."""
    CONTRACT[label] = rows
    _fields_of.cache_clear()
    visible_fields.cache_clear()


@cache
def _fields_of(label: str) -> dict[str, frozenset[Reader]]:
    rows = CONTRACT.get(label, ())
    return {name: who for who, names in rows for name in names.split()}


def readers(field: str) -> frozenset[Reader]:
    """Who reads a field, such as ``"resources.Equipment.serial_no"``."""
    label, _dot, name = field.rpartition(".")
    return _fields_of(label).get(name, OWNER)


@cache
def visible_fields(label: str, reader: Reader) -> frozenset[str]:
    """The fields of a model (``"resources.Equipment"``) that a reader may see."""
    return frozenset(name for name, who in _fields_of(label).items() if reader in who)


def reader_of(row, institution) -> Reader:
    """OWNER of its own rows, OTHERS of everybody else's (a counterpart is told by its request)."""
    return Reader.OWNER if row.institution_id == institution.pk else Reader.OTHERS
