"""The built web apps, where their pages and service workers look for them."""

from pathlib import Path

import pytest
from django.test import Client, RequestFactory
from pytest_django import Settings

from backend.web_apps import BuiltFiles, _page

# No page asks the database, but the end of every request looks at the connection.
pytestmark = pytest.mark.django_db

PAGES = [
    "/buy/dai-noi",
    "/guides/3",
    "/guides/3/7k2m9qxa",
    "/orders/K7MQ2XR9",
    "/tickets",
    "/privacy",
    "/shell",
]
GATE_PAGES = ["/gate/", "/gate/anything"]


@pytest.fixture
def built(settings: Settings, tmp_path: Path) -> Path:
    """Two small apps as the build leaves them."""
    for app in ("visitor", "gate"):
        (tmp_path / app / "assets").mkdir(parents=True)
        (tmp_path / app / "index.html").write_text(f"<title>{app}</title>")
        (tmp_path / app / "service-worker.js").write_text("'worker'")
        (tmp_path / app / "manifest.webmanifest").write_text("{}")
        (tmp_path / app / "assets" / "reader-Bb9Mx2Pu.wasm").write_bytes(b"\0asm")
    settings.WEB_DIST = tmp_path
    settings.STATIC_ROOT = tmp_path
    _page.cache_clear()
    return tmp_path


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize(
    ("path", "app"),
    [*((path, "visitor") for path in PAGES), *((path, "gate") for path in GATE_PAGES)],
)
def test_every_screen_of_an_app_is_its_one_page(path: str, app: str) -> None:
    answer = Client().get(path)

    assert (answer.status_code, answer.content.decode()) == (200, f"<title>{app}</title>")
    assert "wasm-unsafe-eval" in answer.headers["Content-Security-Policy"]


@pytest.mark.usefixtures("built")
def test_an_app_that_is_not_built_says_so(built: Path) -> None:
    (built / "gate" / "index.html").unlink()

    assert Client().get("/gate/").status_code == 503


@pytest.mark.parametrize(
    ("path", "content_type", "caching"),
    [
        ("/gate/assets/reader-Bb9Mx2Pu.wasm", "application/wasm", "immutable"),
        ("/assets/reader-Bb9Mx2Pu.wasm", "application/wasm", "immutable"),
        ("/gate/service-worker.js", "text/javascript", "max-age=300"),
        ("/manifest.webmanifest", "application/manifest+json", "max-age=300"),
    ],
)
@pytest.mark.usefixtures("built")
def test_files_have_their_type_and_only_hashed_ones_are_kept_for_ever(
    path: str, content_type: str, caching: str
) -> None:
    answer = BuiltFiles(lambda _request: None)(RequestFactory().get(path))
    answer.close()

    assert answer.headers["Content-Type"].startswith(content_type)
    assert caching in answer.headers["Cache-Control"]


@pytest.mark.usefixtures("built")
def test_pages_are_not_served_as_files_without_their_security_headers() -> None:
    files = BuiltFiles(lambda _request: None)

    assert files(RequestFactory().get("/index.html")) is None
    assert files(RequestFactory().get("/gate/index.html")) is None


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize(
    ("path", "loose"), [("/", False), ("/gate/", False), ("/admin/login/", True)]
)
def test_only_the_console_may_evaluate_scripts_and_write_styles_inline(
    path: str, *, loose: bool
) -> None:
    policy = Client().get(path).headers["Content-Security-Policy"]

    assert ("'unsafe-eval'" in policy, "'unsafe-inline'" in policy) == (loose, loose)


def test_pages_without_a_picture_of_their_own_have_that_of_the_app() -> None:
    answer = Client().get("/favicon.ico")

    assert answer.status_code == 301
    pictures = Path(__file__).parents[2] / "web" / "public" / "visitor"
    assert (pictures / answer.headers["Location"].removeprefix("/")).is_file()
