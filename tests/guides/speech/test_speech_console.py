"""The console of recordings and of readings by machine, as a manager meets it."""

import io
import zipfile
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from guides.domain.narrating import cancel
from guides.domain.receiving import make_waiting
from guides.domain.storing import path_of
from guides.models import (
    Asset,
    Guide,
    NameSaid,
    Narration,
    Recording,
    SpeechJob,
    Upload,
    VoiceOrder,
)
from sites.models import Membership, User
from tests.factories import OPENING
from tests.factories_guides import make_narration, make_recording, make_stop
from tests.guides.speech.desk import Desk, asked, kept_files, working_files
from tests.guides.speech.test_uploads import photo, sound

pytestmark = pytest.mark.django_db


def manager_of(narration: Narration) -> Client:
    site = narration.stop.guide.site
    user = User.objects.create(username=f"manager of {site.slug}", is_staff=True)
    Membership.objects.create(user=user, role=Membership.Role.MANAGER, site=site)
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def put(client: Client, address: str, data: bytes) -> tuple[int, str]:
    answer = client.generic("PUT", address, data, content_type="application/octet-stream")
    return answer.status_code, answer.json()["sentence"]


@pytest.fixture
def narration() -> Narration:
    return make_narration(stop=make_stop(sentences=1))


def test_a_recording_is_dropped_seen_and_heard(narration: Narration, tmp_path: Path) -> None:
    client = manager_of(narration)
    address = reverse("admin:guides_recording_put", args=[narration.pk])
    data = sound(tmp_path, "a.m4a")

    answer = client.generic(
        "PUT", f"{address}?name=a.m4a&speaker=Lan", data, content_type="application/octet-stream"
    )
    make_waiting(at=OPENING)
    state = client.get(answer.json()["state"]).json()
    page = client.get(reverse("admin:guides_recordings", args=[narration.pk])).content.decode()

    assert answer.status_code == 201
    assert state == {"over": True, "sentence": "ready"}
    [recording] = Recording.objects.all()
    assert (recording.voice, recording.origin) == ("Lan", "human")
    assert page.count("<rect") >= 100
    assert "<audio" in page
    assert "by a person" in page


@pytest.mark.parametrize(
    ("data", "status", "sentence"),
    [
        (b"", 422, "The file is empty: 0 bytes came. Please choose it again."),
        (
            b"MZ" + bytes(99),
            422,
            "This is not a file of the expected kind, whatever its name says.",
        ),
        (b"ID3" + bytes(99), 422, "The file is damaged or its end is missing."),
    ],
)
def test_a_bad_recording_is_answered_with_a_sentence(
    narration: Narration, data: bytes, status: int, sentence: str
) -> None:
    address = reverse("admin:guides_recording_put", args=[narration.pk])

    answer = put(manager_of(narration), address, data)

    assert answer[0] == status
    assert answer[1].startswith(sentence)
    assert (working_files(), Upload.objects.count()) == ([], 0)


def test_two_gigabytes_are_refused_by_what_they_announce(narration: Narration) -> None:
    address = reverse("admin:guides_recording_put", args=[narration.pk])

    answer = manager_of(narration).generic(
        "PUT", address, b"", CONTENT_LENGTH=str(2_000_000_000), content_type="audio/mpeg"
    )

    assert answer.status_code == 413
    assert answer.json()["sentence"] == "The file is too large. At most 500 MB are taken."


def test_a_picture_is_dropped_and_a_drawing_is_not(narration: Narration) -> None:
    client, site = manager_of(narration), narration.stop.guide.site
    address = reverse("admin:guides_picture_put", args=[site.pk])

    good = put(client, address, photo())
    bad = put(client, address, b"<svg><script>alert(1)</script></svg>")
    page = client.get(reverse("admin:guides_pictures", args=[site.pk]))

    assert good == (201, "It is kept. Place and name of the camera were left out.")
    assert bad[0] == 422
    assert bad[1].startswith("Drawings (SVG) can carry programs")
    assert [asset.site for asset in Asset.objects.all()] == [site]
    assert len(kept_files()) == 1
    assert page.status_code == 200


def test_a_job_is_seen_stopped_and_taken_up_again(desk: Desk, narration: Narration) -> None:
    client = manager_of(narration)
    job = asked(narration)
    state = reverse("admin:guides_speechjob_state", args=[job.pk])

    def act(what: str) -> str:
        client.post(reverse("admin:guides_speechjob_act", args=[job.pk, what]))
        return str(client.get(state).json()["status"])

    assert [act("cancel"), act("resume")] == ["CANCELLED", "RUNNING"]
    desk.simulator.stop()
    desk.work()
    page = client.get(reverse("admin:guides_speechjob_progress", args=[job.pk])).content.decode()

    assert client.get(state).json() == {
        "status": "DONE",
        "said": "done",
        "percent": 100,
        "done": 2,
        "total": 2,
        "falls": 1,
        "over": True,
    }
    assert "gtts could not be reached" in page
    assert "by a machine" in page


