"""Composition root: hands the real parts to the pipeline."""
