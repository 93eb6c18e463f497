"""Pages of cases. One module per group of pages; thin: what may be seen or done is decided below."""
