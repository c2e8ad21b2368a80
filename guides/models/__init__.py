"""Guides: stops, what is told there in which language, by whose voice, and what is shown."""

from guides.models.assets import Asset, AssetText, StopAsset
from guides.models.guides import Guide, GuideText, Origin, SitePolicy
from guides.models.listening import PackVersion, Play, TourVisit
from guides.models.narrations import (
    GuideEvent,
    Narration,
    NarrationVersion,
    Recording,
    ReviewComment,
    SoundFile,
    Status,
)
from guides.models.panoramas import Panorama
from guides.models.speech import (
    EngineRest,
    NameSaid,
    SpeechItem,
    SpeechJob,
    SpeechPart,
    SpokenSegment,
    Upload,
    VoiceOrder,
)
from guides.models.stops import EarlierText, Leg, LegText, Segment, SegmentText, Stop
from guides.models.tours import (
    Hotspot,
    HotspotText,
    Scene,
    SceneText,
    Tour,
    TourKind,
    TourText,
    TourVersion,
)

__all__ = [
    "Asset",
    "AssetText",
    "EarlierText",
    "EngineRest",
    "Guide",
    "GuideEvent",
    "GuideText",
    "Hotspot",
    "HotspotText",
    "Leg",
    "LegText",
    "NameSaid",
    "Narration",
    "NarrationVersion",
    "Origin",
    "PackVersion",
    "Panorama",
    "Play",
    "Recording",
    "ReviewComment",
    "Scene",
    "SceneText",
    "Segment",
    "SegmentText",
    "SitePolicy",
    "SoundFile",
    "SpeechItem",
    "SpeechJob",
    "SpeechPart",
    "SpokenSegment",
    "Status",
    "Stop",
    "StopAsset",
    "Tour",
    "TourKind",
    "TourText",
    "TourVersion",
    "TourVisit",
    "Upload",
    "VoiceOrder",
]
