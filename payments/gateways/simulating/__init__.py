"""What the simulators of VNPAY and of a bank share: a server, deliveries, levers. Never money."""
