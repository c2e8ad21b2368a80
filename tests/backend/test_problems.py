"""Every error under /api/ is a problem document, whoever made it."""

from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("get", "/api/v1/nowhere", 404, "not_found"),
        ("delete", "/api/v1/live", 405, "method_not_allowed"),
        ("post", "/api/v1/gate/scans", 401, "device_unknown"),
    ],
)
def test_an_error_is_a_problem_document(method: str, path: str, status: int, code: str) -> None:
    answer: Any = getattr(Client(), method)(path, headers={"Accept-Language": "vi"})

    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    document = answer.json()
    assert set(document) == {"type", "title", "status", "detail", "code", "errors"}
    assert (document["status"], document["code"]) == (status, code)


def test_a_method_that_is_not_allowed_names_those_that_are() -> None:
    assert Client().delete("/api/v1/live")["Allow"] == "GET"


def test_a_body_that_is_no_json_is_refused_with_a_sentence() -> None:
    answer = Client().post("/api/v1/gate/enrolments", b'{"code": ', content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (400, "unreadable_request")


def test_a_body_that_is_too_large_is_refused_unread(settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    body = {"code": "x" * 100, "name": "x"}

    answer = Client().post("/api/v1/gate/enrolments", body, content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert answer["Content-Type"] == "application/problem+json"


def test_an_error_of_ours_is_a_problem_without_a_word_of_its_cause(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.REDIS_URL = "nonsense://"

    answer = Client(raise_request_exception=False).get("/api/v1/health")

    assert (answer.status_code, answer.json()["code"]) == (500, "server_error")
    assert b"nonsense" not in answer.content


@pytest.mark.parametrize(
    ("header", "query", "served"),
    [
        ("de-AT,de;q=0.9", "", "de"),
        ("zh-CN", "", "zh"),
        ("", "", "vi"),
        ("*", "", "vi"),
        ("nl-BE,nl;q=0.9", "", "en"),
        ("ja;q=0, nl", "", "en"),
        ("", "?lang=xx", "en"),
        ("ja", "?lang=zh-Hans", "zh"),
        ("", "?lang=ja", "ja"),
        ("de", "?lang=ja", "ja"),
        ("de", "?lang=xx", "de"),
    ],
)
def test_the_caller_chooses_the_language(header: str, query: str, served: str) -> None:
    answer = Client().get(f"/api/v1/live{query}", headers={"Accept-Language": header})

    assert answer["Content-Language"] == served


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("vi", "Địa chỉ này không trả lời yêu cầu như vậy."),
        ("en", "There is nothing at this address for this request."),
        ("de", "Unter dieser Adresse gibt es nichts für diese Anfrage."),
    ],
)
def test_an_error_speaks_the_language_of_the_caller(language: str, sentence: str) -> None:
    answer = Client().get("/api/v1/nowhere", headers={"Accept-Language": language})

    assert answer.json()["detail"] == sentence
