"""Which item a name means: proposed with care, and never another one."""

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.imports.meaning.catalogue import Catalogue
from inventory.imports.meaning.matching import Certainty, Matcher
from tests.imports.catalogues import LAKESIDE, starter_catalogue


@cache
def starter() -> Matcher:
    return Matcher(starter_catalogue())


@cache
def lakeside() -> Matcher:
    return Matcher(LAKESIDE)


STARTER_SPELLINGS = {
    "lido-1-20": ["lido 1% 20ml MDV", "Lidocaine 1% 20mL (Hospira)", "LIDOCAINE HCL 1% 20 CC",
                  "lidocane 1% 20ml", "lido 10mg/ml 20ml", "lido 1 20ml"],
    "xylo-1-20": ["Xylocaïne 1\u00a0% 20\u00a0mL – MDV", "xylo 1% 20cc", "Xylocaine 20ml"],
    "lido-2-20": ["Lidocaine 2% 20mL", "lido 2% plain 20 ml", "Lido 2% w/o epi 20ml"],
    "lido-2-epi-20": ["Lido 2% w/ epi 20ml", "lidocaine 2% with epinephrine", "lido/epi 2% 20ml",
                      "Lidocaine 2% 1:100,000 20 mL"],
    "lido-1-pf-2": ["Lidocaine MPF 1% 2mL", "lido pf 1% 2cc vial"],
    "lido-2-pf-5": ["lidocaine 2% 5ml PF", "lido 2% 5 mL SDV"],
    "lido-1-pf-5-amp": ["Lidocaine 1% 5ml amp", "lido 1% ampule"],
    "bupi-025-10": ["bupi 0.25% 10 mL MPF SDV", "bupivacaine .25% 10cc", "bupivicaine 0.25% 10ml"],
    "marcaine-025-30": ["Marcaine .25% 30cc", "marcaine 2.5mg/mL 30 mL"],
    "bupi-025-50": ["bupi .25% 50ml MDV", "Bupivacaine 0.25% MDV"],
    "bupi-05-10": ["Bupivacaine 0.5% 10 mL", "bupi .5%"],
    "naropin-05-20": ["Naropin 0.5% 20ml", "naropin 5 mg/ml"],
    "ropi-02-20": ["ropivacaine 2mg/mL 20mL", "ropi .2%"],
    "carbocaine-1-30": ["Carbocaine 1% 30ml", "carbocaine"],
    "kenalog-40-1": ["Kenalog 40 1mL", "Kenalog-40 1 mL SDV", "kenolog 40 1ml", "kenalog 40mg 1ml"],
    "kenalog-40-5": ["Kenalog 40 5ml MDV", "Kenalog 40mg/mL 5cc"],
    "kenalog-40-10": ["Kenalog 40 10ml"],
    "triam-40-1": ["triamcinolone 40mg/ml 1ml (Amneal)", "triam 40 1 ml"],
    "triam-40-5": ["Triamcinolone acetonide 40 mg/mL 5 mL", "triam 40 MDV"],
    "depo-40-1": ["Depo 40 1ml", "depo 40", "Depo-Medrol 40 mg/mL", "DepoMedrol 40mg 1 ml"],
    "mpa-40-1": ["mpa 40 1ml", "methylprednisolone acetate 40mg/ml SDV"],
    "mpa-40-10": ["mpa 40mg/mL 10 mL", "methylpred 40 10ml"],
    "depo-80-5": ["Depo 80", "depo-medrol 80mg/ml 5ml"],
    "dexa-4-1": ["Dex 4mg/ml 1ml", "dex 4", "dexamethasone sod phos 4 mg/mL"],
    "dexa-10-pf-1": ["Dexamethasone PF 10mg/mL", "dexa 10 pf"],
    "beta-6-5": ["Betamethasone 6mg/mL 5mL", "betameth 6mg/ml"],
    "saline-bact-30": ["bact saline 30ml", "bacteriostatic NaCl 0.9% 30 mL"],
    "saline-pf-10": ["NaCl 0.9% PF 10mL", "normal saline 10 mL", "NS 10cc"],
    "hylenex-150": ["Hylenex", "hylenex 150 u"],
    "botox-100": ["Botox 100u", "BOTOX 100 units vial", "botox 100"],
    "contrast-240-10": ["iohexol 240 10ml", "contrast 240 10 mL"],
    "needle-30g-05": ['30G x ½"', "30g 1/2", "needle 30 gauge 0.5 in", "30G 13mm"],
    "needle-27g-05": ["27g .5", "27 ga 1/2 inch needles"],
    "needle-27g-125": ["27g 1 1/4", '27g 1.25"', "27G x 1-1/4"],
    "needle-25g-1": ['25g 1" needle', "25G x 1"],
    "needle-25g-15": ["25g 1.5 needles", "25gx1.5", "needle 25 x 1.5", '1.5" 25g', "25G 1½"],
    "needle-22g-15": ["22g 1.5", '22G x 1 1/2" ndl'],
    "needle-21g-15": ["needle 21g 1.5"],
    "needle-18g-15": ["18g x 1.5"],
    "needle-18g-blunt": ["18g blunt fill", "blunt fill needle 18g 1.5", "18g blunt"],
    "needle-18g-filter": ["18g filter needle 5 µm", "filter needles 18g"],
    "needle-25g-1-safety": ['eclipse 25g 1"', "25g safety needle 1 in"],
    "spinal-22g-35": ["spinal ndl 22g 3.5", "22G 3 1/2 spinal"],
    "spinal-25g-35": ["25g spinal needle", "spinal 25 x 3.5"],
    "filament-030-40": ["dry needles 0.30 x 40mm", "filament .30x40"],
    "syringe-1": ["Syringe 1 mL", "1cc syr"],
    "syringe-3": ["3cc syringe", "3 cc syr", "syr 3ml LL"],
    "syringe-5": ["5 mL LL syringe", "5cc syr"],
    "syringe-10": ["10cc syringe", "syringes, 10 mL luer lock"],
    "syringe-20": ["20 ml syringe"],
    "epidural-tray": ["epi tray tuohy", "epidural trays", "epidural kit 18g"],
    "alcohol-pad": ["alcohol pads", "alcohol preps", "alcohol swabs", "alcohol prep pads"],
    "povidone-swab": ["betadine swabs", "povidone iodine swabsticks"],
    "chg-applicator": ["Chloraprep 3mL", "CHG applicators"],
    "glove-nitrile-m": ["Nitrile gloves med", "Gloves M", "nitrile exam gloves - medium"],
    "glove-nitrile-l": ["gloves lg", "Nitrile gloves large"],
    "glove-sterile-75": ["sterile gloves 7 1/2", "Gloves 7.5", "sterile glove sz 7½"],
    "gauze-2x2": ["gauze 2x2", "2x2s", "2 x 2 gauze sponges"],
    "bandage": ["bandaids", "bandages", "Band-Aids 1x3"],
    "us-gel": ["us gel pkts", "ultrasound gel packets"],
    "us-probe-cover": ["US probe covers", "probe cover"],
    "ethyl-chloride": ["ethyl chloride spray", "Ethyl Chloride 100ml"],
    "sharps-1qt": ["sharps container", "sharps container 1 qt"],
}  # fmt: skip

