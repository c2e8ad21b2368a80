"""All that is known of the sites of a window, in a fixed number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reporting.domain.evidence.contexts import context
from reporting.domain.evidence.entries import collect_entries, entries
from reporting.domain.evidence.narrations import narrations
from reporting.domain.evidence.offers import offers, probes
from reporting.domain.evidence.sales import collect_sales, sales
from reporting.domain.evidence.span import Span, plan_for_a_year
from reporting.domain.evidence.surveys import surveys
from reporting.domain.evidence.tours import shown
from reporting.domain.indicators.facts import (
    EntryFacts,
    MoneyFacts,
    NarrationFacts,
    OfferFacts,
    PairFacts,
    ProbeFacts,
    SaleFacts,
    SiteFacts,
    SurveyFacts,
    TourFacts,
)
from reporting.domain.indicators.report import ContextNumber
from reporting.domain.registry import RegisteredSite


@dataclass(frozen=True, slots=True)
class Found:
    """Facts of the sites, and what concerns all of them together."""

    sites: tuple[SiteFacts, ...]
    money: MoneyFacts
    probes: ProbeFacts
    context: tuple[ContextNumber, ...]


def collect(span: Span, *, sites: Sequence[RegisteredSite], closed: Sequence[int]) -> Found:
    """Ask the database about all sites at once; the caller is in a transaction.

    `closed` are excused by a decision; a site that let people in was open all the same.
    """
    plan_for_a_year()
    collect_entries(span)
    collect_sales(span)
    came, sold, asked = entries(span), sales(span), surveys(span)
    on_offer, walked, told = offers(span), shown(span), narrations(span)
    facts = tuple(
        SiteFacts(
            site_id=site.site_id,
            paid=site.paid,
            excused=site.site_id in closed and site.site_id not in came.of_sites,
            offer=on_offer.get(site.site_id, OfferFacts()),
            sales=sold.online.get(site.site_id, SaleFacts()),
            counter=sold.counter.get(site.site_id, SaleFacts()),
            tour=walked.tours.get(site.site_id, TourFacts()),
            model=walked.models.get(site.site_id, TourFacts()),
            narration=told.get(site.site_id, NarrationFacts()),
            survey=asked.get(site.site_id, SurveyFacts()),
            pairs=sold.pairs.get(site.site_id, PairFacts()),
            entries=came.of_sites.get(site.site_id, EntryFacts()),
        )
        for site in sites
    )
    selling = sum(site.paid and not site.excused for site in facts)
    slugs: Mapping[int, str] = {site.site_id: site.slug for site in sites}
    return Found(
        facts,
        sold.money,
        probes(span, sites=selling),
        context(span, people=came.people, money=sold.money, slugs=slugs),
    )
