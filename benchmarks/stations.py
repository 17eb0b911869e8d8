"""The corridors that operations are timed on: eight stations, and as many as one likes."""

from __future__ import annotations

from karvan.operations.distributions import Constant, Distribution, Exponential, Uniform
from karvan.operations.network import Calendar, Network, Opening, Process, Queue, Resource, Source, Start, Timetable
from karvan.operations.steps import (
    Delay,
    Depart,
    Hold,
    Load,
    Loop,
    Release,
    Room,
    Seize,
    Spawn,
    Step,
    Tally,
    Unload,
    WaitOpen,
)

# Consignments an hour; trains and ferries: hours apart and room; servers and mean hours; rail and sea hours; storms.
PAR = {
    "rate": 3.0, "train_h": 6.0, "train_room": 24, "ferry_h": 12.0, "ferry_room": 48, "inspectors": 4, "inspect_h": 1.0,
    "gauges": 2, "gauge_h": 0.5, "cranes": 3, "crane_h": 0.75, "sail_h": 18.0, "calm_h": 240.0, "storm_h": 18.0,
}  # fmt: skip
RAIL_WEST, RAIL_EAST = (8.0, 14.0), (10.0, 16.0)


def _at(resource: str, time: Distribution) -> tuple[Step, ...]:
    return Seize(resource), Delay(time, "handling"), Release(resource)


def eight_stations(inspectors: float = PAR["inspectors"]) -> Network:
    """Trains, border, gauge change, crane, ferry with storms, rail, border."""
    consignment: tuple[Step, ...] = (
        Hold("train"), *_at("border west", Exponential(PAR["inspect_h"])), *_at("gauge", Constant(PAR["gauge_h"])),
        *_at("crane", Exponential(PAR["crane_h"])), Hold("ferry"), Delay(Uniform(*RAIL_EAST)),
        *_at("border east", Exponential(PAR["inspect_h"])), Tally("transit"),
    )  # fmt: skip
    train = (Load("train", Room(units=PAR["train_room"])), Delay(Uniform(*RAIL_WEST)), Unload())
    ferry = (WaitOpen("sea"), Load("ferry", Room(units=PAR["ferry_room"])), Delay(Constant(PAR["sail_h"])), Unload())
    dispatch = [Process(f"{kind} dispatch", (Loop((Depart(kind), Spawn(kind))),)) for kind in ("train", "ferry")]
    storms = Opening("storm", mean_open_h=PAR["calm_h"], mean_closed_h=PAR["storm_h"])
    servers = {"border west": inspectors, "gauge": PAR["gauges"], "crane": PAR["cranes"], "border east": inspectors}
    return Network(
        (Process("consignment", consignment), Process("train", train), Process("ferry", ferry), *dispatch),
        (Source("demand", "consignment", Exponential(1.0 / PAR["rate"])),),
        tuple(Start(process.process) for process in dispatch),
        tuple(Resource(key, int(count)) for key, count in servers.items()),
        (Queue("train"), Queue("ferry")),
        (Calendar("sea", (storms,)),),
        tuple(Timetable(kind, (PAR[f"{kind}_h"],), PAR[f"{kind}_h"]) for kind in ("train", "ferry")),
    )


def many_stations(count: int) -> Network:
    """Stations one after another, each with servers of its own at 75 % of what they can do."""
    steps = [step for n in range(count) for step in _at(f"station {n}", Exponential(1.0))]
    return Network(
        (Process("consignment", (*steps, Tally("transit"))),),
        (Source("demand", "consignment", Exponential(1.0 / 3.0)),),
        resources=tuple(Resource(f"station {n}", 4) for n in range(count)),
    )
