"""What all pages of the case room share: posted fields as data, refusals as pages, lists as files."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import wraps
from typing import Any
from uuid import uuid4

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header

from cases import access, sheets
from cases.errors import DomainError, NotFound, Refused
from cases.forms import TableField

CONTROL = {"csrfmiddlewaretoken", "key", "version", "add", "next", "seen", "seen_event"}
View = Callable[..., HttpResponseBase]


def address(request: HttpRequest) -> str:
    """The caller's address, as config.proxy has put it."""
    return str(request.META.get("REMOTE_ADDR", ""))[:45]


def new_key() -> str:
    """A fresh idempotency key for a form."""
    return uuid4().hex


def key_of(request: HttpRequest) -> str:
    """The key the form was sent with; a form without one is sent once."""
    return request.POST.get("key", "")[:64] or new_key()


def posted(
    request: HttpRequest, form_class: type[forms.Form], *, keep: Collection[str] = ()
) -> dict[str, Any]:
    """What the page sent, as the API would send it: rows of tables as lists, several choices as lists.

    A row of which only preset choices came back was never filled in and is left out, but in the tables of `keep`.
    """
    fields = form_class.base_fields
    tables = [name for name, field in fields.items() if isinstance(field, TableField)]
    data: dict[str, Any] = {}
    for name in request.POST:
        if (
            name in CONTROL
            or any(name.startswith(f"{table}-") for table in tables)
            or name.endswith("__upload")
        ):
            continue
        field = fields.get(name)
        several = field is not None and getattr(field.widget, "allow_multiple_selected", False)
        data[name] = request.POST.getlist(name) if several else request.POST[name]
    for name in tables:
        rows = fields[name].widget.value_from_datadict(request.POST, request.FILES, name)
        data[name] = rows if name in keep else [row for row in rows if _filled(fields[name], row)]
    return data


def _filled(table: Any, row: Mapping[str, Any]) -> bool:
    preset = [  # a person or a row of the case is chosen, never preset; so is what began as an empty choice
        key
        for key, column in table.columns.items()
        if isinstance(column, forms.ChoiceField)
        and not isinstance(column, forms.ModelChoiceField)
        and not any(value == "" for value, _label in column.choices)
    ]
    open_columns = [key for key in table.columns if key not in preset]
    return any(row.get(key) not in (None, "", False) for key in open_columns or table.columns)


def refusals(view: View) -> View:
    """A refusal of the door as a page: 404 alike for foreign and missing, else the reason and what to do."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except NotFound as error:
            raise Http404 from error
        except DomainError as error:
            template = "errors/403.html" if isinstance(error, Refused) else "errors/409.html"
            context = {"detail": error.message, "code": error.code}
            return render(request, template, context, status=error.status)

    return answered


def sheet(
    request: HttpRequest, title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> HttpResponse:
    """A list as a file; logged before it leaves."""
    route = request.resolver_match.view_name if request.resolver_match else ""
    access.log_export(request.user, f"list/{route}", rows=len(rows), address=address(request))
    name = f"{title}-{timezone.localdate():%Y%m%d}.xlsx"
    return HttpResponse(
        sheets.workbook(title, columns, rows),
        content_type=sheets.TYPE,
        headers={"Content-Disposition": content_disposition_header(True, name)},
    )


def wants_sheet(request: HttpRequest) -> bool:
    """Was the list asked for as a file?"""
    return request.GET.get("download") == "xlsx"


def query(request: HttpRequest, **changes: str) -> str:
    """The page's address with some of its filters changed; "" takes one away."""
    kept = request.GET.copy()
    for name, value in changes.items():
        kept.pop(name, None)
        if value:
            kept[name] = value
    return f"?{kept.urlencode()}" if kept else "?"


def messages_of(error: DomainError, form: forms.Form) -> None:
    """Put a refusal on a form: by field where the form has it, else on the form as a whole."""
    form.is_valid()
    said: Mapping[str, list[str]] = error.fields or {}
    known = {name: texts for name, texts in said.items() if name in form.fields}
    for name, texts in known.items():
        for text in texts:
            if text not in form.errors.get(name, []):
                form.add_error(name, text)
    others = [text for name, texts in said.items() if name not in form.fields for text in texts]
    for text in others or ([] if known else [str(error.message)]):
        if text not in form.non_field_errors():
            form.add_error(None, text)
