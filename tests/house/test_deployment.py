"""The image, the compose file and nginx speak of the same paths, ports and commands."""

import re
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from backend.media_files import TYPES
from guides.gateways.ffmpeg import SUFFIX
from tests.house.tree import ROOT, apps

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
NGINX = (ROOT / "deploy/nginx.conf").read_text("utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")


def mounts(service: str) -> dict[str, str]:
    """Map where a service sees a volume or file to what it is."""
    volumes: list[str] = COMPOSE["services"][service]["volumes"]
    return {target: source for source, target, *_mode in (v.split(":") for v in volumes)}


def test_nginx_serves_the_files_where_the_web_server_puts_them() -> None:
    root = COMPOSE["services"]["web"]["environment"]["NGOMON_ROOT"]
    static = Path(root) / Path(settings.STATIC_ROOT).name
    media = Path(root) / Path(settings.MEDIA_ROOT).name
    aliases = dict(re.findall(r"location (/\w+/) \{\s+alias (\S+)/;", NGINX))

    assert aliases == {settings.STATIC_URL: str(static), settings.MEDIA_URL: str(media)}
    assert mounts("web")[root] == mounts("nginx")[root] == "files"


def test_every_python_service_shares_the_image_and_the_files() -> None:
    ours = [name for name, service in COMPOSE["services"].items() if "build" in service]

    assert sorted(ours) == ["beat", "migrate", "web", "worker"]
    assert {COMPOSE["services"][name]["image"] for name in ours} == {"ngomon:local"}
    assert {COMPOSE["services"][name]["environment"]["NGOMON_ROOT"] for name in ours} == {
        "/srv/ngomon/files"
    }


def test_nginx_names_every_kind_of_file_that_is_kept_as_the_demo_does() -> None:
    (kinds,) = re.findall(r"types \{(.*?)\}", NGINX, flags=re.DOTALL)
    named = {f".{suffix}": kind for kind, suffix in re.findall(r"(\S+) (\w+);", kinds)}

    assert named.items() >= TYPES.items()
    assert {f".{suffix}" for suffix in SUFFIX.values()} <= set(named)


def test_nginx_passes_on_to_the_port_of_the_web_server() -> None:
    (port,) = re.findall(r"GRANIAN_PORT=(\d+)", DOCKERFILE)
    (listens,) = re.findall(r"listen (\d+);", NGINX)

    assert re.findall(r"server (web:\d+);", NGINX) == [f"web:{port}"]
    assert re.findall(r"^EXPOSE (\d+)", DOCKERFILE, flags=re.MULTILINE) == [port]
    assert COMPOSE["services"]["nginx"]["ports"] == [f"127.0.0.1:{listens}:{listens}"]


def test_nginx_mounts_the_configuration_that_is_here() -> None:
    sources = [source for source in mounts("nginx").values() if source.startswith("./")]

    assert sources == ["./deploy/nginx.conf"]
    assert all((ROOT / source).exists() for source in sources)


def test_every_health_check_that_is_awaited_exists() -> None:
    in_image = {"web"} if "HEALTHCHECK" in DOCKERFILE else set()
    checked = in_image | {
        name
        for name, service in COMPOSE["services"].items()
        if "test" in service.get("healthcheck", {})
    }
    awaited = {
        other
        for service in COMPOSE["services"].values()
        for other, how in service.get("depends_on", {}).items()
        if how["condition"] == "service_healthy"
    }

    assert awaited - checked == set()


def test_the_image_holds_every_app_and_nothing_private() -> None:
    copied = re.findall(r"^COPY (?!--from)([^\n]+)$", DOCKERFILE, flags=re.MULTILINE)
    sources = {word.split("/")[0] for line in copied for word in line.split()[:-1]}
    allowed = re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text("utf-8"), re.MULTILINE)

    assert {app.name for app in apps()} <= sources
    assert sources == {path.split("/")[0] for path in allowed}
    assert all((ROOT / path).exists() for path in allowed)
