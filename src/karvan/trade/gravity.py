"""Gravity: what trade between two countries owes to distance, borders and agreements, estimated.

Poisson pseudo-maximum likelihood of trade, zeros included, or least squares of its logarithm, with effects of many
levels swept out by pyfixest. In: one row a directed pair (and year) with its terms as columns, made by
:mod:`karvan.trade.terms`. Out: an :class:`Estimate` with the full covariance, the effects level by level, and every
row that could not take part by name. Method: Santos Silva & Tenreyro 2006, The log of gravity; Yotov, Piermartini,
Monteiro & Larch 2016, An advanced guide to trade policy analysis; separated rows after Correia, Guimarães & Zylkin
2019, Verifying the existence of maximum likelihood estimates for generalized linear models.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.errors import DataError, NotConvergedError, Problem, UnknownKeyError, summarise
from karvan.schema.nearest import did_you_mean
from karvan.trade.levels import Levels, effect_levels, level_codes, told_by_levels
from karvan.trade.panel import checked, positive

Floats = NDArray[np.float64]
Method = Literal["ppml", "ols"]
SmallSample = Literal["fixest", "stata"]

CONSTANT = "constant"
TWO_WAY = ("exporter^year", "importer^year")
THREE_WAY = ("exporter^year", "importer^year", "exporter^importer")
CROSS_SECTION = ("exporter", "importer")
MOST_STEPS = 50
DEVIANCE_TOLERANCE = 1e-10
SWEEP_TOLERANCE = 1e-8
# What pyfixest warns of and Estimate tells by name: dropped rows and terms.
TOLD_BY_NAME = re.compile("because of separation|singleton|collinear")


@dataclass(frozen=True)
class Estimate:
    """A gravity equation, estimated.

    Parameters
    ----------
    method
        ``ppml`` or ``ols``.
    flow
        The column that is explained.
    terms
        Names of the coefficients, the constant last where there are no effects.
    coefficients
        Shape (terms,): per unit of the term, on the logarithm of trade.
    covariance
        Shape (terms, terms), symmetric, not negative definite: of the coefficients, by the errors asked for.
    effects
        By name (``exporter^year``), the value of every level (``AAA^2006``). The first effect holds the level of trade;
        of each further one the first level is 0, written here although estimators leave it out.
    fitted
        Trade that the equation tells for each row that took part, indexed as the frame. By ppml its sum over the rows
        of a level of an effect is the sum of trade there.
    dropped
        Rows that could not take part: ``row`` (index of the frame), exporter, importer, year, and the reason.
    rows, clusters
        How many rows took part, and groups of the errors (0: each row on its own).
    pseudo_r2
        By ppml one minus the ratio of log-likelihoods with and without the equation (McFadden 1974); by ols the plain
        share of the variance.
    converged
        Whether the iteration ended; an estimate that did not is not to be used.
    errors
        Words for the errors: clusters and correction.
    notes
        What the panel holds that may surprise: absent pairs, one-sided countries; nothing was done about it.
    """

    method: Method
    flow: str
    terms: tuple[str, ...]
    coefficients: Floats
    covariance: Floats
    effects: Mapping[str, pd.Series]
    fitted: pd.Series
    dropped: pd.DataFrame
    rows: int
    clusters: int
    pseudo_r2: float
    log_likelihood: float
    converged: bool
    errors: str
    notes: tuple[Problem, ...]

    def __getitem__(self, term: str) -> float:
        """The coefficient of a term."""
        return float(self.coefficients[self._at(term)])

    @property
    def standard_errors(self) -> Floats:
        """Square roots of the covariance's diagonal, shape (terms,)."""
        return np.sqrt(np.diag(self.covariance))

    def standard_error(self, term: str) -> float:
        """The standard error of a term's coefficient."""
        return float(self.standard_errors[self._at(term)])

    def _at(self, term: str) -> int:
        if term not in self.terms:
            raise UnknownKeyError(f"no term {term!r}; {did_you_mean(term, self.terms) or ', '.join(self.terms)}")
        return self.terms.index(term)


