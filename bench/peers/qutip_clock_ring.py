#!/usr/bin/env python3
"""Steady state and currents of the chiral clock ring with QuTiP, timed.

Puebla et al., Phys. Rev. Research 4, 043066 (2022), Eqs. (1)-(7), (10), (11):

    H  = -f sum_k (sigma_k + sigma_k^+) - (1-f) sum_k (mu_k mu_{k+1}^+ e^{i phi_k} + h.c.)
    L  = sqrt(W_ab) |a><b|,  a and b differing by one step of one rotor,  W_ab = gamma_k(E_b - E_a)

Everything is built from these formulas with dense Kronecker products, independently of NESSKit. Prints one JSON object.

Site 1 is the slowest digit. Odd rotors are 1, 3, ...; staggered phases phi_k = (-1)^k phi.
"""

import qutip_peer  # sets the number of BLAS threads before numpy is imported

import argparse
import math
from functools import reduce

import numpy as np
import qutip
import scipy.sparse as sp


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

    def superoperator(self):
        """What `qutip.liouvillian` makes of the jumps, in one step: adding one jump operator after the other takes hours at M = 6."""
        D = self.H.shape[0]
        W = sum(W.tocsr() for W in self.rates).tocoo()
        left = sp.csr_matrix(-1j * self.H - np.diag(np.asarray(W.sum(axis=0)).ravel()) / 2)
        one = sp.identity(D, format="csr")
        # Columns are stacked, as in QuTiP: A rho B is (B^T x A) vec(rho).
        L = sp.kron(one, left, format="csr") + sp.kron(left.conj(), one, format="csr")
        L = L + sp.csr_matrix((W.data, (W.row * (D + 1), W.col * (D + 1))), shape=(D * D, D * D))
        space = [self.dims, self.dims]
        return qutip.Qobj(L, dims=[space, space], superrep="super")

    def observables(self, rho):
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


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--M", type=int, default=4)
    parser.add_argument("--Ns", type=int, default=3)
    parser.add_argument("--f", type=float, default=0.45)
    parser.add_argument("--phi", type=float, default=math.pi / 2)
    parser.add_argument("--beta-e", type=float, default=1.0)
    parser.add_argument("--beta-o", type=float, default=1.1)
    parser.add_argument("--g", type=float, default=0.2)
    qutip_peer.add_arguments(parser)
    args = parser.parse_args()
    parameters = {name: getattr(args, name) for name in ("M", "Ns", "f", "phi", "beta_e", "beta_o", "g")}
    qutip_peer.run(Ring(**parameters), parameters, args)


if __name__ == "__main__":
    main()
