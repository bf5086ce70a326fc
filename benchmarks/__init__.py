"""How quick the service is, beside a plain forwarder in the same run: `make bench`."""
