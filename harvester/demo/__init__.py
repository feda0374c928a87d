"""A small news site of our own, served on loopback, for people who try harvester without internet access."""
