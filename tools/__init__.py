"""Programs that make files of the package, run by hand."""
