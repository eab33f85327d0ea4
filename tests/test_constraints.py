"""Every rule that the database keeps is attacked in SQL, past everything that asks politely.

A new constraint or unique field needs its attack here: the first test names what has none.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, models, transaction

from inventory.accounts.models import ApiToken, User
from inventory.catalog.models import (
    BillingCode,
    Clinic,
    Item,
    ItemCode,
    Location,
    LocationLevel,
    Site,
    Supplier,
    SupplierOffer,
)
from inventory.counts.models import CountSheet, CountSheetLine
from inventory.imports.models import Import, ImportLayout, ImportRow, KnownName
from inventory.procedures.models import (
    KitLine,
    KitSubstitute,
    PastProcedure,
    PastProcedureLine,
    Procedure,
    ProcedureLine,
    ProcedureType,
)
from inventory.procedures.record import ProcedureWanted, amend
from inventory.purchasing.models import OrderEvent, OrderLine, OrderReceipt, PurchaseOrder
from inventory.purchasing.orders import draft_record
from inventory.purchasing.orders import record as order_record
from inventory.recalls.models import Recall, RecallLot, RecallNote
from inventory.stock.audit import check_ledger
from inventory.stock.models import Entry, Holding, Lot, LotHold, Movement, PastFile, PastUse
from inventory.web.models import Submission
from tests.clinic import NOW, dana, gauze, mara, place, procedure_type
from tests.purchasing.shop import northgate
from tests.walk import one_of_everything

pytestmark = pytest.mark.django_db

on_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite takes any type")


@pytest.fixture(autouse=True)
def _a_clinic_with_a_row_of_everything() -> None:
    one_of_everything()
    procedure = Procedure.objects.select_related("movement", "logged_by").get()
    again = ProcedureWanted(procedure_type(), place(), NOW, lines=[])
    amend(procedure, again, by=dana(), reason="slip", now=NOW)
    sheet = CountSheet.objects.get()
    CountSheetLine.objects.create(sheet=sheet, lot=sheet.lines.all()[0].lot, expected=0)
    KitSubstitute.objects.create(line=KitLine.objects.all()[0], item=gauze())
    Submission.objects.create(person=mara(), path="/log", key="tap", body_hash="0")
    Import.objects.create(
        kind="stock",
        content_hash="0",
        uploaded_by=dana(),
        uploaded_at=NOW,
        committed_by=dana(),
        committed_at=NOW,
    )
    # A use that no line is about.
    use = PastUse.objects.all()[0]
    PastUse.objects.create(
        file=use.file, item=use.item, location=use.location, used_at=NOW, quantity=1
    )
    KnownName.objects.create(name="2x2s", item=gauze(), by=dana(), since=NOW)
    offer = SupplierOffer.objects.all()[0]
    offer.preferred = True
    offer.save()
    order = draft_record.begin(northgate(), by=dana(), now=NOW).order
    order_record.cancel(order, reason="slip", seen=1, by=dana(), now=NOW)


APPEND_ONLY = (Movement, Entry, RecallNote, PastUse, PastProcedure, PastProcedureLine)
ANOTHER_USE = "(SELECT MAX(id) FROM inventory_pastuse)"
EARLIER = NOW - timedelta(days=1)


def change(model: type[models.Model], **columns: str) -> str:
    """SQL that sets columns of all rows; `where` says of which."""
    where = columns.pop("where", "true")
    settings = ", ".join(f"{name} = {value}" for name, value in columns.items())
    return f"UPDATE {model._meta.db_table} SET {settings} WHERE {where}"


def copy(model: type[models.Model], **columns: str) -> str:
    """SQL that writes a row again, but for these columns; `where` says which row."""
    where = columns.pop("where", "true")
    names = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    table = model._meta.db_table
    values = ", ".join(columns.get(name, name) for name in names)
    return (
        f"INSERT INTO {table} ({', '.join(names)})"
        f" SELECT {values} FROM {table} WHERE {where} ORDER BY id LIMIT 1"
    )


ATTACKS: dict[str, list[str]] = {
    # Stock
    "holding_never_negative": [
        change(Holding, quantity="-1"),
        change(Holding, quantity="quantity - 1000000"),
        copy(Holding, quantity="-9223372036854775808", opened_at=f"'{NOW}'"),
    ],
    "one_sealed_holding_a_lot_and_place": [
        copy(Holding, where="opened_at IS NULL"),
        change(Holding, opened_at="NULL", beyond_use_on="NULL"),
    ],
    "only_an_opened_vial_has_a_beyond_use_date": [
        change(Holding, beyond_use_on="'2027-01-01'", where="opened_at IS NULL"),
        change(Holding, opened_at="NULL", where="opened_at IS NOT NULL"),
    ],
    "lot_named_once_an_item": [copy(Lot)],
    "a_reversal_names_what_it_reverses": [
        copy(Movement, kind="'reversal'", reverses_id="NULL"),
        copy(Movement, kind="'use'", reverses_id="id"),
        copy(Movement, kind="'Reversal'", reverses_id="id"),
    ],
    "Movement.reverses": [copy(Movement, where="kind = 'reversal'")],
    "an_entry_moves_something": [
        copy(Entry, quantity="0"),
        copy(Entry, quantity="-0", kind="'waste'"),
        copy(Entry, quantity="0", kind="'Count'"),
    ],
    # Procedures
    "a_voided_procedure_says_when": [
        change(Procedure, status="'voided'", voided_at="NULL"),
        change(Procedure, status="'logged'", voided_at="logged_at"),
        change(Procedure, status="'gone'"),
    ],
    "Procedure.movement": [copy(Procedure, where="amends_id IS NULL")],
    "Procedure.amends": [
        copy(
            Procedure,
            movement_id="(SELECT MIN(id) FROM inventory_movement WHERE kind = 'receipt')",
            where="amends_id IS NOT NULL",
        )
    ],
    "line_has_its_place": [copy(ProcedureLine)],
    "line_amounts_make_sense": [
        change(ProcedureLine, quantity="0"),
        change(ProcedureLine, quantity="-1"),
        change(ProcedureLine, discarded="-1"),
    ],
    "ProcedureType.code": [copy(ProcedureType)],
    "kit_names_an_item_once": [copy(KitLine)],
    "kit_quantity_positive": [change(KitLine, quantity="0"), change(KitLine, quantity="-1")],
    "substitute_named_once": [copy(KitSubstitute)],
    # Catalog
    "clinic_is_one_row": [change(Clinic, id="2")],
    "clinic_expiring_days_in_order": [
        change(Clinic, expiring_now_days="expiring_soon_days + 1"),
        change(Clinic, expiring_days="expiring_soon_days - 1"),
    ],
    "clinic_service_level_makes_sense": [
        change(Clinic, service_level="49999"),
        change(Clinic, service_level="100000"),
    ],
    "clinic_orders_every_90_days_at_least": [
        change(Clinic, order_every_days="0"),
        change(Clinic, order_every_days="91"),
    ],
    "Site.code": [copy(Site)],
    "Location.code": [copy(Location)],
    "Supplier.code": [copy(Supplier)],
    "Item.sku": [copy(Item)],
    "item_container_has_a_volume": [
        change(Item, container_volume="NULL", where="container <> 'none'"),
        change(Item, container_volume="0", where="container <> 'none'"),
        change(Item, container_volume="-1", where="container <> 'none'"),
        change(Item, container_volume="1000", where="container = 'none'"),
        change(Item, container="'ampule'", where="container = 'none'"),
        change(Item, container="'none'", where="container <> 'none'"),
    ],
    "item_beyond_use_days_for_multi_dose_vials": [
        change(Item, beyond_use_days="0", where="container = 'multi_dose_vial'"),
        change(Item, beyond_use_days="28", where="container <> 'multi_dose_vial'"),
    ],
    "item_reorder_point_not_negative": [
        change(Item, reorder_point="-1"),
        change(Item, reorder_point="-1", par_level="NULL"),
    ],
    "item_par_not_below_reorder_point": [
        change(Item, par_level="reorder_point - 1"),
        change(Item, par_level="-1", reorder_point="NULL"),
    ],
    "item_strength_positive": [change(Item, strength="0"), change(Item, strength="-1")],
    "item_levels_say_when_and_by_whom": [
        change(
            Item,
            reorder_point="1000",
            par_level="2000",
            levels_set_on="'2026-11-23'",
            levels_set_by_id="NULL",
        ),
        change(
            Item,
            reorder_point="1000",
            par_level="2000",
            levels_set_on="NULL",
            levels_set_by_id="(SELECT MIN(id) FROM inventory_user)",
        ),
    ],
    "item_without_levels_says_nothing_of_them": [
        change(Item, reorder_point="NULL", par_level="NULL", levels_reason="'because'"),
        change(
            Item,
            reorder_point="NULL",
            par_level="NULL",
            levels_set_on="'2026-11-23'",
            levels_set_by_id="(SELECT MIN(id) FROM inventory_user)",
        ),
    ],
    "item_service_level_makes_sense": [
        change(Item, service_level="49999"),
        change(Item, service_level="100000"),
    ],
    "item_code_is_taken_once": [copy(ItemCode)],
    "item_code_quantity_positive": [
        change(ItemCode, quantity="0"),
        change(ItemCode, quantity="-1"),
    ],
    "offer_named_once": [copy(SupplierOffer, where="NOT preferred")],
    "one_preferred_offer_an_item": [copy(SupplierOffer, order_code="'x'", where="preferred")],
    "offer_amounts_make_sense": [
        change(SupplierOffer, pack_quantity="0"),
        change(SupplierOffer, pack_quantity="-1"),
        change(SupplierOffer, pack_price="-1"),
        change(SupplierOffer, minimum_packs="0"),
    ],
    "one_level_an_item_and_place": [copy(LocationLevel)],
    "location_par_not_below_reorder_point": [
        change(LocationLevel, par_level="reorder_point - 1"),
        change(LocationLevel, reorder_point="-1"),
    ],
    "billing_code_has_a_date": [change(BillingCode, effective_from="NULL", effective_to="NULL")],
    "billing_code_begins_before_it_ends": [
        change(BillingCode, effective_from="'2027-01-02'", effective_to="'2027-01-01'")
    ],
    "billing_code_comes_with_its_unit": [
        change(BillingCode, hcpcs="''"),
        change(BillingCode, billing_unit="''"),
    ],
    # Count sheets
    "one_open_count_sheet_a_place": [copy(CountSheet)],
    "a_posted_count_sheet_says_by_whom": [
        change(CountSheet, posted_at="made_at"),
        change(CountSheet, posted_by_id="made_by_id", posted_up_to="1"),
    ],
    "a_cancelled_count_sheet_says_by_whom": [
        change(CountSheet, cancelled_at="made_at"),
        change(CountSheet, cancelled_by_id="made_by_id"),
    ],
    "a_count_sheet_is_posted_or_cancelled": [
        change(
            CountSheet,
            posted_at="made_at",
            posted_by_id="made_by_id",
            posted_up_to="1",
            cancelled_at="made_at",
            cancelled_by_id="made_by_id",
        )
    ],
    "a_holding_once_a_count_sheet": [copy(CountSheetLine, where="holding_id IS NOT NULL")],
    "a_found_lot_once_a_count_sheet": [copy(CountSheetLine, where="holding_id IS NULL")],
    "counted_never_negative": [
        change(CountSheetLine, expected="-1"),
        change(CountSheetLine, counted="-1", where="counted IS NOT NULL"),
        change(CountSheetLine, counted_first="-1"),
    ],
    "what_is_counted_says_when_and_by_whom": [
        change(CountSheetLine, counted_at="NULL", where="counted IS NOT NULL"),
        change(CountSheetLine, counted="1000", where="counted IS NULL"),
    ],
    "count_marks_in_order": [
        change(CountSheetLine, counted_up_to="expected_up_to"),
        change(CountSheetLine, counted_up_to="expected_up_to", answered_up_to="expected_up_to - 1"),
    ],
    "only_what_is_counted_is_posted": [
        change(CountSheetLine, variance="0"),
        change(CountSheetLine, value="100"),
    ],
    "a_variance_has_a_reason": [
        change(
            CountSheetLine,
            variance="1000",
            movement_id="(SELECT MIN(id) FROM inventory_movement)",
            reason="''",
            where="counted IS NOT NULL",
        )
    ],
    # Orders
    "PurchaseOrder.number": [copy(PurchaseOrder)],
    "an_approved_order_says_when_and_by_whom": [
        change(PurchaseOrder, approved_by_id="NULL", where="status = 'approved'"),
        change(PurchaseOrder, approved_by_id="created_by_id", where="status = 'draft'"),
    ],
    "a_draft_is_not_approved_and_the_rest_is": [
        change(PurchaseOrder, status="'draft'", where="status = 'approved'"),
        change(PurchaseOrder, status="'approved'", where="status = 'draft'"),
        change(PurchaseOrder, status="'Approved'", where="status = 'approved'"),
    ],
    "a_sent_order_says_how_and_by_whom": [
        change(PurchaseOrder, sent_by_id="NULL", where="status = 'sent'"),
        change(PurchaseOrder, how="''", where="status = 'sent'"),
        change(PurchaseOrder, how="'mailed'", where="status = 'sent'"),
        change(PurchaseOrder, sent_to="'a@b.example'", where="status = 'sent'"),
    ],
    "an_order_is_sent_when_it_says_so": [
        change(PurchaseOrder, status="'approved'", where="status = 'sent'"),
        change(PurchaseOrder, status="'sent'", where="status = 'approved'"),
    ],
    "only_an_approved_order_is_being_sent": [
        change(PurchaseOrder, sending_since="created_at", where="status <> 'approved'"),
    ],
    "only_a_sent_order_is_expected": [
        change(PurchaseOrder, expected_on="'2026-12-01'", where="status = 'approved'"),
    ],
    "only_a_sent_order_is_complete": [
        change(PurchaseOrder, is_complete="TRUE", where="status = 'approved'"),
    ],
    "an_ended_order_says_when_by_whom_and_why": [
        change(PurchaseOrder, ended_at="created_at", where="status = 'sent'"),
        change(PurchaseOrder, end_reason="'x'", where="status = 'sent'"),
        change(PurchaseOrder, status="'closed'", where="status = 'sent'"),
        change(PurchaseOrder, end_reason="''", where="status = 'cancelled'"),
    ],
    "an_order_line_has_its_place": [copy(OrderLine, order_code="'x'")],
    "an_order_names_a_pack_once": [copy(OrderLine, position="99")],
    "order_line_amounts_make_sense": [
        change(OrderLine, position="0", where="position = 1"),
        change(OrderLine, packs="0"),
        change(OrderLine, pack_quantity="0"),
        change(OrderLine, pack_quantity="-1"),
        change(OrderLine, pack_price="-1"),
        change(OrderLine, confirmed_price="-1"),
    ],
    "a_receipt_counts_once_an_order_line": [copy(OrderReceipt)],
    "order_receipt_amounts_make_sense": [
        change(OrderReceipt, quantity="0"),
        change(OrderReceipt, quantity="-1"),
        change(OrderReceipt, cost="-1"),
    ],
    "an_order_event_says_something": [change(OrderEvent, text="''")],
    # Recalls
    "a_hold_holds": [change(LotHold, status="'available'"), change(LotHold, status="'Recalled'")],
    "a_hold_names_lots": [change(LotHold, pattern="''")],
    "an_ended_hold_says_when_and_by_whom": [
        change(LotHold, ended_at="since"),
        change(LotHold, ended_by_id="by_id"),
    ],
    "a_recall_holds": [change(Recall, status="'available'")],
    "a_recall_names_lots_or_all_of_them": [
        change(Recall, all_lots="false", patterns="''"),
        change(Recall, all_lots="true", patterns="'A1'"),
    ],
    "a_recall_says_what_and_why": [change(Recall, title="''"), change(Recall, reason="''")],
    "a_closed_recall_says_who_when_and_how_it_ended": [
        change(Recall, closed_at="opened_at"),
        change(Recall, outcome="'None found'"),
        change(Recall, closed_at="opened_at", closed_by_id="opened_by_id"),
        change(
            Recall, closed_at=f"'{EARLIER}'", closed_by_id="opened_by_id", outcome="'None found'"
        ),
    ],
    "a_recall_holds_a_lot_once": [copy(RecallLot)],
    "a_recalled_lot_is_never_below_nothing": [change(RecallLot, on_hand="-1")],
    "a_note_says_something": [copy(RecallNote, text="''")],
    # The time before
    "a_file_taken_back_says_when_and_by_whom": [
        change(PastFile, taken_back_at="taken_in_at"),
        change(PastFile, taken_back_by_id="taken_in_by_id"),
    ],
    "past_use_amounts_make_sense": [
        copy(PastUse, quantity="0"),
        copy(PastUse, quantity="-1"),
        copy(PastUse, discarded="-1"),
    ],
    "past_line_has_its_place": [copy(PastProcedureLine, use_id=ANOTHER_USE)],
    "PastProcedureLine.use": [copy(PastProcedureLine, position="7")],
    # Imports
    "a_file_is_brought_in_once": [
        copy(Import, where="committed_at IS NOT NULL"),
        change(
            Import,
            committed_at="uploaded_at",
            committed_by_id="uploaded_by_id",
            content="NULL",
            content_hash="'0'",
            where="committed_at IS NULL",
        ),
    ],
    "what_was_brought_in_says_when_and_by_whom": [
        change(Import, committed_by_id="NULL", where="committed_at IS NOT NULL"),
        change(Import, committed_by_id="uploaded_by_id", where="committed_at IS NULL"),
    ],
    "a_file_is_kept_until_it_is_brought_in": [
        change(Import, content="NULL", where="committed_at IS NULL"),
        change(Import, content="'x'", where="committed_at IS NOT NULL"),
    ],
    "a_row_once_an_import": [copy(ImportRow)],
    "an_import_row_has_an_outcome": [
        change(ImportRow, outcome="'Accept'"),
        change(ImportRow, outcome="''"),
    ],
    "import_rows_are_counted_from_one": [change(ImportRow, number="0")],
    "a_layout_is_known_once": [copy(ImportLayout)],
    "KnownName.name": [copy(KnownName)],
    "a_known_name_says_something": [change(KnownName, name="''")],
    # People and their submissions
    "User.username": [copy(User)],
    "ApiToken.token_hash": [copy(ApiToken)],
    "submission_carried_out_once": [copy(Submission)],
}


def our_models() -> list[type[models.Model]]:
    return list(apps.get_app_config("inventory").get_models())


def rules() -> Iterator[tuple[str, type[models.Model], list[str]]]:
    """Every rule by its name, with its model and the columns that have to be unique."""
    for model in our_models():
        for constraint in model._meta.constraints:
            fields = getattr(constraint, "fields", ())
            columns = [
                field.column for field in model._meta.concrete_fields if field.name in fields
            ]
            yield constraint.name, model, columns
        for field in model._meta.concrete_fields:
            if field.unique and not field.primary_key:
                yield f"{model.__name__}.{field.name}", model, [field.column]


RULES = {name: (model, columns) for name, model, columns in rules()}


def test_every_rule_is_attacked() -> None:
    assert set(ATTACKS) == set(RULES)


def test_the_database_keeps_each_rule() -> None:
    for name, attacks in ATTACKS.items():
        for sql in attacks:
            assert_refused_by(name, refused(sql, IntegrityError))


def refused(sql: str, kind: type[DatabaseError] = DatabaseError) -> DatabaseError:
    """Run an attack that must fail, and return how."""
    try:
        attempt(sql)
    except kind as refusal:
        return refusal
    pytest.fail(f"The database let this pass: {sql}")


def attempt(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        # An attack on nothing proves nothing.
        assert cursor.rowcount > 0, sql


def assert_refused_by(name: str, refusal: DatabaseError) -> None:
    """The rule itself refused, not another that stood in front of it."""
    model, columns = RULES[name]
    cause: Any = refusal.__cause__
    if columns and connection.vendor == "postgresql":
        assert cause.diag.table_name == model._meta.db_table
        assert f"({', '.join(columns)})" in cause.diag.message_detail.replace('"', "")
    elif columns:
        told = ", ".join(f"{model._meta.db_table}.{column}" for column in columns)
        assert str(refusal).endswith(told) or "never changed" in str(refusal)
    elif connection.vendor == "postgresql":
        assert cause.diag.constraint_name == name
    else:
        assert str(refusal) == f"CHECK constraint failed: {name}"


def test_nothing_is_left_unsaid_that_has_to_be_said() -> None:
    for model in our_models():
        for field in model._meta.concrete_fields:
            if not field.null and not field.primary_key:
                attack = copy if model in APPEND_ONLY else change
                refusal = refused(attack(model, **{field.column: "NULL"}), IntegrityError)
                assert "not null" in str(refusal).lower().replace("-", " ")


def test_nothing_refers_to_what_is_not_there() -> None:
    for model in our_models():
        for field in model._meta.concrete_fields:
            if field.is_relation:
                with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
                    refer_to_nothing(model, field.column)


COUNTED = {"counted": "1000", "counted_at": f"'{NOW}'"}
# What has to be said together with a reference.
SAID_WITH = {
    "Item.levels_set_by_id": {"levels_set_on": "'2026-11-23'"},
    "PastFile.taken_back_by_id": {"taken_back_at": "taken_in_at"},
    "PastProcedureLine.procedure_id": {"use_id": ANOTHER_USE},
    "PastProcedureLine.use_id": {"position": "7"},
    "Movement.reverses_id": {"kind": "'reversal'"},
    "LotHold.ended_by_id": {"ended_at": "since"},
    "Recall.closed_by_id": {"closed_at": "opened_at", "outcome": "'None found'"},
    "CountSheet.posted_by_id": {"posted_at": "made_at", "posted_up_to": "1"},
    "CountSheet.cancelled_by_id": {"cancelled_at": "made_at"},
    "CountSheetLine.counted_by_id": COUNTED,
    "PurchaseOrder.ended_by_id": {
        "status": "'closed'",
        "ended_at": "created_at",
        "end_reason": "'x'",
    },
    "Import.committed_by_id": {"committed_at": "uploaded_at", "content": "NULL"},
    "CountSheetLine.movement_id": {
        **COUNTED,
        "counted_by_id": "(SELECT MIN(id) FROM inventory_user)",
        "variance": "0",
    },
}


def refer_to_nothing(model: type[models.Model], column: str) -> None:
    """References are checked when a transaction ends, or when somebody asks."""
    nothing = {column: "987654321"}
    nothing |= SAID_WITH.get(f"{model.__name__}.{column}", {})
    with transaction.atomic():
        if model in APPEND_ONLY:
            attempt(copy(model, **nothing))
        else:
            table = model._meta.db_table
            attempt(change(model, **nothing, where=f"id = (SELECT MIN(id) FROM {table})"))
        connection.check_constraints()


@on_sqlite
def test_sqlite_checks_references_when_it_commits() -> None:
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA foreign_keys").fetchone() == (1,)


NO_NUMBERS = ["'many'", "''", "'NaN'", "0.5", "9e999", "1e300", "9223372036854775808"]


def test_a_quantity_is_a_whole_number_of_thousandths() -> None:
    for value in NO_NUMBERS:
        if connection.vendor == "postgresql" and value == "0.5":
            continue  # It rounds on the way in; what it keeps is a whole number.
        refused(change(Holding, quantity=value))
        refused(copy(Holding, quantity=value, opened_at=f"'{NOW}'"))
        refused(copy(Entry, quantity=value))
    assert check_ledger().holds
