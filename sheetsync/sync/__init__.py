"""Read, compute, plan, apply: what a command does to a workbook."""
