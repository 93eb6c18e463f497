"""Short messages: the one text, the gateway, and the effect that hands a message over at most once.

Whether one is sent is decided by whoever handles the mediation (`Mediation.send_message`).
"""

import http.client
import json
from typing import Any, Protocol
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from cases.identifiers import check_phone
from cases.models import Party
from cases.outbox import effect

from .models import Message

log = structlog.get_logger()
SECONDS = 10  # a gateway has to answer


class NotSent(Exception):
    """It is certain that the message did not go out: the gateway was not reached, or refused it."""


class Gateway(Protocol):
    """What a gateway can do. Raises NotSent; any other failure leaves it unknown whether the message went out."""

    def send(self, phone: str, text: str, reference: str) -> None: ...


class HttpGateway:
    """A gateway that takes `{"phone", "text", "reference"}` as JSON by POST at SMS_URL, with SMS_TOKEN as bearer.

    2xx means taken, 4xx refused; anything else, or no answer, leaves it unknown.
    """

    def send(self, phone: str, text: str, reference: str) -> None:
        """Hand one message over. `reference` lets the gateway drop a double."""
        parts = urlsplit(settings.SMS_URL)
        secure = parts.scheme == "https"
        if not parts.hostname or not (secure or (parts.scheme == "http" and not settings.PRODUCTION)):
            raise NotSent("SMS_URL")
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = kind(parts.hostname, parts.port, timeout=SECONDS)
        try:
            try:
                connection.connect()
            except OSError as error:  # nothing was handed over yet
                raise NotSent(type(error).__name__) from error
            body = json.dumps({"phone": phone, "text": text, "reference": reference}).encode()
            headers = {"Content-Type": "application/json", "Authorization": f"Bearer {settings.SMS_TOKEN}"}
            connection.request(
                "POST", f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}", body, headers
            )
            status = connection.getresponse().status
        finally:
            connection.close()
        if 400 <= status < 500:
            raise NotSent(str(status))
        if not 200 <= status < 300:
            raise http.client.HTTPException(str(status))


def mobile_of(party: Party) -> str:
    """The party's mobile number, "" if none is registered: only such a number takes messages."""
    check = check_phone(party.phone or "")
    found = check.normalised if check.level != "error" else ""
    return found if len(found) == 11 and found.startswith("1") else ""


def text_of(message: Message) -> str:
    """What the message says: who asks for a call back, under which number. No name, cause or amount."""
    row: Any = message.mediation
    station = row.case.station
    phone = (station.phone if station else "") or (row.body.phone if row.body else "") or row.handler.phone
    sender = row.body.name if row.body else (station.name if station else "")
    return _("%(sender)s：有一件事项（登记号 %(number)s）需与您联系，请在工作时间回电 %(phone)s。本短信不收取费用、不索要验证码。") % {
        "sender": sender, "number": str(row.case), "phone": phone,
    }  # fmt: skip


@effect("send_message")
def send_message(reference: str) -> None:
    """Hand a message to the gateway, at most once: it counts as unknown from before it is handed over."""
    with transaction.atomic(durable=True):
        message = Message.objects.select_for_update().get(uid=reference)
        if message.state != Message.State.WAITING or message.cancelled:
            return
        message.state, message.at = Message.State.UNKNOWN, timezone.now()
        message.save(update_fields=["state", "at"])
    message = Message.objects.select_related(
        "contact__party", "mediation__case__station", "mediation__body"
    ).get(pk=message.pk)
    state = Message.State.HANDED
    try:
        gateway: Gateway = import_string(settings.SMS_GATEWAY)()
        phone, text = mobile_of(message.contact.party), text_of(message)
    except Exception as error:  # before anything was handed over
        state = Message.State.NOT_SENT
        log.warning("message_not_sent", message=message.pk, error=type(error).__name__)
    else:
        try:
            gateway.send(phone, text, str(message.uid))
        except NotSent as error:
            state = Message.State.NOT_SENT
            log.warning("message_not_sent", message=message.pk, reason=str(error))
        except Exception as error:  # it may have gone out: never again by itself
            log.warning("message_unknown", message=message.pk, error=type(error).__name__)
            return
    message.state = state
    message.save(update_fields=["state"])
