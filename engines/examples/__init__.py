"""Open engines from the package registries, and gonogo's way to each: whole adapters under 60 lines, as `module:attribute`.

The engines are not installed with gonogo. What gonogo found in each is told in docs/examples.md.
"""
