"""Computes with SciPy what StatisticsTest expects; see README.md beside this file."""

import math
import pathlib

import numpy as np
import pandas
import scipy
import statsmodels
import statsmodels.formula.api as smf
from scipy import stats
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.anova import anova_lm
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import TTestIndPower, TTestPower

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "resources/dev/twintail/stats"
SINGLE = ("ratio", "margin", "tables", "difference", "std", "n", "power")
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


def table(tables, values, claim):
    """The interval for one more table, by a regression on nothing but a constant."""
    x = np.reshape(values, (int(tables), -1))
    means = x[:, : int(min(x.shape[1], claim[2]))].mean(axis=1)
    fit = OLS(means, np.ones(len(means))).fit()
    (low, high), = fit.get_prediction([1.0]).conf_int(obs=True, alpha=0.05)
    alarms = judged = 0
    for i in range(len(x) if len(x) > 3 else 0):
        m = np.delete(x, i, axis=0).mean(axis=1)
        judged += 1
        z = (x[i].mean() - m.mean()) / (m.std(ddof=1) * math.sqrt(1 + 1 / len(m)))
        alarms += 2 * stats.t.sf(abs(z), len(m) - 1) < 0.05
    return dict(low=low, high=high, judged=judged, alarms=alarms)


def rounds(tables, values, claim):
    """The claims that a test of no difference would not reject."""
    x = np.array(values)
    answers = welch([x.mean(), x.std(ddof=1), len(x)], claim, 1)
    return dict(low=answers["low"] + claim[0], high=answers["high"] + claim[0])


def held(ours, tables, values, claim, margin):
    """Welch's test, with a second sample whose squared standard error is a table's variance."""
    x = np.reshape(values, (int(tables), -1))
    std = x.mean(axis=1).std(ddof=1) * math.sqrt(len(x))
    answers = welch(ours, [claim[0], std, len(x)], margin)
    return {k: v for k, v in answers.items() if k != "statistic"}


def components(squares, residual, times, names):
    """From mean squares of an analysis of variance to variances, with their intervals."""
    out = {}
    for name in names:
        (ss, df), (rest_ss, rest_df) = squares[name], squares[residual[name]]
        ms, rest = ss / df, rest_ss / rest_df
        f, chi = stats.f(df, rest_df), stats.chi2(df)
        out |= {
            f"{name}.ms": ms,
            f"{name}.df": df,
            f"{name}.variance": max(0, (ms - rest) / times[name]),
            f"{name}.low": max(0, (ss - df * rest * f.ppf(0.975)) / (times[name] * chi.ppf(0.975))),
            f"{name}.high": max(0, (ss - df * rest * f.ppf(0.025)) / (times[name] * chi.ppf(0.025))),
        }
    return out


def rest(ss, df):
    chi = stats.chi2(df)
    return {"rest.ms": ss / df, "rest.df": df, "rest.variance": ss / df,
            "rest.low": ss / chi.ppf(0.975), "rest.high": ss / chi.ppf(0.025)}


def nested(tables, values):
    t = int(tables)
    r = len(values) // t
    frame = pandas.DataFrame(dict(y=values, draw=np.repeat(np.arange(t), r)))
    anova = anova_lm(smf.ols("y ~ C(draw)", frame).fit())
    squares = dict(pairs=tuple(anova.loc["C(draw)", ["sum_sq", "df"]]),
                   rest=tuple(anova.loc["Residual", ["sum_sq", "df"]]))
    out = components(squares, dict(pairs="rest"), dict(pairs=r), ["pairs"])
    between, within = reml(np.array(values), t, r)
    out["pairs.variance"] = between
    pooled = squares["rest"] if between > 0 else np.sum([*squares.values()], axis=0)
    out |= rest(*pooled) | {"rest.variance": within}
    if between > 0.1 and t > 4:
        # As far as its search goes, statsmodels' mixed model finds the same.
        mixed = smf.mixedlm("y ~ 1", frame, groups="draw").fit(reml=True)
        assert math.isclose(mixed.cov_re.iloc[0, 0], between, rel_tol=1e-3), (mixed, between)
        assert math.isclose(mixed.scale, within, rel_tol=1e-3)
    return out


def reml(y, t, r):
    """Restricted maximum likelihood of a random effect, by Fisher scoring on whole matrices."""
    kinds = [np.kron(np.eye(t), np.ones((r, r))), np.eye(t * r)]
    one = np.ones((t * r, 1))

    def score(variances):
        inverse = np.linalg.inv(variances[0] * kinds[0] + variances[1] * kinds[1])
        weighted = inverse @ one
        p = inverse - weighted @ weighted.T / (one.T @ weighted)
        pk = [p @ k for k in kinds]
        u = np.array([-np.trace(m) / 2 + y @ m @ p @ y / 2 for m in pk])
        return u, np.array([[np.trace(a @ b) / 2 for b in pk] for a in pk])

    variances = np.array([y.var() / 2, y.var() / 2])
    for _ in range(200):
        u, information = score(variances)
        step = np.linalg.solve(information, u)
        while (variances + step)[1] <= 0 or (r * (variances + step)[0] + (variances + step)[1]) <= 0:
            step /= 2
        variances = variances + step
    if variances[0] > 0:
        return variances
    variances = np.array([0.0, y.var()])
    for _ in range(200):
        u, information = score(variances)
        variances[1] += u[1] / information[1, 1]
    return variances


