"""Units that the tables use and the factors between them.

Money is US dollars of the corridor's price year, mass is tonnes, time is hours, length is kilometres. A TEU is a
20-foot box, an FEU a 40-foot one. Nothing here depends on data.
"""

from __future__ import annotations

from collections.abc import Mapping

TEU_PER_FEU = 2.0
HOURS_PER_DAY = 24.0
HOURS_PER_YEAR = 8760.0
T_PER_KT = 1000.0
KG_PER_G = 0.001
EARTH_RADIUS_KM = 6371.0088

_SCALES: tuple[Mapping[str, float], ...] = (
    {"g": 1e-6, "kg": 1e-3, "t": 1.0, "kt": 1e3, "Mt": 1e6},
    {"TEU": 1.0, "FEU": TEU_PER_FEU, "kTEU": 1e3},
    {"min": 1 / 60, "h": 1.0, "hours": 1.0, "days": HOURS_PER_DAY},
    {"m": 1e-3, "km": 1.0},
    {"kW": 1e-3, "MW": 1.0, "GW": 1e3},
    {"kWh": 1e-3, "MWh": 1.0, "GWh": 1e3, "TWh": 1e6},
    {"USD": 1.0, "kUSD": 1e3, "MUSD": 1e6, "BUSD": 1e9},
)


def factor(unit: str, wanted: str) -> float | None:
    """How many of ``wanted`` one ``unit`` is; None where they measure different things or either is unknown.

    >>> factor("Mt", "t"), factor("FEU", "TEU"), factor("t", "TEU")
    (1000000.0, 2.0, None)
    """
    for scale in _SCALES:
        if unit in scale and wanted in scale:
            return scale[unit] / scale[wanted]
    return None
