"""Reports: one module per format, from data to text. Nothing here prints, reads a file or decides what is reported."""
