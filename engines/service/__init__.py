"""The bundled engine as a service: sequence, journal, risk, match, publish.

It survives its own death: what it keeps on disk, and what each file promises, stands in docs/service-files.md.
"""
