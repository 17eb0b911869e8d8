"""Units that the tables use and the factors between them.

Money is US dollars of the corridor's price year, mass is tonnes, time is hours, length is kilometres. A TEU is a
20-foot box, an FEU a 40-foot one. Nothing here depends on data.
"""

from __future__ import annotations

TEU_PER_FEU = 2.0
HOURS_PER_DAY = 24.0
HOURS_PER_YEAR = 8760.0
T_PER_KT = 1000.0
KG_PER_G = 0.001
EARTH_RADIUS_KM = 6371.0088