def power(difference, std, n, power):
    effect = abs(difference) / std

    def of(df, noncentrality):
        critical = stats.t.ppf(0.975, df)
        # SciPy's far tail of the other side, below 1e-300, can be nan.
        return (stats.nct.sf(critical, df, noncentrality)
                + np.nan_to_num(stats.nct.cdf(-critical, df, noncentrality)))

    answers = {"paired": of(n - 1, effect * math.sqrt(n)),
               "unpaired": of(2 * n - 2, effect * math.sqrt(n / 2))}
    for name, test in dict(pairs=TTestPower(), each=TTestIndPower()).items():
        few, enough = 1, 2
        while test.power(effect, enough, 0.05) < power:
            few, enough = enough, 2 * enough
        while enough - few > 1:
            middle = (few + enough) // 2
            if test.power(effect, middle, 0.05) < power:
                few = middle
            else:
                enough = middle
        answers[name] = enough
    return answers


def best(**models):
    x = np.array(list(models.values()))
    k, n = x.shape
    critical = stats.t.isf(0.05 / (k - 1), n - 1)
    mean = x.mean(axis=1)
    over = mean[:, None] - mean
    half = critical * np.array([[(a - b).std(ddof=1) for b in x] for a in x]) / math.sqrt(n)
    others = ~np.eye(k, dtype=bool)
    upper = np.where(others, over + half, np.inf).min(axis=1)
    may = upper >= 0
    lower = np.where(others & may, over - half, np.inf).min(axis=1)
    out = dict(critical=critical)
    for i in range(k):
        out |= {f"{i}.mean": mean[i], f"{i}.low": min(0, lower[i]), f"{i}.high": max(0, upper[i]),
                f"{i}.may": may[i]}
    return out


def ranksum(ours, theirs):
    u = stats.mannwhitneyu(ours, theirs, method="asymptotic").statistic
    pooled = ours + theirs
    if len(set(pooled)) == len(pooled):
        return dict(statistic=u, p=stats.mannwhitneyu(ours, theirs, method="exact").pvalue)
    ranks = stats.rankdata(pooled)
    p = stats.permutation_test(
        (ranks[: len(ours)], ranks[len(ours):]), lambda x, y, axis: x.sum(axis=axis),
        permutation_type="independent", n_resamples=np.inf, batch=50_000, vectorized=True,
        alternative="two-sided").pvalue
    return dict(statistic=u, p=p)


def correlation(**models):
    """The mean of all correlations; its interval by an analysis of variance of the z scores."""
    x = np.array(list(models.values()))
    k, n = x.shape
    mean = np.corrcoef(x)[np.triu_indices(k, 1)].mean()
    z = stats.zscore(x, axis=1, ddof=1)
    index = np.indices((k, n)).reshape(2, -1)
    frame = pandas.DataFrame(dict(z=z.ravel(), model=index[0], round=index[1]))
    anova = anova_lm(smf.ols("z ~ C(model) + C(round)", frame).fit())
    f = anova.loc["C(round)", "mean_sq"] / anova.loc["Residual", "mean_sq"]
    low = f / stats.f.ppf(0.975, n - 1, (n - 1) * (k - 1))
    high = f * stats.f.ppf(0.975, (n - 1) * (k - 1), n - 1)
    return dict(mean=mean, low=(low - 1) / (low + k - 1), high=(high - 1) / (high + k - 1))


def opinion(**models):
    """One deviation of all rounds: a regression on nothing but model and program."""
    k = len(models) // 2
    rounds = [np.array(models[f"{of}{i}"]) for i in range(1, k + 1) for of in "ab"]
    # Twelve digits, as for pairs.
    means = np.array([np.round(b - a, 12).mean() for a, b in zip(rounds[::2], rounds[1::2])])
    out = dict(difference=means.mean(), error=stats.sem(means) if k > 1 else None)
    labels = np.repeat(np.arange(2 * k), [len(x) for x in rounds])
    free = len(labels) - 2 * k
    differences = np.kron(np.eye(k), [-1, 1])
    fit = OLS(np.concatenate(rounds), np.eye(2 * k)[labels]).fit() if free else None
    if free and all(np.ptp(x) == 0 for x in rounds):
        out["std"] = 0.0
        for i in range(k):
            out |= {f"m{i+1}.difference": means[i], f"m{i+1}.low": means[i],
                    f"m{i+1}.high": means[i], f"m{i+1}.p": None}
        return out
    out["std"] = math.sqrt(fit.scale) if free else None
    tests = fit.t_test(differences) if free else None
    adjusted = multipletests(tests.pvalue, method="holm")[1] if free else [None] * k
    for i in range(k):
        low, high = tests.conf_int(0.05)[i] if free else (None, None)
        out |= {f"m{i+1}.difference": means[i], f"m{i+1}.low": low, f"m{i+1}.high": high,
                f"m{i+1}.p": adjusted[i]}
    return out


def guessing(counts):
    right, pairs, majority = map(int, counts)
    p = stats.binomtest(right, pairs, majority / pairs, alternative="greater").pvalue
    return dict(p=p, learnt=p <= 0.05)


def median(values):
    return dict(median=np.median(values))


def number(text):
    return None if text == "none" else float(text)


def main():
    lines = [f"# SciPy {scipy.__version__}, statsmodels {statsmodels.__version__}, by src/test/scripts/stats/expected.py"]
    for line in (FOLDER / "cases.txt").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        method, case, *arguments = line.split()
        named = {}
        for argument in arguments:
            name, values = argument.split("=")
            numbers = [number(v) for v in values.split(",")]
            named[("m" if name.isdigit() and method == "best" else "") + name] = numbers[0] if name in SINGLE else numbers
        answers = globals()[method](**named)
        cells = (f"{k}={'none' if v is None else repr(float(v))}" for k, v in answers.items())
        lines.append(" ".join((method, case, *cells)))
    (FOLDER / "scipy.txt").write_text("\n".join(lines) + "\n")


main()
