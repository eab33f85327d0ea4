"""Through the API alone, from an empty database to a voided procedure."""

from decimal import Decimal

from tests.api.clinic import Json, Machine, day, delivery, lot, machine, procedure


def on_hand(machine: Machine, number: str) -> Decimal:
    rows = machine.get("/stock", lot=number, empty="true").body["items"]
    return sum((Decimal(row["quantity"]) for row in rows), Decimal(0))


def used(*lines: tuple[str, str]) -> Json:
    return procedure(*({"item": item, "quantity": quantity} for item, quantity in lines))


def test_the_lot_that_expires_first_goes_first(clinic: Machine, nora: Machine) -> None:
    late, early = lot("needle-25", "LATE", "10", day(300)), lot("needle-25", "EARLY", "10", day(90))
    nora.done("/receipts", delivery(late, early))

    [line] = nora.done("/procedures", used(("needle-25", "4")))["lines"]

    assert [taken["lot"] for taken in line["taken"]] == ["EARLY"]
    assert on_hand(nora, "EARLY") == 6


def test_a_multi_dose_vial_is_opened_once_and_shared(clinic: Machine, nora: Machine) -> None:
    nora.done("/receipts", delivery(lot("lido-1-20", "A1", "40")))

    first = nora.done("/procedures", used(("lido-1-20", "4")))["lines"][0]["taken"][0]
    second = nora.done("/procedures", used(("lido-1-20", "5")))["lines"][0]["taken"][0]

    assert (first["opened"], second["opened"]) == (True, False)
    assert first["holding"] == second["holding"]
    rows = nora.get("/stock", item="lido-1-20").body["items"]
    assert {(row["opened_at"] is None, row["quantity"]) for row in rows} == {
        (True, "20"),
        (False, "11"),
    }


def test_a_single_dose_vial_leaves_whole(clinic: Machine, nora: Machine) -> None:
    nora.done("/receipts", delivery(lot("kenalog-40-1", "9f7k2", "3")))

    [line] = nora.done("/procedures", used(("kenalog-40-1", "0.5")))["lines"]

    assert (line["quantity"], line["discarded"]) == ("0.5", "0.5")
    assert line["taken"][0]["lot"] == "9F7K2"
    assert line["taken"][0]["opened"] is True
    assert line["billing"] == {
        "hcpcs": "J3301",
        "administered_units": 2,
        "discarded_units": 2,
        "modifier": "JW",
    }
    assert on_hand(nora, "9F7K2") == 2


def test_an_expired_lot_is_never_taken(clinic: Machine, nora: Machine) -> None:
    received = nora.done("/receipts", delivery(lot("needle-25", "OLD", "10", day(-1))))
    assert received["lines"][0]["warnings"] != []

    refusal = nora.post("/procedures", used(("needle-25", "1")))

    assert refusal.status == 409
    assert refusal.body["shortages"][0]["available"] == "0"


def test_the_shortage_answer_names_the_shortfall(clinic: Machine, nora: Machine) -> None:
    nora.done("/receipts", delivery(lot("needle-25", "N1", "3")))
    nora.done("/receipts", delivery(lot("needle-25", "N1", "7"), location="store"))

    refusal = nora.post("/procedures", used(("needle-25", "5")))

    assert refusal.status == 409
    assert refusal.headers["Content-Type"] == "application/problem+json"
    assert refusal.body["shortages"] == [
        {
            "item": "needle-25",
            "wanted": "5",
            "available": "3",
            "elsewhere": [{"location": "store", "quantity": "7"}],
        }
    ]
    assert on_hand(nora, "N1") == 10


def test_the_same_key_twice_deducts_once(clinic: Machine, nora: Machine) -> None:
    nora.done("/receipts", delivery(lot("needle-25", "N1", "10")))

    first = nora.post("/procedures", used(("needle-25", "2")), key="tap-1")
    again = nora.post("/procedures", used(("needle-25", "2")), key="tap-1")

    assert (first.status, again.status) == (201, 201)
    assert first.body == again.body
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert on_hand(nora, "N1") == 8


def test_a_void_puts_back_and_cannot_be_repeated(clinic: Machine, nora: Machine) -> None:
    nora.done("/receipts", delivery(lot("kenalog-40-1", "K1", "2"), lot("lido-1-20", "A1", "20")))
    logged = nora.done("/procedures", used(("kenalog-40-1", "0.5"), ("lido-1-20", "3")))
    void = {"reason": "wrong patient", "supplies": "returned"}

    voided = nora.post(f"/procedures/{logged['id']}/void", void)
    again = nora.post(f"/procedures/{logged['id']}/void", void)

    assert (voided.status, voided.body["status"]) == (200, "voided")
    assert again.status == 409
    rows = nora.get("/stock").body["items"]
    assert {(row["lot"], row["quantity"], row["opened_at"]) for row in rows} == {
        ("K1", "2", None),
        ("A1", "20", None),
    }