LAKESIDE_SPELLINGS = {
    "lido-1-50": ["lido 1% 50cc", "LIDOCAINE 1% MDV 50ML (PFIZER) 25/bx", "Lidocaine 1%"],
    "lido-1-epi-30": ["lidocaine 1% w/epi 30ml", "lido w epi 1:200,000"],
    "lido-1-epi-20": ["lido/epi 1% 1:100k 20 mL"],
    "sensorcaine-50": ["sensorcaine .5%"],
    "bupi-05-30": ["bupivacaine .5% plain 30ml", "bupi 0.5% 30"],
    "nesacaine-3": ["nesacaine 3% 20"],
    "ropi-1-20": ["ropivacaine 10 mg/ml"],
    "kenalog-10-5": ["kenalog 10"],
    "kenalog-40-10": ["kenalog-40"],
    "depo-80-1": ["depo 80"],
    "provera-1": ["depo 150", "Depo Provera"],
    "solu-125": ["solumedrol 125mg", "solu-medrol 125"],
    "toradol-1": ["toradol 30mg/ml"],
    "ketorolac-2": ["ketorolac 60 mg", "ketorolac 60mg/2ml"],
    "dexa-4-30": ["dex 4mg/ml 30ml"],
    "celestone-5": ["celestone 6mg/ml", "Celestone"],
    "saline-20": ["NS 20ml"],
    "saline-bact-30": ["bac saline 30 ml"],
    "water-10": ["SWFI 10 mL", "sterile water 10ml"],
    "xeomin-100": ["xeomin 100u"],
    "botox-200": ["botox 200"],
    "omnipaque-300": ["omnipaque 300"],
    "bicarb-50": ["bicarb 8.4% 50ml"],
    "epi-1": ["epi 1mg/ml amp", "epinephrine 1:1000 1 ml"],
    "needle-25": ['Needle, Hypo, 25g x 1-1/2"', "25g 1.5"],
    "needle-25-safety": ["25g 1 1/2 safety"],
    "spinal-25": ["25g whitacre 3.5in"],
    "butterfly-23": ["23g butterflies"],
    "catheter-20": ["IV cath 20g 1.25"],
    "syringe-3": ["3 ml syringe"],
    "syringe-3-needle": ['3ml syr w/ 25g 1" needle'],
    "syringe-10": ["10 cc LL", "Syringe, LL, 10cc"],
    "tuberculin": ["TB syringes 1cc 27g 1/2", "TB syringes"],
    "insulin": ["insulin syr 1cc"],
    "glove-s": ["gloves sm"],
    "glove-xl": ["nitrile gloves XL"],
    "glove-7": ["sterile gloves 7"],
    "gauze-4-sterile": ["4x4 sterile"],
    "gauze-4": ["4x4 non sterile gauze"],
    "gauze-2": ["2x2"],
    "povidone": ["betadine pads"],
    "chloraprep-10": ["Chloraprep 10.5"],
    "wrap": ['cohesive wrap 2"'],
    "mask": ["masks", "surgical masks level 2"],
    "tegaderm": ["tegaderm 4x4.75"],
    "pain-ease": ["pain ease"],
    "emesis": ["emesis bags"],
    "depressor": ["tongue depressors"],
}  # fmt: skip


