#!/usr/bin/env python3
"""Steady state and currents of the chiral clock ring with QuTiP, timed.

Puebla et al., Phys. Rev. Research 4, 043066 (2022), Eqs. (1)-(7), (10), (11):

    H  = -f sum_k (sigma_k + sigma_k^+) - (1-f) sum_k (mu_k mu_{k+1}^+ e^{i phi_k} + h.c.)
    L  = sqrt(W_ab) |a><b|,  a and b differing by one step of one rotor,  W_ab = gamma_k(E_b - E_a)

Everything is built from these formulas with dense Kronecker products, independently of NESSKit. Prints one JSON object. One BLAS
thread: the variables are set before numpy is imported, as OpenBLAS reads them when it is loaded.

Site 1 is the slowest digit. Odd rotors are 1, 3, ...; staggered phases phi_k = (-1)^k phi.
"""

import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

import argparse
import json
import math
import resource
import sys
import time
import warnings
from functools import reduce

import numpy as np
import qutip
import scipy
import scipy.sparse as sp
import scipy.sparse.linalg as spla


def rate(drop, beta, g):
    """g w / (1 - exp(-beta w)), smooth through w = 0."""
    x = beta * drop
    return g / beta * (1.0 if x == 0 else x / -math.expm1(-x))


class Ring:
    """Matrices of a ring of M rotors with Ns positions."""

    def __init__(self, M, Ns, f, phi, beta_e, beta_o, g):
        self.M, self.Ns, self.f = M, Ns, f
        self.dims = [Ns] * M
        D = Ns**M
        nu = np.exp(2j * np.pi / Ns)
        mu = np.diag(nu ** np.arange(Ns))
        sigma = np.roll(np.eye(Ns), 1, axis=1)

        def embed(factors):
            return reduce(np.kron, [factors.get(k, np.eye(Ns)) for k in range(M)])

        H = np.zeros((D, D), complex)
        for k in range(M):
            step = embed({k: sigma})
            H -= f * (step + step.conj().T)
            bond = embed({k: mu}) @ embed({(k + 1) % M: mu.conj().T})
            bond = bond * np.exp(1j * (phi if (k + 1) % 2 == 0 else -phi))
            H -= (1 - f) * (bond + bond.conj().T)
        self.H = H
        energies = np.diag(H).real
        digits = np.array([[b // Ns ** (M - 1 - k) % Ns for k in range(M)] for b in range(D)])
        self.digits = digits
        self.rates = []
        for k in range(M):
            beta = beta_o if k % 2 == 0 else beta_e
            W = sp.lil_matrix((D, D))
            for b in range(D):
                for step in (1,) if Ns == 2 else (1, Ns - 1):
                    target = b + ((digits[b, k] + step) % Ns - digits[b, k]) * Ns ** (M - 1 - k)
                    W[target, b] = rate(energies[b] - energies[target], beta, g)
            self.rates.append(W.tocoo())

    def hamiltonian(self):
        return qutip.Qobj(self.H, dims=[self.dims, self.dims]).to("csr")

    def jumps(self):
        D = self.H.shape[0]
        ops = []
        for W in self.rates:
            for a, b, w in zip(W.row, W.col, W.data):
                op = sp.csr_matrix(([math.sqrt(w)], ([a], [b])), shape=(D, D), dtype=complex)
                ops.append(qutip.Qobj(op, dims=[self.dims, self.dims]))
        return ops

    def currents(self, rho):
        """Per-rotor currents 0 -> 1 by the operator definitions, averaged over sublattices."""
        tunnelling, thermal = [], []
        p = np.diag(rho).real
        for k in range(self.M):
            x0 = np.diag((self.digits[:, k] == 0).astype(float))
            x1 = np.diag((self.digits[:, k] == 1).astype(float))
            J = 1j * (x0 @ self.H @ x1 - x1 @ self.H @ x0)
            tunnelling.append(np.trace(rho @ J).real)
            W = self.rates[k]
            here, there = self.digits[W.col, k], self.digits[W.row, k]
            flow = W.data * p[W.col]
            thermal.append(flow[(here == 0) & (there == 1)].sum() - flow[(here == 1) & (there == 0)].sum())
        return {
            "J_tun_even": float(np.mean(tunnelling[1::2])),
            "J_tun_odd": float(np.mean(tunnelling[0::2])),
            "J_th_even": float(np.mean(thermal[1::2])),
            "J_th_odd": float(np.mean(thermal[0::2])),
            "J_tun_T": float(np.sum(tunnelling)),
            "J_th_T": float(np.sum(thermal)),
        }


def defects(L, rho):
    """max |L rho| and |tr rho - 1|, with L the assembled superoperator."""
    change = L.data.as_scipy() @ rho.reshape(-1, order="F")
    return float(np.abs(change).max()), float(abs(np.trace(rho) - 1))


def best_settings(ring):
    """Settings of steadystate() for BiCGStab on the assembled superoperator that are tried."""
    tight = {"rtol": 1e-12, "atol": 1e-14, "maxiter": 20000}
    yield "iterative-bicgstab, no preconditioner", {"method": "iterative-bicgstab", **tight}
    yield (
        "iterative-bicgstab, no preconditioner, weight max |H|",
        {"method": "iterative-bicgstab", "weight": float(np.abs(ring.H).max()), **tight},
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


def bicgstab_by_hand(L, ring):
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


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--M", type=int, default=4)
    parser.add_argument("--Ns", type=int, default=3)
    parser.add_argument("--f", type=float, default=0.45)
    parser.add_argument("--phi", type=float, default=math.pi / 2)
    parser.add_argument("--beta-e", type=float, default=1.0)
    parser.add_argument("--beta-o", type=float, default=1.1)
    parser.add_argument("--g", type=float, default=0.2)
    parser.add_argument("--repeats", type=int, default=5, help="repeats of the iterative settings")
    parser.add_argument("--no-default", action="store_true", help="skip the direct default (30 s, 1 GB at M = 4)")
    args = parser.parse_args()

    ring = Ring(args.M, args.Ns, args.f, args.phi, args.beta_e, args.beta_o, args.g)
    H, jumps = ring.hamiltonian(), ring.jumps()
    start = time.perf_counter()
    L = qutip.liouvillian(H, jumps)
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
                "observables": ring.currents(matrix),
            }
        )

    for name, options in best_settings(ring):
        record(name, "iterative", args.repeats, lambda: steadystate(L, options))
    record(
        "SciPy bicgstab on QuTiP's superoperator, diagonal preconditioner",
        "iterative",
        args.repeats,
        lambda: bicgstab_by_hand(L, ring),
    )
    peak_before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    if not args.no_default:
        record("steadystate(H, c_ops), the default", "default", 1, lambda: qutip.steadystate(H, jumps))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    json.dump(
        {
            "parameters": {
                "M": args.M, "Ns": args.Ns, "f": args.f, "phi": args.phi, "beta_e": args.beta_e,
                "beta_o": args.beta_o, "g": args.g,
            },
            "dimension": H.shape[0],
            "jump_operators": len(jumps),
            "liouvillian_nonzeros": int(L.data.as_scipy().nnz),
            "assembly_seconds": assembly,
            "runs": runs,
            "rss_peak_bytes_before_default": peak_before,
            "rss_peak_bytes": peak,
            "versions": {
                "python": sys.version.split()[0], "qutip": qutip.__version__, "numpy": np.__version__,
                "scipy": scipy.__version__,
            },
            "blas_threads": int(os.environ["OPENBLAS_NUM_THREADS"]),
        },
        sys.stdout,
    )
    print()


if __name__ == "__main__":
    main()
