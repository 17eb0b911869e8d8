"""Which rows may decide a claim."""

from __future__ import annotations

import pandas as pd

from karvan.study.claims.evidence import modelled


def test_the_model_answers_the_question_put_to_the_record_or_not_at_all() -> None:
    comparison = pd.DataFrame({"indicator": ["tonnes", "tonnes"], "year": [2022, 2023], "modelled": [1.4, None]})
    claim = pd.Series({"table": "observations", "where": "indicator=tonnes"})
    assert modelled(comparison, claim)["year"].tolist() == [2022]
    assert modelled(comparison, claim.replace("observations", "events")).empty
    assert modelled(comparison, pd.Series({"table": "observations", "where": "published=2024*"})).empty
