"""Servers and pages that tests stand on."""
