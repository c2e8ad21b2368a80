"""`manage.py speak_guides`: let the narrations of a site be read by a machine, here and now."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from guides.domain.narrating import OPEN, NothingToSpeak, ask_for_speech, progress_of, retry
from guides.domain.speaking import work
from guides.models import Narration, SpeechJob
from sites.models import HeritageSite, Language


class Command(BaseCommand):
    help = (
        "Read the narrations of a site aloud. What was spoken before is not spoken again; where "
        "a person speaks, nothing is done. Stopped in the middle, the workers go on."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--site", help="slug of the place")
        parser.add_argument("--language", action="append", choices=Language.values)
        parser.add_argument("--guide", help="slug of one guide; without it, all of the site")
        parser.add_argument(
            "--missing", action="store_true", help="only narrations without a fresh recording"
        )
        parser.add_argument(
            "--over-stale",
            action="store_true",
            help="also where a person's recording speaks an older text",
        )
        parser.add_argument("--retry", type=int, metavar="JOB", help="try a job's failures again")
        parser.add_argument("--leave", action="store_true", help="leave the work to the workers")

    def handle(self, **options: Any) -> None:
        job = self._asked(options)
        if options["leave"]:
            print(f"Job {job.pk} waits for a worker.")
            return
        shown = -1
        while (progress := progress_of(job=job)).status in OPEN:
            if progress.percent != shown:
                shown = progress.percent
                print(f"{progress.done}/{progress.total} ({shown} %)", flush=True)
            if not work(at=timezone.now()):
                time.sleep(0.2)  # another worker has the last passages in hand
        for fall in progress.falls:
            print(f"  narration {fall.narration_id}: {fall.engine} did not speak: {fall.reason}")
        print(
            f"Job {job.pk} {progress.status}: {progress.made} made, {progress.kept} left to "
            f"people, {progress.outdated} changed meanwhile, {progress.failed} failed."
        )

    def _asked(self, options: dict[str, Any]) -> SpeechJob:
        at = timezone.now()
        if options["retry"]:
            failed = SpeechJob.objects.filter(pk=options["retry"]).first()
            if failed is None:
                raise CommandError(f"There is no job {options['retry']}.")
            job = retry(job=failed, at=at)
        else:
            site = HeritageSite.objects.filter(slug=options["site"] or "").first()
            if site is None:
                raise CommandError("Name a place that is in the catalogue: --site SLUG.")
            job = ask_for_speech(
                site=site,
                narrations=self._narrations(site, options),
                at=at,
                over_stale=options["over_stale"],
            )
        if isinstance(job, NothingToSpeak):
            raise CommandError("There is no whole text that a machine may read.")
        return job

    def _narrations(self, site: HeritageSite, options: dict[str, Any]) -> list[Narration]:
        rows = Narration.objects.filter(stop__guide__site=site).select_related("stop__guide")
        if options["language"]:
            rows = rows.filter(language__in=options["language"])
        if options["guide"]:
            rows = rows.filter(stop__guide__slug=options["guide"])
        if options["missing"]:
            rows = rows.exclude(
                pk__in=rows.filter(
                    recordings__stale_since__isnull=True, recordings__isnull=False
                ).values("pk")
            )
        return list(rows.order_by("stop__guide", "stop__number", "language"))
