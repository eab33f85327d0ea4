"""Two catalogues to read sheets against: the starter's, and that of a clinic of another kind."""

import csv
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path

from inventory.imports.meaning.catalogue import CatalogItem, Catalogue, Place, Supplier

STARTER = Path(__file__).parents[2] / "inventory" / "catalog" / "starter"
TRUTH = {"true": True, "false": False, "": None}


@cache
def starter_catalogue() -> Catalogue:
    """The catalogue that `load_starter` loads, as an import sees it."""
    codes = defaultdict(list)
    packs: dict[str, dict[str, list[Decimal]]] = defaultdict(lambda: defaultdict(list))
    for row in _rows("codes"):
        codes[row["item"]].append(row["value"])
        if row["quantity"]:
            packs[row["item"]][row["level"]].append(Decimal(row["quantity"]))
    for row in _rows("offers"):
        packs[row["item"]]["sold"].append(Decimal(row["pack_quantity"]))
    return Catalogue(
        items=tuple(
            _starter_item(row, tuple(codes[row["sku"]]), packs[row["sku"]])
            for row in _rows("items")
        ),
        places=tuple(Place(row["code"], row["name"], row["site"]) for row in _rows("locations")),
        suppliers=tuple(Supplier(row["code"], row["name"]) for row in _rows("suppliers")),
    )


