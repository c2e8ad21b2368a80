"""Guides: stops, what is told there in which language, by whose voice, and what is shown."""

from guides.models.assets import Asset, AssetText, StopAsset
from guides.models.guides import Guide, GuideText, Origin, SitePolicy
from guides.models.narrations import (
    GuideEvent,
    Narration,
    NarrationVersion,
    Recording,
    ReviewComment,
    SoundFile,
    Status,
)
from guides.models.stops import Leg, LegText, Segment, SegmentText, Stop

__all__ = [
    "Asset",
    "AssetText",
    "Guide",
    "GuideEvent",
    "GuideText",
    "Leg",
    "LegText",
    "Narration",
    "NarrationVersion",
    "Origin",
    "Recording",
    "ReviewComment",
    "Segment",
    "SegmentText",
    "SitePolicy",
    "SoundFile",
    "Status",
    "Stop",
    "StopAsset",
]
