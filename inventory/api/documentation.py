"""The OpenAPI document: what ninja knows of the calls, and what they have in common."""

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from inventory.api.problems import CONTENT_TYPE

ABOUT = """\
Stock of a clinic that gives injections.

Every quantity is in the item's unit, and a decimal string: two sealed vials of 20 mL are "40".
Send `Authorization: Bearer TOKEN`. Days are `YYYY-MM-DD`, times ISO 8601 with their offset.
Every error is a problem document (RFC 9457)."""

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence for a person."},
        "errors": {
            "type": "array",
            "description": "422: what is wrong with which field.",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
        "shortages": {
            "type": "array",
            "description": "409: what there is too little of.",
            "items": {
                "type": "object",
                "required": ["item", "wanted", "available", "elsewhere"],
                "properties": {
                    "item": {"type": "string"},
                    "wanted": {"type": "string"},
                    "available": {"type": "string"},
                    "elsewhere": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["location", "quantity"],
                            "properties": {
                                "location": {"type": "string"},
                                "quantity": {"type": "string"},
                            },
                        },
                    },
                },
            },
        },
    },
}
REFUSED = {
    "description": "Refused; nothing has changed.",
    "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


class DocumentedAPI(NinjaAPI):
    """An API whose every call is documented with its first sentence and its error answers."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**options)
        schema["components"]["schemas"]["Problem"] = PROBLEM
        for methods in schema["paths"].values():
            for operation in methods.values():
                operation["summary"] = operation["description"].partition(".")[0].partition(":")[0]
                operation["responses"]["4XX"] = REFUSED
        return schema