def estimate(
    frame: pd.DataFrame,
    terms: Sequence[str],
    effects: Sequence[str] = CROSS_SECTION,
    *,
    flow: str = "musd",
    method: Method = "ppml",
    clusters: str = "",
    small_sample: SmallSample = "fixest",
) -> Estimate:
    """Estimate a gravity equation: X_ij = exp(b'z_ij + effects) times an error of mean one.

    It does not correct the bias of three-way estimates in short panels (Weidner & Zylkin 2021), which is of the order
    of one over the number of countries, nor judge whether a term is exogenous.

    Parameters
    ----------
    frame
        One row a directed pair (and year): ``exporter``, ``importer``, the flow, the terms, and what effects and
        clusters name. Domestic sales are rows whose exporter is the importer; they stand or not, as the frame says.
    terms
        Columns of finite numbers.
    effects
        Columns, or several joined by ``^``, each level of which has a value of its own; empty: a constant instead.
    flow
        Column of trade, at least 0.
    method
        ``ppml``; or ``ols`` of the logarithm, which refuses rows without trade.
    clusters
        Column (or several, joined by ``^``) within whose levels errors may move together; empty: each row by itself.
    small_sample
        ``fixest``: pyfixest's own correction, (n - 1)/(n - k) and G/(G - 1). ``stata``: G/(G - 1) alone (n/(n - 1)
        without clusters), as Stata's ppml commands print; 1 to 6 % smaller on panels of seventy countries.

    Returns
    -------
    Estimate
        Its ``dropped`` names every row that took no part: separated (its own levels or terms explain a zero whole, so
        that no finite estimate exists with it) or alone in a level.

    Raises
    ------
    DataError
        Bad cells (see :func:`karvan.trade.panel.checked`), terms that the others or the effects already tell, trade of
        zero under ``ols``.
    NotConvergedError
        Sweeping the effects out did not end.

    Examples
    --------
    Four pairs whose trade is exp(2 - distance), exactly:

    >>> pairs = pd.DataFrame({"exporter": [*"AABB"], "importer": [*"CDCD"], "distance": [0.0, 1.0, 1.0, 0.5]})
    >>> pairs["musd"] = np.exp(2.0 - pairs["distance"])
    >>> round(estimate(pairs, ["distance"], effects=())["distance"], 6)
    -1.0
    """
    keyed = list(dict.fromkeys(part for name in (*effects, clusters) if name for part in name.split("^")))
    notes = checked(frame, flow, terms, keyed)
    levels = {name: level_codes(frame, name) for name in effects}
    design = _design(frame, terms, levels, flow, clusters)
    if method == "ols":
        design["y"] = np.log(positive(frame[flow], frame.index, flow))
    took = np.arange(len(frame))
    if method == "ppml" and levels:
        took = np.flatnonzero(~told_by_levels(design["y"].to_numpy(), [codes for codes, _ in levels.values()]))
        design = design.iloc[took].reset_index(drop=True)
    fit = _fitted(design, len(terms), len(effects), method, small_sample)
    kept = took[fit.kept]
    _refuse_collinear(fit.collinear, terms)
    names = tuple(terms) if effects else (*terms, CONSTANT)
    order = list(range(len(names))) if effects else [*range(1, len(names)), 0]
    beta = fit.beta[order]
    scale = len(kept) / (len(kept) - 1.0) if small_sample == "stata" and not clusters else 1.0
    told_by_terms = design.loc[fit.kept, _slots(len(terms))].to_numpy() @ beta[: len(terms)]
    return Estimate(
        method=method,
        flow=flow,
        terms=names,
        coefficients=beta,
        covariance=scale * fit.covariance[np.ix_(order, order)],
        effects=effect_levels(
            {name: (codes[kept], names_of) for name, (codes, names_of) in levels.items()},
            fit.logarithm - told_by_terms,
        ),
        fitted=pd.Series(np.exp(fit.logarithm), index=frame.index[kept], name="fitted"),
        dropped=_dropped(frame, kept, [codes for codes, _ in levels.values()]),
        rows=len(kept),
        clusters=fit.groups,
        pseudo_r2=fit.r2,
        log_likelihood=fit.log_likelihood,
        converged=fit.converged,
        errors=_words(clusters, small_sample),
        notes=(*notes, *(Problem("said by the estimator", table="trade", value=text) for text in fit.said)),
    )


class _Fit(NamedTuple):
    """What is taken from the estimator's own result."""

    beta: Floats
    covariance: Floats
    kept: NDArray[np.int64]
    logarithm: Floats
    r2: float
    log_likelihood: float
    converged: bool
    groups: int
    collinear: tuple[str, ...]
    said: tuple[str, ...]


def _slots(terms: int) -> list[str]:
    """Names of the terms inside the formula, so that a column may be called anything."""
    return [f"x{at}" for at in range(terms)]


def _design(
    frame: pd.DataFrame, terms: Sequence[str], levels: Mapping[str, Levels], flow: str, clusters: str
) -> pd.DataFrame:
    columns: dict[str, NDArray[np.float64] | NDArray[np.int64]] = {"y": frame[flow].to_numpy(dtype=float)}
    columns |= {f"x{at}": frame[term].to_numpy(dtype=float) for at, term in enumerate(terms)}
    columns |= {f"f{at}": codes for at, (codes, _) in enumerate(levels.values())}
    if clusters:
        columns["g"] = levels[clusters][0] if clusters in levels else level_codes(frame, clusters)[0]
    return pd.DataFrame(columns)


