"""Open engines from the package registries, and gonogo's way to each: a whole adapter as `module:attribute`, or a wrapper that speaks JSON lines.

The engines are not installed with gonogo. What gonogo found in each is told in docs/examples.md.
"""
