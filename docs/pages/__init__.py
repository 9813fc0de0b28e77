"""The pages of the reference that follow from the program and its assets, one a module."""
