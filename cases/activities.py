"""Entering and correcting activities: the form, who may, and how a row is kept. What is counted: cases/models/activity.py."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from stations import changes, policy
from stations.models import Body, Enterprise, Person, Station
from stations.register_forms import RowForm

from . import photos
from .models import Activity, ActivityPhoto, Participant

PHOTOS = 6  # at a time
FOR_KINDS = {
    Activity.Kind.ENFORCEMENT: ("departments",),
    Activity.Kind.VISIT: ("enterprise",),
}


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several pictures at once."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if len(given) > PHOTOS:
            raise ValidationError(
                _("一次最多添加 %(n)d 张照片，请分次添加。") % {"n": PHOTOS}, code="too_many"
            )
        return [super(PhotosField, self).clean(one) for one in given]


class ActivityForm(RowForm):
    """One activity. Who organises it is offered only where the person may enter it."""

    people = forms.ModelMultipleChoiceField(
        Person.objects.filter(appointments__isnull=False).distinct(), label=_("参加人员"), required=False
    )
    enterprises = forms.ModelMultipleChoiceField(
        Enterprise.objects.all(), label=_("参加企业"), required=False
    )
    units = forms.CharField(
        label=_("其他参加单位"), max_length=500, required=False, help_text=_("以顿号分隔，不写个人姓名")
    )
    photos = PhotosField(
        label=_("照片"), required=False,
        widget=FilesInput(attrs={"accept": "image/jpeg,image/png", "multiple": True}),
        help_text=_("上传后自动缩小，并去除拍摄地点等信息。"),
    )  # fmt: skip
    keeps_place = forms.BooleanField(label=_("保留照片的拍摄地点"), required=False)

    class Meta:
        model = Activity
        fields = (
            "kind", "title", "begins_on", "ends_on", "place", "station", "body", "organiser", "attendance", "regions",
            "departments", "enterprise", "need", "answer", "outputs", "decisions", "result", "case_numbers", "campaign",
        )  # fmt: skip

    def __init__(self, *args: Any, by: Any, today: date, **kwargs: Any):
        self.by = by
        super().__init__(*args, today=today, **kwargs)
        for name in ("need", "answer", "outputs", "decisions", "result"):
            self.fields[name].widget.attrs["rows"] = 2
        stations, bodies, anywhere = places_of(by, today)
        self.own_only = not anywhere
        if self.own_only:
            self.fields["station"].queryset = Station.objects.filter(pk__in=stations)  # type: ignore[attr-defined]
            self.fields["body"].queryset = Body.objects.filter(pk__in=bodies)  # type: ignore[attr-defined]
            if not self.instance.pk and len(stations) == 1 and not bodies:
                self.fields["station"].initial = stations[0]
        if self.instance.pk:
            took = list(self.instance.participants.all())
            self.fields["people"].initial = [one.person_id for one in took if one.person_id]
            self.fields["enterprises"].initial = [one.enterprise_id for one in took if one.enterprise_id]
            self.fields["units"].initial = "、".join(one.unit for one in took if one.unit)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("begins_on") and data["begins_on"] > self.today:
            text = _("活动尚未举行，请在开始之后登记。")
            self.add_error("begins_on", ValidationError(text, code="future"))
        if self.own_only and not (data.get("station") or data.get("body")):
            text = _("请选择主办的工作站或者单位。")
            self.add_error("station", ValidationError(text, code="required"))
        for name in FOR_KINDS.get(Activity.Kind(data["kind"]) if data.get("kind") else None, ()):  # type: ignore[call-overload]
            if not data.get(name):
                self.add_error(name, ValidationError(_("此类活动须填写本项。"), code="required"))
        return data

    def clean_photos(self) -> list[Any]:
        """Each is tested, shrunk and stored before anything is written about it."""
        keeps = bool(self.data.get("keeps_place"))
        kept = []
        for one in self.cleaned_data["photos"]:
            try:
                kept.append(photos.keep(one.name, one, keeps_place=keeps))
            except photos.UploadRefused as refused:
                raise ValidationError(f"{one.name}：{refused.message}", code="upload") from refused
        return kept

    def keep(self) -> bool:
        """The row, who took part, the pictures: all or nothing."""
        with transaction.atomic():
            if not self.instance.pk:
                self.instance.entered_by = self.by
                self.instance.known_on = self.today
            if not super().keep():
                return False
            row, data = self.instance, self.cleaned_data
            row.participants.all().delete()
            Participant.objects.bulk_create([
                *(Participant(activity=row, person=one) for one in data["people"]),
                *(Participant(activity=row, enterprise=one) for one in data["enterprises"]),
                *(Participant(activity=row, unit=one.strip()[:120]) for one in data["units"].split("、") if one.strip()),
            ])  # fmt: skip
            for stored in data["photos"]:
                ActivityPhoto.objects.create(
                    activity=row, file=stored, keeps_place=data["keeps_place"], by=self.by
                )
        return True


def places_of(user: Any, today: date) -> tuple[list[int], list[int], bool]:
    """For which stations and bodies this person enters activities; True: for any."""
    held = policy.standing(user, today)
    staff = policy.policy().groups["station_staff"]
    allowed = (policy.route_methods("activity_new") or {}).get("POST", frozenset())
    stations = sorted({pk for role in staff for pk in held.stations(role)})
    bodies = sorted({pk for role in allowed for pk in held.bodies(role)})
    anywhere = bool(policy.route_answer("station_edit", "POST", held))
    return stations, bodies, anywhere


def may_edit(user: Any, row: Activity, today: date) -> bool:
    """Those of the organising station or body, or the district; nobody edits a cancelled one."""
    if row.cancelled_on is not None:
        return False
    stations, bodies, anywhere = places_of(user, today)
    return anywhere or row.station_id in stations or row.body_id in bodies


def cancel(row: Activity, because: str, today: date) -> bool:
    """The activity counts no more from today on; the row stays with the reason. False if it was cancelled already."""
    with transaction.atomic():
        open_ = Activity.objects.filter(pk=row.pk, cancelled_on__isnull=True)
        done = open_.update(cancelled_on=today, cancelled_because=because, revision=row.revision + 1)
        if done:
            changes.say()
    return bool(done)


def found(said: Any) -> QuerySet[Activity]:
    """The activities the filters of the list ask for."""
    rows = Activity.objects.select_related("station", "body", "enterprise")
    if said.get("kind") in Activity.Kind.values:
        rows = rows.filter(kind=said["kind"])
    if (year := said.get("year", "")).isdecimal() and 2000 <= int(year[:6]) <= 2100:
        rows = rows.filter(begins_on__year=int(year))
    if said.get("station", "").isdecimal():
        rows = rows.filter(station=int(said["station"][:9]))
    if campaign := said.get("campaign", "").strip()[:60]:
        rows = rows.filter(campaign__icontains=campaign)
    return rows.order_by("-begins_on", "-pk")
