"""Small panels whose equation is known because they were made from it."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd

COUNTRIES = ("AAA", "BBB", "CCC", "DDD", "EEE")
DISTANCE, BORDER = -0.8, -1.5


def cross_section(seed: int = 1, noise: float = 0.0) -> pd.DataFrame:
    """Five countries and their domestic sales; without noise the equation holds exactly."""
    rng = np.random.default_rng(seed)
    sells, buys = rng.normal(4.0, 1.0, 5), rng.normal(0.0, 1.0, 5)
    rows = []
    for (i, exporter), (j, importer) in product(enumerate(COUNTRIES), repeat=2):
        far = float(rng.uniform(0.5, 2.0))
        abroad = float(i != j)
        luck = float(rng.gamma(1.0 / noise, noise)) if noise else 1.0
        musd = float(np.exp(sells[i] + buys[j] + DISTANCE * far + BORDER * abroad)) * luck
        rows.append({"exporter": exporter, "importer": importer, "ln_far": far, "abroad": abroad, "musd": musd})
    return pd.DataFrame(rows)
