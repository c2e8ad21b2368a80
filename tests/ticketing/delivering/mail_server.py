"""A real mail server on a free port of this machine, which can be told to misbehave."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from pytest_django import Settings

OK = "250 taken"
DROP = "drop the line"


class Desk:
    """What the server says next, and what it took."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.asked = 0
        # Said in turn, to the recipient or to the content; then all is well again.
        self.to_recipient: list[str] = []
        self.to_content: list[str] = []

    async def handle_RCPT(  # noqa: N802 # the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.asked += 1
        answer = self.to_recipient.pop(0) if self.to_recipient else OK
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802 # the library's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        answer = self.to_content.pop(0) if self.to_content else OK
        if answer == DROP:
            assert server.transport is not None
            server.transport.close()
        if answer == OK:
            assert isinstance(envelope.content, bytes)
            message = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(message, EmailMessage)
            self.taken.append(message)
        return answer


def free_port() -> int:
    """A port that nobody listens on; the library asks for a number."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def mail_server(settings: Settings) -> Iterator[Desk]:
    """Run the server, and have our mails sent to it."""
    desk = Desk()
    controller = Controller(desk, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = controller.port
    settings.EMAIL_TIMEOUT = 5
    try:
        yield desk
    finally:
        controller.stop()
