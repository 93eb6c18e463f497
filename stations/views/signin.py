"""Signing in and out: password, second factor, change of password. What one may do afterwards is policy."""

from typing import Any

import segno
from django.conf import settings
from django.contrib.auth import login as sign_in
from django.contrib.auth import logout as sign_out
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django_otp import login as verify
from django_otp.plugins.otp_totp.models import TOTPDevice

from stations import journal
from stations.models import User, normal_username
from stations.signin_forms import ChangePasswordForm, CodeForm, LoginForm


def address(request: HttpRequest) -> str:
    """The caller's address, as config.proxy has put it."""
    return request.META.get("REMOTE_ADDR", "")[:45]


def onward(request: HttpRequest) -> str:
    """Where to go after signing in: a page of this house, or home."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe and wanted.startswith("/") else settings.LOGIN_REDIRECT_URL


@never_cache
@sensitive_post_parameters("password")
def login(request: HttpRequest) -> HttpResponse:
    """User name and password. A new session begins; the second factor follows if the house asks for one."""
    if request.method != "POST":
        return render(
            request, "registration/login.html", {"form": LoginForm(request), "next": onward(request)}
        )
    form = LoginForm(request, data=request.POST)
    if form.is_valid():
        sign_in(request, form.get_user())
        request.session.pop("began_at", None)
        request.session.pop("seen_at", None)
        journal.write(form.get_user(), "sign_in", "session", "done", address=address(request))
        return redirect(onward(request))
    locked = getattr(request, "axes_locked_out", False)
    if locked:
        make_password("the time of one hash")  # a locked name answers no faster than a wrong password
    tried = User.objects.filter(username=normal_username(request.POST.get("username", ""))).first()
    subject = f"user:{tried.pk}" if tried else "user:unknown"  # never what was typed: it may be a password
    journal.write(tried, "sign_in", subject, "locked" if locked else "refused", address=address(request))
    return render(request, "registration/login.html", {"form": form, "next": onward(request)})


def locked_out(request: HttpRequest, response: HttpResponse, credentials: Any) -> HttpResponse:
    """A locked name gets the answer of a wrong password (AXES_LOCKOUT_CALLABLE)."""
    return response


def logout(request: HttpRequest) -> HttpResponse:
    """End the session on the server and what the browser kept."""
    journal.write(request.user, "sign_out", "session", "done", address=address(request))
    sign_out(request)
    response = redirect(settings.LOGOUT_REDIRECT_URL)
    response["Clear-Site-Data"] = '"cookies", "storage"'
    return response


@never_cache
@sensitive_post_parameters("code")
def second_factor(request: HttpRequest) -> HttpResponse:
    """Enrol a time-based code once, then ask for it at each sign-in. A code works once."""
    if not settings.SECOND_FACTOR or request.user.is_verified():  # type: ignore[union-attr]
        return redirect(onward(request))
    device = TOTPDevice.objects.filter(user=request.user, confirmed=True).first()
    enrolling = device is None
    if device is None:
        device, _new = TOTPDevice.objects.get_or_create(user=request.user, confirmed=False, name="staff")
    form = CodeForm(request.POST or None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        if device.verify_token(form.cleaned_data["code"]):
            if enrolling:
                device.confirmed = True
                device.save(update_fields=["confirmed"])
            request.session.cycle_key()
            verify(request, device)
            journal.write(request.user, "second_factor", "session", "done", address=address(request))
            return redirect(onward(request))
        journal.write(request.user, "second_factor", "session", "refused", address=address(request))
        form.add_error("code", _("验证码不正确或已使用，请等待下一个验证码后再试；多次输错需等待更长时间。"))
    context: dict[str, Any] = {"form": form, "next": onward(request)}
    if enrolling:
        drawn = segno.make(device.config_url).svg_inline(scale=4, border=2, omitsize=True)
        context["setup"] = {"qr": mark_safe(drawn), "secret": _secret(device)}  # noqa: S308  drawn by segno
    return render(request, "registration/otp.html", context)


def _secret(device: TOTPDevice) -> str:
    return device.config_url.split("secret=")[1].split("&")[0]


@never_cache
@sensitive_post_parameters()
def password_change(request: HttpRequest) -> HttpResponse:
    """A new password. This session stays, all others and all API tokens of the user end."""
    form = ChangePasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = form.save(commit=False)
        user.password_changed_at = timezone.now()
        user.save(update_fields=["password", "password_changed_at"])
        user.tokens.filter(revoked_at__isnull=True).update(revoked_at=timezone.now())
        update_session_auth_hash(request, user)
        journal.write(user, "password", f"user:{user.pk}", "done", address=address(request))
        return render(request, "registration/password_done.html")
    return render(request, "registration/password.html", {"form": form})
