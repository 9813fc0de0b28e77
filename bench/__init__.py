"""Measurements: our flow against what people use today, on the same data, with equal results."""
