"""Pages of who and where: sign-in, grants, stand-ins, stations. One module per group."""
