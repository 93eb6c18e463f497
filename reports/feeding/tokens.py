"""Signing in to the feed: a receiver outside by its token, people of the house by theirs or by their session.

A token that is wrong, over or withdrawn is answered alike, by the same queries; guessing holds the guesser off.
"""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from cases.limiting import Limit, network
from reports.models import FeedToken
from stations.api_permissions import PolicyPermission
from stations.models import Token
from stations.tokens import TokenAuthentication

GUESSES = Limit("feed_guess", 20, 600)  # wrong tokens from one address in ten minutes
READS = Limit("feed_read", 60, 60)  # answers to one receiver in a minute
NOTED = timedelta(minutes=1)  # the last use is kept to the minute


class FeedAuthentication(TokenAuthentication):
    """`Authorization: Bearer <token>`, of a receiver or of a user; a token in the address is not looked at."""

    def authenticate(self, request: Request) -> tuple[Any, FeedToken | Token] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"bearer":
            return None
        who = network(request.META.get("REMOTE_ADDR", ""))
        if not GUESSES.take(who):
            raise Throttled(GUESSES.seconds)
        now = timezone.now()
        given = words[1].decode("ascii", "replace") if len(words) == 2 else ""
        token = FeedToken.objects.filter(digest=FeedToken.digest_of(given)).first()
        if token is not None and token.holds(now):
            GUESSES.give_back(who)
            if token.used_at is None or now - token.used_at >= NOTED:
                FeedToken.objects.filter(pk=token.pk).update(used_at=now)
            return AnonymousUser(), token
        user = Token.objects.select_related("user").filter(digest=Token.digest_of(given)).first()
        if user is not None and user.revoked_at is None and now < user.expires_at and user.user.is_active:
            GUESSES.give_back(who)
            return user.user, user
        raise AuthenticationFailed("令牌无效或已过期，请重新申请。")


class FeedScheme(OpenApiAuthenticationExtension):
    target_class = "reports.feeding.tokens.FeedAuthentication"
    name = "feed_token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


class FeedPermission(PolicyPermission):
    """A receiver reads what its token names (feeding/composing.py); for people the policy answers."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return isinstance(request.auth, FeedToken) or super().has_permission(request, view)


class ReceiverThrottle(BaseThrottle):
    """So many answers a minute for a receiver, from wherever it asks."""

    def allow_request(self, request: Request, view: Any) -> bool:
        return isinstance(request.auth, FeedToken) and READS.take(f"feed:{request.auth.pk}")

    def wait(self) -> float:
        return READS.seconds
