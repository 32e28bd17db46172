"""Computes with SciPy what StatisticsTest expects; see README.md beside this file."""

import math
import pathlib

import numpy as np
import scipy
from scipy import stats

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "resources/dev/twintail/stats"
ALL = stats.PermutationMethod(n_resamples=np.inf, batch=50_000)


def spread(d):
    """The sample deviation, or None where there is none to divide by."""
    return None if len(d) < 2 or np.ptp(d) == 0 else d.std(ddof=1)


def sample(values):
    x = np.array(values)
    n, mean = len(x), x.mean()
    if n == 1:
        return dict(mean=mean, std=None, population=None, low=None, high=None)
    std = x.std(ddof=1)
    low, high = (mean, mean) if np.ptp(x) == 0 else stats.t.interval(0.95, n - 1, mean, std / n**0.5)
    return dict(mean=mean, std=std, population=x.std(ddof=0), low=low, high=high)


def t_test(d):
    if spread(d) is None:
        return dict(statistic=None, p=None)
    result = stats.ttest_1samp(d, 0)
    return dict(statistic=result.statistic, p=result.pvalue)


def paired(first, second, ratio):
    # Twelve digits: accuracies are ratios of counts, and equal differences are ties.
    d = np.round(np.array(first) - np.array(second), 12)
    n = len(d)
    out = {f"mean.{k}": v for k, v in sample(d).items()}
    out |= {f"t.{k}": v for k, v in t_test(d).items()}
    corrected = dict(statistic=None, p=None, low=None, high=None)
    if spread(d) is not None:
        error = spread(d) * math.sqrt(1 / n + ratio)
        t = d.mean() / error
        low, high = stats.t.interval(0.95, n - 1, d.mean(), error)
        corrected = dict(statistic=t, p=2 * stats.t.sf(abs(t), n - 1), low=low, high=high)
    elif n > 1:
        corrected |= dict(low=d.mean(), high=d.mean())
    out |= {f"corrected.{k}": v for k, v in corrected.items()}
    if d.any():
        unlike = len(set(abs(d))) == n and d.all()
        for name, zeros in dict(dropped="wilcox", ranked="pratt").items():
            # SciPy counts all signs itself where nothing is tied, and permutes from two values on.
            lone = zeros == "wilcox" and np.count_nonzero(d) == 1 or n == 1
            method = "exact" if unlike and n > 14 or lone else ALL
            if method == "exact" or n <= 14:
                out[f"{name}.statistic"] = stats.wilcoxon(
                    d, zero_method=zeros, method=method, alternative="greater").statistic
                out[f"{name}.p"] = stats.wilcoxon(d, zero_method=zeros, method=method).pvalue
        if n <= 20:
            flips = stats.permutation_test(
                (d,), np.mean, permutation_type="samples", n_resamples=np.inf, batch=50_000,
                alternative="two-sided", vectorized=True) if n > 1 else None
            out["flip.p"] = flips.pvalue if flips else 1.0
    return out


def sampled(values):
    """Counts the sums of whole numbers under all signs, without drawing."""
    sums = {0: 1}
    for value in values:
        following = {}
        for s, ways in sums.items():
            for t in (s + int(value), s - int(value)):
                following[t] = following.get(t, 0) + ways
        sums = following
    extreme = sum(ways for s, ways in sums.items() if abs(s) >= abs(sum(values)))
    return {"flip.p": extreme / 2 ** len(values)}


def superiority(counts):
    wins, ties, losses = map(int, counts)
    out = {"share": (wins + ties / 2) / (wins + ties + losses)}
    if ties % 2 == 0:
        wilson = stats.binomtest(wins + ties // 2, wins + ties + losses).proportion_ci(
            0.95, method="wilson")
        out |= {"low": wilson.low, "high": wilson.high}
    return out


def welch(ours, theirs, margin):
    (m1, s1, n1), (m2, s2, n2) = ours, theirs
    d = m1 - m2
    out = {"difference": d}
    names = ("low", "high", "statistic", "p", "tost.low", "tost.high", "tost.p")
    if s1 is None and s2 is None:
        return out | dict.fromkeys(names)
    if s1 is not None and s2 is not None:
        if s1 == s2 == 0:
            return out | dict.fromkeys(names) | dict.fromkeys(
                ("low", "high", "tost.low", "tost.high"), d)
        x, y = exactly(m1, s1, int(n1)), exactly(m2, s2, int(n2))
        both = stats.ttest_ind(x, y, equal_var=False)
        out["low"], out["high"] = both.confidence_interval(0.95)
        out["tost.low"], out["tost.high"] = both.confidence_interval(0.90)
        moments = stats.ttest_ind_from_stats(m1, s1, n1, m2, s2, n2, equal_var=False)
        out["statistic"], out["p"] = moments.statistic, moments.pvalue
        out["tost.p"] = max(
            stats.ttest_ind_from_stats(
                m1 + shift, s1, n1, m2, s2, n2, equal_var=False, alternative=alternative).pvalue
            for shift, alternative in ((margin, "greater"), (-margin, "less")))
        return out
    s, n = (s1, n1) if s1 is not None else (s2, n2)
    error, df = s * math.sqrt(1 / n1 + 1 / n2), n - 1
    out["low"], out["high"] = stats.t.interval(0.95, df, d, error)
    out["tost.low"], out["tost.high"] = stats.t.interval(0.90, df, d, error)
    out["statistic"], out["p"] = d / error, 2 * stats.t.sf(abs(d / error), df)
    out["tost.p"] = max(stats.t.sf((d + margin) / error, df), stats.t.sf((margin - d) / error, df))
    return out


def exactly(mean, std, n):
    """Some n numbers of this mean and deviation."""
    z = np.arange(n, dtype=float)
    z -= z.mean()
    return mean + std * z / z.std(ddof=1)


def factorial(neither, sharing, auxiliary, both):
    n, s, a, b = map(np.array, (neither, sharing, auxiliary, both))
    out = {}
    for name, contrast in dict(
            sharing=((b - a) + (s - n)) / 2, auxiliary=((b - s) + (a - n)) / 2,
            interaction=(b - a) - (s - n)).items():
        contrast = np.round(contrast, 12)
        out |= {f"{name}.{k}": v for k, v in sample(contrast).items()}
        out |= {f"{name}.{k}": v for k, v in t_test(contrast).items()}
    return out


def holm(p):
    """SciPy has none; this follows the definition, and R's p.adjust answers too."""
    order = np.argsort(p, kind="stable")
    steps = np.minimum(1, (len(p) - np.arange(len(p))) * np.array(p)[order])
    adjusted = np.empty(len(p))
    adjusted[order] = np.maximum.accumulate(steps)
    return {str(i): v for i, v in enumerate(adjusted)}


def number(text):
    return None if text == "none" else float(text)


def main():
    lines = [f"# SciPy {scipy.__version__}, by src/test/scripts/stats/expected.py"]
    for line in (FOLDER / "cases.txt").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        method, case, *arguments = line.split()
        named = {}
        for argument in arguments:
            name, values = argument.split("=")
            numbers = [number(v) for v in values.split(",")]
            named[name] = numbers[0] if name in ("ratio", "margin") else numbers
        answers = globals()[method](**named)
        cells = (f"{k}={'none' if v is None else repr(float(v))}" for k, v in answers.items())
        lines.append(" ".join((method, case, *cells)))
    (FOLDER / "scipy.txt").write_text("\n".join(lines) + "\n")


main()
