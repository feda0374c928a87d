"""The connection itself: transport, resolver, and the guard that decides which addresses may be contacted."""
