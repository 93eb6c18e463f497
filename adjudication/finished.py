"""Finished pages answered before anything that knows of sessions, routes or people: nearly as fast as a plain file.

Only what is public now: everything else about these addresses (410, a joined number, unknown) is the view's, by the route
that policy.toml declares.
"""

import re
from collections.abc import Callable

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from .models.public import PublicPage, PublishedRuling
from .public_views import answer_page

ADDRESS = re.compile(r"/rulings/\d{4}/\d{1,9}(?:/|\.pdf|\.json)")
SQL = (
    f"SELECT page.content, page.content_type, page.digest, text.unindexed FROM {PublicPage._meta.db_table} page "  # noqa: S608
    f"JOIN {PublishedRuling._meta.db_table} text ON text.id = page.published_id "
    "WHERE page.path = %s AND page.valid_from <= %s AND page.moved_to = '' AND text.state = 'live' "
    "ORDER BY page.valid_from DESC LIMIT 1"
)


class FinishedPages:
    """Stands inside the policy's middleware, which looks at every public answer once more."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in ("GET", "HEAD") and ADDRESS.fullmatch(request.path_info):
            request.get_host()  # a forged one is refused here as everywhere
            with connection.cursor() as cursor:
                cursor.execute(SQL, [request.path_info, timezone.localdate()])
                found = cursor.fetchone()
            if found is not None:
                request.is_public = True  # type: ignore[attr-defined]
                return answer_page(request, *found)
        return self.get_response(request)