def cases(spellings: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(name, sku) for sku, names in spellings.items() for name in names]


@pytest.mark.parametrize(("name", "sku"), cases(STARTER_SPELLINGS))
def test_what_people_write_leads_to_the_item(name: str, sku: str) -> None:
    assert starter().match(name).sku == sku


def test_every_item_of_the_starter_catalogue_has_a_spelling_here() -> None:
    assert set(STARTER_SPELLINGS) == set(starter().items)


@pytest.mark.parametrize(("name", "sku"), cases(LAKESIDE_SPELLINGS))
def test_it_does_so_in_another_catalogue_too(name: str, sku: str) -> None:
    assert lakeside().match(name).sku == sku


@pytest.mark.parametrize("matcher", [starter(), lakeside()], ids=["starter", "lakeside"])
def test_the_catalogues_own_names_skus_and_codes_match_at_once(matcher: Matcher) -> None:
    for item in matcher.items.values():
        for text in (item.name, item.name.upper(), f" {item.sku} ", *item.codes):
            match = matcher.match(text)
            assert (match.certainty, match.sku) == (Certainty.EXACT, item.sku), text


@pytest.mark.parametrize("matcher", [starter(), lakeside()], ids=["starter", "lakeside"])
def test_a_name_read_word_by_word_never_leads_to_another_item(matcher: Matcher) -> None:
    for item in matcher.items.values():
        # The code column is a way around the exact name: this one has to be read.
        assert matcher.match(f"{item.name} ea").sku in {item.sku, None}


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("lidocaine 1% 20ml", "lido-2-20"),
        ("lidocaine 1% 20ml", "xylo-1-20"),
        ("lidocaine 2% 20ml", "lido-2-epi-20"),
        ("lidocaine 2% w/ epi 20ml", "lido-2-20"),
        ("lidocaine 1% w/ epi 20ml", "lido-1-20"),
        ("lidocaine PF 1% 20 mL", "lido-1-20"),
        ("lidocaine 1% 50ml", "lido-1-20"),
        ("lidocaine 4% 20ml", "lido-1-20"),
        ("lidocaine 2% jelly 20 mL", "lido-2-20"),
        ("lidocaine 5% patch", "lido-1-20"),
        ("lidocaine 1% 5ml vial", "lido-1-pf-5-amp"),
        ("bupivacaine .5% 30ml", "marcaine-025-30"),
        ("bupivacaine .25% 30ml", "bupi-025-10"),
        ("ropivacaine 0.5% 20ml", "ropi-02-20"),
        ("kenalog 10 1ml", "kenalog-40-1"),
        ("kenalog 40 1ml", "triam-40-1"),
        ("kenalog 40 2ml", "kenalog-40-1"),
        ("depo 40 5ml", "depo-80-5"),
        ("dexamethasone 10mg/ml", "dexa-4-1"),
        ("dexamethasone 4mg/ml 30 mL", "dexa-4-1"),
        ("solu-medrol 40 mg/mL 1 mL", "mpa-40-1"),
        ("saline 30ml", "saline-pf-10"),
        ("bact saline 10ml", "saline-pf-10"),
        ("bacteriostatic water 30ml", "saline-bact-30"),
        ("botox 200u", "botox-100"),
        ("xeomin 100u", "botox-100"),
        ("omnipaque 300 10ml", "contrast-240-10"),
        ("27g 1.5", "needle-27g-125"),
        ("23g 1.5", "needle-22g-15"),
        ("25g 1", "needle-25g-1-safety"),
        ("safety 25g 1.5", "needle-25g-15"),
        ("18g filter", "needle-18g-blunt"),
        ("18g blunt fill", "needle-18g-15"),
        ("22g spinal 5 in", "spinal-22g-35"),
        ("60cc syringe", "syringe-20"),
        ("insulin syringe 1 mL", "syringe-1"),
        ("gloves small", "glove-nitrile-m"),
        ("sterile gloves 8", "glove-sterile-75"),
        ("latex gloves M", "glove-nitrile-m"),
        ("gauze 4x4", "gauze-2x2"),
        ("sterile gauze 2x2", "gauze-2x2"),
        ("alcohol 70% bottle", "alcohol-pad"),
        ("chlorhexidine 10.5 mL applicator", "chg-applicator"),
        ("sharps container 5 qt", "sharps-1qt"),
    ],
)
def test_what_is_another_product_is_never_taken_for_it(name: str, wrong: str) -> None:
    assert starter().match(name).sku != wrong


