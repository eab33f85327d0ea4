"""The API: every address below /api/v1/."""

from ninja import NinjaAPI

api = NinjaAPI(title="Vialkeeper", version="1", urls_namespace="api-v1")
