"""Speed and memory of the staffing formulas, beside the public calculators; see staffing.py."""

from __future__ import annotations

import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from wfm.erlang import Quantiles, agents_at_confidence, evaluate, required_agents, solve

Array = npt.NDArray[np.float64]
ROOT = Path(__file__).resolve().parents[1]
OTHERS = Path(__file__).with_name("staffing_others.py")
ENVIRONMENTS = ROOT / ".benchmark-env"  # ignored by git
PACKAGES = ("pyworkforce", "call-center-tools", "callcenterdim", "mod-turbotab")
NEWEST = ((3, 12), (3, 13), (3, 14), (3, 15))  # pyworkforce's Erlang A needs 3.12 or newer
YEAR = 4 * 24 * 365  # quarter hours
LOADS = (10, 100, 1_000, 10_000)
MUST_C = {10: 10.0, 100: 80.0, 1_000: 500.0, 10_000: 10_000.0}  # times the best public calculator
MUST_A = 1_000.0  # times the best exact public calculator
MUST_PLAIN = {100: 0.9, 1_000: 5.0, 10_000: 35.0}  # Erlang A, times a plain Python Erlang C
EXACT_A = "pyworkforce A"  # an exact formula; its search for the agents begins at the load
PATIENT_S = 60.0  # a calculator that has not answered once by then is stopped
REST_C = {"aht_s": 300.0, "threshold_s": 20.0}
REST_A = REST_C | {"patience_s": 120.0}
TARGET = {"metric": "sl_offered", "target": 0.80}
MEMORY = ("least", "least, own AHT", "with fraction", "evaluate")
MOST_GB = 1.0