def _rows(name: str) -> list[dict[str, str]]:
    with (STARTER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _starter_item(
    row: Mapping[str, str], codes: tuple[str, ...], packs: Mapping[str, list[Decimal]]
) -> CatalogItem:
    return CatalogItem(
        sku=row["sku"],
        name=row["name"],
        kind=row["kind"],
        unit=row["unit"],
        container=row["container"],
        container_volume=_decimal(row["container_volume"]),
        strength=_decimal(row["strength"]),
        lot_tracked=row["lot_tracked"] == "true",
        beyond_use_days=int(row["beyond_use_days"]) if row["beyond_use_days"] else None,
        preservative_free=TRUTH[row["preservative_free"]],
        pack_quantities={level: tuple(dict.fromkeys(held)) for level, held in packs.items()},
        codes=codes,
    )


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None


MDV, SDV, AMPULE = "multi_dose_vial", "single_dose_vial", "ampule"


def drug(
    sku: str,
    name: str,
    volume: str,
    strength: str | None = None,
    container: str = MDV,
    unit: str = "mL",
    tray: int = 0,
    codes: tuple[str, ...] = (),
) -> CatalogItem:
    """A drug in containers of `volume`, `tray` of them in a tray."""
    held = Decimal(volume)
    return CatalogItem(
        sku,
        name,
        "other_drug",
        unit,
        container,
        held,
        Decimal(strength) if strength else None,
        pack_quantities={"inner": (tray * held,)} if tray else {},
        codes=codes,
    )


def thing(
    sku: str,
    name: str,
    box: int = 0,
    case: int = 0,
    codes: tuple[str, ...] = (),
    *,
    tracked: bool = True,
) -> CatalogItem:
    """A supply counted by the piece, `box` of them in a box."""
    packs = {"inner": box, "case": case}
    return CatalogItem(
        sku,
        name,
        lot_tracked=tracked,
        pack_quantities={level: (Decimal(held),) for level, held in packs.items() if held},
        codes=codes,
    )


LAKESIDE = Catalogue(
    items=(
        drug("lido-1-50", "Lidocaine HCl 1% injection, 50 mL MDV", "50", "10", tray=25,
             codes=("0409-4276-02", "00304094276021")),
        drug("lido-2-50", "Lidocaine HCl 2% injection, 50 mL MDV", "50", "20"),
        drug("lido-1-epi-20", "Lidocaine 1% with Epinephrine 1:100,000, 20 mL multi-dose vial",
             "20", "10"),
        drug("lido-1-epi-30", "Lidocaine 1% with Epinephrine 1:200,000, 30 mL multi-dose vial",
             "30", "10"),
        drug("sensorcaine-50", "Sensorcaine 0.5% 50 mL multi-dose vial", "50", "5"),
        drug("bupi-05-30", "Bupivacaine MPF 0.5% 30 mL single-dose vial", "30", "5", SDV),
        drug("bupi-05-epi-30", "Bupivacaine 0.5% w/ epi 1:200,000 30 mL single-dose vial", "30",
             "5", SDV),
        drug("nesacaine-3", "Nesacaine-MPF 3% 20 mL single-dose vial", "20", "30", SDV),
        drug("ropi-05-30", "Ropivacaine 0.5% 30 mL single-dose vial", "30", "5", SDV, tray=10),
        drug("ropi-1-20", "Ropivacaine 1% 20 mL single-dose vial", "20", "10", SDV),
        drug("kenalog-10-5", "Kenalog-10 5 mL MDV", "5", "10"),
        drug("kenalog-40-10", "Kenalog-40 10 mL MDV", "10", "40"),
        drug("depo-80-1", "Depo-Medrol 80 mg/mL 1 mL single-dose vial", "1", "80", SDV),
        drug("depo-40-10", "Depo-Medrol 40 mg/mL 10 mL multi-dose vial", "10", "40"),
        drug("provera-1", "Depo-Provera 150 mg/mL 1 mL single-dose vial", "1", "150", SDV),
        drug("solu-125", "Solu-Medrol 125 mg/2 mL single-dose vial", "2", "62.5", SDV),
        drug("toradol-1", "Toradol 30 mg/mL 1 mL single-dose vial", "1", "30", SDV),
        drug("ketorolac-2", "Ketorolac 60 mg/2 mL single-dose vial", "2", "30", SDV),
        drug("dexa-4-30", "Dexamethasone sodium phosphate 4 mg/mL 30 mL multi-dose vial", "30",
             "4"),
        drug("dexa-4-5", "Dexamethasone sodium phosphate 4 mg/mL 5 mL multi-dose vial", "5", "4"),
        drug("celestone-5", "Celestone Soluspan 6 mg/mL 5 mL multi-dose vial", "5", "6"),
        drug("saline-20", "Sodium chloride 0.9% 20 mL single-dose vial, preservative-free", "20",
             None, SDV),
        drug("saline-bact-30", "Bacteriostatic sodium chloride 0.9% 30 mL vial", "30"),
        drug("water-10", "Sterile water for injection 10 mL single-dose vial", "10", None, SDV),
        drug("xeomin-100", "Xeomin 100 units single-dose vial", "100", None, SDV, "unit"),
        drug("botox-100", "Botox 100 units single-dose vial", "100", None, SDV, "unit"),
        drug("botox-200", "Botox 200 units single-dose vial", "200", None, SDV, "unit"),
        drug("omnipaque-300", "Omnipaque 300 mg iodine/mL 50 mL single-dose vial", "50", "300",
             SDV),
        drug("bicarb-50", "Sodium bicarbonate 8.4% 50 mL single-dose vial", "50", "84", SDV),
        drug("epi-1", "Epinephrine 1 mg/mL 1 mL ampule", "1", "1", AMPULE),
        thing("needle-26", "Hypodermic needle 26G x ½ in", 100, codes=("305111",)),
        thing("needle-27", "Hypodermic needle 27G x 1½ in", 100),
        thing("needle-25", "Hypodermic needle 25G x 1½ in", 100),
        thing("needle-25-safety", "Safety needle 25G 1½ in", 50),
        thing("needle-20", "Hypodermic needle 20G x 1 in", 100),
        thing("needle-18", "Hypodermic needle 18G x 1½ in", 100),
        thing("spinal-25", "Spinal needle 25G 3½ in, Whitacre", 25),
        thing("spinal-22-5", "Spinal needle, Quincke, 22G x 5 in", 25),
        thing("butterfly-23", "Butterfly infusion set 23G ¾ in", 50),
        thing("catheter-20", "IV catheter 20G 1¼ in", 50),
        thing("syringe-3", "Syringe 3 mL Luer-lock", 100),
        thing("syringe-3-needle", "Syringe 3 mL with 25G 1 in needle", 100),
        thing("syringe-5", "Syringe 5 mL Luer-lock", 100),
        thing("syringe-10", "Syringe 10 mL Luer-lock", 100, codes=("302995",)),
        thing("syringe-60", "Syringe 60 mL catheter tip", 25),
        thing("tuberculin", "Tuberculin syringe 1 mL with 27G ½ in needle", 100),
        thing("insulin", "Insulin syringe 1 mL 29G ½ in", 100),
        thing("glove-s", "Nitrile exam gloves, small, powder-free", 200, tracked=False),
        thing("glove-m", "Nitrile exam gloves, medium, powder-free", 200, 2000, tracked=False),
        thing("glove-l", "Nitrile exam gloves, large, powder-free", 200, tracked=False),
        thing("glove-xl", "Nitrile exam gloves, X-large, powder-free", 180, tracked=False),
        thing("glove-7", "Surgical glove sterile size 7, pair", 50),
        thing("glove-8", "Surgical glove sterile size 8, pair", 50),
        thing("gauze-4-sterile", "Gauze sponge 4 × 4 in, sterile, 12-ply", 25),
        thing("gauze-4", "Gauze sponge 4 × 4 in, non-sterile", 200, tracked=False),
        thing("gauze-2", "Gauze sponge 2 × 2 in, non-sterile", 200, tracked=False),
        thing("alcohol", "Alcohol prep pad, medium, sterile", 200, tracked=False),
        thing("povidone", "Povidone-iodine prep pad", 100),
        thing("chloraprep-3", "ChloraPrep applicator 3 mL clear", 25),
        thing("chloraprep-10", "ChloraPrep applicator 10.5 mL orange", 25),
        thing("bandage", "Adhesive bandage, 3/4 x 3 in", 100, tracked=False),
        thing("wrap", "Cohesive wrap 2 in", 36, tracked=False),
        thing("sharps", "Sharps container 5 quart", tracked=False),
        thing("gel", "Ultrasound gel 250 mL bottle", 12),
        thing("mask", "Surgical mask, level 2", 50, tracked=False),
        thing("tegaderm", "Tegaderm dressing 4 x 4¾ in", 50),
        thing("pain-ease", "Pain Ease mist spray 3.5 oz can"),
        thing("steri-strip", "Steri-Strip ½ x 4 in", 50),
        thing("emesis", "Emesis bag", 24, tracked=False),
        thing("depressor", "Tongue depressor, sterile", 100, tracked=False),
    ),
    places=(
        Place("closet", "Supply closet", "north"),
        Place("proc-a", "Procedure room A", "north"),
        Place("proc-b", "Procedure room B", "north"),
        Place("med-fridge", "Med refrigerator", "north"),
        Place("crash", "Crash cart", "north"),
    ),
    suppliers=(
        Supplier("mckesson", "McKesson Medical-Surgical"),
        Supplier("schein", "Henry Schein"),
    ),
)  # fmt: skip
