"""Every report there is, in the order of the page that lists them."""

from inventory.reports.outlook import OUTLOOK
from inventory.reports.procedure_cost import PROCEDURE_COST
from inventory.reports.stock_value import STOCK_VALUE
from inventory.reports.suppliers import SUPPLIERS
from inventory.reports.usage import USAGE
from inventory.reports.waste import WASTE

REPORTS = (USAGE, PROCEDURE_COST, WASTE, OUTLOOK, STOCK_VALUE, SUPPLIERS)
BY_CODE = {report.code: report for report in REPORTS}
