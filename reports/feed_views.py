"""数据接口令牌: who outside reads figures, made and withdrawn by the security officer. A token's text is shown once."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from cases.views.pages import address, refusals, sheet, wants_sheet
from reports import splits
from reports.feeding.composing import NESTED
from reports.indicators import REGISTRY
from stations import journal

from .models import FeedToken

LONGEST = 366  # days
COLUMNS = [
    "接收单位（系统）",
    "批准文件",
    "可读指标",
    "可读分组",
    "期间长度",
    "签发人",
    "签发日期",
    "有效期至",
    "最近使用",
    "状态",
]


class FeedTokenForm(forms.Form):
    """For whom, by what document, what may be read, until when."""

    receiver = forms.CharField(label=gettext_lazy("接收单位（系统）"), max_length=80)
    document = forms.CharField(
        label=gettext_lazy("批准文件"), max_length=120, help_text=gettext_lazy("文号和名称。")
    )
    codes = forms.MultipleChoiceField(
        label=gettext_lazy("可读指标"), widget=forms.CheckboxSelectMultiple,
        choices=[(code, one.name) for code, one in REGISTRY.items()],
    )  # fmt: skip
    splits = forms.MultipleChoiceField(
        label=gettext_lazy("可读分组"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(name, label) for name, label in splits.SPLITS.items()],
        help_text=gettext_lazy("不选则只有合计；工作站和区域只能选一项。"),
    )  # fmt: skip
    grain = forms.ChoiceField(
        label=gettext_lazy("期间长度"), choices=FeedToken.Grain.choices,
        help_text=gettext_lazy("只能读取一种长度，避免以期间之差推算小数。"),
    )  # fmt: skip
    expires_on = forms.DateField(
        label=gettext_lazy("有效期至（含当日）"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any):
        self.today = today
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def clean_receiver(self) -> str:
        receiver = " ".join(self.cleaned_data["receiver"].split())
        if FeedToken.objects.filter(receiver=receiver, revoked_at__isnull=True).exists():
            raise ValidationError(_("该接收单位已有未停用的令牌，请先停用原令牌。"), code="twice")
        return receiver

    def clean_splits(self) -> list[str]:
        if NESTED <= set(self.cleaned_data["splits"]):
            raise ValidationError(
                _("工作站和区域只能选一项：区域数减去工作站数会显示被隐去的数。"), code="nested"
            )
        return list(self.cleaned_data["splits"])

    def clean_expires_on(self) -> date:
        day: date = self.cleaned_data["expires_on"]
        if not self.today <= day <= self.today + timedelta(days=LONGEST):
            raise ValidationError(_("有效期应在今天起一年以内。"), code="too_long")
        return day


@refusals
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """Every token with its scope and last use; a new one is shown on the answer and nowhere again."""
    now = timezone.now()
    form = FeedTokenForm(request.POST or None, today=timezone.localdate(now))
    text = _make(request, form) if request.method == "POST" and form.is_valid() else ""
    rows = [_line(row, now) for row in FeedToken.objects.select_related("made_by", "revoked_by")]
    if wants_sheet(request):
        return sheet(request, str(_("数据接口令牌")), COLUMNS, [_cells(line) for line in rows])
    if text:
        form = FeedTokenForm(today=timezone.localdate(now))
    context = {"rows": rows, "form": form, "text": text, "feed": request.build_absolute_uri("/api/v1/feed/")}
    return render(request, "reports/feed_tokens.html", context, status=400 if form.errors else 200)


def _make(request: HttpRequest, form: FeedTokenForm) -> str:
    said = dict(form.cleaned_data)
    last = said.pop("expires_on")
    ends = timezone.make_aware(datetime.combine(last + timedelta(days=1), time.min))
    try:
        with transaction.atomic():
            made, text = FeedToken.issue(**said, expires_at=ends, made_by=request.user)
    except IntegrityError:  # somebody made one for the same receiver at this moment
        form.add_error("receiver", _("该接收单位已有未停用的令牌，请先停用原令牌。"))
        return ""
    journal.write(
        request.user,
        "feed_token",
        f"feed_token:{made.pk}",
        "given",
        address=address(request),
        reason=made.document,
    )
    return text


def _line(row: FeedToken, now: datetime) -> dict[str, Any]:
    state = _("已停用") if row.revoked_at else _("有效") if row.holds(now) else _("已过期")
    last = timezone.localdate(row.expires_at - timedelta(seconds=1))
    return {
        "row": row, "state": state, "holds": row.holds(now), "ends": last,
        "codes": [str(REGISTRY[code].name) for code in row.may_read() if code in REGISTRY],
        "splits": [str(splits.SPLITS[name]) for name in row.may_split() if name in splits.SPLITS],
    }  # fmt: skip


def _cells(line: dict[str, Any]) -> list[Any]:
    row = line["row"]
    return [
        row.receiver, row.document, "、".join(line["codes"]), "、".join(line["splits"]), row.get_grain_display(),
        str(row.made_by), timezone.localdate(row.made_at), line["ends"], row.used_at, line["state"],
    ]  # fmt: skip


@refusals
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a token: the next request with it is refused."""
    found = FeedToken.objects.filter(pk=pk)
    if not found.exists():
        raise Http404
    if found.filter(revoked_at__isnull=True).update(revoked_at=timezone.now(), revoked_by=request.user):
        journal.write(request.user, "feed_token", f"feed_token:{pk}", "revoked", address=address(request))
        messages.success(request, _("令牌已停用，立即生效。"))
    return redirect("feed_tokens")
