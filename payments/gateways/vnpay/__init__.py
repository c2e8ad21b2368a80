"""VNPAY, interface 2.1.0: a page to pay on, signed confirmations, questions and refunds."""