def _fitted(design: pd.DataFrame, terms: int, effects: int, method: Method, small_sample: SmallSample) -> _Fit:
    """The estimate in the formula's own names; what pyfixest warns of becomes a note."""
    import pyfixest

    formula = "y ~ " + (" + ".join(_slots(terms)) or "1")
    if effects:
        formula += " | " + " + ".join(f"f{at}" for at in range(effects))
    correction = pyfixest.ssc(k_adj=small_sample == "fixest")
    errors: dict[str, str] | Literal["HC1"] = {"CRV1": "g"} if "g" in design.columns else "HC1"
    sweep = pyfixest.MapDemeaner(fixef_tol=SWEEP_TOLERANCE)
    ppml = method == "ppml"
    with warnings.catch_warnings(record=True) as said:
        try:
            if ppml:
                model = pyfixest.fepois(
                    formula, design, vcov=errors, ssc=correction, demeaner=sweep, separation_check=["ir"],
                    iwls_maxiter=MOST_STEPS, iwls_tol=DEVIANCE_TOLERANCE,
                )  # fmt: skip
            else:
                model = pyfixest.feols(formula, design, vcov=errors, ssc=correction, demeaner=sweep)
        except np.linalg.LinAlgError as error:
            raise DataError(f"the terms cannot be told apart: {error}; leave one of them out") from error
        except ValueError as error:
            if "Demeaning failed" not in str(error):
                raise
            raise NotConvergedError(f"sweeping out the effects did not end: {error}") from error
    return _Fit(
        beta=np.asarray(model._beta_hat, dtype=float),
        covariance=np.asarray(model._vcov, dtype=float),
        kept=np.asarray(model._data.index),
        logarithm=np.asarray(model._Y_hat_link, dtype=float).ravel(),
        r2=float(model._pseudo_r2 if ppml else model._r2),
        log_likelihood=float(model._loglik) if ppml else float("nan"),
        converged=bool(model.convergence) if ppml else True,
        groups=int(min(model._G)) if "g" in design.columns else 0,
        collinear=tuple(str(name) for name in model._collin_vars or ()),
        said=tuple(text for text in (str(each.message) for each in said) if not TOLD_BY_NAME.search(text)),
    )


def _refuse_collinear(collinear: Sequence[str], terms: Sequence[str]) -> None:
    named = dict(zip(_slots(len(terms)), terms, strict=True))
    expected = "a term that varies within the levels of the effects and is no sum of other terms"
    remedy = "leave it out; a figure of one country varies only when met with the border"
    lost = [
        Problem("term that others already tell", "", "trade", 0, named.get(slot, CONSTANT), "", expected, remedy)
        for slot in collinear
    ]
    if lost:
        raise DataError("", summarise(lost))


def _dropped(frame: pd.DataFrame, kept: NDArray[np.int64], levels: Sequence[NDArray[np.int64]]) -> pd.DataFrame:
    """The rows that took no part, by name, with the reason."""
    gone = np.setdiff1d(np.arange(len(frame)), kept)
    alone = np.zeros(len(frame), dtype=bool)
    for codes in levels:
        alone |= np.bincount(codes)[codes] == 1
    rows = frame.iloc[gone]
    return pd.DataFrame(
        {
            "row": rows.index.to_numpy(),
            "exporter": rows["exporter"].to_numpy(),
            "importer": rows["importer"].to_numpy(),
            "year": rows["year"].to_numpy() if "year" in rows.columns else None,
            "reason": np.where(alone[gone], "alone in a level of an effect", "separated: a zero that its levels tell"),
        }
    )


def _words(clusters: str, small_sample: SmallSample) -> str:
    by = f"clusters by {clusters}" if clusters else "each row by itself"
    return f"{by}; small-sample correction {small_sample}"


def predict(found: Estimate, frame: pd.DataFrame) -> pd.Series:
    """Trade that the equation tells for rows that need not have taken part, indexed as the frame.

    Raises
    ------
    UnknownKeyError
        A row names a level of an effect that was not estimated: the equation says nothing of it.
    """
    total = np.zeros(len(frame))
    for term, value in zip(found.terms, found.coefficients, strict=True):
        total += value * (1.0 if term == CONSTANT else frame[term].to_numpy(dtype=float))
    for name, levels in found.effects.items():
        codes, keys = level_codes(frame, name)
        unknown = sorted(set(keys) - set(levels.index))
        if unknown:
            raise UnknownKeyError(f"effect {name} was not estimated for {', '.join(unknown[:5])}")
        total += levels.reindex(keys).to_numpy()[codes]
    return pd.Series(np.exp(total), index=frame.index, name=found.flow)
