"""The bundled engine: the rules of the plain engine as numba kernels over flat arrays, for millions of commands a second."""
