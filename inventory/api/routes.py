"""The API: every address below /api/v1/."""

from inventory.api import advice, imports, procedures, refusals, scans, setup, stock, traces
from inventory.api.bodies import ExactParser
from inventory.api.documentation import ABOUT, DocumentedAPI

api = DocumentedAPI(
    title="Vialkeeper",
    version="1",
    description=ABOUT,
    urls_namespace="api-v1",
    parser=ExactParser(),
)
refusals.install(api)
for part in (setup, stock, traces, scans, procedures, imports, advice):
    api.add_router("", part.router)
