"""One file per outside thing; heavy imports only here, inside functions."""
