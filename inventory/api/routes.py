"""The API: every address below /api/v1/."""

from ninja import NinjaAPI

from inventory.api import advice, procedures, refusals, setup, stock, traces
from inventory.api.bodies import ExactParser

api = NinjaAPI(
    title="Vialkeeper",
    version="1",
    description="Stock of a clinic that gives injections. Every quantity is in the item's unit.",
    urls_namespace="api-v1",
    parser=ExactParser(),
)
refusals.install(api)
for part in (setup, stock, traces, procedures, advice):
    api.add_router("", part.router)