def test_an_amendment_puts_back_and_takes_what_it_really_was(
    clinic: Machine, nora: Machine
) -> None:
    nora.done("/receipts", delivery(lot("kenalog-40-1", "K1", "1")))
    wrong = nora.done("/procedures", used(("kenalog-40-1", "0.5")))
    right = {**used(("kenalog-40-1", "0.75")), "reason": "0.75 mL were given"}

    both = nora.post(f"/procedures/{wrong['id']}/amend", right, key="amend")
    again = nora.post(f"/procedures/{wrong['id']}/amend", right, key="amend")

    assert (both.status, again.body) == (201, both.body)
    assert (both.body["amends"], both.body["performed_at"]) == (wrong["id"], wrong["performed_at"])
    assert both.body["lines"][0]["discarded"] == "0.25"
    old = nora.get(f"/procedures/{wrong['id']}").body
    assert (old["status"], old["void_reason"]) == ("voided", "0.75 mL were given")
    assert nora.post(f"/procedures/{wrong['id']}/amend", right).status == 409


def test_another_nurse_may_not_void_it(clinic: Machine, nora: Machine) -> None:
    nora.done("/receipts", delivery(lot("needle-25", "N1", "9")))
    logged = nora.done("/procedures", used(("needle-25", "2")))
    jonas = machine("jonas", "nurse")

    refused = jonas.post(
        f"/procedures/{logged['id']}/void", {"reason": "slip", "supplies": "returned"}
    )

    assert refused.status == 403
    assert "Ask them or a manager" in refused.body["detail"]


def test_a_vial_closes_with_its_procedure_where_patients_are_treated(
    clinic: Machine, nora: Machine
) -> None:
    clinic.done("/locations", {"code": "room-9", "name": "Room 9", "treatment_area": True})
    nora.done("/receipts", {**delivery(lot("lido-1-20", "A1", "40")), "location": "room-9"})

    logged = nora.done("/procedures", {**used(("lido-1-20", "4")), "location": "room-9"})

    [line] = logged["lines"]
    assert (line["quantity"], line["discarded"]) == ("4", "16")
    assert "billing" not in line
    assert on_hand(nora, "A1") == 20


def test_a_vial_that_was_counted_since_stays_opened(clinic: Machine, nora: Machine) -> None:
    nora.done("/receipts", delivery(lot("lido-1-20", "A1", "20")))
    logged = nora.done("/procedures", used(("lido-1-20", "4")))
    vial = logged["lines"][0]["taken"][0]["holding"]
    agreed = [{"holding": vial, "counted": "16"}]
    nora.done("/counts", {"location": "room-1", "lines": agreed, "reason": "monthly"})

    nora.done(f"/procedures/{logged['id']}/void", {"reason": "no show", "supplies": "returned"})

    [row] = nora.get("/stock").body["items"]
    assert (row["holding"], row["quantity"], row["opened_at"]) == (vial, "20", row["opened_at"])
    assert row["opened_at"] is not None


def test_supplies_that_were_used_up_stay_gone(clinic: Machine, nora: Machine) -> None:
    nora.done("/receipts", delivery(lot("needle-25", "N1", "10")))
    logged = nora.done("/procedures", used(("needle-25", "2")))

    nora.done(f"/procedures/{logged['id']}/void", {"reason": "no show", "supplies": "wasted"})

    assert on_hand(nora, "N1") == 8


def test_the_kit_is_taken_when_no_lines_are_sent(clinic: Machine, nora: Machine) -> None:
    nora.done("/receipts", delivery(lot("needle-25", "N1", "10"), lot("lido-1-20", "A1", "20")))

    logged = nora.done(
        "/procedures", {"type": "tpi-1-2", "location": "room-1", "muscles": 2, "sites": 4}
    )

    assert [(line["item"], line["quantity"]) for line in logged["lines"]] == [
        ("lido-1-20", "4"),
        ("needle-25", "2"),
    ]


def test_a_chosen_expired_lot_needs_a_reason(clinic: Machine, nora: Machine) -> None:
    nora.done("/receipts", delivery(lot("needle-25", "OLD", "10", day(-1))))
    line = {"item": "needle-25", "quantity": "1", "lot": "OLD"}

    refusal = nora.post("/procedures", procedure(line))
    logged = nora.done("/procedures", procedure({**line, "use_unusable_reason": "nothing else"}))

    assert refusal.status == 409
    assert logged["lines"][0]["taken"][0]["lot"] == "OLD"
    assert "unusable_used" in {flag["kind"] for flag in logged["flags"]}


def test_what_is_read_back_is_what_was_answered(clinic: Machine, nora: Machine) -> None:
    nora.done("/receipts", delivery(lot("kenalog-40-1", "K1", "2"), lot("lido-1-20", "A1", "20")))
    logged = nora.done("/procedures", used(("kenalog-40-1", "0.5"), ("lido-1-20", "3")))

    read = nora.get(f"/procedures/{logged['id']}").body

    logged.pop("flags")
    assert read == logged
    assert nora.get("/procedures").body == {"items": [logged], "next": None}
