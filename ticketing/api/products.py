"""What is on sale, and on which days."""

from datetime import date
from typing import Annotated

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Path, Query, Router
from pydantic import Field

from sites.schemas.caller import language_of
from sites.schemas.problems import FieldError, Problem, ProblemError
from ticketing.domain.offers import offers
from ticketing.domain.openings import openings_of_product
from ticketing.models import Product
from ticketing.schemas.orders import LARGEST_PRODUCT_ID
from ticketing.schemas.products import (
    AvailabilityOut,
    ProductsOut,
    availability_out,
    products_out,
)

router = Router(tags=["products"])

LONGEST_RANGE_DAYS = 92

# Further off no opening hours and no closures are known, and calendars end.
Day = Annotated[date, Field(ge=date(2020, 1, 1), lt=date(2100, 1, 1))]
SiteSlug = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,80}$")]
ProductId = Annotated[int, Path(ge=1, le=LARGEST_PRODUCT_ID)]


@router.get("/products", response={200: ProductsOut, 422: Problem})
def list_products(
    request: HttpRequest, site: SiteSlug | None = None, date: Day | None = None
) -> ProductsOut:
    """What can be bought now, with the prices in force now; `date` is the day of the visit.

    Notices say what is closed on that day (today without `date`), whole places and parts.
    """
    now, language = timezone.now(), language_of(request)
    return products_out(offers(at=now, language=language, site=site, visit_date=date))


@router.get(
    "/products/{product_id}/availability",
    response={200: AvailabilityOut, 404: Problem, 422: Problem},
)
def list_openings(
    request: HttpRequest,
    product_id: ProductId,
    from_: Annotated[Day, Query(alias="from")],
    to: Day,
) -> AvailabilityOut:
    """Each slot of the range, or each day, both ends included: how many fit, and why nobody does.

    A product with times has slots; all others have days. What is held by other buyers and not
    paid yet counts as taken.
    """
    if not 0 <= (to - from_).days < LONGEST_RANGE_DAYS:
        detail = _("Please ask for 1 to %(days)s days.") % {"days": LONGEST_RANGE_DAYS}
        raise ProblemError(
            status=422,
            code="range_too_long",
            detail=detail,
            errors=[FieldError(where="query.to", message=detail)],
        )
    if not Product.objects.filter(pk=product_id, on_sale=True).exists():
        raise Http404
    openings = openings_of_product(product_id=product_id, first=from_, last=to, at=timezone.now())
    return availability_out(openings, language=language_of(request))
