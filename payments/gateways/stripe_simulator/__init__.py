"""A small Stripe of our own: hosted Checkout, payments, refunds, signed webhooks with faults.

For the demo and the tests; it moves no money, keeps everything in memory and refuses production.
It stands on Python's own HTTP server: a handful of routes need no framework.
"""
