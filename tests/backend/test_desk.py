"""The desk opens, in every language that it offers."""

import pytest
from django.conf import settings
from django.test import Client

from sites.models import User


@pytest.mark.django_db
@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_the_desk_opens_for_its_staff(client: Client, language: str) -> None:
    client.force_login(User.objects.create_superuser("chi", password="tra-sen"))

    page = client.get("/admin/", headers={"Accept-Language": language})

    assert (page.status_code, page.headers["Content-Language"]) == (200, language)
