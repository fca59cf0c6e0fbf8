#!/usr/bin/env python3
"""Compare NESSKit with QuTiP on the chiral clock ring, in one run and with one BLAS thread each.

    swift build -c release --product ness-bench
    bench/peers/compare.py --M 4

A virtual environment with the pinned QuTiP is made outside the repository when there is none. The time of NESSKit is that of a
whole point (`point`: generator, verified symmetries, steady state with its certificate, all currents). The time of QuTiP is that of
the steady state alone: the default from H and the jump operators, the iterative settings from the superoperator already assembled.
NESSKit is measured before and after QuTiP; the better of the two counts, as for QuTiP the best of its repeats. Ratios are those of
processor seconds: a run of half a minute never meets an idle machine where others work, and its wall-clock time would flatter
NESSKit.
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


def run_ness(program, args):
    settings = {
        "Ns": args.Ns, "f": args.f, "phi": args.phi, "beta_e": args.beta_e, "beta_o": args.beta_o, "g": args.g,
    }
    command = [program, "sweep", "--axis", "M", "--points", str(args.M), "--repeats", str(args.repeats)]
    for name, value in settings.items():
        command += ["--set", f"{name}={value!r}"]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    output = subprocess.run(command, check=True, env=environment, stdout=subprocess.PIPE, text=True).stdout
    return json.loads(output)


def run_qutip(python, args):
    command = [python, "-W", "ignore", HERE / "qutip_clock_ring.py", "--repeats", str(args.repeats)]
    for name in ("M", "Ns", "f", "phi", "beta_e", "beta_o", "g"):
        command += [f"--{name.replace('_', '-')}", repr(getattr(args, name))]
    if args.no_default:
        command.append("--no-default")
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--M", type=int, default=4)
    parser.add_argument("--Ns", type=int, default=3)
    parser.add_argument("--f", type=float, default=0.45)
    parser.add_argument("--phi", type=float, default=math.pi / 2)
    parser.add_argument("--beta-e", type=float, default=1.0)
    parser.add_argument("--beta-o", type=float, default=1.1)
    parser.add_argument("--g", type=float, default=0.2)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--no-default", action="store_true", help="skip QuTiP's default (30 s, 1 GB at M = 4)")
    parser.add_argument("--ness-bench", type=pathlib.Path, default=ROOT / ".build/release/ness-bench")
    parser.add_argument("--venv", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir()) / "nesskit-peers")
    parser.add_argument("--json", type=pathlib.Path, help="also write both records to this file")
    parser.add_argument("--require-default", type=float, help="fail unless this many times faster than the default")
    parser.add_argument("--require-best", type=float, help="fail unless this many times faster than the best setting")
    args = parser.parse_args()
    if not args.ness_bench.exists():
        parser.error(f"{args.ness_bench} must exist: swift build -c release --product ness-bench")

    python = python_with_qutip(args.venv)
    before = run_ness(args.ness_bench, args)
    qutip = run_qutip(python, args)
    after = run_ness(args.ness_bench, args)
    ness = min((before, after), key=lambda record: record["seconds"]["point"]["processor"])
    seconds = ness["seconds"]["point"]["processor"]
    if args.json:
        args.json.write_text(json.dumps({"ness": [before, after], "qutip": qutip}) + "\n")

    print(
        f"chiral-clock M={args.M} Ns={args.Ns} f={args.f} phi={args.phi:.6g} beta_e={args.beta_e} "
        f"beta_o={args.beta_o} g={args.g}"
    )
    versions = qutip["versions"]
    environment = ness["environment"]
    print(
        f"QuTiP {versions['qutip']}, SciPy {versions['scipy']}, {qutip['blas_threads']} thread; NESSKit "
        f"{environment.get('commit')}, {environment.get('blas_core')}, {environment.get('blas_threads')} thread; "
        f"{environment.get('cpu')}"
    )
    print(
        f"unknowns: QuTiP {ness['counters']['unknowns_full']} complex ({qutip['jump_operators']} jump operators, "
        f"superoperator assembled in {qutip['assembly_seconds']:.3g} s), NESSKit {ness['counters']['unknowns']} real"
    )
    header = ("QuTiP setting", "QuTiP wall s", "CPU s", "NESSKit CPU s", "ratio", "max |dJ|", "QuTiP residual")
    rows = []
    best = default = None
    for run in qutip["runs"]:
        if "error" in run:
            rows.append((run["name"], run["error"][:60], "", "", "", "", ""))
            continue
        ratio = run["cpu_seconds"] / seconds
        difference = max(abs(run["observables"][name] - value) for name, value in ness["observables"].items())
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
