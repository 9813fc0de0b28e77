"""What every stage stands on: errors, names, files, identifiers, RDF reading and writing."""
