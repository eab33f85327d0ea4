"""The floor: the reads and writes of one logged procedure as bare SQL in one transaction.

The same rows, the same constraints, indexes and triggers, the same locks; no ORM, no allocation.
Every fifth procedure opens the next vial of lidocaine, as 4 mL of 20 mL do.
"""

from datetime import UTC, datetime
from typing import Any, Protocol

from django.db import connection, transaction

SKUS = ("needle", "syringe", "lidocaine", "kenalog")


class Cursor(Protocol):
    def execute(self, sql: str, params: Any = None) -> Any: ...
    def fetchone(self) -> Any: ...
    def fetchall(self) -> Any: ...


class Floor:
    """Logs procedures through one cursor; `driver` is the database's own connection."""

    def __init__(self) -> None:
        connection.ensure_connection()
        self.sqlite = connection.vendor == "sqlite"
        self.mark = "?" if self.sqlite else "%s"
        with connection.cursor() as cursor:
            cursor.execute("SELECT sku, id FROM inventory_item")
            ids = dict(cursor.fetchall())
            self.items = sorted(ids[sku] for sku in SKUS)
            self.lidocaine, self.kenalog = ids["lidocaine"], ids["kenalog"]
            for name, table in (
                ("person", "user"),
                ("place", "location"),
                ("type", "proceduretype"),
            ):
                cursor.execute(f"SELECT MIN(id) FROM inventory_{table}")
                setattr(self, name, cursor.fetchone()[0])

    person: int
    place: int
    type: int

    def sql(self, text: str) -> str:
        return text.replace("%s", self.mark)

    def log(self) -> None:
        """One procedure: one transaction, committed."""
        with transaction.atomic():
            assert connection.connection is not None
            self._write(connection.connection.cursor())

    def _write(self, cursor: Cursor) -> None:
        now: Any = datetime.now(UTC)
        if self.sqlite:
            now = str(now.replace(tzinfo=None))
        movement = self._movement(cursor, now)
        holdings = self._locked_holdings(cursor)
        changes = self._changes(cursor, holdings, now)
        self._insert(
            cursor,
            "inventory_entry (movement_id, holding_id, location_id, item_id, kind, quantity, line,"
            " happened_at)",
            [(movement, h, self.place, i, kind, q, line, now) for h, i, kind, q, line in changes],
        )
        self._update(cursor, changes)
        self._procedure(cursor, movement, now)

    def _movement(self, cursor: Cursor, now: Any) -> int:
        cursor.execute(
            self.sql(
                "INSERT INTO inventory_movement (kind, happened_at, recorded_at, by_id, reason,"
                " reference) VALUES ('use', %s, %s, %s, '', '') RETURNING id"
            ),
            (now, now, self.person),
        )
        return int(cursor.fetchone()[0])

    def _locked_holdings(self, cursor: Cursor) -> dict[int, list[Any]]:
        marks = ", ".join([self.mark] * len(self.items))
        if not self.sqlite:
            cursor.execute(
                f"SELECT id FROM inventory_item WHERE id IN ({marks}) ORDER BY id"
                " FOR NO KEY UPDATE",
                self.items,
            )
            cursor.fetchall()
        cursor.execute(
            self.sql(
                "SELECT h.id, h.quantity, h.opened_at, l.item_id, l.id, l.number, l.expires_on,"
                " l.status FROM inventory_holding h JOIN inventory_lot l ON l.id = h.lot_id"
                f" WHERE h.location_id = %s AND h.quantity > 0 AND l.item_id IN ({marks})"
            ),
            [self.place, *self.items],
        )
        found: dict[int, list[Any]] = {}
        for row in cursor.fetchall():
            if row[2] is not None or row[3] not in found:
                found[row[3]] = list(row)
        return found

    def _changes(
        self, cursor: Cursor, holdings: dict[int, list[Any]], now: Any
    ) -> list[tuple[int, int, str, int, int]]:
        changes = []
        for line, item in enumerate(self.items):
            holding, _, opened_at, _, lot, *_ = holdings[item]
            if item == self.kenalog:
                changes += [
                    (holding, item, "use", -500, line),
                    (holding, item, "waste", -500, line),
                ]
            elif item != self.lidocaine:
                changes.append((holding, item, "use", -1000, line))
            else:
                if opened_at is None:
                    vial = self._open_vial(cursor, lot, now)
                    changes += [
                        (holding, item, "open", -20000, line),
                        (vial, item, "open", 20000, line),
                    ]
                    holding = vial
                changes.append((holding, item, "use", -4000, line))
        return changes

    def _open_vial(self, cursor: Cursor, lot: int, now: Any) -> int:
        cursor.execute(
            self.sql(
                "INSERT INTO inventory_holding (lot_id, location_id, quantity, opened_at,"
                " opened_by_id, beyond_use_on) VALUES (%s, %s, 0, %s, %s, '2030-01-01')"
                " RETURNING id"
            ),
            (lot, self.place, now, self.person),
        )
        return int(cursor.fetchone()[0])

    def _update(self, cursor: Cursor, changes: list[tuple[int, int, str, int, int]]) -> None:
        net: dict[int, int] = {}
        for holding, _, _, quantity, _ in changes:
            net[holding] = net.get(holding, 0) + quantity
        cases = " WHEN %s THEN %s" * len(net)
        marks = ", ".join([self.mark] * len(net))
        cursor.execute(
            self.sql(
                f"UPDATE inventory_holding SET quantity = quantity + CASE id{cases} END"
                f" WHERE id IN ({marks})"
            ),
            [*(value for pair in net.items() for value in pair), *net],
        )

    def _procedure(self, cursor: Cursor, movement: int, now: Any) -> None:
        cursor.execute(
            self.sql(
                "INSERT INTO inventory_procedure (type_id, location_id, performed_at, provider,"
                " muscles, sites, encounter_ref, logged_at, logged_by_id, movement_id, status,"
                " void_reason, void_supplies)"
                " VALUES (%s, %s, %s, '', 1, 1, '', %s, %s, %s, 'logged', '', '') RETURNING id"
            ),
            (self.type, self.place, now, now, self.person, movement),
        )
        procedure = cursor.fetchone()[0]
        self._insert(
            cursor,
            "inventory_procedureline (procedure_id, position, item_id, quantity, discarded,"
            " unusable_reason)",
            [(procedure, n, item, 1000, 0, "") for n, item in enumerate(self.items)],
        )

    def _insert(self, cursor: Cursor, into: str, rows: list[tuple[Any, ...]]) -> None:
        row = f"({', '.join([self.mark] * len(rows[0]))})"
        cursor.execute(
            f"INSERT INTO {into} VALUES {', '.join([row] * len(rows))}",
            [value for values in rows for value in values],
        )
