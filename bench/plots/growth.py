#!/usr/bin/env python3
"""Render the output of `ness-bench sweep` as SVG: seconds per phase, and memory, along the axis of the sweep.

    bench/plots/growth.py run.jsonl --output growth.svg

Needs gnuplot and nothing else. Points are the least of the repeats, whiskers end at the median.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

# Phases that make up a point, in the order of a computation; `point` is the whole of them through the command's interface.
PHASES = [
    "generator", "symmetries", "assemble", "factorize", "solve", "blocks", "project", "observe", "steady", "point",
]
# Distinguishable without red against green (Okabe and Ito, 2008).
COLORS = ["#000000", "#e69f00", "#56b4e9", "#d55e00", "#0072b2", "#009e73", "#cc79a7", "#7f7f7f", "#f0e442", "#999933"]


def load(paths):
    records = []
    for path in paths:
        for number, line in enumerate(pathlib.Path(path).read_text().splitlines(), 1):
            record = json.loads(line)
            if "counters" not in record:
                sys.exit(f"{path}:{number}: must be a record of ness-bench sweep")
            records.append(record)
    return records


def script(records, axis, output):
    first = records[0]
    x = [record["point"]["axes"][axis] for record in records]
    blocks, curves = [], []
    for index, phase in enumerate(PHASES):
        rows = [
            (value, record["seconds"][phase]["min"], record["seconds"][phase]["median"])
            for value, record in zip(x, records)
            if phase in record["seconds"]
        ]
        if not rows:
            continue
        name = f"$phase{index}"
        blocks.append("\n".join([f"{name} << EOD", *(f"{a} {b} {c}" for a, b, c in rows), "EOD"]))
        style = f'lc rgb "{COLORS[index]}" lw {3 if phase == "point" else 2} dt {2 if phase in ("steady", "point") else 1}'
        curves.append(f'{name} using 1:2 with lines {style} notitle')
        curves.append(f'{name} using 1:2:2:3 with yerrorbars pt 7 ps 0.6 lw 1 lc rgb "{COLORS[index]}" notitle')
        curves.append(f'NaN with linespoints pt 7 ps 0.6 {style} title "{phase}"')
    memory, factors = [], []
    for value, record in zip(x, records):
        memory.append((value, record["rss_peak_bytes"] / 1e6))
        work = record["counters"]["work"].get("factorization")
        if work:
            factors.append((value, work["factor_bytes"] / 1e6, work["factor_peak_bytes"] / 1e6))
    blocks.append("\n".join(["$memory << EOD", *(" ".join(map(str, row)) for row in memory), "EOD"]))
    memory_curves = ["$memory using 1:2 with linespoints pt 7 ps 0.6 lw 2 lc rgb '#000000' title 'peak resident, process'"]
    if factors:
        blocks.append("\n".join(["$factors << EOD", *(" ".join(map(str, row)) for row in factors), "EOD"]))
        for column, color, title in ((2, "#0072b2", "factors"), (3, "#d55e00", "peak of the factorization")):
            memory_curves.append(
                f"$factors using 1:{column} with linespoints pt 7 ps 0.6 lw 2 lc rgb '{color}' title '{title}'"
            )
    fixed = ", ".join(f"{name} = {value:.4g}" for name, value in sorted(first["point"]["axes"].items()) if name != axis)
    environment = first["environment"]
    subtitle = (
        f"{environment.get('cpu')}, {environment.get('blas_core')}, {environment.get('blas_threads')} thread, "
        f"commit {environment.get('commit')}"
    )
    symmetries = "with" if first["point"]["symmetries"] else "without"
    title = f"{first['point']['model']}, {symmetries} declared symmetries, route {first['point']['route']}"
    # Underscores are subscripts in gnuplot's enhanced text.
    heading = f"{title}\\n{{/*0.75 {fixed}}}\\n{{/*0.75 {subtitle}}}".replace("_", "\\\\_")
    low, high = min(x), max(x)
    pad = 0.05 * (high - low) or 0.5
    step = "set xtics 1" if all(float(value).is_integer() for value in x) and high - low <= 12 else ""
    return "\n".join(
        [
            *blocks,
            'set terminal svg size 1000,560 font "Helvetica,13" background rgb "white" dynamic enhanced',
            f"set output {json.dumps(str(output))}",
            f'set multiplot layout 1,2 title "{heading}"',
            f"set logscale y; set format y '10^{{%L}}'; set grid y lc rgb '#dddddd'; {step}",
            f"set xrange [{low - pad}:{high + pad}]; set xlabel {json.dumps(axis)}",
            "set key below maxrows 3",
            'set ylabel "seconds (least of the repeats; whisker to the median)"',
            "plot " + ", \\\n  ".join(curves),
            'set ylabel "megabytes"',
            "plot " + ", \\\n  ".join(memory_curves),
            "unset multiplot",
        ]
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", help="JSON lines of one sweep")
    parser.add_argument("--output", type=pathlib.Path, required=True, help="SVG file to write")
    args = parser.parse_args()
    records = load(args.files)
    if not records:
        sys.exit("there must be at least one record")
    axes = {record.get("axis") for record in records}
    axis = axes.pop()
    if axes or axis not in records[0]["point"]["axes"]:
        sys.exit("all records must belong to one sweep along a numeric axis")
    if len({json.dumps({**r["point"], "axes": {**r["point"]["axes"], axis: 0}}, sort_keys=True) for r in records}) > 1:
        sys.exit(f"all records must differ in {axis} only")
    records.sort(key=lambda record: record["point"]["axes"][axis])
    with tempfile.NamedTemporaryFile("w", suffix=".gp") as file:
        file.write(script(records, axis, args.output) + "\n")
        file.flush()
        subprocess.run(["gnuplot", file.name], check=True)


if __name__ == "__main__":
    main()
