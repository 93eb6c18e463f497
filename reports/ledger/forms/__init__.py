"""Input of the ledger's steps and acts. Each module binds its forms; AppConfig.ready imports them."""
