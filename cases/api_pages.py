"""How lists of the API are cut into pages. Filters and ordering belong to the views."""

from rest_framework.pagination import CursorPagination


class CursorPages(CursorPagination):
    """Pages by key, newest first unless the view orders otherwise; `?page_size=` up to 100."""

    ordering = "-id"
    page_size_query_param = "page_size"
    max_page_size = 100
