"""The shipped guides are read whole or not at all, and never over what people wrote."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from guides.domain.freshness import transcript_of
from guides.domain.guide_data import DATA, WrongGuideFile, read_guides
from guides.domain.guide_loading import load_guides
from guides.models import Guide, Narration, SegmentText, Stop
from sites.models import Language
from tests.factories import OPENING, make_site

SITES = [fact.site for fact in read_guides()]
FILE = """
site: gate
slug: gate
kind: short
order: free
minutes: null
title: {vi: Cổng}
summary: {vi: Ngắn}
stops:
- slug: one
  number: 1
  name: {vi: Một, en: One}
  segments:
  - {vi: Câu một., en: Sentence one.}
  - {vi: Câu hai.}
- slug: two
  number: 2
  name: {vi: Hai, en: Two}
"""


def test_the_shipped_files_tell_of_eight_visits() -> None:
    facts = read_guides(folder=DATA)

    assert len(facts) == 8
    assert sum(len(fact.stops) for fact in facts) == 76
    everywhere = {
        stop.slug for fact in facts for stop in fact.stops if len(stop.languages) == len(Language)
    }
    assert everywhere == {"ngo-mon", "dien-thai-hoa", "cuu-dinh"}


def test_every_passage_is_told_in_vietnamese_and_english() -> None:
    short = [
        (fact.site, stop.slug)
        for fact in read_guides(folder=DATA)
        for stop in fact.stops
        if stop.segments and not {"vi", "en"} <= {*stop.languages}
    ]

    assert short == []


@pytest.mark.django_db
def test_loading_twice_changes_nothing_that_people_wrote() -> None:
    for slug in SITES:
        make_site(slug=slug)
    facts = read_guides(folder=DATA)
    first = load_guides(guides=facts, at=OPENING)
    SegmentText.objects.filter(language="vi").update(text="Người viết.")

    second = load_guides(guides=facts, at=OPENING)

    assert (first.made, first.known, first.stops, first.without_site) == (8, 0, 76, ())
    assert (second.made, second.known, second.stops) == (0, 8, 0)
    assert set(SegmentText.objects.filter(language="vi").values_list("text", flat=True)) == {
        "Người viết."
    }


@pytest.mark.django_db
def test_a_stop_is_told_in_the_languages_of_all_its_passages(tmp_path: Path) -> None:
    make_site(slug="gate")
    (tmp_path / "gate.yaml").write_text(FILE, encoding="utf-8")

    load_guides(guides=read_guides(folder=tmp_path), at=OPENING)

    told = Narration.objects.values_list("stop__slug", "language", "title")
    assert list(told) == [("one", "vi", "Một")]
    assert list(Stop.objects.order_by("number").values_list("required", flat=True)) == [True, False]
    assert transcript_of(stop=Stop.objects.get(slug="one"), language="vi").is_complete
    assert not SegmentText.objects.filter(stale_since__isnull=False).exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (FILE.replace("number: 2", "number: 1"), "two stops have the same number"),
        (FILE.replace("{vi: Câu hai.}", "{en: Two.}"), "needs its Vietnamese text"),
        (FILE.replace("kind: short", "kind: short\nfreee: 1"), "freee"),
        (FILE.replace("{vi: Câu hai.}", "{vi: Câu hai., xx: Two.}"), "xx"),
        ("site: [", "gate.yaml"),
    ],
)
@pytest.mark.django_db
def test_a_wrong_file_loads_nothing_and_says_where(tmp_path: Path, wrong: str, said: str) -> None:
    make_site(slug="gate")
    (tmp_path / "gate.yaml").write_text(wrong, encoding="utf-8")

    with pytest.raises(WrongGuideFile, match=said):
        read_guides(folder=tmp_path)
    with pytest.raises(CommandError, match="Nothing was loaded"):
        call_command("load_guides", folder=tmp_path)
    assert not Guide.objects.exists()
