"""Attempts counted in this process: fixed windows in a dictionary, swept now and then, without a thread of its own."""

import threading
import time

from limits.storage import Storage

_SWEEP_EVERY = 60.0


class Counters(Storage):
    """What `limits` asks of a storage for fixed windows."""

    base_exceptions = ValueError

    def __init__(self) -> None:
        super().__init__(None)
        self._lock = threading.Lock()
        self._counts: dict[str, tuple[int, float]] = {}
        self._swept = time.time()

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count, and say how many there are now; a window begins with its first attempt."""
        now = time.time()
        with self._lock:
            if now - self._swept > _SWEEP_EVERY:
                self._counts = {name: one for name, one in self._counts.items() if one[1] > now}
                self._swept = now
            count, until = self._counts.get(key, (0, 0.0))
            if until <= now:
                count, until = 0, now + expiry
            count = max(0, count + amount)
            self._counts[key] = count, until
            return count

    def get(self, key: str) -> int:
        """How many there are in the window that runs."""
        count, until = self._counts.get(key, (0, 0.0))
        return count if until > time.time() else 0

    def get_expiry(self, key: str) -> float:
        """When the window ends, in seconds of the epoch; now, if none runs."""
        return max(self._counts.get(key, (0, 0.0))[1], time.time())

    def check(self) -> bool:
        """Whether it works."""
        return True

    def reset(self) -> int:
        """Forget everything."""
        with self._lock:
            count = len(self._counts)
            self._counts = {}
            return count

    def clear(self, key: str) -> None:
        """Forget one window."""
        with self._lock:
            self._counts.pop(key, None)
