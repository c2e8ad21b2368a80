"""The providers of payments: one protocol, an adapter for each, a simulator beside it."""