def speed() -> bool:
    """Print every figure; True if all that must be reached is."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    processor = platform.processor() or platform.machine()
    print(f"one core, {processor}, Python {platform.python_version()}, numpy {np.__version__}")
    python = environment()
    fine = beside_others(python)
    fine &= memory()
    a_year()
    growth()
    return fine


def timed(ask: Callable[[], object], runs: int = 3) -> float:
    """Middle of a few runs [s]."""
    seconds = []
    for _ in range(runs):
        began = time.perf_counter()
        ask()
        seconds.append(time.perf_counter() - began)
    return sorted(seconds)[runs // 2]


def told(name: str, measured: float, must: float | None, unit: str = "") -> bool:
    """One line with what must be reached and what was measured."""
    if must is None:
        print(f"  {name:58} {measured:12,.1f}{unit}")
        return True
    fine = measured >= must
    verdict = "PASS" if fine else "FAIL"
    print(f"  {name:58} {measured:12,.1f}{unit}  must {must:,g}{unit}  {verdict}")
    return fine


# The other calculators


def environment() -> Path:
    """Interpreter of an environment with the public calculators, made where there is none."""
    base = newest_python()
    version = run([base, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]).strip()
    folder = ENVIRONMENTS / f"py{version}"
    python = folder / "bin" / "python"
    if not python.exists():
        print(f"making {folder.relative_to(ROOT)} ...")
        subprocess.run([base, "-m", "venv", str(folder)], check=True)
    have = installed(python)
    for package in PACKAGES:
        if package not in have:
            pip = [str(python), "-m", "pip", "install", "--quiet", package]
            subprocess.run(pip, check=False, capture_output=True)
    have = installed(python)
    names = [f"{p} {have[p]}" if p in have else f"{p}: not installable here" for p in PACKAGES]
    older = tuple(int(x) for x in version.split(".")) < NEWEST[0]
    why = " (no 3.12 or newer found, so no exact Erlang A of pyworkforce)" if older else ""
    print(f"other calculators on Python {version}{why}: {', '.join(names)}")
    return python


def newest_python() -> str:
    """An interpreter of 3.12 or newer, else this one."""
    names: list[str] = []
    for major, minor in NEWEST:
        names += [shutil.which(f"python{major}.{minor}") or ""]
        pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
        names += [str(p) for p in sorted(pyenv.glob(f"{major}.{minor}.*/bin/python"))]
        if uv := shutil.which("uv"):
            names += [run([uv, "python", "find", f"{major}.{minor}"]).strip()]
    check = "import sys, venv; sys.exit(sys.version_info < (3, 12))"
    for name in filter(None, names):
        if subprocess.run([name, "-c", check], check=False, capture_output=True).returncode == 0:
            return name
    return sys.executable


def installed(python: Path) -> dict[str, str]:
    """Versions of what is installed there, by name in small letters."""
    listed = run([str(python), "-m", "pip", "list", "--format", "json"])
    return {p["name"].lower().replace("_", "-"): p["version"] for p in json.loads(listed or "[]")}


def run(command: list[str]) -> str:
    """Standard output of a command, empty if it fails."""
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    return done.stdout if done.returncode == 0 else ""


def ask_other(python: Path, tool: str, loads: Iterable[float]) -> dict[str, float | list[int]]:
    """Rate and answers of one calculator; nothing if it is absent, a bound if it takes too long."""
    try:
        done = subprocess.run(
            [str(python), str(OTHERS), tool, "1.0"],
            input=json.dumps(list(loads)), capture_output=True, text=True, timeout=PATIENT_S,
            check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return {"rate": 1.0 / PATIENT_S, "answers": []}
    return json.loads(done.stdout) if done.returncode == 0 else {}


def beside_others(python: Path) -> bool:
    """Least agents for 80/20, ours and theirs on the same loads."""
    rng = np.random.default_rng(0)
    fine = True
    for mean in LOADS:
        loads = mean * rng.uniform(0.8, 1.2, YEAR)
        print(f"least agents for 80/20 at {mean:,} erlangs, intervals a second")
        rates, rates_own, least = {}, {}, {}
        for model, rest in (("erlang_c", REST_C), ("erlang_a", REST_A)):
            ask = {"load": loads, **TARGET, **rest}
            own = ask | {"aht_s": 300.0 * rng.uniform(0.8, 1.2, YEAR)}
            least[model] = required_agents(model, **ask)
            rates[model] = YEAR / timed(lambda m=model, a=ask: required_agents(m, **a))  # type: ignore[misc]
            rates_own[model] = YEAR / timed(lambda m=model, a=own: required_agents(m, **a))  # type: ignore[misc]
            told(f"wfm {model}", rates[model], None)
            told(f"wfm {model}, every interval with an AHT of its own", rates_own[model], None)
        best = {"C": 0.0, "A": 0.0}
        plain = 0.0
        for tool in ("plain Python", "pyworkforce C", "call-center-tools C", "callcenterdim C",
                     "mod-turbotab C", "mod-turbotab A", "pyworkforce A"):  # fmt: skip
            found = ask_other(python, tool, loads[:2000])
            if not found:
                print(f"  {tool:58} {'absent':>12}")
                continue
            letter = tool[-1]
            mine = least["erlang_a" if letter == "A" else "erlang_c"]
            answers = np.asarray(found["answers"], dtype=np.int64)
            wrong = np.flatnonzero(answers != mine[: answers.size])
            note = f"the same answers ({answers.size})"
            if not answers.size:
                note = f"no answer in {PATIENT_S:g} s"
            elif wrong.size:
                k = wrong[0]
                note = (
                    f"WRONG {wrong.size} of {answers.size}: says {answers[k]}, right is {mine[k]} "
                    f"(load {loads[k]:.4f})"
                )
            print(f"  {tool:58} {found['rate']:12,.1f}  {note}")
            if tool == "plain Python":
                plain = float(found["rate"])
                assert not wrong.size, "the recurrence is exact: ours would be wrong"
            elif not wrong.size or tool == EXACT_A:
                best[letter] = max(best[letter], float(found["rate"]))
            if tool == EXACT_A and answers.size > 1:
                few = min(answers.size, 5)
                fine &= same_levels(python, loads[:few], mine[:few])
        if best["C"]:
            fine &= told("Erlang C, times the best public calculator",
                         rates["erlang_c"] / best["C"], MUST_C[mean], " x")  # fmt: skip
        if best["A"]:
            fine &= told("Erlang A, times the best exact public calculator",
                         rates["erlang_a"] / best["A"], MUST_A, " x")  # fmt: skip
        fine &= told("Erlang A, times the plain Python Erlang C",
                     rates["erlang_a"] / plain, MUST_PLAIN.get(mean), " x")  # fmt: skip
    return fine


def same_levels(python: Path, loads: Array, agents: Array) -> bool:
    """Whether pyworkforce's own Erlang A says that ours are the least agents."""
    near = np.concatenate([agents, agents - 1])
    every = np.concatenate([loads, loads])
    done = subprocess.run(
        [str(python), str(OTHERS), "levels", "0"],
        input=json.dumps(list(zip(every.tolist(), near.tolist(), strict=True))),
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    theirs = np.asarray(json.loads(done.stdout))
    ours = evaluate("erlang_a", load=every, agents=near, **REST_A)["sl_offered"].to_numpy()
    off = float(np.abs(theirs - ours).max())
    least = bool((theirs[: agents.size] >= 0.8).all() and (theirs[agents.size :] < 0.8).all())
    fine = off < 1e-9 and least
    print(
        f"    its own levels at our agents and at one less: within {off:.0e} of ours, "
        f"{'least' if least else 'NOT least'}  {'PASS' if fine else 'FAIL'}"
    )
    return fine


# Ours alone


def a_year() -> None:
    """Seconds for a year of quarter hours, and multiples of one numpy pass over it."""
    rng = np.random.default_rng(1)
    load = 100.0 * rng.uniform(0.8, 1.2, YEAR)
    own = 300.0 * rng.uniform(0.8, 1.2, YEAR)
    one_pass = timed(lambda: np.exp(load / 1000.0), 201)
    levels = [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975]
    bands = Quantiles(levels, load[:, None] * np.linspace(0.75, 1.25, len(levels)))
    print(
        f"a year at 100 erlangs ({YEAR:,} intervals); one numpy pass takes {one_pass * 1e6:.0f} us"
    )
    for name, ask in (
        ("erlang_c", lambda: required_agents("erlang_c", load=load, **TARGET, **REST_C)),
        ("erlang_a", lambda: required_agents("erlang_a", load=load, **TARGET, **REST_A)),
        (
            "erlang_a at 90 % confidence",
            lambda: agents_at_confidence(
                "erlang_a", load=1.0, confidence=0.9, day=bands, **TARGET, **REST_A
            ),
        ),
        (
            "erlang_a, every interval with an AHT of its own",
            lambda: required_agents("erlang_a", load=load, **TARGET, **(REST_A | {"aht_s": own})),
        ),
        (
            "erlang_a with the fraction",
            lambda: solve("erlang_a", load=load, **TARGET, **REST_A),
        ),
        (
            "erlang_a, all columns",
            lambda: evaluate("erlang_a", load=load, agents=np.ceil(load), **REST_A),
        ),
    ):
        seconds = timed(ask)
        print(f"  {name:58} {seconds:12.3f} s {seconds / one_pass:10,.0f} passes")


def growth() -> None:
    """Cost against the number of intervals and against the load."""
    rng = np.random.default_rng(2)
    print("erlang_a at 100 erlangs: seconds against the number of intervals")
    for count in (100, 1_000, 10_000, 100_000, 1_000_000):
        load = 100.0 * rng.uniform(0.8, 1.2, count)
        ask = {"load": load, **TARGET, **REST_A}
        own = ask | {"aht_s": 300.0 * rng.uniform(0.8, 1.2, count)}
        seconds = timed(lambda a=ask: required_agents("erlang_a", **a), 1)  # type: ignore[misc]
        slower = timed(lambda a=own: required_agents("erlang_a", **a), 1)  # type: ignore[misc]
        print(f"  {count:10,} {seconds:12.4f} s {slower:12.4f} s with an AHT of its own each")
    print(f"erlang_a, {YEAR:,} intervals: seconds against the load")
    for mean in (1, 10, 100, 1_000, 10_000, 40_000):
        load = mean * rng.uniform(0.8, 1.2, YEAR)
        ask = {"load": load, **TARGET, **REST_A}
        own = ask | {"aht_s": 300.0 * rng.uniform(0.8, 1.2, YEAR)}
        seconds = timed(lambda a=ask: required_agents("erlang_a", **a), 1)  # type: ignore[misc]
        slower = timed(lambda a=own: required_agents("erlang_a", **a), 1)  # type: ignore[misc]
        print(f"  {mean:10,} {seconds:12.4f} s {slower:12.4f} s with an AHT of its own each")


def memory() -> bool:
    """Peak memory of a million intervals, each question in a process of its own."""
    fine = True
    print("peak memory of a million intervals, erlang_a, interpreter included")
    for what in MEMORY:
        done = subprocess.run(
            [sys.executable, __file__, what],
            check=True, capture_output=True, text=True, cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        peak = float(done.stdout)
        fine &= peak < MOST_GB
        verdict = "PASS" if peak < MOST_GB else "FAIL"
        print(f"  {what:58} {peak:12.2f} GB  must be under {MOST_GB:g} GB  {verdict}")
    return fine


def peak_of(what: str) -> float:
    """Ask a million intervals in this process and return its peak memory [GB]."""
    rng = np.random.default_rng(0)
    load = 100.0 * rng.uniform(0.8, 1.2, 1_000_000)
    rest: dict[str, object] = dict(REST_A)
    if what == "least, own AHT":
        rest["aht_s"] = 300.0 * rng.uniform(0.8, 1.2, load.size)
    if what == "evaluate":
        evaluate("erlang_a", load=load, agents=np.ceil(load), **rest)  # type: ignore[arg-type]
    elif what == "with fraction":
        solve("erlang_a", load=load, **TARGET, **rest)  # type: ignore[arg-type]
    else:
        required_agents("erlang_a", load=load, **TARGET, **rest)  # type: ignore[arg-type]
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0**2


if __name__ == "__main__":
    print(peak_of(sys.argv[1]))
