"""Measures the server beside the limits of its machine; `bin/bench` runs it."""

import django

# The measures prepare tickets and devices with the server's own domain functions.
django.setup()
