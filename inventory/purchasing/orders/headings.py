"""What the columns of an order's workbook are called, and what may stand in them. Pure.

A workbook that comes back is read by the same words that it was written with.
"""

from decimal import Decimal

NUMBER_LABEL = "Order number"
"""What the cell is called that the order's number stands beside."""
TOTAL = "Total"

LINE, SKU = "Line", "SKU"
PACKS, PACK_SIZE, PACK_PRICE = "Packs", "Pack size", "Pack price"
CONFIRMED_PACKS, CONFIRMED_PRICE = "Confirmed packs", "Confirmed price"
AVAILABILITY, ARRIVES_ON, REMARK = "Availability", "Arrives on", "Remark"
COST, CONFIRMED_COST = "Cost", "Confirmed cost"
PACKS_CHANGE, COST_CHANGE = "Change in packs", "Change in cost"

FILLED_IN = (CONFIRMED_PACKS, CONFIRMED_PRICE, AVAILABILITY, ARRIVES_ON, REMARK)

IN_STOCK, DISCONTINUED = "in stock", "discontinued"
AVAILABILITIES = (IN_STOCK, "back order", DISCONTINUED, "substitute")

MOST_PACKS = 100_000
MOST_MONEY = Decimal(999_999_999)
LONGEST_REMARK = 300

A_PACK_COUNT = f"a whole number of packs from 0 to {MOST_PACKS:,}"
A_PRICE = "the price of one pack, from 0, to the cent, as in 12.50"
