"""Validate: what a shape refuses, where in the export it stands, and how to say so."""
