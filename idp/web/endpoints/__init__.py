"""The addresses that relying parties and operators call, one module each."""
