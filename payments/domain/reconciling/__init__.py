"""The books, the providers' lists and the bank account, compared every night."""
