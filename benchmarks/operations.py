"""The event loop beside its peers: one corridor of eight stations in Karvan, SimPy, Ciw and salabim, in one run.

Seconds are of the processor, so that another process on the machine does not count. Peers that are not installed are
left out and said so (``pip install 'karvan[bench]'``). The models in SimPy, Ciw and salabim are written as their own
manuals write such models, and count the same timed events.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace

from benchmarks import peers
from benchmarks.measured import Rows, memory_mb
from benchmarks.stations import PAR, eight_stations, many_stations
from karvan.numerics.events.replication import Span
from karvan.operations.assemble import assemble
from karvan.operations.network import Network
from karvan.operations.simulate import simulate
from karvan.operations.statistics import mean_of

YEAR = Span(8760.0, 720.0)
PEERS: dict[str, Callable[[int, float], tuple[int, float]]] = {
    "simpy": peers.in_simpy, "ciw": peers.in_ciw, "salabim": peers.in_salabim,
}  # fmt: skip


def _seconds(action: Callable[[], object]) -> float:
    """Processor seconds of an action."""
    began = time.process_time()
    action()
    return time.process_time() - began


def _karvan(network: Network, replications: int, span: Span) -> tuple[float, float, float]:
    """Seconds and events a replication, and the mean transit time."""
    program = assemble(network)
    simulate(program, seed=1, replications=2, span=span)
    began = time.process_time()
    records = simulate(program, seed=2, replications=replications, span=span)
    seconds = (time.process_time() - began) / replications
    return seconds, records.events / replications, mean_of(records, "transit").mean


def _loaded_from_cache() -> float:
    """Wall-clock seconds of a first replication in a fresh process, imports left out, the compile cache warm."""
    code = (
        "import time; from benchmarks.stations import eight_stations\n"
        "from karvan.operations.assemble import assemble\nfrom karvan.operations.simulate import simulate\n"
        "from karvan.numerics.events.replication import Span\nprogram = assemble(eight_stations())\n"
        "began = time.perf_counter()\nsimulate(program, seed=1, replications=1, span=Span(1.0))\n"
        "print(time.perf_counter() - began)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(done.stdout)


def operations(replications: int = 100, years_of_peers: int = 1) -> Rows:
    """Events a second, seconds a simulated year beside the peers', 200 stations, and how soon a new corridor starts."""
    seconds, events, transit = _karvan(eight_stations(), replications, YEAR)
    rows: Rows = [{"case": "eight stations, karvan", "seconds_per_year": seconds, "events_per_year": events,
                   "events_per_second": events / seconds, "transit_h": transit, "memory_mb": memory_mb()}]  # fmt: skip
    for name, peer in PEERS.items():
        if importlib.util.find_spec(name) is None:
            rows.append({"case": f"eight stations, {name}", "seconds_per_year": "not installed"})
            continue
        began = time.process_time()
        found = [peer(1000 + year, YEAR.hours) for year in range(years_of_peers)]
        spent = (time.process_time() - began) / years_of_peers
        rows.append({"case": f"eight stations, {name}", "seconds_per_year": spent,
                     "events_per_year": sum(n for n, _ in found) / len(found), "times_slower": spent / seconds,
                     "transit_h": sum(mean for _, mean in found) / len(found)})  # fmt: skip
    many, many_events, _ = _karvan(many_stations(200), max(replications // 10, 2), replace(YEAR, hours=8760.0))
    rows.append({"case": "200 stations, karvan", "seconds_per_year": many, "events_per_year": many_events,
                 "events_per_second": many_events / many,
                 "share_of_eight": (many_events / many) / (events / seconds)})  # fmt: skip
    other = eight_stations(inspectors=PAR["inspectors"] + 1)
    first = _seconds(lambda: simulate(assemble(other), seed=1, replications=1, span=Span(1.0)))
    rows.append({"case": "a new corridor, compiled before", "milliseconds": 1000.0 * first})
    rows.append({"case": "first run of a process, from the cache", "seconds": _loaded_from_cache()})
    return rows
