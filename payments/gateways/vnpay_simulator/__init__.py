"""A small VNPAY of our own: a page to pay on, confirmations, questions, refunds, with faults.

For the demo and the tests; it moves no money, keeps everything in memory and refuses production.
"""
