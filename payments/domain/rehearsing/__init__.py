"""Thousands of payments with everything that goes wrong, and what must hold at the end of it."""
