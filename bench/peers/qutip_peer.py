"""What the peers' scripts share: settings of QuTiP that are tried, timing, and one JSON record per run.

A system offers `hamiltonian()`, `jumps()`, `H` (a dense matrix, for scales only), `observables(rho)`, and where QuTiP's own
assembly takes hours `superoperator()`. One BLAS thread: the
variables are set before numpy is imported, as OpenBLAS reads them when it is loaded.
"""

import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

import json
import math
import resource
import sys
import time
import warnings

import numpy as np
import qutip
import scipy
import scipy.sparse as sp
import scipy.sparse.linalg as spla


def defects(L, rho):
    """max |L rho| and |tr rho - 1|, with L the assembled superoperator."""
    change = L.data.as_scipy() @ rho.reshape(-1, order="F")
    return float(np.abs(change).max()), float(abs(np.trace(rho) - 1))


def best_settings(system):
    """Settings of steadystate() for BiCGStab on the assembled superoperator that are tried."""
    tight = {"rtol": 1e-12, "atol": 1e-14, "maxiter": 20000}
    yield "iterative-bicgstab, no preconditioner", {"method": "iterative-bicgstab", **tight}
    yield (
        "iterative-bicgstab, no preconditioner, weight max |H|",
        {"method": "iterative-bicgstab", "weight": float(abs(system.H).max()), **tight},
    )
    yield (
        "iterative-bicgstab, use_rcm",
        {"method": "iterative-bicgstab", "use_rcm": True, **tight},
    )
    for drop, fill in ((1e-2, 2), (1e-3, 5), (1e-4, 10)):
        yield (
            f"iterative-bicgstab, ILU(drop_tol={drop:g}, fill_factor={fill})",
            {"method": "iterative-bicgstab", "precond": {"drop_tol": drop, "fill_factor": fill}, **tight},
        )


def steadystate(L, options):
    options = dict(options)
    precond = options.pop("precond", None)
    if precond is not None:
        # QuTiP 5 passes solver options on to SciPy; the preconditioner of L with the trace condition is made here and its
        # cost is part of the time.
        n = L.shape[0]
        dim = int(round(math.sqrt(n)))
        weight = float(np.mean(np.abs(L.data.as_scipy().data)))
        row = sp.csr_matrix(
            (np.full(dim, weight), (np.zeros(dim, int), np.arange(dim) * (dim + 1))), shape=(n, n)
        )
        ilu = spla.spilu((L.data.as_scipy() + row).tocsc(), **precond)
        options["M"] = spla.LinearOperator((n, n), ilu.solve)
        options["weight"] = weight
    return qutip.steadystate(L, **options)


def bicgstab_by_hand(L):
    """SciPy's BiCGStab on QuTiP's superoperator, diagonal preconditioner, trace as a rank-one term.

    The left null vector of L is the identity, so the right-hand side must not be proportional to it: the initial guess is not zero.
    """
    A = L.data.as_scipy().tocsr()
    n = A.shape[0]
    dim = int(round(math.sqrt(n)))
    populations = np.arange(dim) * (dim + 1)
    weight = float(np.abs(A.diagonal()).mean())
    v = np.zeros(n, complex)
    v[populations] = 1 / dim

    def apply(x):
        y = A @ x
        y -= weight * v * x[populations].sum()
        return y

    diagonal = A.diagonal()
    inverse = 1 / np.where(np.abs(diagonal) > 1e-3 * weight, diagonal, weight)
    guess = np.zeros(n, complex)
    guess[populations] = np.linspace(0.5, 1.5, dim) / dim
    operator = spla.LinearOperator((n, n), apply, dtype=complex)
    M = spla.LinearOperator((n, n), lambda x: inverse * x, dtype=complex)
    x, info = spla.bicgstab(operator, -weight * v, x0=guess, M=M, rtol=1e-12, atol=0, maxiter=5000)
    if info != 0:
        raise RuntimeError(f"BiCGStab ended with {info}")
    rho = x.reshape(dim, dim, order="F")
    rho = (rho + rho.conj().T) / 2
    return rho / np.trace(rho)


def timed(repeats, solve):
    """Result, wall-clock seconds, and the least processor seconds, which other programs on the machine disturb less."""
    samples, processor = [], []
    for _ in range(repeats):
        start, used = time.perf_counter(), time.process_time()
        rho = solve()
        samples.append(time.perf_counter() - start)
        processor.append(time.process_time() - used)
    return rho, {"min": min(samples), "median": float(np.median(samples))}, min(processor)


def add_arguments(parser):
    parser.add_argument("--repeats", type=int, default=5, help="repeats of the iterative settings")
    parser.add_argument("--no-default", action="store_true", help="skip the direct default, which takes minutes and gigabytes")
    parser.add_argument("--no-ilu", action="store_true", help="skip incomplete factorizations, which may take minutes")
    parser.add_argument("--default-only", action="store_true", help="skip the iterative settings")
    parser.add_argument(
        "--superoperator-by-formula", action="store_true",
        help="assemble the superoperator from its matrix elements, where QuTiP's own assembly takes hours; implies --no-default",
    )
    parser.add_argument("--by-hand-only", action="store_true", help="of the iterative settings only SciPy's BiCGStab")


def run(system, parameters, args):
    """Times every setting and prints one JSON object."""
    H = system.hamiltonian()
    by_formula = args.superoperator_by_formula
    jumps = [] if by_formula else system.jumps()
    start = time.perf_counter()
    L = system.superoperator() if by_formula else qutip.liouvillian(H, jumps)
    L = L.to("csr")
    assembly = time.perf_counter() - start

    runs = []

    def record(name, kind, repeats, solve):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", category=RuntimeWarning)
                rho, seconds, processor = timed(repeats, solve)
        except Exception as error:  # a setting that fails is a result, not a crash
            runs.append({"name": name, "kind": kind, "error": f"{type(error).__name__}: {error}"})
            return
        matrix = rho if isinstance(rho, np.ndarray) else rho.full()
        residual, trace = defects(L, matrix)
        runs.append(
            {
                "name": name,
                "kind": kind,
                "seconds": seconds,
                "cpu_seconds": processor,
                "residual": residual,
                "trace_defect": trace,
                "observables": system.observables(matrix),
            }
        )

    if not (args.by_hand_only or args.default_only):
        for name, options in best_settings(system):
            if args.no_ilu and "precond" in options:
                continue
            record(name, "iterative", args.repeats, lambda: steadystate(L, options))
    if not args.default_only:
        record(
            "SciPy bicgstab on QuTiP's superoperator, diagonal preconditioner",
            "iterative",
            args.repeats,
            lambda: bicgstab_by_hand(L),
        )
    peak_before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    if not (args.no_default or by_formula):
        record("steadystate(H, c_ops), the default", "default", args.repeats if args.default_only else 1, lambda: qutip.steadystate(H, jumps))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    json.dump(
        {
            "parameters": parameters,
            "dimension": H.shape[0],
            "jump_operators": None if by_formula else len(jumps),
            "superoperator": "formula" if by_formula else "qutip.liouvillian",
            "liouvillian_nonzeros": int(L.data.as_scipy().nnz),
            "assembly_seconds": assembly,
            "runs": runs,
            "rss_peak_bytes_before_default": peak_before,
            "rss_peak_bytes": peak,
            "load": os.getloadavg()[0],
            "versions": {
                "python": sys.version.split()[0], "qutip": qutip.__version__, "numpy": np.__version__,
                "scipy": scipy.__version__,
            },
            "blas_threads": int(os.environ["OPENBLAS_NUM_THREADS"]),
        },
        sys.stdout,
    )
    print()