@pytest.mark.parametrize(
    ("name", "skus"),
    [
        ("Lidocaine 1%", ["lido-1-20", "lido-1-pf-2", "lido-1-pf-5-amp", "xylo-1-20"]),
        ("gloves", ["glove-nitrile-m", "glove-nitrile-l", "glove-sterile-75"]),
        ("18g draw up", ["needle-18g-15", "needle-18g-blunt", "needle-18g-filter"]),
        ("mpa 40", ["mpa-40-1", "mpa-40-10", "depo-40-1"]),
        ("Celestone Soluspan 5ml", ["beta-6-5"]),
        ("ropi .5% 20ml", ["naropin-05-20"]),
        ("bupi .25% 30ml", ["marcaine-025-30"]),
        ("mepi 1% 30ml", ["carbocaine-1-30"]),
        ("saline 30ml", ["saline-bact-30"]),
        ("omnipaque 240", ["contrast-240-10"]),
        ("Lidocaine 1% 20 mL zorp", ["lido-1-20", "xylo-1-20"]),
    ],
)
def test_what_may_be_several_is_left_to_a_person(name: str, skus: list[str]) -> None:
    match = starter().match(name)

    assert match.certainty == Certainty.SEVERAL
    assert list(match.skus) == skus


@pytest.mark.parametrize(
    "name",
    ["Ketorolac 30 mg/mL vial", "Toner cartridge HP 58A", "coffee", "ketamine", "prednisone",
     '=HYPERLINK("http://192.0.2.7/x","Gauze 2x2")', "", "-", "123", "☃"],
)  # fmt: skip
def test_what_the_catalogue_lacks_is_no_match(name: str) -> None:
    assert starter().match(name).certainty == Certainty.NONE