def rows_of_another_site(other: Narration) -> tuple[SpeechJob, dict[str, list[int]]]:
    """One row of each kind at somebody else's place, and every page that shows one."""
    site = other.stop.guide.site
    job = asked(make_narration(stop=make_stop(guide=other.stop.guide)))
    cancel(job_id=job.pk, at=OPENING)
    make_recording(narration=other)
    upload = Upload.objects.create(
        narration=other, original_name="a", form="mp3", text_hash="a", at=OPENING
    )
    order = VoiceOrder.objects.create(site=site, language="vi", engines=["espeak"])
    name = NameSaid.objects.create(site=site, language="en", name="Huế", say="Hway")
    return job, {
        "guides_speechjob_progress": [job.pk],
        "guides_speechjob_state": [job.pk],
        "guides_speechjob_change": [job.pk],
        "guides_recordings": [other.pk],
        "guides_upload_state": [upload.pk],
        "guides_upload_change": [upload.pk],
        "guides_pictures": [site.pk],
        "guides_folder": [site.pk],
        "guides_folder_export": [site.pk],
        "guides_voiceorder_change": [order.pk],
        "guides_voiceorder_delete": [order.pk],
        "guides_voiceorder_history": [order.pk],
        "guides_namesaid_change": [name.pk],
        "guides_namesaid_delete": [name.pk],
    }


def test_every_page_of_another_site_is_not_there(narration: Narration) -> None:
    other = make_narration(stop=make_stop(sentences=1))
    site = other.stop.guide.site
    client = manager_of(narration)
    job, pages = rows_of_another_site(other)

    codes = {
        page: client.get(reverse(f"admin:{page}", args=of)).status_code
        for page, of in pages.items()
    }
    acts = [
        client.post(reverse("admin:guides_speechjob_act", args=[job.pk, "resume"])),
        client.put(reverse("admin:guides_recording_put", args=[other.pk]), b"x"),
        client.put(reverse("admin:guides_picture_put", args=[site.pk]), b"x"),
        client.put(reverse("admin:guides_folder_put", args=[site.pk]), b"x"),
    ]

    assert codes == dict.fromkeys(pages, 404)
    assert [answer.status_code for answer in acts] == [404] * 4
    job.refresh_from_db()
    assert job.status == SpeechJob.Status.CANCELLED


def test_no_list_names_another_site(narration: Narration) -> None:
    other = make_narration(stop=make_stop(sentences=1))
    client = manager_of(narration)
    rows_of_another_site(other)

    for page in ("speechjob", "upload", "voiceorder", "namesaid"):
        listed = client.get(reverse(f"admin:guides_{page}_changelist"))
        assert listed.status_code == 200
        assert other.stop.guide.site.slug not in listed.content.decode()


def test_a_zip_is_tried_and_its_rows_are_told(narration: Narration, tmp_path: Path) -> None:
    client, site = manager_of(narration), narration.stop.guide.site
    address = reverse("admin:guides_folder_put", args=[site.pk])
    rows = f"stop,language,file\n{narration.stop.number},vi,a.mp3\n7,vi,a.mp3\n"

    def put_zip(sheet: str, mode: str) -> tuple[int, list[int]]:
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as written:
            written.writestr("sheet.csv", sheet)
            written.writestr("a.mp3", data)
        answer = client.generic("PUT", f"{address}?mode={mode}", archive.getvalue())
        return answer.status_code, [each["row"] for each in answer.json()["rows"]]

    data = sound(tmp_path, "a.mp3")
    good = "\n".join(rows.split("\n")[:2])
    assert put_zip(rows, "take") == (422, [3])
    assert put_zip(good, "dry") == (200, [])
    assert Upload.objects.count() == 0
    assert put_zip(good, "take") == (200, [])
    assert Upload.objects.count() == 1


def test_an_export_is_fetched_and_known_again(narration: Narration) -> None:
    client, site = manager_of(narration), narration.stop.guide.site

    fetched = client.get(reverse("admin:guides_folder_export", args=[site.pk]))
    archive = b"".join(fetched)
    back = put(client, reverse("admin:guides_folder_put", args=[site.pk]), archive)

    assert fetched["Content-Disposition"] == f'attachment; filename="{site.slug}.zip"'
    assert back[0] == 409
    Guide.objects.filter(site=site).update(slug="earlier")
    address = reverse("admin:guides_folder_put", args=[site.pk])
    for mode, status, guides in (("dry", 200, 1), ("take", 201, 2)):
        answer = client.generic("PUT", f"{address}?mode={mode}", archive)
        assert (answer.status_code, Guide.objects.count()) == (status, guides)
    assert put(client, reverse("admin:guides_picture_put", args=[site.pk]), photo())[0] == 201
    path_of(Asset.objects.get().name).unlink()
    lost = client.get(reverse("admin:guides_folder_export", args=[site.pk]), follow=True)
    assert list(lost.context["messages"])
    assert client.get(reverse("admin:guides_folders")).status_code == 200
    assert client.get(reverse("admin:guides_folder", args=[site.pk])).status_code == 200
