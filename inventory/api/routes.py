"""The API: every address below /api/v1/."""

from ninja import NinjaAPI

from inventory.api import refusals, setup
from inventory.api.bodies import ExactParser

api = NinjaAPI(
    title="Vialkeeper",
    version="1",
    description="Stock of a clinic that gives injections. Every quantity is in the item's unit.",
    urls_namespace="api-v1",
    parser=ExactParser(),
)
refusals.install(api)
api.add_router("", setup.router)
