#!/usr/bin/env python3
"""Steady state and flows of two qubits and a quantum rotor with QuTiP, timed.

Leitch, Hammam & De Chiara, Thermodynamics of hybrid quantum rotor devices (2024), Eqs. (2), (3), (13)-(17), at the parameters of Fig. 2:

    H = B1 sz_1 + B2 sz_2 + L_z^2/2I + lambda (s+_1 s-_2 e^{i phi} + h.c.),
    g sqrt(n_i) s+_i,  g sqrt(n_i + 1) s-_i,  n_i = 1/(e^{2 beta_i B_i} - 1),
    sqrt(I gamma/beta_r) e^{+-i phi} (1 -+ beta_r/4I L_z)

on a window of N levels from -0.4 N on. Built with sparse Kronecker products, independently of NESSKit. Prints one JSON object.
"""

import qutip_peer  # sets the number of BLAS threads before numpy is imported

import argparse
import math

import numpy as np
import qutip
import scipy.sparse as sp

LOWER = sp.csr_matrix([[0, 1], [0, 0]], dtype=complex)
SZ = sp.csr_matrix([[-1, 0], [0, 1]], dtype=complex)
B, INERTIA, LAMBDA, G, BETA1, BETA_R, GAMMA = (4.0, 10.0), 1.0, 0.1, 1.0, 0.1, 0.09, 5e-5


class Device:
    """Matrices of the device; the ground level of each qubit comes first, the rotor is the fastest digit."""

    def __init__(self, levels, ratio):
        self.levels, self.dims = levels, [2, 2, levels]
        lowest = -(2 * levels // 5)
        self.l = np.arange(lowest, lowest + levels, dtype=float)
        self.betas = (BETA1, BETA1 * ratio)
        raising = sp.diags(np.ones(levels - 1), -1)
        momentum = sp.diags(self.l)
        self.lower = [self.embed(LOWER, None, None), self.embed(None, LOWER, None)]
        self.free = sum(B[i] * s for i, s in enumerate((self.embed(SZ, None, None), self.embed(None, SZ, None))))
        self.free = self.free + self.embed(None, None, momentum @ momentum) / (2 * INERTIA)
        hop = self.embed(LOWER.conj().T, LOWER, raising)
        self.hop = hop
        self.drive = LAMBDA * (hop + hop.conj().T)
        self.H = (self.free + self.drive).tocsr()
        kappa, rate = BETA_R / (4 * INERTIA), INERTIA * GAMMA / BETA_R
        one = sp.identity(levels)
        self.by_bath = [[], [], []]
        for i in range(2):
            n = 1 / math.expm1(2 * self.betas[i] * B[i])
            self.by_bath[i] = [G * math.sqrt(n) * self.lower[i].conj().T, G * math.sqrt(n + 1) * self.lower[i]]
        for step, sign in ((raising, -1), (raising.T, 1)):
            self.by_bath[2].append(math.sqrt(rate) * self.embed(None, None, step @ (one + sign * kappa * momentum)))

    def embed(self, first, second, rotor):
        factors = [first, second, rotor]
        sizes = self.dims
        matrix = sp.identity(1, format="csr")
        for factor, size in zip(factors, sizes):
            matrix = sp.kron(matrix, sp.identity(size) if factor is None else factor, format="csr")
        return matrix

    def hamiltonian(self):
        return qutip.Qobj(self.H, dims=[self.dims, self.dims]).to("csr")

    def jumps(self):
        return [qutip.Qobj(sp.csr_matrix(op), dims=[self.dims, self.dims]) for ops in self.by_bath for op in ops]

    def observables(self, rho):
        """Tr[A L_bath rho] of free energy and interaction, positive into the system."""
        rho = sp.csr_matrix(rho)

        def flow(bath, A):
            total = 0
            for op in self.by_bath[bath]:
                gain, decay = op.conj().T @ A @ op, op.conj().T @ op
                total += ((gain - (decay @ A + A @ decay) / 2).multiply(rho.T)).sum().real
            return float(total)

        momentum = self.embed(None, None, sp.diags(self.l))
        return {
            "Q1": flow(0, self.free), "Q2": flow(1, self.free), "Qr": flow(2, self.free),
            "WQ": flow(0, self.drive) + flow(1, self.drive), "Wr": flow(2, self.drive),
            "K": 2 * LAMBDA * float((self.hop.multiply(rho.T)).sum().imag),
            "Lz": float((momentum.multiply(rho.T)).sum().real),
        }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--levels", type=int, default=101)
    parser.add_argument("--ratio", type=float, default=0.2)
    qutip_peer.add_arguments(parser)
    args = parser.parse_args()
    parameters = {name: getattr(args, name) for name in ("levels", "ratio")}
    qutip_peer.run(Device(**parameters), parameters, args)


if __name__ == "__main__":
    main()
