"""The connection itself: transport, resolver, and the guard that says which addresses may be asked."""
