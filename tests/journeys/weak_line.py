"""A line between a phone and the server that counts what it carries, and goes dead when told to."""

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

from tests.journeys.stack import HOST

PIECE = 16_384


class WeakLine:
    """Passes every connection on to a port of this machine."""

    def __init__(self, *, to_port: int) -> None:
        self._to_port = to_port
        self._door = socket.create_server((HOST, 0))
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._left: int | None = None
        self._carried = 0
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self._door.getsockname()[1]}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.break_after(0)
        self._door.close()

    def break_after(self, carried: int) -> None:
        """Go dead as soon as so many more bytes came from the server; 0: now."""
        with self._lock:
            self._left = carried
        if not carried:
            self._hang_up()

    def mend(self) -> None:
        with self._lock:
            self._left = None

    def carried(self) -> int:
        """Bytes from the server to the phone since this was asked last, headers and all."""
        with self._lock:
            carried, self._carried = self._carried, 0
        return carried

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                phone, _address = self._door.accept()
                if self._take(0) is None:
                    phone.close()
                    continue
                server = socket.create_connection((HOST, self._to_port))
                with self._lock:
                    self._open |= {phone, server}
                for here, there in ((phone, server), (server, phone)):
                    counts = {"counts": here is server}
                    work = threading.Thread(
                        target=self._pass_on, args=(here, there), kwargs=counts, daemon=True
                    )
                    work.start()

    def _pass_on(self, here: socket.socket, there: socket.socket, *, counts: bool) -> None:
        with suppress(OSError):
            while piece := here.recv(PIECE):
                size = self._take(len(piece)) if counts else len(piece)
                if size is None:
                    break
                there.sendall(piece[:size])
        for end in (here, there):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
            with self._lock:
                self._open.discard(end)
        if self._take(0) is None:
            self._hang_up()

    def _take(self, size: int) -> int | None:
        """How much of a piece still gets through; None: the line is dead."""
        with self._lock:
            if self._left is not None:
                if self._left == 0:
                    return None
                size = min(size, self._left)
                self._left -= size
            self._carried += size
            return size

    def _hang_up(self) -> None:
        with self._lock:
            ends = list(self._open)
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
