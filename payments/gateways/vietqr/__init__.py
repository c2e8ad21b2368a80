"""VietQR: codes that a bank app reads, and the lines of the account that prove a transfer."""
