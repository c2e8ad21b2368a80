"""What the console says of tours: gaps, refusals, steps."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from guides.domain.tour_content import Gap, Missing
from guides.domain.tour_publishing import NotNow
from sites.models import Language

GAPS = {
    Gap.NO_SCENE: _("The tour has no scene yet."),
    Gap.NO_SCENE_HERE: _("No scene was taken in the place of this tour."),
    Gap.NOT_CUT: _("Scene %(scene)s: its panorama is not ready."),
    Gap.NO_RIGHTS: _("Scene %(scene)s: rights, credit or licence of its panorama are missing."),
    Gap.NO_TITLE: _("The title in %(language)s is missing."),
    Gap.NO_SCENE_TITLE: _("Scene %(scene)s: the title in %(language)s is missing."),
    Gap.NO_SCENE_DESCRIPTION: _(
        "Scene %(scene)s: the description in %(language)s is missing. Who cannot see needs it."
    ),
    Gap.NO_HOTSPOT_TEXT: _("Scene %(scene)s: a hotspot has no text in %(language)s."),
    Gap.ELSEWHERE: _("Scene %(scene)s: a hotspot leads into another tour."),
    Gap.UNREACHABLE: _("Scene %(scene)s: no hotspots lead there from the first scene."),
}
REFUSALS = {
    NotNow.NOT_YOURS: _("This is for the managers of the place."),
    NotNow.NOT_IN_THIS_STATE: _("Somebody else was faster: look at the state again."),
    NotNow.SAME_PERSON: _("Who approved a tour does not publish it: ask a second person."),
    NotNow.NOTHING_NEW: _("This is what the public sees already."),
    NotNow.UNDER_WAY: _("A version is under way: publish it or send it back first."),
}


def gap_sentences(missing: Sequence[Missing]) -> list[str]:
    """Say each gap in a sentence."""
    return [
        str(GAPS[each.gap])
        % {
            "scene": each.scene,
            "language": Language(each.language).label if each.language else "",
        }
        for each in missing
    ]
