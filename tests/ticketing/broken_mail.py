from collections.abc import Sequence
from smtplib import SMTPServerDisconnected
from typing import NoReturn

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class BrokenMail(BaseEmailBackend):
    """A mail server that hangs up."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> NoReturn:
        raise SMTPServerDisconnected
