"""From a draft to the public: checks, the manager's approval, a second person."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from guides.domain.tour_content import Gap
from guides.domain.tour_publishing import (
    NotNow,
    TourIncomplete,
    TourMoved,
    TourUnmoved,
    approve_tour,
    publish_tour,
    published_tour,
    reject_tour,
    submit_tour,
    withdraw_tour,
)
from guides.models import Asset, Hotspot, Panorama, SceneText, Tour, TourVersion
from sites.models import HeritageSite
from tests.at_once import at_once
from tests.factories import OPENING, make_site
from tests.factories_tours import (
    make_manager,
    make_panorama,
    make_published_tour,
    make_text_hotspot,
    make_tour,
)

pytestmark = pytest.mark.django_db
LATER = OPENING + timedelta(hours=1)


def submitted(tour: Tour) -> TourVersion:
    moved = submit_tour(tour=tour, by=make_manager(site=tour.site), at=OPENING)
    assert isinstance(moved, TourMoved), moved
    return moved.version


def test_a_tour_reaches_the_public_by_an_approval_and_a_second_person() -> None:
    version = submitted(make_tour())
    manager, second = (make_manager(site=version.tour.site) for _ in range(2))
    assert published_tour(tour_id=version.tour_id) is None

    assert publish_tour(version=version, by=second, at=LATER) == TourUnmoved(
        NotNow.NOT_IN_THIS_STATE
    )
    assert isinstance(approve_tour(version=version, by=manager, at=LATER), TourMoved)
    assert publish_tour(version=version, by=manager, at=LATER) == TourUnmoved(NotNow.SAME_PERSON)
    assert isinstance(publish_tour(version=version, by=second, at=LATER), TourMoved)

    seen = TourVersion.objects.get(tour=version.tour)
    assert (seen.approved_by, seen.approved_at) == (manager, LATER)
    assert (seen.published_by, seen.state) == (second, "published")
    assert published_tour(tour_id=version.tour_id) == seen


def test_the_database_itself_refuses_one_person_for_both() -> None:
    version = make_published_tour()

    with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
        TourVersion.objects.filter(pk=version.pk).update(published_by=version.approved_by)


def test_managers_of_other_places_move_nothing() -> None:
    version = submitted(make_tour())
    stranger = make_manager(site=make_site())
    not_yours = TourUnmoved(NotNow.NOT_YOURS)

    assert submit_tour(tour=version.tour, by=stranger, at=LATER) == not_yours
    assert approve_tour(version=version, by=stranger, at=LATER) == not_yours
    assert publish_tour(version=version, by=stranger, at=LATER) == not_yours
    assert reject_tour(version=version, by=stranger, at=LATER, note="") == not_yours
    assert withdraw_tour(version=version, by=stranger, at=LATER) == not_yours
    assert TourVersion.objects.get().state == "in_review"


def test_what_is_public_stays_as_it_was_while_editing_goes_on() -> None:
    version = make_published_tour()
    SceneText.objects.filter(scene__tour=version.tour).update(title="Changed")

    assert published_tour(tour_id=version.tour_id) == version
    assert version.content["scenes"][0]["texts"]["en"]["title"] == "Scene 1 (en)"
    assert submitted(version.tour).number == 2


def test_the_same_content_is_not_submitted_twice() -> None:
    version = make_published_tour()
    manager = make_manager(site=version.tour.site)

    again = submit_tour(tour=version.tour, by=manager, at=LATER)

    assert again == TourUnmoved(NotNow.NOTHING_NEW)


def test_a_newer_version_replaces_the_public_one() -> None:
    first = make_published_tour()
    SceneText.objects.filter(scene__tour=first.tour).update(title="Changed")
    second = submitted(first.tour)
    one, two = (make_manager(site=first.tour.site) for _ in range(2))
    approve_tour(version=second, by=one, at=LATER)

    publish_tour(version=second, by=two, at=LATER)

    first.refresh_from_db()
    assert (first.state, first.ended_at) == ("replaced", LATER)
    shown = published_tour(tour_id=first.tour_id)
    assert shown is not None
    assert shown.number == 2


def test_withdrawing_takes_it_from_the_public_and_from_the_page_of_the_place() -> None:
    site = make_site(slug="dai-noi")
    version = make_published_tour(site=site)
    url = "/api/v1/sites/dai-noi"
    assert Client().get(url).json()["virtual_tour"] == {
        "title": "Tour (vi)",
        "url": f"/tours/{version.tour_id}",
        "scenes": 2,
    }

    withdraw_tour(version=version, by=make_manager(site=site), at=LATER)

    assert Client().get(url).json()["virtual_tour"] is None
    assert published_tour(tour_id=version.tour_id) is None


def gaps(tour: Tour) -> set[tuple[Gap, int, str]]:
    answer = submit_tour(tour=tour, by=make_manager(site=tour.site), at=OPENING)
    assert isinstance(answer, TourIncomplete), answer
    return {(missing.gap, missing.scene, missing.language) for missing in answer.missing}


def test_nothing_is_submitted_without_a_scene() -> None:
    assert gaps(make_tour(scenes=0)) == {(Gap.NO_SCENE, 0, "")}


def test_every_gap_is_named_with_its_scene_and_language() -> None:
    tour = make_tour(scenes=3, languages=("vi", "en"))
    one, two, three = tour.scenes.order_by("number")
    tour.texts.filter(language="vi").delete()
    one.panorama = make_panorama(site=tour.site, state=Panorama.State.WAITING)
    one.save()
    Asset.objects.filter(panorama=two.panorama).update(rights="unknown")
    three.texts.filter(language="en").update(description="")
    make_text_hotspot(scene=three, languages=("vi",))
    two.hotspots.all().delete()

    assert gaps(tour) == {
        (Gap.NO_TITLE, 0, "vi"),
        (Gap.NOT_CUT, 1, ""),
        (Gap.NO_RIGHTS, 2, ""),
        (Gap.NO_SCENE_DESCRIPTION, 3, "en"),
        (Gap.NO_HOTSPOT_TEXT, 3, "en"),
        (Gap.UNREACHABLE, 3, ""),
    }


def test_a_tour_has_a_scene_in_its_own_place() -> None:
    tour = make_tour(scenes=1)
    tour.scenes.update(taken_in=make_site())

    assert gaps(tour) == {(Gap.NO_SCENE_HERE, 0, "")}


def test_a_way_into_another_tour_is_refused() -> None:
    site = make_site()
    tour, other = make_tour(site=site, scenes=1), make_tour(site=site, scenes=1)
    Hotspot.objects.create(
        scene=tour.scenes.get(), kind="scene", yaw=0, pitch=0, to_scene=other.scenes.get()
    )

    assert gaps(tour) == {(Gap.ELSEWHERE, 1, "")}


@pytest.mark.django_db(transaction=True)
def test_of_two_who_submit_at_once_one_does() -> None:
    tour = make_tour()
    people = [make_manager(site=HeritageSite.objects.get(pk=tour.site_id)) for _ in range(4)]

    answers = at_once(lambda by: submit_tour(tour=tour, by=by, at=OPENING), people)

    moved = [answer for answer in answers if isinstance(answer, TourMoved)]
    rest = [answer for answer in answers if not isinstance(answer, TourMoved)]
    assert len(moved) == 1
    assert rest == [TourUnmoved(NotNow.UNDER_WAY)] * 3


def test_a_tour_is_read_in_the_same_number_of_statements_whatever_its_size(
    django_assert_num_queries: object,
) -> None:
    for scenes in (2, 4):
        tour = make_tour(scenes=scenes)
        manager = make_manager(site=tour.site)
        # Whether the user manages the place, the lock, the tour in seven, what is under way
        # or public, the next number, the new row, and its transaction.
        with django_assert_num_queries(14):  # type: ignore[operator]  # a fixture of pytest-django
            submit_tour(tour=tour, by=manager, at=OPENING)
