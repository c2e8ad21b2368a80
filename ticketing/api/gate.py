"""What gate devices call. The scan is the hot path of the whole platform."""

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Status
from ninja.security import HttpBearer

from sites.domain.limits import within_limit
from sites.schemas.caller import address_of
from sites.schemas.problems import Problem, ProblemError
from ticketing.domain.code_search import is_code_search_on
from ticketing.domain.enrolment import Enrolled, Seat, enrol, seat_of
from ticketing.domain.presentation import Presentation
from ticketing.domain.redemption import redeem
from ticketing.schemas.gate import EnrolledOut, EnrolmentIn, ScanIn, ScanOut, enrolled_out, scan_out

router = Router(tags=["gate"])


class DeviceToken(HttpBearer):
    """The token that a device was given when it was enrolled."""

    def authenticate(self, request: HttpRequest, token: str) -> Seat:
        seat = seat_of(token)
        if seat is None:
            raise ProblemError(
                status=401,
                code="device_unknown",
                detail=_("This device is not enrolled. Please scan a new enrolment code."),
            )
        return seat

    def __call__(self, request: HttpRequest) -> Seat:
        seat: Seat | None = super().__call__(request)
        return seat or self.authenticate(request, "")


@router.post(
    "/gate/enrolments", response={201: EnrolledOut, 403: Problem, 422: Problem, 429: Problem}
)
def create_enrolment(request: HttpRequest, enrolment_in: EnrolmentIn) -> Status[EnrolledOut]:
    """Turn a one-time code into a device with a token, which is shown here and never again."""
    match enrol(code=enrolment_in.code, name=enrolment_in.name.strip(), at=timezone.now()):
        case Enrolled() as enrolled:
            return Status(201, enrolled_out(enrolled))
        case _:
            raise _refused(request)


def _refused(request: HttpRequest) -> ProblemError:
    """A wrong code counts against its caller, so that nobody finds one by trying."""
    limit = settings.WRONG_SECRETS_PER_MINUTE
    if not within_limit(what="enrolment", who=address_of(request), per_minute=limit):
        return ProblemError(
            status=429,
            code="too_many_attempts",
            detail=_("Too many wrong codes. Please wait a minute."),
            Retry_After="60",
        )
    return ProblemError(
        status=403,
        code="enrolment_refused",
        detail=_("This code is wrong, used or too old. Please ask for a new one."),
    )


def search_is_off() -> ProblemError:
    """The answer to a typed code where the site has not switched the search on."""
    return ProblemError(
        status=403,
        code="code_search_off",
        detail=_("This place does not let guards type codes. Please scan the QR code."),
    )


@router.post(
    "/gate/scans",
    response={200: ScanOut, 401: Problem, 403: Problem, 422: Problem},
    auth=DeviceToken(),
)
def create_scan(request: HttpRequest, scan_in: ScanIn) -> HttpResponse:
    """Judge one presentation of a code. Always 200 for a judged scan, whatever its outcome.

    The device makes `scan_id` before it sends; a repeat answers the same and changes nothing.
    Judged by the clock of the server; `scanned_at` is kept as evidence.
    """
    presentation = Presentation(
        scan_id=scan_in.scan_id,
        text=scan_in.token,
        scanned_at=scan_in.scanned_at,
        people=scan_in.people,
        document_seen=scan_in.document_seen,
        typed=scan_in.typed,
    )
    seat: Seat = request.auth  # type: ignore[attr-defined]  # what DeviceToken returned
    if scan_in.typed and not is_code_search_on(site_id=seat.site_id):
        raise search_is_off()
    result = redeem(presentation=presentation, seat=seat, at=timezone.now())
    # Written straight: the answer is built from our own values, and a test holds it to ScanOut.
    return HttpResponse(
        orjson.dumps(scan_out(presentation.scan_id, result)), content_type="application/json"
    )
