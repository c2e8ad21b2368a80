"""Messages of a rehearsal, signed by the simulators' own hands and read by the real adapters."""

import hashlib
import time
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, urlsplit

import orjson
from django.conf import settings

from payments.gateways.protocol import Phase
from payments.gateways.stripe import StripeGateway, StripeSettings
from payments.gateways.stripe_simulator.delivery import signature
from payments.gateways.stripe_simulator.events import API_VERSION
from payments.gateways.vnpay.adapter import MAXIMUM_VND, MINIMUM_VND, VnpayGateway, VnpaySettings
from payments.gateways.vnpay_simulator.book import Movement, message_of
from payments.gateways.vnpay_simulator.seals import fits, query_of, seal

# Nobody's: they prove messages of a rehearsal and nothing else.
SECRET: Final = "of-a-rehearsal"  # noqa: S105 - as above
FALSE_SECRET: Final = "of-somebody-else"  # noqa: S105 - what a forger has
TERMINAL: Final = "REHEARSE"
NOWHERE: Final = "https://rehearsal.invalid"
CODES: Final = {Phase.PAID: "00", Phase.SUSPECT: "07"}
CANCELLED: Final = "24"
NOT_DONE: Final = "02"


def vnpay() -> VnpayGateway:
    """The real adapter of a terminal that nobody has."""
    return VnpayGateway(
        VnpaySettings(
            mode=settings.MODE,
            terminal=TERMINAL,
            hash_secrets=(SECRET,),
            pay_url=NOWHERE,
            api_url=NOWHERE,
            server_address="127.0.0.1",
            minimum=MINIMUM_VND,
            maximum=MAXIMUM_VND,
            timeout_s=1,
        )
    )


def stripe() -> StripeGateway:
    """The real adapter of an account that nobody has."""
    return StripeGateway(
        StripeSettings(
            mode=settings.MODE,
            secret_key="sk_test_rehearsal",  # noqa: S106 - nobody's
            webhook_secrets=(SECRET,),
            api_base=NOWHERE,
            minimum_vnd=0,
            timeout_s=1,
            retries=0,
        )
    )


def opened_at_vnpay(address: str) -> dict[str, str]:
    """Read the address of a page as VNPAY would; empty when the signature does not fit."""
    params = dict(parse_qsl(urlsplit(address).query))
    return params if fits(params, secret=SECRET) else {}


def vnpay_confirmation(
    asked: Mapping[str, str], *, phase: Phase, amount: int, money: str, forged: bool
) -> bytes:
    """Write what VNPAY tells of a page that somebody opened: the query of the address."""
    movement = Movement(
        asked["vnp_TxnRef"],
        amount * 100,
        asked["vnp_CreateDate"],
        asked["vnp_OrderInfo"],
        number=money,
        response=CODES.get(phase, CANCELLED),
        status=CODES.get(phase, NOT_DONE),
        paid_at=asked["vnp_CreateDate"],
    )
    data = query_of(message_of(movement, terminal=TERMINAL))
    sealed = seal(data, secret=FALSE_SECRET if forged else SECRET)
    return f"{data}&vnp_SecureHash={sealed}".encode()


def stripe_event(facts: Mapping[str, object]) -> bytes:
    """Write an event about a page; the same facts are the same event."""
    thing = {"id": facts["reference"], "object": "checkout.session", **facts}
    number = hashlib.sha256(orjson.dumps(thing, option=orjson.OPT_SORT_KEYS)).hexdigest()
    return orjson.dumps(
        {
            "id": f"evt_{number[:24]}",
            "object": "event",
            "api_version": API_VERSION,
            "type": "checkout.session.completed",
            "data": {"object": thing},
        }
    )


def stripe_headers(body: bytes, *, forged: bool) -> dict[str, str]:
    """Sign now: every repeat is signed anew, as Stripe does."""
    secret = FALSE_SECRET if forged else SECRET
    return {"Stripe-Signature": signature(body, secret=secret, timestamp=int(time.time()))}
