"""Timing: calls a second and the 95th percentile, alone and among sixteen."""

import multiprocessing
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

CLIENTS = 16


@dataclass(frozen=True)
class Timing:
    """`rate`: calls a second at the median call. Times in milliseconds."""

    rate: float
    median_ms: float
    p95_ms: float

    def as_dict(self) -> dict[str, float]:
        return asdict(self)


def time_calls(call: Callable[[], Any], seconds: float, warm_up: int = 20) -> Timing:
    """Call again and again for so many seconds, after a warm-up."""
    for _ in range(warm_up):
        call()
    return _timing(_times(call, seconds))


def time_in_turn(
    calls: dict[str, Callable[[], Any]], seconds: float, rounds: int = 5
) -> dict[str, Timing]:
    """Time several calls in turns, so that a machine whose speed drifts is fair to all of them."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    for call in calls.values():
        for _ in range(10):
            call()
    for _ in range(rounds):
        for name, call in calls.items():
            times[name] += _times(call, seconds / rounds)
    return {name: _timing(samples) for name, samples in times.items()}


def _times(call: Callable[[], Any], seconds: float) -> list[float]:
    times = []
    end = time.perf_counter() + seconds
    while (start := time.perf_counter()) < end:
        call()
        times.append(time.perf_counter() - start)
    return times


def _timing(times: list[float]) -> Timing:
    median = statistics.median(times)
    p95 = sorted(times)[min(len(times) - 1, int(len(times) * 0.95))]
    return Timing(1 / median, median * 1000, p95 * 1000)


def throughput_of(
    make_call: Callable[[], Callable[[], Any]], clients: int, seconds: float
) -> tuple[float, int]:
    """Calls a second of so many processes together, and how many calls raised."""
    context = multiprocessing.get_context("fork")
    start = context.Barrier(clients)
    results: Any = context.Queue()

    def client() -> None:
        call = make_call()
        call()
        start.wait()
        done = failed = 0
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            try:
                call()
                done += 1
            except Exception:
                failed += 1
        results.put((done, failed))

    processes = [context.Process(target=client) for _ in range(clients)]
    for process in processes:
        process.start()
    counts = [results.get() for _ in processes]
    for process in processes:
        process.join()
    return sum(done for done, _ in counts) / seconds, sum(failed for _, failed in counts)
