#!/usr/bin/env python3
"""Compare NESSKit with QuTiP, in one run and with one BLAS thread each.

    swift build -c release --product ness-bench
    bench/peers/compare.py --model chiral-clock --set M=4
    bench/peers/compare.py --model chiral-clock --set M=6 --superoperator-by-formula --by-hand-only --repeats 3 --peer-repeats 1
    bench/peers/compare.py --model spin-chain --set N=8
    bench/peers/compare.py --model qubit-rotor --default-only --peer-repeats 3

A virtual environment with the pinned QuTiP is made outside the repository when there is none. The time of NESSKit is that of a
whole point (`point`: generator, verified symmetries, steady state with its certificate, all currents). The time of QuTiP is that of
the steady state alone: the default from H and the jump operators, the iterative settings from the superoperator already assembled.
NESSKit is measured before and after QuTiP; the better of the two counts, as for QuTiP the best of its repeats. Ratios are those of
processor seconds: a run of half a minute never meets an idle machine where others work, and its wall-clock time would flatter
NESSKit. A record of QuTiP that took long to make can be used again (`--qutip-json`).
"""

import argparse
import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile
import venv

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def python_with_qutip(directory):
    """Interpreter of the virtual environment, which is made when missing or when the pins have changed."""
    python = directory / "bin" / "python"
    pins = (HERE / "requirements.txt").read_text()
    marker = directory / "requirements.installed"
    if not (python.exists() and marker.exists() and marker.read_text() == pins):
        venv.create(directory, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", HERE / "requirements.txt"], check=True)
        marker.write_text(pins)
    return python


# Axes of the models with their standard values, in the order of the title, and the scripts that build them for QuTiP.
MODELS = {
    "chiral-clock": (
        "qutip_clock_ring.py",
        {"M": 4, "Ns": 3, "f": 0.45, "phi": math.pi / 2, "beta_e": 1.0, "beta_o": 1.1, "g": 0.2},
    ),
    "qubit-rotor": ("qutip_qubit_rotor.py", {"levels": 101, "ratio": 0.2}),
    "spin-chain": ("qutip_spin_chain.py", {"N": 8, "Delta": 0.5, "mu": 0.5, "gamma": 1.0, "dephasing": 0.0}),
}


def axes_of(args, parser):
    """Values of all axes: the standard ones, and those that --set changes."""
    axes = dict(MODELS[args.model][1])
    for setting in args.settings:
        name, _, value = setting.partition("=")
        if name not in axes:
            parser.error(f"--set must name one of {', '.join(axes)}, but is {setting}")
        axes[name] = type(axes[name])(value)
    return axes


def run_ness(args, axes):
    size = next(iter(axes))
    command = [args.ness_bench, "sweep", "--model", args.model, "--axis", size, "--points", str(axes[size])]
    command += ["--repeats", str(args.repeats)]
    for name, value in axes.items():
        command += ["--set", f"{name}={value!r}"]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    output = subprocess.run(command, check=True, env=environment, stdout=subprocess.PIPE, text=True).stdout
    return json.loads(output)


def run_qutip(args, axes):
    python = python_with_qutip(args.venv)
    command = [python, "-W", "ignore", HERE / MODELS[args.model][0], "--repeats", str(args.peer_repeats or args.repeats)]
    for name, value in axes.items():
        command += [f"--{name.replace('_', '-')}", repr(value)]
    for flag in ("no_default", "no_ilu", "by_hand_only", "default_only", "superoperator_by_formula"):
        if getattr(args, flag):
            command.append(f"--{flag.replace('_', '-')}")
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", choices=MODELS, default="chiral-clock")
    parser.add_argument(
        "--set", dest="settings", action="append", default=[], help="fix an axis, for instance M=6; repeatable"
    )
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--peer-repeats", type=int, help="repeats of QuTiP's iterative settings (with --default-only of the default), if others than --repeats")
    parser.add_argument(
        "--no-default", action="store_true", help="skip QuTiP's default (30 s, 1 GB at M=4; impossible at M=6)"
    )
    parser.add_argument("--no-ilu", action="store_true", help="skip the incomplete factorizations")
    parser.add_argument("--by-hand-only", action="store_true", help="of the iterative settings only SciPy's BiCGStab")
    parser.add_argument("--default-only", action="store_true", help="skip the iterative settings")
    parser.add_argument(
        "--superoperator-by-formula", action="store_true", help="where QuTiP's own assembly takes hours; skips the default too"
    )
    parser.add_argument("--ness-bench", type=pathlib.Path, default=ROOT / ".build/release/ness-bench")
    parser.add_argument("--venv", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir()) / "nesskit-peers")
    parser.add_argument("--qutip-json", type=pathlib.Path, help="record of an earlier run of QuTiP with the same axes")
    parser.add_argument("--json", type=pathlib.Path, help="also write both records to this file")
    parser.add_argument("--require-default", type=float, help="fail unless this many times faster than the default")
    parser.add_argument("--require-best", type=float, help="fail unless this many times faster than the best setting")
    args = parser.parse_args()
    if not args.ness_bench.exists():
        parser.error(f"{args.ness_bench} must exist: swift build -c release --product ness-bench")

    if args.superoperator_by_formula and args.model != "chiral-clock":
        parser.error("--superoperator-by-formula is for chiral-clock only")
    axes = axes_of(args, parser)
    before = run_ness(args, axes)
    qutip = json.loads(args.qutip_json.read_text()) if args.qutip_json else run_qutip(args, axes)
    if any(qutip["parameters"][name] != value for name, value in axes.items()):
        parser.error(f"--qutip-json must have the parameters {axes}, but has {qutip['parameters']}")
    after = run_ness(args, axes)
    ness = min((before, after), key=lambda record: record["seconds"]["point"]["processor"])
    seconds = ness["seconds"]["point"]["processor"]
    if args.json:
        args.json.write_text(json.dumps({"ness": [before, after], "qutip": qutip}) + "\n")

    print(f"{args.model} {' '.join(f'{name}={value:.6g}' for name, value in axes.items())}")
    versions = qutip["versions"]
    environment = ness["environment"]
    print(
        f"QuTiP {versions['qutip']}, SciPy {versions['scipy']}, {qutip['blas_threads']} thread; NESSKit "
        f"{environment.get('commit')}, {environment.get('blas_core')}, {environment.get('blas_threads')} thread; "
        f"{environment.get('cpu')}"
    )
    origin = "from its formula" if qutip.get("superoperator") == "formula" else f"{qutip['jump_operators']} jump operators"
    print(
        f"unknowns: QuTiP {ness['counters']['unknowns_full']} complex ({origin}, "
        f"superoperator assembled in {qutip['assembly_seconds']:.3g} s), NESSKit {ness['counters']['unknowns']} real "
        f"({ness['counters']['method']})"
    )
    header = ("QuTiP setting", "QuTiP wall s", "CPU s", "NESSKit CPU s", "ratio", "max |dJ|", "QuTiP residual")
    rows = []
    best = default = None
    for run in qutip["runs"]:
        if "error" in run:
            rows.append((run["name"], run["error"][:60], "", "", "", "", ""))
            continue
        ratio = run["cpu_seconds"] / seconds
        difference = max(abs(value - ness["observables"][name]) for name, value in run["observables"].items())
        rows.append(
            (
                run["name"], f"{run['seconds']['min']:.4g}", f"{run['cpu_seconds']:.4g}", f"{seconds:.4g}", f"{ratio:.1f}",
                f"{difference:.1e}", f"{run['residual']:.1e}",
            )
        )
        if run["kind"] == "default":
            default = ratio
        elif best is None or ratio < best[0]:
            best = (ratio, run["name"])
    widths = [max(len(row[column]) for row in [header, *rows]) for column in range(len(header))]
    for row in [header, *rows]:
        print("  ".join(cell.ljust(width) if k == 0 else cell.rjust(width) for k, (cell, width) in enumerate(zip(row, widths))))
    print(f"NESSKit residual {ness['counters']['residual']:.1e}")
    if default is not None:
        print(
            f"default:      {default:.0f} times the time of NESSKit; peak memory {qutip['rss_peak_bytes'] / 1e6:.0f} MB "
            f"against {ness['rss_peak_bytes'] / 1e6:.0f} MB"
        )
    if best is not None:
        print(f"best setting: {best[0]:.1f} times the time of NESSKit, its superoperator given ({best[1]})")
    failed = [
        name
        for name, required, found in (
            ("default", args.require_default, default),
            ("best", args.require_best, best[0] if best else None),
        )
        if required is not None and not (found is not None and found >= required)
    ]
    if failed:
        sys.exit(f"required ratio missed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
