"""Hands one mail to the mail server, and says in our words what the server said."""

from dataclasses import dataclass
from smtplib import (
    SMTPDataError,
    SMTPException,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
)

from django.core.mail import EmailMessage

PERMANENT = 500
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Sent:
    """The server took it over; whether it arrives is beyond what SMTP tells."""


@dataclass(frozen=True, slots=True)
class Refused:
    """For good: another try would be refused too."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotNow:
    """May go well later. `server_away`: it is not about this mail, the next would fail too."""

    reason: str
    server_away: bool


def post(mail: EmailMessage) -> Sent | Refused | NotNow:
    try:
        mail.send()
    except SMTPRecipientsRefused as error:
        # There is one recipient.
        code, text = next(iter(error.recipients.values()))
        return _judged(code, text)
    except SMTPDataError as error:
        return _judged(error.smtp_code, error.smtp_error)
    except SMTPNotSupportedError as error:
        # The address has letters that this server cannot write.
        return Refused(str(error)[:LONGEST_REASON])
    except (SMTPException, OSError) as error:
        return NotNow(type(error).__name__, server_away=True)
    return Sent()


def _judged(code: int, text: bytes | str) -> Refused | NotNow:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    # PostgreSQL keeps no NUL.
    reason = f"{code} {said}".replace("\x00", "")[:LONGEST_REASON]
    return Refused(reason) if code >= PERMANENT else NotNow(reason, server_away=False)
