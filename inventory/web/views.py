"""Pages that belong to no feature."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse

from inventory.web.roles import public


@public
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer "ok" when the database answers, else 503, for whoever watches the server."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("The database does not answer.", status=503, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")
