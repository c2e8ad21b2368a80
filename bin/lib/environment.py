"""Write the environment of a private run (demo, test or bench) as a file that a shell can source.

What is already in the file stays: secrets live as long as the data they protect, and a person
may put real Stripe keys there. Ports stay too, unless `--free-ports` finds one taken.
"""

import argparse
import base64
import os
import secrets
import shlex
import socket
import sys
from pathlib import Path
from zlib import crc32

HOST = "127.0.0.1"
WEB_PORT = 8000
SERVERS = ("web", "database", "redis", "stripe", "vnpay", "bank")


def is_free(port: int) -> bool:
    """Tell whether a server could listen there now."""
    with socket.socket() as probe:
        # As servers do: the last run's closed connections are no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def free_port(*, start: int, taken: set[int]) -> int:
    """Choose the first free port from `start`, below those that the system gives to clients."""
    return next(port for port in range(start, 32_000) if port not in taken and is_free(port))


def read(path: Path) -> dict[str, str]:
    """Read the variables of a file that `write` wrote or a person edited."""
    if not path.exists():
        return {}
    lines = shlex.split(path.read_text(encoding="utf-8"), comments=True)
    return dict(line.split("=", 1) for line in lines if "=" in line)


def write(path: Path, variables: dict[str, str]) -> None:
    """Write the file whole or not at all, readable by its owner alone."""
    fresh = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.writelines(f"{name}={shlex.quote(value)}\n" for name, value in variables.items())
    fresh.rename(path)


def ports(
    *, known: dict[str, str], home: Path, wanted_web: int | None, check: bool
) -> dict[str, int]:
    """Choose the ports: those of the last run where they are free."""
    # Each checkout starts looking somewhere else, so that two seldom meet.
    base = 20_000 + crc32(str(home).encode()) % 10_000
    last = {name: int(known.get(f"NGOMON_RUN_{name.upper()}_PORT", 0)) for name in SERVERS}
    chosen = {
        name: port for name, port in last.items() if port and not (check and not is_free(port))
    }
    if wanted_web:
        chosen["web"] = wanted_web
    for number, name in enumerate(SERVERS):
        if name not in chosen:
            start = WEB_PORT if name == "web" else base + number
            chosen[name] = free_port(start=start, taken=set(chosen.values()))
    return chosen


def secrets_of(known: dict[str, str]) -> dict[str, str]:
    """Return the secrets of the last run, and new ones where there were none."""
    seal_key = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    fresh = {
        "NGOMON_SECRET_KEY": secrets.token_urlsafe(48),
        "NGOMON_SEAL_KEYS": seal_key,
        "NGOMON_RUN_DATABASE_PASSWORD": secrets.token_hex(16),
        "NGOMON_RUN_REDIS_PASSWORD": secrets.token_hex(16),
        "STRIPE_SECRET_KEY": f"sk_test_{secrets.token_hex(12)}",
        "STRIPE_WEBHOOK_SECRET": f"whsec_{secrets.token_hex(16)}",
    }
    return {name: known.get(name, value) for name, value in fresh.items()}


def addresses(known: dict[str, str], *, port: dict[str, int]) -> dict[str, str]:
    """Point at the simulators, unless a person chose the real providers or other addresses."""
    paths = {
        "STRIPE_API_BASE": ("stripe", ""),
        "VNPAY_PAY_URL": ("vnpay", "/paymentv2/vpcpay.html"),
        "VNPAY_API_URL": ("vnpay", "/merchant_webapi/api/transaction"),
        "BANK_API_BASE": ("bank", ""),
    }
    chosen = {}
    for name, (server, path) in paths.items():
        last = known.get(name)
        simulator = f"http://{HOST}:{known.get(f'NGOMON_RUN_{server.upper()}_PORT', '')}{path}"
        ours = last in {None, simulator}
        chosen[name] = f"http://{HOST}:{port[server]}{path}" if ours else str(last)
    return chosen


def environment(
    *, kind: str, home: Path, known: dict[str, str], port: dict[str, int]
) -> dict[str, str]:
    """Compose all variables of the run."""
    secret = secrets_of(known)
    database = f"ngomon:{secret['NGOMON_RUN_DATABASE_PASSWORD']}@{HOST}:{port['database']}"
    redis = f":{secret['NGOMON_RUN_REDIS_PASSWORD']}@{HOST}:{port['redis']}"
    return {
        **known,
        **secret,
        **{f"NGOMON_RUN_{name.upper()}_PORT": str(value) for name, value in port.items()},
        # The benchmark measures what production does.
        "NGOMON_MODE": "production" if kind == "bench" else kind,
        "NGOMON_PUBLIC_URL": f"http://{HOST}:{port['web']}",
        "NGOMON_ALLOWED_HOSTS": f"{HOST},localhost",
        "NGOMON_ROOT": str(home),
        "DATABASE_URL": f"postgres://{database}/ngomon",
        "REDIS_URL": f"redis://{redis}/0",
        **addresses(known, port=port),
        # Mails of a private run are files for a person to look at.
        "EMAIL_URL": known.get("EMAIL_URL", f"file://{home}/mail"),
        **wallet(kind=kind, home=home, known=known),
        "NGOMON_LOG_LEVEL": known.get("NGOMON_LOG_LEVEL", "INFO"),
    }


def wallet(*, kind: str, home: Path, known: dict[str, str]) -> dict[str, str]:
    """Let the demo sign passes with a test certificate, unless a person chose another."""
    if kind != "demo":
        return {}
    test = {
        "NGOMON_APPLE_PASS_CERTIFICATE": f"{home}/test-pass.pem",
        "NGOMON_APPLE_PASS_TYPE": "pass.test.ngomon",
        "NGOMON_APPLE_TEAM": "TEST",
    }
    return {name: known.get(name, value) for name, value in test.items()}


def main() -> int:
    """Write the file named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--kind", choices=["demo", "test", "bench"], required=True)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--port", type=int)
    parser.add_argument("--free-ports", action="store_true")
    args = parser.parse_args()
    if args.port and not is_free(args.port):
        sys.stderr.write(f"Port {args.port} is taken.\n")
        return 1
    known = read(args.file)
    port = ports(known=known, home=args.home, wanted_web=args.port, check=args.free_ports)
    write(args.file, environment(kind=args.kind, home=args.home, known=known, port=port))
    return 0


if __name__ == "__main__":
    sys.exit(main())
