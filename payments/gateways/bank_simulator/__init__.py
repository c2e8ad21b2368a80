"""A small bank of our own: an app that reads payment codes, an account, and who tells of it.

For the demo and the tests; it moves no money, keeps everything in memory and refuses production.
"""
