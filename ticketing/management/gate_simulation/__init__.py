"""A day at the gates in minutes: the real domain, a virtual clock, made-up people."""
