#!/usr/bin/env python3
"""Steady state and spin current of a boundary-driven XXZ chain with QuTiP, timed.

    H = J sum_i [ sx_i sx_{i+1} + sy_i sy_{i+1} + Delta sz_i sz_{i+1} ],     Pauli matrices,
    L = sqrt(gamma (1 + mu)/2) s+  and  sqrt(gamma (1 - mu)/2) s-  on the first site with mu and with -mu on the last,
    L = sqrt(dephasing) sz  on every site

(Prosen, Phys. Rev. Lett. 106, 217206 and 107, 137201 (2011)). Built with sparse Kronecker products, independently of NESSKit.
Prints one JSON object. Site 1 is the slowest digit, spin up its first level.
"""

import qutip_peer  # sets the number of BLAS threads before numpy is imported

import argparse
import math

import numpy as np
import qutip
import scipy.sparse as sp

SX = sp.csr_matrix([[0, 1], [1, 0]], dtype=complex)
SY = sp.csr_matrix([[0, -1j], [1j, 0]])
SZ = sp.csr_matrix([[1, 0], [0, -1]], dtype=complex)
SP = sp.csr_matrix([[0, 1], [0, 0]], dtype=complex)


class Chain:
    """Matrices of a chain of N spins."""

    def __init__(self, N, J, Delta, gamma, mu, dephasing):
        self.N, self.J, self.gamma, self.mu, self.dephasing = N, J, gamma, mu, dephasing
        self.dims = [2] * N
        self.H = sum(
            J * (self.bond(i, SX, SX) + self.bond(i, SY, SY) + Delta * self.bond(i, SZ, SZ)) for i in range(N - 1)
        ).tocsr()

    def at(self, i, op):
        return sp.kron(sp.kron(sp.identity(2**i), op), sp.identity(2 ** (self.N - 1 - i)), format="csr")

    def bond(self, i, left, right):
        return self.at(i, left) @ self.at(i + 1, right)

    def hamiltonian(self):
        return qutip.Qobj(self.H, dims=[self.dims, self.dims]).to("csr")

    def jumps(self):
        ops = []
        for site, mu in ((0, self.mu), (self.N - 1, -self.mu)):
            for sign, op in ((1, SP), (-1, SP.conj().T)):
                rate = self.gamma * (1 + sign * mu) / 2
                if rate > 0:
                    ops.append(qutip.Qobj(math.sqrt(rate) * self.at(site, op), dims=[self.dims, self.dims]))
        if self.dephasing > 0:
            for site in range(self.N):
                ops.append(qutip.Qobj(math.sqrt(self.dephasing) * self.at(site, SZ), dims=[self.dims, self.dims]))
        return ops

    def observables(self, rho):
        """Current of up spins from left to right, mean over the bonds."""
        flows = []
        for i in range(self.N - 1):
            # An up spin is half of sz: d/dt sz_{i+1}/2 from this bond is i [H_bond, sz_{i+1}]/2 = J (sx_i sy_{i+1} - sy_i sx_{i+1}).
            flow = self.J * (self.bond(i, SX, SY) - self.bond(i, SY, SX))
            flows.append((flow.multiply(rho.T)).sum().real)
        return {"j_spin": float(np.mean(flows))}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--N", type=int, default=8)
    parser.add_argument("--J", type=float, default=1.0)
    parser.add_argument("--Delta", type=float, default=0.5)
    parser.add_argument("--gamma", type=float, default=1.0)
    parser.add_argument("--mu", type=float, default=0.5)
    parser.add_argument("--dephasing", type=float, default=0.0)
    qutip_peer.add_arguments(parser)
    args = parser.parse_args()
    parameters = {name: getattr(args, name) for name in ("N", "J", "Delta", "gamma", "mu", "dephasing")}
    qutip_peer.run(Chain(**parameters), parameters, args)


if __name__ == "__main__":
    main()
