"""A server that speaks the protocol of Google Translate's voice, and fails on demand."""

from guides.gateways.gtts_simulator.server import Faults, GttsSimulator, SimulatorRefused

__all__ = ["Faults", "GttsSimulator", "SimulatorRefused"]