def test_items_of_that_name_are_shown_where_the_strength_is_another() -> None:
    match = starter().match("Dexamethasone 8 mg/mL 1 mL")

    assert match.near == ("dexa-4-1", "dexa-10-pf-1")


def test_a_brand_is_named_in_the_doubt() -> None:
    doubt = starter().match("Celestone Soluspan 5ml").doubt

    assert "Celestone is a brand of betamethasone" in doubt


def test_a_slip_of_the_finger_is_told() -> None:
    assert starter().match("kenolog 40 1ml").note == "Read “kenolog” as kenalog."


@pytest.mark.parametrize(
    ("code", "sku"),
    [
        ("23155-940-31", "lido-1-20"),
        ("2315594031", "lido-1-20"),
        ("23155094031", "lido-1-20"),
        ("323155940312", "lido-1-20"),
        ("00323155940312", "lido-1-20"),
        ("NDC 23155-940-31", "lido-1-20"),
    ],
)
def test_a_code_is_known_however_excel_and_bills_write_it(code: str, sku: str) -> None:
    assert starter().match("", code).sku == sku
    assert starter().match(code).sku == sku


def test_a_code_of_one_item_beside_the_name_of_another_is_left_to_a_person() -> None:
    match = starter().match("Kenalog 40 1 mL", "23155-940-31")

    assert match.certainty == Certainty.SEVERAL
    assert set(match.skus) == {"lido-1-20", "kenalog-40-1"}


def test_a_name_that_was_decided_before_is_remembered() -> None:
    items = tuple(
        replace(item, known_names=("the pink stuff",)) if item.sku == "povidone-swab" else item
        for item in starter_catalogue().items
    )

    assert Matcher(Catalogue(items)).match("The pink  stuff").sku == "povidone-swab"


FACTS = ["1%", "2%", "20 mL", "5 ml", "MDV", "SDV", "amp", "PF", "w/ epi", "vial", "25g", "22g",
         '1.5"', "needle", "syringe", "gloves", "size M", "large", "2x2", "sterile", "blunt",
         "filter", "40", "40 mg/mL", "safety", "spinal", "zorp", "(Hospira)"]  # fmt: skip
BEGINNINGS = ["lidocaine", "kenalog", "depo", "saline", "needle", "25g", "gloves", "gauze", "mpa"]


@given(st.sampled_from(BEGINNINGS), st.lists(st.sampled_from(FACTS), max_size=4))
def test_what_more_is_said_never_widens_what_may_be_meant(begin: str, facts: list[str]) -> None:
    name = begin
    before = set(starter().fits(name))
    for fact in facts:
        name = f"{name} {fact}"
        now = set(starter().fits(name))
        assert now <= before, name
        before = now


@given(st.text(max_size=60))
def test_any_name_is_read(name: str) -> None:
    assert starter().match(name).certainty in set(Certainty)
