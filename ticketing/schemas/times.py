from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator

from ticketing.domain.visit_days import VIETNAM


def in_vietnam(at: datetime) -> datetime:
    return at.astimezone(VIETNAM)


# A time that is shown with the offset of Việt Nam.
LocalTime = Annotated[datetime, AfterValidator(in_vietnam)]
